// All conversations, newest first.

import { Switch, Table } from "antd";
import { useMemo, useState } from "react";
import { Link } from "wouter";

import { api } from "../api/client";
import type { Conversation, ConversationState } from "../api/shapes";
import { ChannelIcon } from "../ui/channel";
import { useLanguage, useText } from "../i18n/language";
import { millis, useLive } from "../live/store";
import { ListFrame, useList } from "../ui/list";
import { day, duration } from "../ui/time";
import { Tone, type ToneName } from "../ui/tone";
import { customer } from "../ui/words";

const COLOURS: Record<ConversationState, ToneName> = {
  flow: "cyan",
  waiting: "gold",
  ringing: "gold",
  talking: "blue",
  wrapup: "purple",
  ended: "grey",
};

export function ConversationStateTag({ state }: { state: ConversationState }) {
  const text = useText();
  return <Tone tone={COLOURS[state]}>{text(`conversation_state.${state}`)}</Tone>;
}

export function ConversationsPage() {
  const text = useText();
  const [open, setOpen] = useState(false);
  // What the live picture holds changes with every opening, move and end; that is when the list is looked at again.
  const conversations = useLive((picture) => picture.conversations);
  const changes = useCount(conversations);
  const list = useList<Conversation>(String(open), changes, (after) =>
    api.conversations({ ...(open ? { open: true } : {}), ...(after === undefined ? {} : { after }) }),
  );
  return (
    <ListFrame
      title={text("conversations.title")}
      tools={
        <label className="inline">
          <Switch size="small" checked={open} onChange={setOpen} /> {text("conversations.open_only")}
        </label>
      }
      list={list}
    >
      <ConversationTable items={list.items} loading={list.loading} />
    </ListFrame>
  );
}

function useCount(value: unknown): number {
  const count = useMemo(() => ({ last: undefined as unknown, n: -1 }), []);
  if (count.last !== value) {
    count.last = value;
    count.n += 1;
  }
  return count.n;
}

export function ConversationTable({ items, loading }: { items: Conversation[]; loading: boolean }) {
  const text = useText();
  const { language } = useLanguage();
  return (
    <Table<Conversation>
      dataSource={items}
      rowKey="id"
      pagination={false}
      size="middle"
      loading={loading}
      scroll={{ x: "max-content" }}
      locale={{ emptyText: text("list.empty") }}
      data-testid="conversations"
      onRow={(one) => ({ "data-testid": "conversation-row", "data-conversation": one.id }) as object}
      columns={[
        {
          title: text("conversations.started"),
          dataIndex: "started_at",
          render: (at: string, one) => <Link href={`/conversations/${one.id}`}>{day(at, language)}</Link>,
        },
        {
          title: text("tickets.channel"),
          render: (_, one) => (
            <>
              <ChannelIcon channel={one.channel} /> {text(`channel.${one.channel}`)}
            </>
          ),
        },
        { title: text("conversations.caller"), render: (_, one) => customer(text, one) },
        { title: text("conversations.called"), dataIndex: "called" },
        {
          title: text("conversations.state"),
          dataIndex: "state",
          render: (state: ConversationState) => <ConversationStateTag state={state} />,
        },
        { title: text("tickets.queue"), dataIndex: "queue", render: (queue: string | null) => queue ?? "–" },
        { title: text("conversations.agent"), dataIndex: "agent", render: (agent: string | null) => agent ?? "–" },
        {
          title: text("conversations.length"),
          render: (_, one) => (one.ended_at === null ? "–" : duration(millis(one.ended_at) - millis(one.started_at))),
        },
        {
          title: text("ticket.title"),
          dataIndex: "ticket_id",
          render: (id: number | null) => (id === null ? "–" : <Link href={`/tickets/${id}`}>{id}</Link>),
        },
      ]}
    />
  );
}
