// What the knowledge base says to what the customer is saying: the best three passages, asked for anew as the talk moves on.
//
// Alt+1 to Alt+3 put one into the message of a chat, or open it during a call. Thumbs teach.

import { DislikeOutlined, LikeOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useEffect, useMemo, useRef, useState } from "react";

import { api } from "../api/client";
import type { Conversation, Passage } from "../api/shapes";
import { useText } from "../i18n/language";
import { useLive } from "../live/store";
import { isWritten } from "../ui/channel";
import { intoDraft } from "./drafts";

/** Interim text comes several times a second; questions need not. */
const CALM_MS = 350;

export function Suggestions({ conversation }: { conversation: Conversation }) {
  const text = useText();
  const id = conversation.id;
  const writes = isWritten(conversation.channel) && conversation.state === "talking";
  const { items, question } = useSuggestions(id);
  const [open, setOpen] = useState<string>();

  const take = (passage: Passage) => {
    if (writes) intoDraft(id, plain(passage.text));
    else setOpen((old) => (old === passage.key ? undefined : passage.key));
  };
  useKeys(items, take);

  if (items.length === 0) return null;
  return (
    <section className="panel suggestions" aria-labelledby="suggestions-title" data-testid="suggestions">
      <h2 id="suggestions-title">{text("suggest.title")}</h2>
      <ol className="plain" aria-live="polite">
        {items.map((passage, n) => (
          <li key={passage.key} className="suggestion" data-testid="suggestion" data-key={passage.key}>
            <p className="suggestion-head">
              <strong>{passage.heading ? `${passage.title} · ${passage.heading}` : passage.title}</strong>
            </p>
            <p className={open === passage.key ? "suggestion-text is-open" : "suggestion-text"}>{plain(passage.text)}</p>
            <p className="quiet small" data-testid="suggestion-why">
              {passage.words.length > 0 && text("suggest.words", { words: passage.words.slice(0, 4).join(", ") })}
              {passage.taught > 0 && ` ${text("suggest.taught", { count: passage.taught })}`}
            </p>
            <p className="suggestion-tools">
              <Button size="small" onClick={() => take(passage)} data-testid="suggestion-take">
                {text(writes ? "suggest.insert" : open === passage.key ? "suggest.fold" : "suggest.open", { key: n + 1 })}
              </Button>
              <Thumbs passage={passage} question={question} />
            </p>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** The best passages for the customer's last words, the spoken ones that are still interim among them. */
function useSuggestions(id: string): { items: readonly Passage[]; question: string } {
  const entries = useLive((picture) => picture.entries[id]);
  const previews = useLive((picture) => picture.previews[id]);
  const said = useMemo(
    () => entries?.findLast((entry) => entry.speaker === "customer" && (entry.kind === "speech" || entry.kind === "message"))?.seq ?? 0,
    [entries],
  );
  const being = Object.values(previews ?? {})
    .filter((preview) => preview.speaker === "customer")
    .map((preview) => `${preview.stable} ${preview.tentative}`.trim())
    .join(" ");
  const [answer, setAnswer] = useState<{ items: readonly Passage[]; question: string }>({ items: [], question: "" });
  const round = useRef(0);

  useEffect(() => {
    if (said === 0 && being === "") return undefined;
    const mine = ++round.current;
    const timer = setTimeout(() => {
      api.suggestions(id, being).then(
        // An answer that was overtaken by a later one is not shown.
        (next) => mine === round.current && setAnswer(next),
        () => undefined,
      );
    }, CALM_MS);
    return () => clearTimeout(timer);
  }, [id, said, being]);

  return answer;
}

function useKeys(items: readonly Passage[], take: (passage: Passage) => void) {
  const latest = useRef({ items, take });
  latest.current = { items, take };
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (!event.altKey || event.ctrlKey || event.metaKey) return;
      const passage = /^Digit[123]$/.test(event.code) ? latest.current.items[Number(event.code.slice(5)) - 1] : undefined;
      if (!passage) return;
      event.preventDefault();
      latest.current.take(passage);
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, []);
}

function Thumbs({ passage, question }: { passage: Passage; question: string }) {
  const text = useText();
  const [given, setGiven] = useState<boolean>();
  const give = (useful: boolean) => {
    setGiven(useful);
    api.vote(passage.key, question, useful).catch(() => setGiven(undefined));
  };
  return (
    <>
      <Button
        size="small"
        type={given === true ? "primary" : "text"}
        icon={<LikeOutlined />}
        aria-label={text("suggest.useful")}
        aria-pressed={given === true}
        disabled={given !== undefined}
        onClick={() => give(true)}
        data-testid="thumb-up"
      />
      <Button
        size="small"
        type={given === false ? "primary" : "text"}
        icon={<DislikeOutlined />}
        aria-label={text("suggest.not_useful")}
        aria-pressed={given === false}
        disabled={given !== undefined}
        onClick={() => give(false)}
        data-testid="thumb-down"
      />
    </>
  );
}

/** Markdown's marks are of no use to a customer. */
function plain(markdown: string): string {
  return markdown
    .replace(/\[([^\]]*)\]\(([^)]*)\)/g, "$1 ($2)")
    .replace(/[*_`]{1,3}/g, "")
    .trim();
}
