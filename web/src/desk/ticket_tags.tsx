// What of a ticket is told in one small label: its state, its priority, the promise due next.

import type { Priority, Ticket, TicketState } from "../api/shapes";
import { useText } from "../i18n/language";
import { duration, useNow } from "../ui/time";
import { Tone, type ToneName } from "../ui/tone";

const TICKET_COLOURS: Record<TicketState, ToneName> = {
  new: "gold",
  in_progress: "blue",
  pending_confirmation: "purple",
  done: "green",
  reopened: "red",
};

export function TicketStateTag({ state }: { state: TicketState }) {
  const text = useText();
  return <Tone tone={TICKET_COLOURS[state]}>{text(`ticket_state.${state}`)}</Tone>;
}

const PRIORITY_COLOURS: Record<Priority, ToneName> = { low: "grey", normal: "blue", high: "gold", urgent: "red" };

export function PriorityTag({ priority }: { priority: Priority }) {
  const text = useText();
  return <Tone tone={PRIORITY_COLOURS[priority]}>{text(`priority.${priority}`)}</Tone>;
}

/** Time left or overdue of the promise that is due next; nothing when no clock runs. */
export function DueBadge({ ticket }: { ticket: Pick<Ticket, "first_answer" | "resolution"> }) {
  const text = useText();
  const now = useNow();
  const running = ([["first_answer", ticket.first_answer], ["resolution", ticket.resolution]] as const).filter(([, clock]) => clock.due !== null);
  const next = running.sort(([, a], [, b]) => (a.due ?? "").localeCompare(b.due ?? ""))[0];
  if (!next) return null;
  const left = Date.parse(next[1].due ?? "") - now;
  const late = left <= 0;
  return (
    <Tone tone={late ? "red" : left < 900_000 ? "gold" : "grey"} testId="due" state={late ? "overdue" : "running"}>
      {text(`promise.${next[0]}`)}: {text(late ? "promise.late" : "promise.left", { time: duration(Math.abs(left)) })}
    </Tone>
  );
}
