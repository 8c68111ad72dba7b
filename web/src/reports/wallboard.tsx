// The wallboard: what a whole room must see from afar. Live, dark, and alone on its screen.
//
// Promises: queues, agents and conversations follow the live link; figures of today and alerts are asked for again and again,
// and what could not be asked is shown as a dash, not as old numbers.

import { lazy, Suspense, useEffect, useMemo, useState } from "react";
import { Link } from "wouter";

import { api } from "../api/client";
import type { AgentState, Alert, Queue, Report } from "../api/shapes";
import { useLanguage, useText } from "../i18n/language";
import { millis, useLive } from "../live/store";
import { LanguageSwitch } from "../ui/language_switch";
import { clock, duration, useNow } from "../ui/time";
import { dayOf, ownZone, shown } from "./numbers";
import "./wallboard.css";
import { isReportKey, useReportText } from "./texts";

const Chart = lazy(() => import("./chart"));

/** How often figures of today are looked at again. */
const FIGURES_MS = 15_000;
const ALERTS_MS = 4_000;
const STATES: readonly AgentState[] = ["ready", "ringing", "talking", "wrapup", "not_ready", "offline"];

export default function Wallboard() {
  const text = useReportText();
  const { language } = useLanguage();
  const link = useLive((picture) => picture.link);
  const now = useNow();
  const queues = useLive((picture) => picture.queues);
  const sorted = useMemo(() => Object.values(queues).sort((a, b) => a.name.localeCompare(b.name)), [queues]);
  const levels = useAgain(() => today("service", "queue"), FIGURES_MS);
  const hours = useAgain(() => Promise.all([today("volume", "hour"), today("service", "hour"), today("abandonment", "hour")]), FIGURES_MS);
  const alerts = useAgain(() => api.alerts().then((page) => page.items), ALERTS_MS);
  useEffect(() => {
    document.title = `${text("wallboard")} · Voxdesk`;
  }, [text]);
  return (
    <div className="wall" data-testid="wallboard" data-link={link}>
      <header className="wall-head">
        <h1>Voxdesk · {text("wallboard")}</h1>
        <time className="wall-clock">{clock(new Date(now).toISOString(), language)}</time>
        <LanguageSwitch />
        <Link href="/floor">{text("wall_back")}</Link>
      </header>
      <Alerts alerts={alerts} />
      <section className="wall-queues" aria-label={text("queue")}>
        {sorted.map((queue) => (
          <QueueTile key={queue.name} queue={queue} now={now} level={figureOf(levels, queue.name, "service_level")} alerts={alerts ?? []} />
        ))}
      </section>
      <div className="wall-low">
        <Agents />
        <InProgress />
        <section className="wall-panel" aria-label={text("wall_today")}>
          <h2>{text("wall_today")}</h2>
          <Hours reports={hours} />
        </section>
      </div>
    </div>
  );
}

function today(name: string, by: string): Promise<Report> {
  const day = dayOf(new Date());
  return api.report(name, { from: day, until: day, zone: ownZone(), by });
}

/** Asks now and again; `undefined` before the first answer and after a failure. */
function useAgain<T>(ask: () => Promise<T>, every: number): T | undefined {
  const [value, setValue] = useState<T>();
  useEffect(() => {
    let current = true;
    const look = () =>
      ask().then(
        (next) => current && setValue(next),
        () => current && setValue(undefined),
      );
    void look();
    const timer = setInterval(() => void look(), every);
    return () => {
      current = false;
      clearInterval(timer);
    };
    // `ask` is the same question each time.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [every]);
  return value;
}

function figureOf(report: Report | undefined, key: string, name: string): number | null {
  const at = report?.figures.findIndex((figure) => figure.name === name) ?? -1;
  return report?.rows.find((row) => row.key === key)?.values[at] ?? null;
}

function Alerts({ alerts }: { alerts: readonly Alert[] | undefined }) {
  const text = useReportText();
  if (alerts === undefined) return <p className="wall-alerts">–</p>;
  if (alerts.length === 0) {
    return (
      <p className="wall-alerts quiet" role="status">
        {text("wall_quiet")}
      </p>
    );
  }
  return (
    <ul className="plain wall-alerts" role="alert" data-testid="alerts">
      {alerts.map((alert) => {
        const key = `alert.${alert.what}`;
        const values = { queue: alert.queue, value: alert.value, limit: alert.limit };
        return (
          <li key={`${alert.queue} ${alert.what}`} data-testid="alert" data-queue={alert.queue} data-what={alert.what}>
            {isReportKey(key) ? text(key, values) : alert.what}
          </li>
        );
      })}
    </ul>
  );
}

interface TileProps {
  readonly queue: Queue;
  readonly now: number;
  readonly level: number | null;
  readonly alerts: readonly Alert[];
}

function QueueTile({ queue, now, level, alerts }: TileProps) {
  const text = useReportText();
  const { language } = useLanguage();
  const longest = queue.waiting.reduce((most, one) => Math.max(most, now - millis(one.since)), 0);
  const bad = alerts.some((alert) => alert.queue === queue.name);
  return (
    <article className={`wall-panel wall-queue${bad ? " bad" : ""}`} data-testid="wall-queue" data-queue={queue.name} data-waiting={queue.length}>
      <h2>
        {queue.name} {!queue.open && <small>({text("wall_closed")})</small>}
      </h2>
      <dl>
        <div className="big">
          <dd data-testid="wall-waiting">{queue.length}</dd>
          <dt>{text("wall_waiting")}</dt>
        </div>
        <div className="big">
          <dd>{queue.waiting.length > 0 ? duration(longest) : "–"}</dd>
          <dt>{text("wall_longest")}</dt>
        </div>
        <div className="big">
          <dd data-testid="wall-level">{shown(level, "percent", language)}</dd>
          <dt>{text("wall_level")}</dt>
        </div>
        <div>
          <dd>
            {queue.ready_agents} / {queue.staffed_agents}
          </dd>
          <dt>
            {text("wall_ready")} / {text("wall_staffed")}
          </dt>
        </div>
      </dl>
    </article>
  );
}

function Agents() {
  const text = useReportText();
  const words = useText();
  const agents = useLive((picture) => picture.agents);
  const counts = useMemo(() => {
    const all: Partial<Record<AgentState, number>> = {};
    for (const agent of Object.values(agents)) all[agent.state] = (all[agent.state] ?? 0) + 1;
    return all;
  }, [agents]);
  return (
    <section className="wall-panel" aria-label={text("wall_agents")}>
      <h2>{text("wall_agents")}</h2>
      <dl className="wall-states">
        {STATES.map((state) => (
          <div key={state} className={`state-${state}`} data-testid="wall-state" data-state={state} data-count={counts[state] ?? 0}>
            <dd>{counts[state] ?? 0}</dd>
            <dt>{words(`state.${state}`)}</dt>
          </div>
        ))}
      </dl>
    </section>
  );
}

function InProgress() {
  const text = useReportText();
  const words = useText();
  const conversations = useLive((picture) => picture.conversations);
  const now = useNow();
  const going = useMemo(
    () =>
      Object.values(conversations)
        .filter((one) => one.ended_at === null)
        .sort((a, b) => a.started_at.localeCompare(b.started_at)),
    [conversations],
  );
  return (
    <section className="wall-panel" aria-label={text("wall_calls")} data-testid="wall-progress" data-count={going.length}>
      <h2>{text("wall_calls_n", { n: going.length })}</h2>
      <ul className="plain wall-going">
        {going.slice(0, 8).map((one) => (
          <li key={one.id}>
            <span>{words(`channel.${one.channel}`)}</span>
            <span>{one.queue ?? "–"}</span>
            <span>{one.agent ?? words(`conversation_state.${one.state}`)}</span>
            <span className="wall-time">{duration(now - millis(one.started_at))}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Hours({ reports }: { reports: readonly Report[] | undefined }) {
  const text = useReportText();
  const hour = new Date().getHours();
  const keys = useMemo(() => Array.from({ length: 8 }, (_, n) => hour - 7 + n).filter((one) => one >= 0), [hour]);
  const series = useMemo(() => {
    const names = ["conversations", "answered", "abandoned"];
    const titles = [text("wall_came"), text("wall_answered"), text("wall_abandoned")];
    return names.map((name, at) => ({
      name: titles[at] ?? name,
      values: keys.map((one) => figureOf(reports?.[at], String(one).padStart(2, "0"), name) ?? 0),
    }));
  }, [reports, keys, text]);
  return (
    <Suspense fallback={<div className="chart" />}>
      <Chart wall label={text("wall_today")} keys={keys.map((one) => `${one}:00`)} series={series} />
    </Suspense>
  );
}
