// The supervisor's view: who waits, who works, what is being said, and why each agent was chosen.

import { Empty, Table } from "antd";
import { useMemo, useState } from "react";
import { Link } from "wouter";

import type { Agent, Conversation, Queue } from "../api/shapes";
import { ChannelIcon } from "../ui/channel";
import { Transcript } from "../desk/transcript";
import { useText } from "../i18n/language";
import { millis, useLive } from "../live/store";
import { useSession } from "../session";
import { AgentStateTag } from "../ui/shell";
import { duration, useNow } from "../ui/time";
import { address, customer } from "../ui/words";
import { AgentStateActions, useBreak } from "./agent_state";
import { Offers } from "./conversation";
import { ConversationStateTag } from "./conversations";
import { Watching } from "./watching";

export function FloorPage() {
  const text = useText();
  const { user } = useSession();
  const [reading, setReading] = useState<string>();
  return (
    <div className="page floor">
      <header className="page-head">
        <h1>{text("floor.title")}</h1>
        {user.role !== "agent" && (
          <Link href="/wallboard" data-testid="open-wallboard">
            {text("floor.wallboard")}
          </Link>
        )}
      </header>
      <Queues />
      <div className="two wide-left">
        <InProgress reading={reading} read={setReading} />
        <ReadAlong id={reading} />
      </div>
      <Agents read={setReading} />
    </div>
  );
}

function Queues() {
  const text = useText();
  const queues = useLive((picture) => picture.queues);
  const sorted = useMemo(() => Object.values(queues).sort((a, b) => a.name.localeCompare(b.name)), [queues]);
  return (
    <section aria-labelledby="queues">
      <h2 id="queues">{text("floor.queues")}</h2>
      <div className="queue-cards">
        {sorted.map((queue) => (
          <QueueCard key={queue.name} queue={queue} />
        ))}
      </div>
    </section>
  );
}

function QueueCard({ queue }: { queue: Queue }) {
  const text = useText();
  const now = useNow();
  const conversations = useLive((picture) => picture.conversations);
  const longest = Math.max(0, ...queue.waiting.map((one) => now - millis(one.since)));
  return (
    <article className="card queue-card" data-testid="queue" data-queue={queue.name}>
      <h3>{queue.name}</h3>
      <dl className="numbers">
        <div>
          <dd data-testid="queue-waiting">{queue.waiting.length}</dd>
          <dt>{text("floor.waiting")}</dt>
        </div>
        <div>
          <dd>{queue.waiting.length > 0 ? duration(longest) : "–"}</dd>
          <dt>{text("floor.longest")}</dt>
        </div>
        <div>
          <dd>
            {queue.ready_agents}/{queue.staffed_agents}
          </dd>
          <dt>
            {text("floor.ready_agents")}/{text("floor.staffed_agents")}
          </dt>
        </div>
      </dl>
      {queue.waiting.length === 0 ? (
        <p className="quiet">{text("floor.nobody_waits")}</p>
      ) : (
        <ol className="waiting">
          {queue.waiting.map((one) => {
            const known = conversations[one.conversation];
            return (
              <li key={one.conversation} data-testid="waiting" data-conversation={one.conversation}>
                <ChannelIcon channel={one.medium === "task" ? "chat" : one.medium} />
                <span className="grow">{known ? customer(text, known) : one.conversation}</span>
                {one.offered_to !== null && <span className="quiet small">{text("floor.offered_to", { agent: one.offered_to })}</span>}
                <time>{duration(now - millis(one.since))}</time>
              </li>
            );
          })}
        </ol>
      )}
    </article>
  );
}

function Agents({ read }: { read: (id: string) => void }) {
  const text = useText();
  const agents = useLive((picture) => picture.agents);
  const conversations = useLive((picture) => picture.conversations);
  const now = useNow();
  const { user } = useSession();
  const why = useBreak();
  const sorted = useMemo(() => Object.values(agents).sort((a, b) => a.name.localeCompare(b.name)), [agents]);

  const holds = (agent: Agent) => [agent.call, ...agent.chats].filter((id) => id !== null);
  const reach = (agent: Agent) => {
    const ways = [agent.desk ? text("floor.reach.desk") : "", agent.phone ? text("floor.reach.phone") : ""];
    return ways.filter(Boolean).join(", ") || text("floor.reach.none");
  };
  return (
    <section aria-labelledby="agents" className="card">
      <h2 id="agents">{text("floor.agents")}</h2>
      <Table<Agent>
        dataSource={sorted}
        rowKey="name"
        pagination={false}
        size="small"
        scroll={{ x: "max-content" }}
        locale={{ emptyText: text("list.empty") }}
        onRow={(agent) => ({ "data-testid": "agent", "data-agent": agent.name, "data-state": agent.state }) as object}
        columns={[
          { title: text("conversations.agent"), dataIndex: "name" },
          {
            title: text("ticket.state"),
            render: (_, agent) => (
              <>
                <AgentStateTag state={agent.state} />
                {millis(agent.since) > 0 && (
                  <span className="quiet small beside">{text("floor.since", { time: duration(now - millis(agent.since)) })}</span>
                )}
                {why(agent) !== "" && (
                  <span className="quiet small beside" data-testid="agent-break">
                    {why(agent)}
                  </span>
                )}
              </>
            ),
          },
          ...(user.role === "agent"
            ? []
            : [{ title: text("floor.change"), render: (_: unknown, agent: Agent) => <AgentStateActions agent={agent} /> }]),
          {
            title: text("floor.holds"),
            render: (_, agent) =>
              holds(agent).map((id) => (
                <button type="button" key={id} className="link" onClick={() => read(id)}>
                  {conversations[id] ? customer(text, conversations[id]) : id}
                </button>
              )),
          },
          { title: text("floor.reach"), render: (_, agent) => reach(agent) },
          {
            title: text("floor.skills"),
            render: (_, agent) =>
              Object.entries(agent.skills)
                .map(([skill, level]) => `${skill} ${level}`)
                .join(" · "),
          },
        ]}
      />
    </section>
  );
}

function InProgress({ reading, read }: { reading: string | undefined; read: (id: string) => void }) {
  const text = useText();
  const now = useNow();
  const conversations = useLive((picture) => picture.conversations);
  const open = useMemo(
    () =>
      Object.values(conversations)
        .filter((one) => one.ended_at === null)
        .sort((a, b) => a.started_at.localeCompare(b.started_at)),
    [conversations],
  );
  return (
    <section aria-labelledby="in-progress" className="card">
      <h2 id="in-progress">{text("floor.calls")}</h2>
      {open.length === 0 ? (
        <p className="quiet">{text("floor.no_calls")}</p>
      ) : (
        <ul className="plain work-list">
          {open.map((one) => (
            <li key={one.id}>
              <button
                type="button"
                className="work-item"
                aria-current={one.id === reading}
                onClick={() => read(one.id)}
                data-testid="in-progress"
                data-conversation={one.id}
              >
                <span className={`work-icon is-${one.channel}`}>
                  <ChannelIcon channel={one.channel} />
                </span>
                <span className="work-text">
                  <strong>{customer(text, one)}</strong>
                  <span className="quiet small">{whereIs(one)}</span>
                </span>
                <ConversationStateTag state={one.state} />
                <span className="quiet small">{duration(now - millis(one.started_at))}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );

  function whereIs(one: Conversation): string {
    const parts = [address(text, one.caller), one.queue ?? one.called, one.state === "talking" ? one.agent : null];
    return parts.filter(Boolean).join(" · ");
  }
}

function ReadAlong({ id }: { id: string | undefined }) {
  const text = useText();
  const conversation = useLive((picture) => (id === undefined ? undefined : picture.conversations[id]));
  return (
    <section aria-labelledby="read-along" className="card read-along">
      <h2 id="read-along">{text("floor.read_along")}</h2>
      {conversation ? (
        <>
          <Watching key={`watch-${conversation.id}`} conversation={conversation} />
          <Transcript key={conversation.id} conversation={conversation} />
          <Offers id={conversation.id} />
        </>
      ) : (
        <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={text("floor.pick")} />
      )}
    </section>
  );
}
