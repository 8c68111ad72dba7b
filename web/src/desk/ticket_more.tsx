// The rest of a ticket: kind, priority, team, promises with their due times, custom fields, relations, merging, macros.

import { Button, Input, Select } from "antd";
import { useState } from "react";
import { Link } from "wouter";

import { api } from "../api/client";
import type { Clock, Priority, TicketDetail } from "../api/shapes";
import { useLanguage, useText } from "../i18n/language";
import { failureText } from "../ui/failure";
import { useFetched } from "../ui/fetched";
import { useMessages } from "../ui/messages";
import { day } from "../ui/time";
import { intoDraft } from "./drafts";
import { DueBadge, PriorityTag } from "./ticket_tags";

const PRIORITIES: readonly Priority[] = ["low", "normal", "high", "urgent"];

interface MoreProps {
  detail: TicketDetail;
  busy: boolean;
  edit: (change: Parameters<typeof api.editTicket>[1]) => Promise<void>;
  put: (detail: TicketDetail) => void;
  conversation: string | undefined;
}

export function TicketMore({ detail, busy, edit, put, conversation }: MoreProps) {
  const text = useText();
  return (
    <>
      <p className="badges">
        <PriorityTag priority={detail.priority} /> <DueBadge ticket={detail} />
        {detail.merged_into !== null && (
          <Link href={`/tickets/${detail.merged_into}`}>{text("ticket.merged_into", { id: detail.merged_into })}</Link>
        )}
      </p>
      <div className="fields">
        <span id={`priority-of-${detail.id}`}>{text("ticket.priority")}</span>
        <Select<Priority>
          value={detail.priority}
          disabled={busy}
          aria-labelledby={`priority-of-${detail.id}`}
          onChange={(priority) => void edit({ priority })}
          options={PRIORITIES.map((value) => ({ value, label: text(`priority.${value}`) }))}
          popupMatchSelectWidth={false}
          data-testid="ticket-priority"
        />
        <span>{text("ticket.kind")}</span>
        <Word value={detail.kind} label={text("ticket.kind")} save={(kind) => edit({ kind })} disabled={busy} testId="ticket-kind" />
        <span>{text("ticket.team")}</span>
        <Word value={detail.team} label={text("ticket.team")} save={(team) => edit({ team })} disabled={busy} testId="ticket-team" />
        <PromiseRow name="first_answer" clock={detail.first_answer} />
        <PromiseRow name="resolution" clock={detail.resolution} />
        {Object.entries(detail.fields).map(([name, value]) => (
          <Field key={name} name={name}>
            <Word value={value} label={name} save={(next) => edit({ fields: { [name]: next } })} disabled={busy} />
          </Field>
        ))}
      </div>
      {detail.merged_into === null && <Macros detail={detail} put={put} conversation={conversation} />}
      <Relations detail={detail} put={put} />
    </>
  );
}

function Field({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <>
      <span>{name}</span>
      {children}
    </>
  );
}

interface WordProps {
  value: string | null;
  label: string;
  save: (next: string) => Promise<void>;
  disabled: boolean;
  testId?: string;
}

/** A short word that is saved when one leaves it or presses Enter. */
function Word({ value, label, save, disabled, testId }: WordProps) {
  const [draft, setDraft] = useState<string>();
  const submit = () => {
    if (draft !== undefined && draft.trim() !== (value ?? "")) void save(draft.trim());
    setDraft(undefined);
  };
  return (
    <Input
      size="small"
      value={draft ?? value ?? ""}
      disabled={disabled}
      aria-label={label}
      maxLength={60}
      onChange={(event) => setDraft(event.target.value)}
      onBlur={submit}
      onPressEnter={submit}
      onKeyDown={(event) => event.key === "Escape" && setDraft(undefined)}
      data-testid={testId}
    />
  );
}

function PromiseRow({ name, clock }: { name: "first_answer" | "resolution"; clock: Clock }) {
  const text = useText();
  const { language } = useLanguage();
  if (clock.promised_ms === null && clock.met === null) return null;
  const says =
    clock.met !== null
      ? text("promise.met", { date: day(clock.met, language) })
      : clock.due !== null
        ? text("promise.due", { date: day(clock.due, language) })
        : text("promise.stands");
  return (
    <Field name={text(`promise.${name}`)}>
      <span data-testid={`promise-${name}`}>{says}</span>
    </Field>
  );
}

function Macros({ detail, put, conversation }: Pick<MoreProps, "detail" | "put" | "conversation">) {
  const text = useText();
  const message = useMessages();
  const macros = useFetched("macros", () => api.macros());
  const names = (macros.value?.value ?? []).map((one) => one.name);
  if (names.length === 0) return null;
  const apply = async (name: string) => {
    try {
      const done = await api.applyMacro(detail.id, name);
      put(done.ticket);
      if (done.reply === null) return;
      if (conversation !== undefined) intoDraft(conversation, done.reply);
      else await navigator.clipboard.writeText(done.reply);
    } catch (error) {
      void message.error(failureText(text, error));
    }
  };
  return (
    <Select<string>
      value={null}
      placeholder={text("ticket.macro")}
      aria-label={text("ticket.macro")}
      onChange={(name) => void apply(name)}
      options={names.map((value) => ({ value, label: value }))}
      popupMatchSelectWidth={false}
      data-testid="macros"
    />
  );
}

function Relations({ detail, put }: Pick<MoreProps, "detail" | "put">) {
  const text = useText();
  const message = useMessages();
  const [other, setOther] = useState("");
  const number = Number(other);
  const able = Number.isInteger(number) && number > 0 && number !== detail.id && detail.merged_into === null;
  const act = async (ask: () => Promise<TicketDetail>, own: boolean) => {
    // At once: the answer may come when the next number is being typed.
    setOther("");
    try {
      const next = await ask();
      put(own ? next : await api.ticket(detail.id));
    } catch (error) {
      setOther(other);
      void message.error(failureText(text, error));
    }
  };
  return (
    <>
      <h3>{text("ticket.relations")}</h3>
      <ul className="plain">
        {detail.relations.map((one) => (
          <li key={`${one.ticket} ${one.relation}`}>
            {text(`relation.${one.relation}`)} <Link href={`/tickets/${one.ticket}`}>{one.ticket}</Link>
          </li>
        ))}
      </ul>
      <form className="inline relate" onSubmit={(event) => event.preventDefault()}>
        <Input
          size="small"
          inputMode="numeric"
          value={other}
          onChange={(event) => setOther(event.target.value)}
          aria-label={text("ticket.other")}
          placeholder={text("ticket.other")}
          className="other-ticket"
          data-testid="other-ticket"
        />
        <Button
          size="small"
          htmlType="submit"
          disabled={!able}
          onClick={() => void act(() => api.relateTickets(detail.id, number), true)}
          data-testid="relate"
        >
          {text("ticket.relate")}
        </Button>
        <Button
          size="small"
          disabled={!able}
          onClick={() => void act(() => api.mergeTicket(detail.id, number), false)}
          data-testid="merge"
        >
          {text("ticket.merge")}
        </Button>
      </form>
    </>
  );
}
