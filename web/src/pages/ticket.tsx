// One ticket with all its conversations.

import { Link } from "wouter";

import { api } from "../api/client";
import { TicketPanel } from "../desk/ticket_panel";
import { useText } from "../i18n/language";
import { useLive } from "../live/store";
import { ConversationTable } from "./conversations";
import { useFetched } from "../ui/fetched";

export function TicketPage({ id }: { id: number }) {
  const text = useText();
  const changes = useLive((picture) => picture.tickets[id] ?? 0);
  const fetched = useFetched(`${id} ${changes}`, () => api.ticket(id));
  const history = [...(fetched.value?.history ?? [])].reverse();
  return (
    <div className="page">
      <header className="page-head">
        <h1>{text("ticket.number", { id })}</h1>
        <Link href="/tickets">{text("nav.tickets")}</Link>
      </header>
      <div className="two">
        <div className="card">
          <TicketPanel ticket={id} link={false} />
        </div>
        <section className="card" aria-labelledby="ticket-conversations">
          <h2 id="ticket-conversations">{text("ticket.conversations")}</h2>
          <ConversationTable items={history} loading={fetched.value === undefined && fetched.error === undefined} />
        </section>
      </div>
    </div>
  );
}
