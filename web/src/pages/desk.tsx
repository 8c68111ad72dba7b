// The agent's desk: my conversations on the left, the one in hand in the middle, the customer and the ticket on the right.

import { CloseCircleOutlined } from "@ant-design/icons";
import { Button, Empty } from "antd";
import { useEffect, useMemo, useRef, useState } from "react";

import { api } from "../api/client";
import type { Agent, Conversation } from "../api/shapes";
import { CallBar } from "../desk/call_bar";
import { Composer } from "../desk/composer";
import { CustomerPanel } from "../desk/customer_panel";
import { useDesk } from "../desk/desk_context";
import { DialPad } from "../desk/dial_pad";
import { useOutbox } from "../desk/outbox";
import { Pictures } from "../desk/pictures";
import { offersIn } from "../desk/reason";
import { Suggestions } from "../desk/suggestions";
import { TicketPanel } from "../desk/ticket_panel";
import { Transcript } from "../desk/transcript";
import { Why } from "../desk/why";
import { useText } from "../i18n/language";
import { partKey } from "../live/state";
import { millis, useLive, useLiveStore, workOf } from "../live/store";
import { ChannelIcon, isWritten } from "../ui/channel";
import { duration, useNow } from "../ui/time";
import { coded, customer } from "../ui/words";

export function DeskPage() {
  const text = useText();
  const { me, chosen } = useDesk();
  const work = useMyWork(me);
  const store = useLiveStore();
  const conversations = useLive((picture) => picture.conversations);
  const current = (chosen !== undefined ? conversations[chosen] : undefined) ?? work[0];

  useEffect(() => {
    for (const one of work) store.watch(one.id);
  }, [store, work]);

  return (
    <div className="desk">
      <h1 className="visually-hidden">{text("nav.desk")}</h1>
      <MyWork work={work} current={current?.id} />
      {current ? (
        <>
          <InHand key={current.id} conversation={current} />
          <aside className="side" aria-label={text("customer.title")}>
            <Suggestions key={current.id} conversation={current} />
            <CustomerPanel conversation={current} />
            <TicketPanel ticket={current.ticket_id} conversation={current.id} />
            <WhyPanel conversation={current} />
          </aside>
        </>
      ) : (
        <Idle />
      )}
    </div>
  );
}

/** What I hold, and what I write up: the latest of mine that ended, while the wrap-up clock runs. */
function useMyWork(me: string): Conversation[] {
  const store = useLiveStore();
  const conversations = useLive((picture) => picture.conversations);
  const calls = useLive((picture) => picture.calls);
  const wrapping = useLive((picture) => isWrapping(picture.agents[me]));

  // A page opened in the middle of a wrap-up does not know what it is about.
  useEffect(() => {
    if (!wrapping || latestEnded(store.read().conversations, me)) return;
    api.conversations({ agent: me, limit: 3 }).then(
      (page) => {
        const last = page.items.find((one) => one.ended_at !== null);
        if (last) store.watch(last.id);
      },
      () => undefined,
    );
  }, [wrapping, me, store]);

  return useMemo(() => {
    const held = workOf({ conversations, calls }, me);
    const last = wrapping ? latestEnded(conversations, me) : undefined;
    return last ? [...held, last] : held;
  }, [conversations, calls, me, wrapping]);
}

function isWrapping(agent: Agent | undefined): boolean {
  return agent?.wrapup_until != null;
}

function latestEnded(conversations: Readonly<Record<string, Conversation>>, me: string): Conversation | undefined {
  return Object.values(conversations)
    .filter((one) => one.agent === me && one.ended_at !== null)
    .sort((a, b) => millis(b.ended_at) - millis(a.ended_at))[0];
}

/** What an agent who holds nothing may expect; one who missed offers reads so as long as it lasts. */
function useNothingYet(): string {
  const text = useText();
  const { me } = useDesk();
  const agent = useLive((picture) => picture.agents[me]);
  if (agent?.ready) return text("work.none_ready");
  return agent?.pause === "set_aside" ? `${text("ready.missed")} ${text("work.ready_again")}` : text("work.none_not_ready");
}

function MyWork({ work, current }: { work: readonly Conversation[]; current: string | undefined }) {
  const text = useText();
  const nothing = useNothingYet();
  return (
    <section className="my-work" aria-labelledby="my-work-title">
      <h2 id="my-work-title">{text("work.title")}</h2>
      <DialPad />
      {work.length === 0 ? (
        <p className="quiet">{nothing}</p>
      ) : (
        <ul className="plain work-list">
          {work.map((one) => (
            <WorkItem key={one.id} one={one} current={one.id === current} />
          ))}
        </ul>
      )}
    </section>
  );
}

function WorkItem({ one, current }: { one: Conversation; current: boolean }) {
  const text = useText();
  const { choose, me } = useDesk();
  const call = useLive((picture) => picture.calls[partKey({ conversation: one.id, agent: me })]);
  const unread = useUnread(one.id, current);
  const now = useNow();
  const over = one.ended_at !== null;
  const state = over ? text("work.wrapup") : call ? coded(text, "call", call.state) : text(`conversation_state.${one.state}`);
  return (
    <li>
      <button
        type="button"
        className="work-item"
        aria-current={current}
        onClick={() => choose(one.id)}
        data-testid="work-item"
        data-conversation={one.id}
        data-channel={one.channel}
      >
        <span className={`work-icon is-${one.channel}`}>
          <ChannelIcon channel={one.channel} />
        </span>
        <span className="work-text">
          <strong>{customer(text, one)}</strong>
          <span className="quiet small">
            {one.queue ? `${one.queue} · ` : ""}
            {state}
          </span>
        </span>
        <span className="work-meta">
          <span className="quiet small">{duration((one.ended_at ? millis(one.ended_at) : now) - millis(one.started_at))}</span>
          {unread > 0 && <span className="unread">{text("work.unread", { count: unread })}</span>}
        </span>
      </button>
    </li>
  );
}

/** Customer messages that arrived since this conversation was last in the middle. */
function useUnread(id: string, current: boolean): number {
  const entries = useLive((picture) => picture.entries[id]);
  const count = entries?.filter((entry) => entry.kind === "message" && entry.speaker === "customer").length ?? 0;
  const [seen, setSeen] = useState(count);
  useEffect(() => {
    if (current) setSeen(count);
  }, [current, count]);
  return current ? 0 : Math.max(0, count - seen);
}

function InHand({ conversation }: { conversation: Conversation }) {
  const text = useText();
  const { me, order, tell } = useDesk();
  const call = useLive((picture) => picture.calls[partKey({ conversation: conversation.id, agent: me })]);
  const { unsent, send, resend } = useOutbox(conversation.id, tell);
  const chat = isWritten(conversation.channel);
  const account = useLive((picture) => picture.writing[conversation.id]?.channel);
  const mine = conversation.agent === me && conversation.state === "talking";
  const over = conversation.ended_at !== null;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // The Answer button that had the focus is gone: go on here, not at the top of the page.
    if (document.activeElement === document.body) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <section className="in-hand" aria-label={customer(text, conversation)} data-testid="in-hand" data-conversation={conversation.id}>
      <header className="in-hand-head">
        <div>
          <h2 ref={heading} tabIndex={-1} data-testid="in-hand-caller">{customer(text, conversation)}</h2>
          <p className="quiet small">
            {text(`channel.${conversation.channel}`)} · {account ?? conversation.called}
            {conversation.queue ? ` · ${text("offer.queue", { queue: conversation.queue })}` : ""}
          </p>
        </div>
        {chat && mine && (
          <Button
            danger
            icon={<CloseCircleOutlined />}
            onClick={() => void order(conversation.id, { command: "hangup" })}
            data-testid="hang-up"
          >
            {text("call.end_chat")}
          </Button>
        )}
        {over && !call && (
          <span className="call-state is-ended" data-testid="call-state" data-state="ended" role="status">
            {text(chat ? "conversation_state.ended" : "call.ended")}
          </span>
        )}
      </header>
      {call && <CallBar call={call} />}
      {call && <Pictures call={call} />}
      {over && <WrapUp conversation={conversation} />}
      <Transcript conversation={conversation} me={me} unsent={unsent} resend={resend} />
      {chat && mine && <Composer conversation={conversation.id} send={send} />}
      {chat && over && <p className="quiet composer-closed">{text("composer.closed")}</p>}
    </section>
  );
}

function WrapUp({ conversation }: { conversation: Conversation }) {
  const text = useText();
  const { me, order, choose } = useDesk();
  const agent = useLive((picture) => picture.agents[me]);
  const now = useNow();
  if (!agent || agent.wrapup_until === null) return null;
  const done = async () => {
    if (await order(conversation.id, { command: "wrap_up_done" })) choose(undefined);
  };
  return (
    <section className="wrapup" aria-label={text("wrapup.title")} data-testid="wrapup">
      <div>
        <strong>{text("wrapup.title")}</strong>
        <p className="quiet small">{text("wrapup.lead")}</p>
      </div>
      <span className="wrapup-left" role="timer" data-testid="wrapup-left">
        {text("wrapup.left", { time: duration(millis(agent.wrapup_until) - now) })}
      </span>
      <Button type="primary" onClick={() => void done()} data-testid="wrapup-done">
        {text("wrapup.done")}
      </Button>
    </section>
  );
}

function WhyPanel({ conversation }: { conversation: Conversation }) {
  const { me } = useDesk();
  const entries = useLive((picture) => picture.entries[conversation.id]);
  const mine = useMemo(() => offersIn(entries ?? []).find((one) => one.agent === me), [entries, me]);
  if (!mine) return null;
  return (
    <section className="panel">
      <Why reason={mine.reason} />
    </section>
  );
}

function Idle() {
  const nothing = useNothingYet();
  return (
    <section className="idle" aria-live="polite">
      <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={nothing} />
    </section>
  );
}
