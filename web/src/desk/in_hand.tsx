// The conversation in the middle of the desk and, beside it, what is known of its customer. Loaded once the desk can be seen.

import { CloseCircleOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useEffect, useMemo, useRef } from "react";

import type { Conversation } from "../api/shapes";
import { useText } from "../i18n/language";
import { partKey } from "../live/state";
import { millis, useLive } from "../live/store";
import { isWritten } from "../ui/channel";
import { duration, useNow } from "../ui/time";
import { customer } from "../ui/words";
import { CallBar } from "./call_bar";
import { Composer } from "./composer";
import { CustomerPanel } from "./customer_panel";
import { useDesk } from "./desk_context";
import { useOutbox } from "./outbox";
import { Pictures } from "./pictures";
import { offersIn } from "./reason";
import { Suggestions } from "./suggestions";
import { TicketPanel } from "./ticket_panel";
import { Transcript } from "./transcript";
import { Why } from "./why";

export default function InHand({ conversation }: { conversation: Conversation }) {
  const text = useText();
  return (
    <>
      <Talk key={conversation.id} conversation={conversation} />
      <aside className="side" aria-label={text("customer.title")}>
        <Suggestions key={conversation.id} conversation={conversation} />
        <CustomerPanel conversation={conversation} />
        <TicketPanel ticket={conversation.ticket_id} conversation={conversation.id} />
        <WhyPanel conversation={conversation} />
      </aside>
    </>
  );
}

function Talk({ conversation }: { conversation: Conversation }) {
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
