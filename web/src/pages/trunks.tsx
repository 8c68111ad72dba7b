// Carriers as administrators see them: whether they are there, how many calls they carry, what today's calls cost.

import { Button, Table } from "antd";

import { api } from "../api/client";
import type { Toll, Trunk } from "../api/shapes";
import { useText, type Text } from "../i18n/language";
import { failureText } from "../ui/failure";
import { useFetched } from "../ui/fetched";
import { Tone, type ToneName } from "../ui/tone";
import { coded } from "../ui/words";

const COLOURS: Record<string, ToneName> = { registered: "green", up: "green", down: "red", unknown: "grey" };

export function Trunks() {
  const text = useText();
  const fetched = useFetched("trunks", () => api.trunks());
  const board = fetched.value;
  return (
    <section aria-labelledby="trunks-title">
      <h2 id="trunks-title">{text("trunks.title")}</h2>
      {fetched.error !== undefined && <p role="alert">{failureText(text, fetched.error)}</p>}
      <Table<Trunk>
        dataSource={board?.items ?? []}
        rowKey="name"
        pagination={false}
        size="small"
        locale={{ emptyText: text("trunks.none") }}
        data-testid="trunks"
        columns={[
          { title: text("trunks.name"), dataIndex: "name" },
          { title: text("trunks.state"), key: "state", render: (_, one) => <State one={one} text={text} /> },
          { title: text("trunks.place"), key: "uri", render: (_, one) => <>{one.uri}{one.remote ? ` (${one.remote})` : ""}</> },
          { title: text("trunks.calls"), key: "calls", render: (_, one) => `${one.calls}${one.max_calls === null ? "" : ` / ${one.max_calls}`}` },
          { title: text("trunks.order"), key: "order", render: (_, one) => `${one.priority} · ${one.weight}` },
        ]}
      />
      <h3>{text("trunks.today")}</h3>
      <p className="quiet small">{limits(text, board)}</p>
      <Table<Toll>
        dataSource={board?.used ?? []}
        rowKey="begins"
        pagination={false}
        size="small"
        locale={{ emptyText: text("trunks.nothing_used") }}
        data-testid="tolls"
        columns={[
          { title: text("trunks.destination"), dataIndex: "begins", render: (begins: string) => begins || text("trunks.other") },
          { title: text("trunks.answered"), dataIndex: "calls" },
          { title: text("trunks.minutes"), dataIndex: "minutes" },
          { title: text("trunks.spend"), dataIndex: "spend" },
        ]}
      />
      <p className="tools">
        <Button onClick={fetched.again} data-testid="trunks-again">
          {text("trunks.again")}
        </Button>
      </p>
    </section>
  );
}

function State({ one, text }: { one: Trunk; text: Text }) {
  const word = coded(text, "trunk", one.state);
  return (
    <Tone tone={COLOURS[one.state] ?? "grey"} testId={`trunk-${one.name}`} state={one.state}>
      {one.status === null ? word : `${word} (${one.status})`}
    </Tone>
  );
}

function limits(text: Text, board: { minutes_per_day: number | null; spend_per_day: number | null } | undefined): string {
  const parts = [
    board?.minutes_per_day == null ? undefined : text("trunks.minutes_limit", { count: board.minutes_per_day }),
    board?.spend_per_day == null ? undefined : text("trunks.spend_limit", { count: board.spend_per_day }),
  ].filter((part) => part !== undefined);
  return parts.length > 0 ? parts.join(" · ") : text("trunks.no_limit");
}
