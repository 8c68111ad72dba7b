// What if: other staffing, skills or rules on a made-up day or a day that was, beside Erlang C and Erlang A. The server's router answers.

import { Alert, Button, InputNumber, Segmented, Select, Table } from "antd";
import { useEffect, useMemo, useState } from "react";

import { api } from "../api/client";
import type { WhatIf, WhatIfAnswer, WhatIfRow } from "../api/shapes";
import { useText } from "../i18n/language";
import type { TextKey } from "../i18n/en";
import { useLive } from "../live/store";
import { failureText } from "../ui/failure";
import { LineChart, type Series } from "../ui/line_chart";

const STRATEGIES = ["best_skill_longest_idle", "by_value", "least_busy", "longest_idle", "ring_all", "round_robin", "weighted"];
type Who = "range" | "teams" | "configured";
interface Team {
  readonly count: number;
  readonly skills: string;
}
type Numbers = Readonly<Record<"from" | "to" | "hourly" | "hours" | "days" | "handling" | "spread" | "patience" | "answer" | "target", number>>;
const USUAL: Numbers = { from: 6, to: 14, hourly: 100, hours: 10, days: 3, handling: 240, spread: 1, patience: 180, answer: 3, target: 20 };

export function WhatIfPage() {
  const text = useText();
  const queues = useLive((picture) => picture.queues);
  const names = useMemo(() => Object.keys(queues).sort(), [queues]);
  const [numbers, setNumbers] = useState(USUAL);
  const [who, setWho] = useState<Who>("range");
  const [teams, setTeams] = useState<readonly Team[]>([{ count: 8, skills: "" }]);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [strategy, setStrategy] = useState<string>();
  const [record, setRecord] = useState("");
  const [was, setWas] = useState(false);
  const [answer, setAnswer] = useState<WhatIfAnswer>();
  const [failure, setFailure] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    document.title = `${text("what_if.title")} · Voxdesk`;
  }, [text]);

  const ask = async () => {
    setBusy(true);
    setFailure(undefined);
    try {
      setAnswer(await api.whatIf(question(numbers, { who, teams, queues: chosen, strategy, record: was ? record : undefined })));
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };
  const number = (key: keyof Numbers, label: TextKey, min: number, max: number, step = 1) => (
    <label>
      <span>{text(label)}</span>
      <InputNumber
        value={numbers[key]}
        min={min}
        max={max}
        step={step}
        onChange={(value) => value !== null && setNumbers((old) => ({ ...old, [key]: value }))}
        data-testid={`what-if-${key}`}
      />
    </label>
  );

  return (
    <div className="page what-if" data-testid="what-if">
      <header className="page-head">
        <h1>{text("what_if.title")}</h1>
      </header>
      <p className="quiet">{text("what_if.lead")}</p>
      <form
        className="card what-if-form"
        onSubmit={(event) => {
          event.preventDefault();
          void ask();
        }}
      >
        <fieldset>
          <legend>{text("what_if.customers")}</legend>
          <Segmented<"made" | "was">
            value={was ? "was" : "made"}
            onChange={(to) => setWas(to === "was")}
            options={[
              { value: "made", label: text("what_if.made") },
              { value: "was", label: text("what_if.was") },
            ]}
          />
          <div className="what-if-fields">
            {was ? (
              <label>
                <span>{text("what_if.day")}</span>
                <input type="date" className="plain-date" value={record} onChange={(event) => setRecord(event.target.value)} data-testid="what-if-record" />
              </label>
            ) : (
              <>
                {number("hourly", "what_if.hourly", 1, 100_000)}
                {number("hours", "what_if.hours", 1, 24)}
                {number("days", "what_if.days", 1, 30)}
                {number("spread", "what_if.spread", 0.1, 10, 0.1)}
              </>
            )}
            {number("handling", "what_if.handling", 1, 86_400)}
            {number("patience", "what_if.patience", 0, 86_400)}
          </div>
        </fieldset>
        <fieldset>
          <legend>{text("what_if.staffing")}</legend>
          <Segmented<Who>
            value={who}
            onChange={setWho}
            options={(["range", "teams", "configured"] as const).map((one) => ({
              value: one,
              label: <span data-testid={`what-if-who-${one}`}>{text(`what_if.${one}`)}</span>,
            }))}
          />
          <div className="what-if-fields">
            {who === "range" && (
              <>
                {number("from", "what_if.from", 1, 500)}
                {number("to", "what_if.to", 1, 500)}
              </>
            )}
            {number("answer", "what_if.answer", 0, 600)}
          </div>
          {who === "teams" && <Teams teams={teams} change={setTeams} names={names} />}
        </fieldset>
        <fieldset>
          <legend>{text("what_if.rules")}</legend>
          <div className="what-if-fields">
            <label>
              <span>{text("what_if.queues")}</span>
              <Select
                mode="multiple"
                value={[...chosen]}
                onChange={(to: string[]) => setChosen(to)}
                placeholder={text("what_if.one_queue")}
                options={names.map((name) => ({ value: name, label: name }))}
                data-testid="what-if-queues"
                aria-label={text("what_if.queues")}
              />
            </label>
            <label>
              <span>{text("what_if.strategy")}</span>
              <Select
                allowClear
                value={strategy ?? null}
                onChange={(to: string | null) => setStrategy(to ?? undefined)}
                placeholder={text("what_if.as_configured")}
                options={STRATEGIES.map((name) => ({ value: name, label: name }))}
                aria-label={text("what_if.strategy")}
              />
            </label>
            {number("target", "what_if.target", 0, 3600)}
          </div>
        </fieldset>
        <Button type="primary" htmlType="submit" loading={busy} data-testid="what-if-ask">
          {text("what_if.ask")}
        </Button>
      </form>
      {failure !== undefined && <Alert type="error" showIcon title={failureText(text, failure)} />}
      {answer?.record && <Told told={answer.record} />}
      {answer && <Answer rows={answer.rows} target={numbers.target} />}
    </div>
  );
}

function Teams({ teams, change, names }: { teams: readonly Team[]; change: (to: readonly Team[]) => void; names: readonly string[] }) {
  const text = useText();
  const put = (at: number, team: Team) => change(teams.map((old, n) => (n === at ? team : old)));
  return (
    <div className="what-if-teams">
      {teams.map((team, n) => (
        <div key={n} className="what-if-team">
          <InputNumber min={0} max={500} value={team.count} aria-label={text("what_if.team_count")} onChange={(count) => put(n, { ...team, count: count ?? 0 })} />
          <Select
            mode="tags"
            className="grow"
            value={team.skills === "" ? [] : team.skills.split(" ")}
            aria-label={text("what_if.team_skills")}
            placeholder={text("what_if.team_skills")}
            options={names.map((name) => ({ value: `${name}=5`, label: `${name}=5` }))}
            onChange={(skills: string[]) => put(n, { ...team, skills: skills.join(" ") })}
          />
          <Button disabled={teams.length === 1} onClick={() => change(teams.filter((_, m) => m !== n))}>
            {text("settings.remove")}
          </Button>
        </div>
      ))}
      <Button onClick={() => change([...teams, { count: 4, skills: "" }])}>{text("what_if.team_add")}</Button>
    </div>
  );
}

/** What the day of the record told, and what it did not. */
function Told({ told }: { told: NonNullable<WhatIfAnswer["record"]> }) {
  const text = useText();
  const sentences = [
    text("what_if.record", { customers: told.customers, special: told.special }),
    told.unknown > 0 && text("what_if.unknown", { unknown: told.unknown }),
    told.tests > 0 && text("what_if.tests", { tests: told.tests }),
  ];
  return (
    <p className="quiet" data-testid="what-if-told" data-special={told.special}>
      {sentences.filter(Boolean).join(" ")}
    </p>
  );
}

function Answer({ rows, target }: { rows: readonly WhatIfRow[]; target: number }) {
  const text = useText();
  const part = (value: number | null | undefined) => (value === null || value === undefined ? "–" : `${(value * 100).toFixed(1)} %`);
  const span = (value: number | null | undefined) => (value === null || value === undefined ? "∞" : `${value.toFixed(1)} s`);
  const agents = rows.map((row) => row.agents);
  const lines = (...all: [TextKey, string, (row: WhatIfRow) => number | null | undefined][]): Series[] =>
    all.map(([name, colour, of]) => ({ name: text(name), colour, values: rows.map((row) => of(row) ?? undefined) }));
  const most = Math.max(1, ...rows.map((row) => row.wait)) * 1.4;
  return (
    <section aria-label={text("what_if.answer_title")} data-testid="what-if-rows" data-rows={rows.length}>
      {rows.length > 1 && (
        <div className="two">
          <LineChart
            title={text("what_if.level_chart", { seconds: target })}
            unit="%"
            along={text("what_if.agents")}
            at={agents}
            most={100}
            series={lines(
              ["what_if.simulated", "var(--line-1)", (row) => row.service_level * 100],
              ["what_if.erlang_c", "var(--line-2)", (row) => row.erlang_c && row.erlang_c.service_level !== null && row.erlang_c.service_level !== undefined ? row.erlang_c.service_level * 100 : undefined],
            )}
          />
          <LineChart
            title={text("what_if.wait_chart")}
            unit="s"
            along={text("what_if.agents")}
            at={agents}
            most={most}
            series={lines(
              ["what_if.simulated", "var(--line-1)", (row) => row.wait],
              ["what_if.erlang_c", "var(--line-2)", (row) => row.erlang_c?.wait],
              ["what_if.erlang_a", "var(--line-3)", (row) => row.erlang_a?.wait],
            )}
          />
        </div>
      )}
      <Table<WhatIfRow>
        size="small"
        pagination={false}
        rowKey="agents"
        dataSource={[...rows]}
        scroll={{ x: true }}
        columns={[
          { title: text("what_if.agents"), dataIndex: "agents" },
          { title: text("what_if.came"), dataIndex: "came" },
          { title: text("what_if.level", { seconds: target }), render: (_, row) => part(row.service_level) },
          { title: text("what_if.wait"), render: (_, row) => span(row.wait) },
          { title: text("what_if.p90"), render: (_, row) => span(row.wait_p90) },
          { title: text("what_if.gave_up"), render: (_, row) => part(row.gave_up) },
          { title: text("what_if.occupancy"), render: (_, row) => part(row.occupancy) },
          { title: `${text("what_if.erlang_c")}: ${text("what_if.level", { seconds: target })}`, render: (_, row) => part(row.erlang_c?.service_level) },
          { title: `${text("what_if.erlang_c")}: ${text("what_if.wait")}`, render: (_, row) => span(row.erlang_c?.wait) },
          { title: `${text("what_if.erlang_a")}: ${text("what_if.wait")}`, render: (_, row) => span(row.erlang_a?.wait) },
          { title: `${text("what_if.erlang_a")}: ${text("what_if.gave_up")}`, render: (_, row) => part(row.erlang_a?.gave_up) },
          { title: text("what_if.estimate"), render: (_, row) => part(row.estimate_error) },
        ]}
      />
    </section>
  );
}

interface Rest {
  readonly who: Who;
  readonly teams: readonly Team[];
  readonly queues: readonly string[];
  readonly strategy: string | undefined;
  readonly record: string | undefined;
}

/** What the server is asked. Skills are written `name=level`; without a level it is 5. */
export function question(numbers: Numbers, rest: Rest): WhatIf {
  const skills = (written: string) =>
    Object.fromEntries(
      written
        .split(" ")
        .filter((one) => one !== "")
        .map((one) => {
          const [name = "", level] = one.split("=");
          return [name, Number(level ?? 5) || 5];
        }),
    );
  const nobody = { range: null, teams: null, configured: false };
  const staffing = {
    range: { ...nobody, range: [numbers.from, numbers.to] },
    teams: { ...nobody, teams: rest.teams.map((team) => ({ count: team.count, skills: skills(team.skills) })) },
    configured: { ...nobody, configured: true },
  }[rest.who];
  return {
    staffing,
    queues: [...rest.queues],
    strategy: rest.strategy ?? null,
    ...(rest.record === undefined
      ? { made: { hourly: numbers.hourly, spread: numbers.spread, hours: numbers.hours, count: numbers.days, seed: 1 } }
      : { record: rest.record }),
    handling: numbers.handling,
    patience: numbers.patience,
    answer: numbers.answer,
    target: numbers.target,
  };
}
