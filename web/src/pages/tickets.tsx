// All tickets, newest first, by state and by whose they are.

import { Segmented, Switch, Table } from "antd";
import { useState } from "react";
import { Link } from "wouter";

import { api } from "../api/client";
import type { Ticket, TicketState } from "../api/shapes";
import { ChannelIcon } from "../ui/channel";
import { DueBadge, PriorityTag, TicketStateTag } from "../desk/ticket_tags";
import { Tier } from "../desk/tier";
import { useLanguage, useText } from "../i18n/language";
import { useLive } from "../live/store";
import { useSession } from "../session";
import { ListFrame, useList } from "../ui/list";
import { day } from "../ui/time";

const STATES: readonly TicketState[] = ["new", "in_progress", "pending_confirmation", "done", "reopened"];

export function TicketsPage() {
  const text = useText();
  const { language } = useLanguage();
  const me = useSession().user;
  const [state, setState] = useState<TicketState | "all">("all");
  const [mine, setMine] = useState(false);
  const [overdue, setOverdue] = useState(false);
  const changes = useLive((picture) => picture.ticketChanges);
  const list = useList<Ticket>(`${state} ${mine} ${overdue}`, changes, (after) =>
    api.tickets({
      ...(state === "all" ? {} : { state }),
      ...(mine ? { assignee: me.name } : {}),
      ...(overdue ? { overdue } : {}),
      ...(after === undefined ? {} : { after }),
    }),
  );
  return (
    <ListFrame
      title={text("tickets.title")}
      tools={
        <>
          <Segmented<TicketState | "all">
            value={state}
            onChange={setState}
            aria-label={text("tickets.filter")}
            options={[
              { value: "all", label: text("tickets.all") },
              ...STATES.map((one) => ({ value: one, label: text(`ticket_state.${one}`) })),
            ]}
          />
          <label className="inline">
            <Switch size="small" checked={overdue} onChange={setOverdue} data-testid="only-overdue" /> {text("tickets.overdue")}
          </label>
          {me.agent && (
            <label className="inline">
              <Switch size="small" checked={mine} onChange={setMine} /> {text("tickets.mine")}
            </label>
          )}
        </>
      }
      list={list}
    >
      <Table<Ticket>
        dataSource={list.items}
        rowKey="id"
        pagination={false}
        size="middle"
        loading={list.loading}
        scroll={{ x: "max-content" }}
        locale={{ emptyText: text("list.empty") }}
        data-testid="tickets"
        onRow={(ticket) => ({ "data-testid": "ticket-row", "data-ticket": ticket.id }) as object}
        columns={[
          {
            title: text("tickets.id"),
            dataIndex: "id",
            render: (id: number) => <Link href={`/tickets/${id}`}>{id}</Link>,
          },
          {
            title: text("ticket.subject"),
            dataIndex: "subject",
            render: (subject: string, ticket) => <Link href={`/tickets/${ticket.id}`}>{subject}</Link>,
          },
          { title: text("ticket.state"), dataIndex: "state", render: (one: TicketState) => <TicketStateTag state={one} /> },
          {
            title: text("ticket.priority"),
            render: (_, ticket) => (
              <span className="stack">
                <PriorityTag priority={ticket.priority} />
                <DueBadge ticket={ticket} />
              </span>
            ),
          },
          { title: text("customer.title"), render: (_, ticket) =>
              ticket.person ? (
                <span className="inline">
                  <Link href={`/customers/${ticket.person.id}`}>{ticket.person.name}</Link>
                  <Tier tier={ticket.person.tier} />
                </span>
              ) : (
                "–"
              ),
          },
          {
            title: text("tickets.channel"),
            render: (_, ticket) =>
              ticket.channel === null ? (
                "–"
              ) : (
                <>
                  <ChannelIcon channel={ticket.channel} /> {text(`channel.${ticket.channel}`)}
                </>
              ),
          },
          { title: text("tickets.queue"), dataIndex: "queue", render: (queue: string | null) => queue ?? "–" },
          {
            title: text("ticket.assignee"),
            dataIndex: "assignee",
            render: (assignee: string | null) => assignee ?? text("ticket.nobody"),
          },
          { title: text("tickets.updated"), dataIndex: "updated_at", render: (at: string) => day(at, language) },
        ]}
      />
    </ListFrame>
  );
}
