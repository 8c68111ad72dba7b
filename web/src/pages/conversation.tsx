// One conversation in full: what was said and done with times, the devices that took part, its ticket.

import { Button, Table } from "antd";
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { Link, useSearch } from "wouter";

import { api } from "../api/client";
import type { Conversation, Leg } from "../api/shapes";
import { CallbackCard } from "../desk/callback_card";
import { CustomerPanel } from "../desk/customer_panel";
import { offersIn } from "../desk/reason";
import { Recording, type Playback } from "../desk/recording";
import { TicketPanel } from "../desk/ticket_panel";
import { Transcript } from "../desk/transcript";
import { Why } from "../desk/why";
import { useLanguage, useText } from "../i18n/language";
import { millis, useLive, useLiveStore } from "../live/store";
import { failureText } from "../ui/failure";
import { clock, day, duration } from "../ui/time";
import { coded, customer } from "../ui/words";
import { Trouble } from "../ui/trouble";
import { Waiting } from "../ui/waiting";
import { ConversationStateTag } from "./conversations";

const SipLadder = lazy(() => import("../desk/sip_ladder"));

export function ConversationPage({ id }: { id: string }) {
  const text = useText();
  const store = useLiveStore();
  const conversation = useLive((picture) => picture.conversations[id]);
  const complete = useLive((picture) => picture.entries[id] !== undefined);
  const [error, setError] = useState<unknown>();

  useEffect(() => {
    store.watch(id);
    // Only to learn whether there is such a conversation at all.
    api.conversation(id, Number.MAX_SAFE_INTEGER).catch(setError);
  }, [store, id]);

  if (!conversation || !complete) {
    if (error !== undefined) return <Trouble title={failureText(text, error)} />;
    return <Waiting />;
  }
  return <Detail conversation={conversation} />;
}

function Detail({ conversation }: { conversation: Conversation }) {
  const text = useText();
  const { language } = useLanguage();
  const { ended_at, started_at } = conversation;
  const [heardAt, at] = useState<number>();
  const seek = useRef<(ms: number) => void>(undefined);
  const entry = Number(new URLSearchParams(useSearch()).get("entry"));
  const playback = useMemo<Playback>(() => ({ at, seek }), []);
  const play = useCallback((ms: number) => seek.current?.(ms), []);
  return (
    <div className="page">
      <header className="page-head">
        <h1>{text("conversations.detail", { caller: customer(text, conversation) })}</h1>
        <Link href="/conversations">{text("nav.conversations")}</Link>
      </header>
      <div className="two wide-left">
        <section className="card timeline-card" aria-labelledby="timeline">
          <h2 id="timeline">{text("conversations.timeline")}</h2>
          <Recording conversation={conversation} playback={playback} />
          <Transcript conversation={conversation} steps heardAt={heardAt} pointed={entry > 0 ? entry : undefined} play={play} />
        </section>
        <div>
          <section className="card">
            <dl className="facts">
              <dt>{text("conversations.state")}</dt>
              <dd>
                <ConversationStateTag state={conversation.state} />
              </dd>
              <dt>{text("conversations.started")}</dt>
              <dd>{day(started_at, language)}</dd>
              <dt>{text("conversations.called")}</dt>
              <dd>{conversation.called}</dd>
              <dt>{text("tickets.queue")}</dt>
              <dd>{conversation.queue ?? "–"}</dd>
              <dt>{text("conversations.agent")}</dt>
              <dd>{conversation.agent ?? "–"}</dd>
              {ended_at !== null && (
                <>
                  <dt>{text("conversations.length")}</dt>
                  <dd>{duration(millis(ended_at) - millis(started_at))}</dd>
                  <dt>{text("conversations.reason")}</dt>
                  <dd>{coded(text, "reason", conversation.reason ?? "–")}</dd>
                </>
              )}
            </dl>
          </section>
          <Files id={conversation.id} />
          <CallbackCard conversation={conversation} />
          <div className="card">
            <CustomerPanel conversation={conversation} />
          </div>
          <div className="card">
            <TicketPanel ticket={conversation.ticket_id} conversation={conversation.id} />
          </div>
          <Offers id={conversation.id} />
        </div>
      </div>
      <Legs legs={conversation.legs} />
      {conversation.legs.some((leg) => leg.device === "phone") && <Sip id={conversation.id} />}
    </div>
  );
}

/** Asked for only when somebody wants to see it. */
function Sip({ id }: { id: string }) {
  const text = useText();
  const [open, setOpen] = useState(false);
  return (
    <section className="card" aria-labelledby="sip" data-testid="sip">
      <header className="page-head">
        <h2 id="sip">{text("sip.title")}</h2>
        <Button size="small" aria-expanded={open} onClick={() => setOpen(!open)} data-testid="sip-open">
          {text(open ? "sip.hide" : "sip.show")}
        </Button>
      </header>
      {open && (
        <Suspense fallback={<p className="quiet">{text("loading")}</p>}>
          <SipLadder conversation={id} />
        </Suspense>
      )}
    </section>
  );
}

/** What a transcript may be saved as: the server's name, a file's ending, its name among people (the same everywhere). */
const FORMATS = [
  ["text", "txt", undefined],
  ["json", "json", "JSON"],
  ["vtt", "vtt", "WebVTT"],
  ["srt", "srt", "SRT"],
  ["vcon", "vcon.json", "vCon"],
] as const;

/** The transcript as a file, with its corrections. */
function Files({ id }: { id: string }) {
  const text = useText();
  return (
    <section className="card" aria-labelledby="save-as">
      <h2 id="save-as">{text("conversations.save_as")}</h2>
      <p className="save-as">
        {FORMATS.map(([format, ending, name]) => (
          <a
            key={format}
            href={`/api/v1/conversations/${encodeURIComponent(id)}/transcript?format=${format}`}
            download={`${id}.${ending}`}
            data-testid="save-as"
            data-format={format}
          >
            {name ?? text("conversations.as_text")}
          </a>
        ))}
      </p>
    </section>
  );
}

export function Offers({ id }: { id: string }) {
  const entries = useLive((picture) => picture.entries[id]);
  const offers = offersIn(entries ?? []);
  if (offers.length === 0) return null;
  return (
    <div className="card">
      {offers.map((one, n) => (
        <Why key={n} reason={one.reason} agent={one.agent} open={n === 0} />
      ))}
    </div>
  );
}

function Legs({ legs }: { legs: Leg[] }) {
  const text = useText();
  const { language } = useLanguage();
  const time = (at: string | null) => (at === null ? "–" : clock(at, language));
  return (
    <section className="card" aria-labelledby="legs">
      <h2 id="legs">{text("conversations.legs")}</h2>
      <Table<Leg>
        dataSource={legs}
        rowKey="n"
        pagination={false}
        size="small"
        scroll={{ x: "max-content" }}
        columns={[
          {
            title: text("leg.device"),
            render: (_, leg) =>
              leg.speaker === "customer" ? text("leg.customer") : text("leg.agent", { agent: leg.agent ?? "–" }),
          },
          { title: text("leg.kind"), render: (_, leg) => coded(text, "leg.device", leg.device) },
          { title: text("leg.codec"), render: (_, leg) => leg.codec || "–" },
          { title: text("leg.started"), render: (_, leg) => time(leg.started_at) },
          { title: text("leg.answered"), render: (_, leg) => time(leg.answered_at) },
          { title: text("leg.ended"), render: (_, leg) => time(leg.ended_at) },
          { title: text("leg.end"), render: (_, leg) => (leg.reason ? coded(text, "reason", leg.reason) : "–") },
        ]}
      />
    </section>
  );
}
