// The conversation as lines: both sides, events, notes, and what is being said right now.
//
// Settled lines are a log that screen readers follow; interim text sits below it, silent, until its final replaces it.

import { ArrowDownOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";

import type { Conversation, Entry, Preview, Speaker } from "../api/shapes";
import { useLanguage, useText } from "../i18n/language";
import { useLive, useLiveStore } from "../live/store";
import { TYPING_MS } from "../live/state";
import { clock, useNow } from "../ui/time";
import { eventText } from "../ui/words";
import { isWritten } from "../ui/channel";
import { CorrectedMark, EditLine, useCorrecting, useMayCorrect } from "./correction";
import { DeliveryMark } from "./delivery";
import { Files, Letterhead } from "./files";
import { isUnsure, wordsOf, Words } from "./line_words";
import { NoteText } from "./note_text";
import type { Unsent } from "./outbox";

/** This close to the end (px) the reader is following along. */
const FOLLOWING_PX = 80;
const NOTHING: readonly Entry[] = [];

export interface TranscriptProps {
  readonly conversation: Conversation;
  /** Who reads: their own lines are called "You". */
  readonly me?: string;
  /** Messages on their way. */
  readonly unsent?: readonly Unsent[];
  readonly resend?: (message: Unsent) => void;
  /** Show the steps of the flow, too. */
  readonly steps?: boolean;
  /** Milliseconds of the conversation that the recording is at: the line being spoken is lit. */
  readonly heardAt?: number;
  /** The entry that somebody came for: lit, and in view. */
  readonly pointed?: number;
  /** Plays the recording from a line. */
  readonly play?: (ms: number) => void;
}

export function Transcript({ conversation, me, unsent = [], resend, steps = false, heardAt, pointed, play }: TranscriptProps) {
  const text = useText();
  const store = useLiveStore();
  const id = conversation.id;
  useEffect(() => store.watch(id), [store, id]);
  const entries = useLive((picture) => picture.entries[id]) ?? NOTHING;
  const previews = useLive((picture) => picture.previews[id]);
  const lines = useMemo(() => inOrder(entries, steps), [entries, steps]);
  const interim = useMemo(() => Object.values(previews ?? {}), [previews]);
  const { box, follow, following } = useFollowing([lines, interim, unsent], pointed === undefined);
  const spoken = !isWritten(conversation.channel);
  const mayCorrect = useMayCorrect(conversation);
  const unsure = useMemo(() => lines.some((entry) => wordsOf(entry).some(isUnsure)), [lines]);

  return (
    <div className="transcript-frame">
      <div ref={box} className="transcript" data-testid="transcript" tabIndex={0} role="region" aria-label={text(spoken ? "transcript.live" : "transcript.title")}>
        {lines.length === 0 && interim.length === 0 && (
          <p className="quiet transcript-empty">{text(spoken ? "transcript.empty" : "transcript.empty_chat")}</p>
        )}
        {unsure && (
          <p className="quiet small unsure-legend" data-testid="unsure-legend">
            <span className="unsure">{text("line.unsure_word")}</span> {text("line.unsure")}
          </p>
        )}
        <div role="log" aria-live="polite" aria-relevant="additions" className="lines">
          {lines.map((entry) => (
            <Line
              key={entry.seq}
              conversation={id}
              entry={entry}
              me={me}
              heardAt={isSpoken(entry, heardAt) ? heardAt : undefined}
              pointed={entry.seq === pointed}
              play={play}
              mayCorrect={mayCorrect}
            />
          ))}
          {unsent.map((message) => (
            <UnsentLine key={message.dedupe} message={message} resend={resend} />
          ))}
        </div>
        <div className="lines interim-lines">
          {interim.map((preview) => (
            <InterimLine key={preview.leg} preview={preview} conversation={conversation} me={me} />
          ))}
          <TypingLine id={id} />
        </div>
      </div>
      {!following && (
        <Button className="to-latest" size="small" shape="round" icon={<ArrowDownOutlined />} onClick={follow}>
          {text("transcript.latest")}
        </Button>
      )}
    </div>
  );
}

/** By the time at which they happened: speech settles after it was said. A gap that was filled leaves no mark. */
function inOrder(entries: readonly Entry[], steps: boolean): Entry[] {
  const filled = (gap: Entry) =>
    entries.some((entry) => entry.text === "speech_caught_up" && entry.kind === "event" && entry.leg === gap.leg && entry.seq > gap.seq);
  return entries
    .filter((entry) => steps || entry.kind !== "event" || entry.text !== "step")
    .filter((entry) => entry.kind !== "event" || (entry.text !== "speech_caught_up" && !(entry.text === "speech_behind" && filled(entry))))
    .sort((a, b) => a.at.localeCompare(b.at) || a.seq - b.seq);
}

/** Whether a line is being said at this moment of the recording. */
function isSpoken(entry: Entry, at: number | undefined): boolean {
  return at !== undefined && entry.start_ms !== null && entry.end_ms !== null && entry.start_ms <= at && at < entry.end_ms;
}

interface LineProps {
  conversation: string;
  entry: Entry;
  me?: string;
  /** Where in the recording one is, while this line is being said. */
  heardAt?: number;
  /** Somebody came for this line. */
  pointed: boolean;
  play?: (ms: number) => void;
  mayCorrect: boolean;
}

function Line({ conversation, entry, me, heardAt, pointed, play, mayCorrect }: LineProps) {
  const text = useText();
  const lit = pointed || heardAt !== undefined;
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (lit) box.current?.scrollIntoView({ block: "nearest" });
  }, [lit]);
  const from = entry.start_ms;
  const { language } = useLanguage();
  const editing = useCorrecting(mayCorrect && entry.kind === "speech");
  const shape = entry.kind === "event" || entry.kind === "digit" ? "small" : entry.kind === "note" ? "note" : "bubble";
  return (
    <div
      ref={box}
      className={`line ${shape} from-${entry.speaker}${lit ? " lit" : ""}`}
      data-lit={lit}
      data-testid="line"
      data-speaker={entry.speaker}
      data-kind={entry.kind}
      data-final="true"
      data-seq={entry.seq}
      onKeyDown={editing.onKeyDown}
    >
      <span className="line-head">
        <Who speaker={entry.speaker} author={entry.author} me={me} kind={entry.kind} />
        {play && from !== null ? (
          <button
            type="button"
            className="link"
            onClick={() => play(from)}
            aria-label={`${clock(entry.at, language)}: ${text("recording.from_here")}`}
          >
            <time dateTime={entry.at}>{clock(entry.at, language)}</time>
          </button>
        ) : (
          <time dateTime={entry.at}>{clock(entry.at, language)}</time>
        )}
        {entry.corrected && <CorrectedMark conversation={conversation} seq={entry.seq} corrected={entry.corrected} />}
        {editing.button(entry)}
      </span>
      {entry.kind === "message" && <Letterhead entry={entry} />}
      {editing.open ? (
        <EditLine conversation={conversation} entry={entry} done={editing.close} />
      ) : (
        <span className="line-text">
          {entry.kind === "event" ? (
            eventText(text, entry)
          ) : entry.kind === "digit" ? (
            text("line.digit", { digit: entry.text })
          ) : entry.kind === "speech" ? (
            <Words entry={entry} at={heardAt} />
          ) : entry.kind === "note" ? (
            <NoteText entry={entry} />
          ) : (
            entry.text
          )}
        </span>
      )}
      <Files entry={entry} />
      {entry.kind === "message" && entry.speaker !== "customer" && <DeliveryMark conversation={conversation} seq={entry.seq} />}
    </div>
  );
}

function Who({ speaker, author, me, kind }: { speaker: Speaker; author: string | null; me?: string; kind: Entry["kind"] }) {
  const text = useText();
  if (kind === "note") return <span className="who">{text("line.note", { author: author ?? text("speaker.system") })}</span>;
  return <span className="who">{speakerName(text, speaker, author, me)}</span>;
}

function speakerName(text: ReturnType<typeof useText>, speaker: Speaker, author: string | null, me?: string): string {
  if (speaker === "agent" && author !== null) return author === me ? text("speaker.you") : author;
  return text(`speaker.${speaker}`);
}

interface InterimProps {
  preview: Preview;
  conversation: Conversation;
  me?: string;
}

function InterimLine({ preview, conversation, me }: InterimProps) {
  const text = useText();
  const author = conversation.legs.find((leg) => leg.n === preview.leg)?.agent ?? null;
  return (
    <div
      className={`line bubble interim from-${preview.speaker}`}
      data-testid="line"
      data-speaker={preview.speaker}
      data-kind="speech"
      data-final="false"
    >
      <span className="line-head">
        <span className="who">{speakerName(text, preview.speaker, author, me)}</span>
        <span className="saying">{text("transcript.interim")}</span>
      </span>
      <span className="line-text">
        {preview.stable}
        <span className="tentative">{preview.tentative}</span>
      </span>
    </div>
  );
}

function UnsentLine({ message, resend }: { message: Unsent; resend?: (message: Unsent) => void }) {
  const text = useText();
  return (
    <div className="line bubble from-agent unsent" data-testid="line-unsent" data-failed={message.failed}>
      <span className="line-text">{message.text}</span>
      {message.files.length > 0 && <span className="small">{message.files.map((file) => file.name).join(", ")}</span>}
      <span className="line-head">
        {message.failed ? (
          <>
            <span className="failed">{text("line.failed")}</span>
            <Button size="small" type="link" onClick={() => resend?.(message)}>
              {text("error.retry")}
            </Button>
          </>
        ) : (
          text("line.sending")
        )}
      </span>
    </div>
  );
}

function TypingLine({ id }: { id: string }) {
  const text = useText();
  const since = useLive((picture) => picture.typing[id]?.customer);
  const now = useNow();
  const skew = useLive((picture) => picture.skew);
  // The mark carries this page's time, `now` the server's.
  if (since === undefined || now - skew - since > TYPING_MS) return null;
  return (
    <p className="typing" data-testid="typing">
      {text("transcript.typing", { speaker: text("speaker.customer") })}
      <span className="dots" aria-hidden>
        <i />
        <i />
        <i />
      </span>
    </p>
  );
}

/** Keeps the end in view while the reader is there; leaves them alone when they scrolled up. */
function useFollowing(changes: readonly unknown[], first: boolean) {
  const box = useRef<HTMLDivElement>(null);
  const [following, setFollowing] = useState(first);

  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const scrolled = () =>
      setFollowing(element.scrollHeight - element.scrollTop - element.clientHeight < FOLLOWING_PX);
    element.addEventListener("scroll", scrolled, { passive: true });
    return () => element.removeEventListener("scroll", scrolled);
  }, []);

  const toEnd = () => {
    const element = box.current;
    if (element) element.scrollTop = element.scrollHeight;
  };
  useLayoutEffect(() => {
    if (following) toEnd();
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [following, ...changes]);

  return { box, following, follow: () => setFollowing(true) };
}
