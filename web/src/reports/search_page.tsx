// Search over everything that was said and written. The address carries words and filters, so a search can be kept and shared.

import { Button, Input, Select } from "antd";
import { useEffect, useState } from "react";
import { Link, useLocation, useSearch } from "wouter";

import { api } from "../api/client";
import type { Channel, SearchHit, SearchKind } from "../api/shapes";
import { ChannelIcon } from "../ui/channel";
import { useLanguage, useText } from "../i18n/language";
import { useLive } from "../live/store";
import { failureText } from "../ui/failure";
import { day } from "../ui/time";
import { address } from "../ui/words";
import "./reports.css";
import { useReportText } from "./texts";

const KINDS: readonly SearchKind[] = ["speech", "message", "note", "ticket", "article"];
const CHANNELS: readonly Channel[] = ["voice", "video", "chat"];
/** Pages without a hit that are passed over before the reader is asked. */
const EMPTY_PAGES = 5;

export default function SearchPage() {
  const text = useReportText();
  const words = useText();
  const [, go] = useLocation();
  const wanted = new URLSearchParams(useSearch());
  const of = (name: string) => wanted.get(name) ?? "";
  const agents = useLive((picture) => picture.agents);
  const queues = useLive((picture) => picture.queues);
  const put = (name: string, value: string) => {
    const next = new URLSearchParams(wanted);
    if (value) next.set(name, value);
    else next.delete(name);
    go(`/search?${next.toString()}`, { replace: true });
  };
  useEffect(() => {
    document.title = `${text("search")} · Voxdesk`;
  }, [text]);
  const choice = (name: string, label: string, values: readonly { value: string; label: string }[]) => (
    <Select
      value={of(name)}
      onChange={(value) => put(name, value)}
      aria-label={label}
      data-testid={`search-${name}`}
      popupMatchSelectWidth={false}
      options={[{ value: "", label: `${label}: ${text("any")}` }, ...values]}
    />
  );
  return (
    <div className="page" data-testid="search">
      <header className="page-head">
        <h1>{text("search")}</h1>
      </header>
      <p className="quiet">{text("search_lead")}</p>
      <Input.Search
        autoFocus
        allowClear
        enterButton
        size="large"
        defaultValue={of("q")}
        placeholder={text("search_words")}
        aria-label={text("search_words")}
        onSearch={(value) => put("q", value.trim())}
        data-testid="search-words"
      />
      <div className="tools">
        {choice("kind", text("kind"), KINDS.map((kind) => ({ value: kind, label: text(`kind.${kind}`) })))}
        {choice("channel", text("channel"), CHANNELS.map((one) => ({ value: one, label: words(`channel.${one}`) })))}
        {choice("queue", text("queue"), Object.keys(queues).sort().map((name) => ({ value: name, label: name })))}
        {choice("agent", text("agent"), Object.keys(agents).sort().map((name) => ({ value: name, label: name })))}
        <label className="inline">
          {text("from")}{" "}
          <input type="date" className="date" value={of("from")} onChange={(event) => put("from", event.target.value)} data-testid="search-from" />
        </label>
        <label className="inline">
          {text("until")}{" "}
          <input type="date" className="date" value={of("until")} onChange={(event) => put("until", event.target.value)} data-testid="search-until" />
        </label>
      </div>
      {of("q") && <Found key={wanted.toString()} wanted={wanted} />}
    </div>
  );
}

/** The beginning of a day here, `days` later. */
function midnight(date: string, days = 0): string | undefined {
  const [year, month, dayOfMonth] = date.split("-").map(Number);
  if (year === undefined || month === undefined || dayOfMonth === undefined) return undefined;
  return new Date(year, month - 1, dayOfMonth + days).toISOString();
}

function Found({ wanted }: { wanted: URLSearchParams }) {
  const text = useReportText();
  const words = useText();
  const [found, setFound] = useState<{ items: SearchHit[]; next: string | null; asking: boolean; error?: unknown }>({
    items: [],
    next: null,
    asking: true,
  });
  const ask = async (after: string | null) => {
    setFound((old) => ({ ...old, asking: true }));
    const query: Record<string, string> = { limit: "30" };
    for (const [name, value] of wanted) {
      const sent = name === "from" ? midnight(value) : name === "until" ? midnight(value, 1) : value;
      if (sent) query[name] = sent;
    }
    try {
      let page = await api.search({ ...query, ...(after === null ? {} : { after }) });
      for (let n = 0; n < EMPTY_PAGES && page.items.length === 0 && page.next !== null; n += 1) {
        page = await api.search({ ...query, after: page.next });
      }
      setFound((old) => ({ items: after === null ? page.items : [...old.items, ...page.items], next: page.next, asking: false }));
    } catch (error) {
      setFound((old) => ({ ...old, asking: false, error }));
    }
  };
  useEffect(() => {
    void ask(null);
    // Made anew (by its key) for every other question.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  if (found.error !== undefined) return <p className="failed">{failureText(words, found.error)}</p>;
  return (
    <>
      <ol className="plain hits" aria-live="polite" aria-busy={found.asking} data-testid="search-found">
        {found.items.map((hit, n) => (
          <Hit key={n} hit={hit} />
        ))}
      </ol>
      {!found.asking && found.items.length === 0 && found.next === null && (
        <p className="quiet" data-testid="search-nothing">
          {text("nothing")}
        </p>
      )}
      {found.next !== null && (
        <p className="more">
          <Button onClick={() => void ask(found.next)} loading={found.asking} data-testid="search-more">
            {text("more")}
          </Button>
        </p>
      )}
    </>
  );
}

function Hit({ hit }: { hit: SearchHit }) {
  const text = useReportText();
  const words = useText();
  const { language } = useLanguage();
  const who = hit.person ?? hit.caller;
  const by = hit.author ?? (hit.speaker === "customer" ? text("customer") : null);
  const title =
    hit.kind === "article"
      ? (hit.title ?? hit.article)
      : hit.kind === "ticket"
        ? text("ticket_n", { n: hit.ticket ?? 0 })
        : who
          ? address(words, who)
          : hit.conversation;
  return (
    <li className="card hit" data-testid="search-hit" data-kind={hit.kind} data-conversation={hit.conversation ?? ""}>
      <Link href={placeOf(hit)} className="hit-link">
        <span className="hit-head">
          <span className="hit-kind">{text(`kind.${hit.kind}`)}</span>
          {hit.channel && <ChannelIcon channel={hit.channel} />}
          <strong>{title}</strong>
          <time dateTime={hit.at}>{day(hit.at, language)}</time>
          <span className="quiet">{[hit.queue, hit.agent].filter(Boolean).join(" · ")}</span>
        </span>
        <span className="hit-text">
          {by && <span className="quiet">{by}: </span>}
          {hit.parts.map((part, n) => (part.hit ? <mark key={n}>{part.text}</mark> : <span key={n}>{part.text}</span>))}
        </span>
      </Link>
    </li>
  );
}

function placeOf(hit: SearchHit): string {
  if (hit.conversation !== null) return `/conversations/${hit.conversation}?entry=${hit.entry_seq ?? 0}`;
  if (hit.ticket !== null) return `/tickets/${hit.ticket}`;
  return `/knowledge?q=${encodeURIComponent(hit.title ?? "")}`;
}
