// A ticket: its subject, state with the ways it may go, who is on it, and the notes of its conversations.

import { CheckOutlined, EditOutlined } from "@ant-design/icons";
import { Button, Input, Select } from "antd";
import { useEffect, useMemo, useState } from "react";
import { Link } from "wouter";

import { api, ApiError, freshDedupe } from "../api/client";
import type { Entry, TicketDetail, TicketState } from "../api/shapes";
import { useLanguage, useText } from "../i18n/language";
import { useLive, useLiveStore } from "../live/store";
import { useSession } from "../session";
import { failureText } from "../ui/failure";
import { useFetched } from "../ui/fetched";
import { useMessages } from "../ui/messages";
import { day } from "../ui/time";
import { NoteBox } from "./note_box";
import { NoteText } from "./note_text";
import { TicketMore } from "./ticket_more";

/** Notes are read from this many of the ticket's latest conversations. */
const NOTED_CONVERSATIONS = 5;

/** The ticket of a conversation, or of its own page (`link` off there). */
export function TicketPanel({ ticket, conversation, link = true }: { ticket: number | null; conversation?: string; link?: boolean }) {
  const text = useText();
  const changes = useLive((picture) => (ticket === null ? 0 : (picture.tickets[ticket] ?? 0)));
  const fetched = useFetched(ticket === null ? undefined : `${ticket} ${changes}`, () => api.ticket(ticket ?? 0));
  const detail = ticket === null ? undefined : fetched.value;
  return (
    <section className="panel" aria-labelledby="ticket-title" data-testid="ticket-panel" data-ticket={ticket ?? ""}>
      <h2 id="ticket-title" className={link ? undefined : "visually-hidden"}>
        {ticket === null ? text("ticket.title") : text("ticket.number", { id: ticket })}
        {link && ticket !== null && (
          <Link href={`/tickets/${ticket}`} className="panel-link">
            {text("ticket.open")}
          </Link>
        )}
      </h2>
      {ticket === null && <p className="quiet">{text("ticket.none")}</p>}
      {detail && <TicketBody detail={detail} put={fetched.put} again={fetched.again} conversation={conversation} />}
      {fetched.error !== undefined && !detail && <p className="failed">{failureText(text, fetched.error)}</p>}
      <Notes ticket={detail} conversation={conversation} />
    </section>
  );
}

interface BodyProps {
  detail: TicketDetail;
  put: (detail: TicketDetail) => void;
  again: () => void;
  conversation: string | undefined;
}

function TicketBody({ detail, put, again, conversation }: BodyProps) {
  const text = useText();
  const { language } = useLanguage();
  const { user } = useSession();
  const message = useMessages();
  const [busy, setBusy] = useState(false);

  const edit = async (change: Parameters<typeof api.editTicket>[1]) => {
    setBusy(true);
    try {
      put(await api.editTicket(detail.id, change));
    } catch (error) {
      if (error instanceof ApiError && error.status === 409) again();
      void message.error(failureText(text, error));
    } finally {
      setBusy(false);
    }
  };

  const states = [detail.state, ...detail.ways];
  // What was merged lives on elsewhere and changes no more.
  const still = busy || detail.merged_into !== null;
  return (
    <>
      <Subject subject={detail.subject} disabled={still} save={(subject) => edit({ subject })} />
      <div className="fields">
        <span id={`state-of-${detail.id}`}>{text("ticket.state")}</span>
        <span data-testid="ticket-state" data-state={detail.state}>
          <Select<TicketState>
            value={detail.state}
            disabled={still || detail.ways.length === 0}
            aria-labelledby={`state-of-${detail.id}`}
            onChange={(to) => void edit({ state: { from: detail.state, to } })}
            options={states.map((state) => ({
              value: state,
              label: <span data-testid={`ticket-state-${state}`}>{text(`ticket_state.${state}`)}</span>,
            }))}
            className="state-select"
            popupMatchSelectWidth={false}
          />
        </span>
        <span>{text("ticket.assignee")}</span>
        <span>
          {detail.assignee ?? text("ticket.nobody")}
          {detail.assignee !== user.name && user.agent && (
            <Button type="link" size="small" disabled={still} onClick={() => void edit({ assignee: user.name })}>
              {text("ticket.take")}
            </Button>
          )}
        </span>
      </div>
      <TicketMore detail={detail} busy={still} edit={edit} put={put} conversation={conversation} />
      <p className="quiet small">
        {text("ticket.created", { date: day(detail.created_at, language) })} ·{" "}
        {text("ticket.updated", { date: day(detail.updated_at, language) })}
      </p>
    </>
  );
}

interface SubjectProps {
  subject: string;
  disabled: boolean;
  save: (subject: string) => Promise<void>;
}

function Subject({ subject, disabled, save }: SubjectProps) {
  const text = useText();
  const [draft, setDraft] = useState<string>();
  if (draft === undefined) {
    return (
      <p className="subject" data-testid="ticket-subject">
        {subject}
        <Button
          type="text"
          size="small"
          icon={<EditOutlined />}
          disabled={disabled}
          aria-label={text("ticket.edit_subject")}
          onClick={() => setDraft(subject)}
        />
      </p>
    );
  }
  const submit = async () => {
    const next = draft.trim();
    if (next && next !== subject) await save(next);
    setDraft(undefined);
  };
  return (
    <form
      className="subject-edit"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
      onKeyDown={(event) => event.key === "Escape" && setDraft(undefined)}
    >
      <Input value={draft} onChange={(event) => setDraft(event.target.value)} aria-label={text("ticket.subject")} autoFocus maxLength={200} />
      <Button htmlType="submit" type="primary" icon={<CheckOutlined />} aria-label={text("ticket.save")} />
    </form>
  );
}

/** Notes are entries of conversations: those of this ticket's latest ones, or of the conversation that has no ticket yet. */
function Notes({ ticket, conversation }: { ticket: TicketDetail | undefined; conversation?: string }) {
  const text = useText();
  const { language } = useLanguage();
  const store = useLiveStore();
  const conversations = useMemo(
    () => ticket?.conversations.slice(-NOTED_CONVERSATIONS) ?? (conversation ? [conversation] : []),
    [ticket, conversation],
  );
  useEffect(() => conversations.forEach((id) => store.watch(id)), [store, conversations]);
  const entries = useLive((picture) => picture.entries);
  const notes = useMemo(() => notesOf(conversations, entries), [conversations, entries]);
  return (
    <>
      <h3>{text("ticket.notes")}</h3>
      {notes.length === 0 ? (
        <p className="quiet">{text("ticket.no_notes")}</p>
      ) : (
        <ol className="notes" data-testid="notes">
          {notes.map((note) => (
            <li key={`${note.at} ${note.seq}`} data-testid="note">
              <p className="note-head">
                {note.author ?? text("speaker.system")} · <time dateTime={note.at}>{day(note.at, language)}</time>
              </p>
              <p className="note-text">
                <NoteText entry={note} />
              </p>
            </li>
          ))}
        </ol>
      )}
      {(ticket || conversation) && <NewNote ticket={ticket?.id} conversation={conversation} />}
    </>
  );
}

function notesOf(conversations: readonly string[], entries: Readonly<Record<string, readonly Entry[]>>): Entry[] {
  return conversations
    .flatMap((id) => entries[id] ?? [])
    .filter((entry) => entry.kind === "note")
    .sort((a, b) => a.at.localeCompare(b.at));
}

function NewNote({ ticket, conversation }: { ticket?: number; conversation?: string }) {
  const text = useText();
  const message = useMessages();
  const [draft, setDraft] = useState("");
  const [dedupe, setDedupe] = useState(freshDedupe);
  const [busy, setBusy] = useState(false);

  const add = async () => {
    const note = draft.trim();
    if (!note || busy) return;
    setBusy(true);
    try {
      // On the desk the note belongs to the conversation in hand, on a ticket's page to its latest one.
      if (conversation !== undefined) await api.note(conversation, note, dedupe);
      else if (ticket !== undefined) await api.ticketNote(ticket, note, dedupe);
      setDraft("");
      setDedupe(freshDedupe());
    } catch (error) {
      void message.error(failureText(text, error));
    } finally {
      setBusy(false);
    }
  };

  return (
    <form
      className="new-note"
      onSubmit={(event) => {
        event.preventDefault();
        void add();
      }}
    >
      <NoteBox value={draft} change={setDraft} submit={() => void add()} />
      <Button htmlType="submit" disabled={draft.trim() === ""} loading={busy} data-testid="note-add">
        {text("ticket.note_add")}
      </Button>
    </form>
  );
}
