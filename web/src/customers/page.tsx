// One customer: what staff know, what came of it, and the records of the same person.

import "./customers.css";

import { Alert, Spin } from "antd";
import { useEffect, useState } from "react";
import { Link } from "wouter";

import { api } from "../api/client";
import type { Conversation, Ticket } from "../api/shapes";
import { DueBadge, TicketStateTag } from "../desk/ticket_tags";
import { Tier } from "../desk/tier";
import { useText } from "../i18n/language";
import { useLive } from "../live/store";
import { ConversationTable } from "../pages/conversations";
import { failureText } from "../ui/failure";
import { useFetched } from "../ui/fetched";
import { useList } from "../ui/list";
import { address } from "../ui/words";
import { Changes } from "./changes";
import { Editor } from "./editor";
import { Merging } from "./merging";
import { useCustomerText } from "./texts";

/** Tickets shown beside a customer. */
const TICKETS = 20;

export default function CustomerPage({ id }: { id: number }) {
  const text = useText();
  const says = useCustomerText();
  const heard = useLive((picture) => picture.customers[id] ?? 0);
  const fetched = useFetched(`${id} ${heard}`, () => api.customer(id));
  const setup = useFetched("setup", () => api.customerSetup());
  // What is being edited stays as it was opened until it is saved or discarded.
  const [opened, setOpened] = useState(fetched.value);
  const [dirty, setDirty] = useState(false);
  const newest = fetched.value;
  useEffect(() => {
    if (!dirty && newest) setOpened(newest);
  }, [newest, dirty]);
  const name = newest ? address(text, newest.name) : String(id);
  useEffect(() => {
    document.title = `${name} · Voxdesk`;
    return () => {
      document.title = "Voxdesk";
    };
  }, [name]);
  if (fetched.error !== undefined && !newest) return <p className="page failed">{failureText(text, fetched.error)}</p>;
  if (!opened || !newest) return <Spin className="page-spin" />;
  return (
    <div className="page" data-testid="customer">
      <header className="page-head">
        <h1>
          {name} <Tier tier={newest.tier} />
        </h1>
        <Link href="/customers">{says("title")}</Link>
      </header>
      {newest.merged_into !== null ? (
        <Alert
          type="info"
          showIcon
          title={says("lives_on")}
          action={<Link href={`/customers/${newest.merged_into}`}>{says("go_there")}</Link>}
          data-testid="lives-on"
        />
      ) : (
        <div className="two customer-page">
          <div>
            <Editor
              key={`${opened.id} ${opened.revision}`}
              customer={opened}
              outdated={newest.revision !== opened.revision}
              setup={setup.value}
              dirty={setDirty}
              load={() => {
                setDirty(false);
                setOpened(newest);
                fetched.again();
              }}
              saved={(value) => {
                setDirty(false);
                setOpened(value);
                fetched.put(value);
              }}
            />
            <Merging customer={newest} put={fetched.put} />
          </div>
          <div>
            <Tickets person={id} heard={heard} />
            <History person={id} heard={heard} />
            <Changes customer={id} revision={newest.revision} />
          </div>
        </div>
      )}
    </div>
  );
}

function Tickets({ person, heard }: { person: number; heard: number }) {
  const says = useCustomerText();
  const changes = useLive((picture) => picture.ticketChanges);
  const tickets = useFetched(`${person} ${heard} ${changes}`, () => api.tickets({ person, limit: TICKETS }));
  return (
    <section className="card" aria-labelledby="customer-tickets">
      <h2 id="customer-tickets">{says("tickets")}</h2>
      {tickets.value?.items.length === 0 && <p className="quiet">{says("no_tickets")}</p>}
      <ul className="plain customer-list">
        {tickets.value?.items.map((ticket: Ticket) => (
          <li key={ticket.id} data-testid="customer-ticket" data-ticket={ticket.id}>
            <TicketStateTag state={ticket.state} /> <Link href={`/tickets/${ticket.id}`}>{ticket.subject}</Link> <DueBadge ticket={ticket} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function History({ person, heard }: { person: number; heard: number }) {
  const text = useText();
  const says = useCustomerText();
  const list = useList<Conversation>(String(person), heard, (after) =>
    api.conversations({ person, limit: 20, ...(after === undefined ? {} : { after }) }),
  );
  return (
    <section className="card" aria-labelledby="customer-history">
      <h2 id="customer-history">{says("history")}</h2>
      <ConversationTable items={list.items} loading={list.loading} />
      {list.more && (
        <p className="more">
          <button type="button" className="link" onClick={list.more}>
            {text("list.more")}
          </button>
        </p>
      )}
    </section>
  );
}
