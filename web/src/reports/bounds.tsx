// What is promised about waiting, and the bounds beyond which somebody must be told: two settings, on the settings page.

import { Button, InputNumber, Select } from "antd";

import { useText } from "../i18n/language";
import { useLive } from "../live/store";
import { useSetting } from "../pages/setting";
import { ownZone } from "./numbers";
import { useReportText } from "./texts";

interface Target {
  seconds: number;
  percent: number;
}
interface Targets {
  usual: Target;
  queues: Record<string, Target>;
}
interface Rule {
  what: "waiting" | "longest_wait" | "service_level" | "ready_agents";
  queue?: string | null;
  limit: number;
}
interface Alerts {
  rules: Rule[];
  zone: string;
  webhook?: { url: string; secret: string } | null;
}

const USUAL: Target = { seconds: 20, percent: 80 };
const WHAT: readonly Rule["what"][] = ["waiting", "longest_wait", "service_level", "ready_agents"];

export function WaitingTargets({ saved }: { saved: () => void }) {
  const text = useReportText();
  const words = useText();
  const queues = useLive((picture) => picture.queues);
  const setting = useSetting<Targets>("targets", { usual: USUAL, queues: {} }, saved);
  const { value, set } = setting;
  const row = (name: string, target: Target, change: (target: Target) => void) => (
    <tr key={name}>
      <th scope="row">{name}</th>
      <td>
        <InputNumber min={1} max={86_400} precision={0} value={target.seconds} onChange={(n) => n !== null && change({ ...target, seconds: n })} aria-label={`${name}: ${text("bound_seconds")}`} />
      </td>
      <td>
        <InputNumber min={1} max={100} precision={0} value={target.percent} onChange={(n) => n !== null && change({ ...target, percent: n })} aria-label={`${name}: ${text("bound_percent")}`} />
      </td>
    </tr>
  );
  return (
    <section className="card article-form" aria-labelledby="targets-title" data-testid="setting-targets">
      <h2 id="targets-title">{text("bound_targets")}</h2>
      <p className="quiet">{text("bound_targets_lead")}</p>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">{text("queue")}</th>
            <th scope="col">{text("bound_seconds")}</th>
            <th scope="col">{text("bound_percent")}</th>
          </tr>
        </thead>
        <tbody>
          {row(text("bound_usual"), value.usual, (usual) => set({ ...value, usual }))}
          {Object.keys(queues)
            .sort()
            .map((name) => row(name, value.queues[name] ?? value.usual, (target) => set({ ...value, queues: { ...value.queues, [name]: target } })))}
        </tbody>
      </table>
      <Button type="primary" disabled={!setting.changed} loading={setting.busy} onClick={() => void setting.save()} data-testid="targets-save">
        {words("ticket.save")}
      </Button>
    </section>
  );
}

export function AlertBounds({ saved }: { saved: () => void }) {
  const text = useReportText();
  const words = useText();
  const queues = useLive((picture) => picture.queues);
  const usual: Alerts = {
    rules: [
      { what: "waiting", limit: 5 },
      { what: "longest_wait", limit: 60 },
    ],
    zone: ownZone(),
  };
  const setting = useSetting<Alerts>("alerts", usual, saved);
  const { value, set } = setting;
  const change = (at: number, rule: Rule) => set({ ...value, rules: value.rules.map((one, n) => (n === at ? rule : one)) });
  return (
    <section className="card article-form" aria-labelledby="alerts-title" data-testid="setting-alerts">
      <h2 id="alerts-title">{text("bound_alerts")}</h2>
      <p className="quiet">{text("bound_alerts_lead")}</p>
      <ul className="plain bounds">
        {value.rules.map((rule, at) => (
          <li key={at} className="tools">
            <Select
              value={rule.queue ?? ""}
              onChange={(queue) => change(at, { ...rule, queue: queue === "" ? null : queue })}
              aria-label={text("queue")}
              popupMatchSelectWidth={false}
              options={[{ value: "", label: text("bound_each") }, ...Object.keys(queues).sort().map((name) => ({ value: name, label: name }))]}
            />
            <Select
              value={rule.what}
              onChange={(what) => change(at, { ...rule, what })}
              aria-label={text("bound_what")}
              popupMatchSelectWidth={false}
              options={WHAT.map((what) => ({ value: what, label: text(`bound.${what}`) }))}
            />
            <InputNumber min={0} max={1_000_000} precision={0} value={rule.limit} onChange={(n) => n !== null && change(at, { ...rule, limit: n })} aria-label={text("bound_limit")} />
            <Button type="link" onClick={() => set({ ...value, rules: value.rules.filter((_, n) => n !== at) })}>
              {words("settings.remove")}
            </Button>
          </li>
        ))}
      </ul>
      <div className="tools">
        <Button onClick={() => set({ ...value, rules: [...value.rules, { what: "longest_wait", limit: 60 }] })}>{text("bound_add")}</Button>
        <Button type="primary" disabled={!setting.changed} loading={setting.busy} onClick={() => void setting.save()} data-testid="alerts-save">
          {words("ticket.save")}
        </Button>
      </div>
    </section>
  );
}
