// The agent's desk: my conversations on the left, the one in hand in the middle, the customer and the ticket on the right.

import { InboxOutlined } from "@ant-design/icons";
import { lazy, Suspense, useEffect, useMemo, useState } from "react";

import { api } from "../api/client";
import type { Agent, Conversation } from "../api/shapes";
import { useDesk } from "../desk/desk_context";
import { DialPad } from "../desk/dial_pad";
import { useText } from "../i18n/language";
import { partKey } from "../live/state";
import { millis, useLive, useLiveStore, workOf } from "../live/store";
import { ChannelIcon } from "../ui/channel";
import { whenIdle } from "../ui/idle";
import { duration, useNow } from "../ui/time";
import { Waiting } from "../ui/waiting";
import { coded, customer } from "../ui/words";

// What one works with in a conversation is fetched while none is there yet, and not before the page can be seen.
const loadInHand = () => import("../desk/in_hand");
const InHand = lazy(loadInHand);

export function DeskPage() {
  const text = useText();
  const { me, chosen } = useDesk();
  const work = useMyWork(me);
  const store = useLiveStore();
  const conversations = useLive((picture) => picture.conversations);
  const current = (chosen !== undefined ? conversations[chosen] : undefined) ?? work[0];

  useEffect(() => whenIdle(() => void loadInHand().catch(() => undefined)), []);
  useEffect(() => {
    for (const one of work) store.watch(one.id);
  }, [store, work]);

  return (
    <div className="desk">
      <h1 className="visually-hidden">{text("nav.desk")}</h1>
      <MyWork work={work} current={current?.id} />
      {current ? (
        <Suspense fallback={<Coming />}>
          <InHand conversation={current} />
        </Suspense>
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

function Idle() {
  const nothing = useNothingYet();
  return (
    <section className="idle" aria-live="polite">
      <InboxOutlined aria-hidden className="idle-sign" />
      <p>{nothing}</p>
    </section>
  );
}

/** The places of what is on its way, so that nothing moves when it is there. */
function Coming() {
  return (
    <>
      <section className="in-hand">
        <Waiting />
      </section>
      <aside className="side" />
    </>
  );
}
