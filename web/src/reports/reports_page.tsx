// Reports: totals, a chart, rows, and the conversations behind each number. The address carries everything, so a report, and what
// was opened in it, can be kept and shared.

import { Button, Segmented, Select, Table } from "antd";
import { lazy, Suspense, useEffect, useMemo, useRef } from "react";
import { useLocation, useSearch } from "wouter";

import { api } from "../api/client";
import type { Conversation, Report, ReportBy, ReportFigure } from "../api/shapes";
import { useLanguage, useText } from "../i18n/language";
import { useLive } from "../live/store";
import { ConversationTable } from "../pages/conversations";
import { failureText } from "../ui/failure";
import { useFetched } from "../ui/fetched";
import { useList } from "../ui/list";
import { coded } from "../ui/words";
import { Waiting } from "../ui/waiting";
import { KnowledgeUse } from "./knowledge_use";
import { ownZone, period, PERIODS, shown, type PeriodName } from "./numbers";
import "./reports.css";
import { useReportText, type ReportText } from "./texts";

const Chart = lazy(() => import("./chart"));

/** Figures of one chart: more bars side by side are not read. */
const DRAWN = 3;
/** The order in which reports are offered. */
const ORDER = ["volume", "service", "abandonment", "response", "handling", "resolution", "funnel", "satisfaction", "agents", "transcripts"];
const KNOWLEDGE = "knowledge";

type Put = (changes: Readonly<Record<string, string | undefined>>) => void;

export default function ReportsPage() {
  const text = useReportText();
  const words = useText();
  const { language } = useLanguage();
  const [, go] = useLocation();
  const query = new URLSearchParams(useSearch());
  const of = (name: string) => query.get(name) ?? undefined;
  const name = of("report") ?? "volume";
  const usual = period("week");
  const days = { from: of("from") ?? usual.from, until: of("until") ?? usual.until, zone: ownZone() };
  const queues = useLive((picture) => picture.queues);
  const put: Put = (changes) => {
    const next = new URLSearchParams(query);
    for (const [key, value] of Object.entries(changes)) {
      if (value === undefined) next.delete(key);
      else next.set(key, value);
    }
    go(`/reports?${next.toString()}`);
  };
  const closed = { figure: undefined, key: undefined };
  useEffect(() => {
    document.title = `${text("reports")} · Voxdesk`;
  }, [text]);

  const outlines = useFetched(`reports ${language}`, () => api.reports(language));
  const wanted: Record<string, string> = { ...days, lang: language };
  for (const key of ["by", "channel", "queue"]) {
    const value = of(key);
    if (value !== undefined) wanted[key] = value;
  }
  const address = new URLSearchParams(wanted).toString();
  const report = useFetched(name === KNOWLEDGE ? undefined : `${name} ${address}`, () => api.report(name, wanted));
  const by = report.value?.rows_by;
  const titles = useMemo(
    () => Object.fromEntries((outlines.value?.items ?? []).map((one) => [one.name, one.title])),
    [outlines.value],
  );
  const tabs = [...ORDER.map((one) => ({ value: one, label: titles[one] ?? one })), { value: KNOWLEDGE, label: text("knowledge") }];
  const here = PERIODS.find((one) => period(one).from === days.from && period(one).until === days.until);

  return (
    <div className="page reports" data-testid="reports" data-report={name}>
      <header className="page-head">
        <h1>{text("reports")}</h1>
        <div className="tools">
          <Segmented<PeriodName | "">
            value={here ?? ""}
            onChange={(one) => one !== "" && put({ ...period(one), ...closed })}
            aria-label={text("from")}
            options={PERIODS.map((one) => ({ value: one, label: text(one) }))}
          />
          <label className="inline">
            {text("from")}{" "}
            <input type="date" className="date" value={days.from} max={days.until} onChange={(event) => event.target.value && put({ from: event.target.value, ...closed })} data-testid="report-from" />
          </label>
          <label className="inline">
            {text("until")}{" "}
            <input type="date" className="date" value={days.until} min={days.from} onChange={(event) => event.target.value && put({ until: event.target.value, ...closed })} data-testid="report-until" />
          </label>
        </div>
      </header>
      <p className="quiet">{text("reports_lead", { zone: days.zone })}</p>
      <nav className="report-tabs" aria-label={text("reports")}>
        {tabs.map((one) => (
          <button
            key={one.value}
            type="button"
            aria-current={one.value === name ? "page" : undefined}
            onClick={() => put({ report: one.value, by: undefined, ...closed })}
            data-testid={`report-${one.value}`}
          >
            {one.label}
          </button>
        ))}
      </nav>
      {name === KNOWLEDGE ? (
        <KnowledgeUse days={days} />
      ) : report.error !== undefined ? (
        <p className="failed">{failureText(words, report.error)}</p>
      ) : !report.value || report.value.name !== name ? (
        <Waiting />
      ) : (
        <>
          <div className="tools">
            <Select
              value={by}
              onChange={(next: ReportBy) => put({ by: next, ...closed })}
              aria-label={text("by")}
              data-testid="report-by"
              popupMatchSelectWidth={false}
              options={report.value.by.map((one) => ({ value: one, label: `${text("by")}: ${text(`by.${one}`)}` }))}
            />
            {name !== "agents" && (
              <>
                <Select
                  value={of("channel") ?? ""}
                  onChange={(next) => put({ channel: next === "" ? undefined : next, ...closed })}
                  aria-label={text("channel")}
                  popupMatchSelectWidth={false}
                  options={[
                    { value: "", label: `${text("channel")}: ${text("any")}` },
                    ...["voice", "video", "chat"].map((one) => ({ value: one, label: coded(words, "channel", one) })),
                  ]}
                />
                <Select
                  value={of("queue") ?? ""}
                  onChange={(next) => put({ queue: next === "" ? undefined : next, ...closed })}
                  aria-label={text("queue")}
                  popupMatchSelectWidth={false}
                  options={[
                    { value: "", label: `${text("queue")}: ${text("any")}` },
                    ...Object.keys(queues)
                      .sort()
                      .map((one) => ({ value: one, label: one })),
                  ]}
                />
              </>
            )}
            <a className="csv" href={`/api/v1/reports/${name}/csv?${address}`} download data-testid="report-csv">
              {text("csv")}
            </a>
          </div>
          <Numbers report={report.value} put={put} />
          {of("figure") !== undefined && (
            <Rows key={`${address} ${of("figure")} ${of("key")}`} report={report.value} wanted={wanted} figure={of("figure") ?? ""} row={of("key")} close={() => put(closed)} />
          )}
          <Meaning figures={report.value.figures} />
        </>
      )}
    </div>
  );
}

/** What a row is of, in words. */
function rowName(text: ReportText, words: ReturnType<typeof useText>, by: ReportBy, key: string): string {
  if (by === "hour") return `${key}:00`;
  if (by === "channel") return coded(words, "channel", key);
  if (by === "flow") {
    const at = key.lastIndexOf(" ");
    const flow = key.slice(0, at);
    return flow === "" ? text("none") : text("flow_n", { flow, version: key.slice(at + 1) });
  }
  return key === "" ? text("none") : key;
}

function Numbers({ report, put }: { report: Report; put: Put }) {
  const text = useReportText();
  const words = useText();
  const { language } = useLanguage();
  const { figures, rows, total, rows_by: by } = report;
  const open = (figure: ReportFigure, key?: string) => put({ figure: figure.name, key });
  const names = useMemo(() => rows.map((row) => rowName(text, words, by, row.key)), [rows, text, words, by]);
  const drawn = useMemo(() => {
    const counts = figures.map((figure, at) => ({ figure, at })).filter(({ figure }) => figure.unit === "count");
    const some = report.name === "funnel" ? counts : counts.slice(0, DRAWN);
    return some.map(({ figure, at }) => ({ name: figure.title, at, values: rows.map((row) => row.values[at] ?? null) }));
  }, [figures, rows, report.name]);
  if (rows.length === 0) return <p className="quiet card">{text("no_numbers")}</p>;
  const cell = (figure: ReportFigure, value: number | null | undefined, key?: string) => {
    const words_ = shown(value, figure.unit, language);
    if (!figure.opens || value === null || value === undefined || value === 0) return words_;
    return (
      <button type="button" className="link number" onClick={() => open(figure, key)} data-testid="number" data-figure={figure.name} data-key={key ?? ""}>
        {words_}
      </button>
    );
  };
  return (
    <>
      {report.name === "funnel" ? (
        <Funnel report={report} open={open} />
      ) : (
        <dl className="report-totals" data-testid="report-totals">
          {figures.map((figure, at) => (
            <div key={figure.name} className="card" title={figure.definition} data-testid="total" data-figure={figure.name} data-value={total[at] ?? ""}>
              <dt>{figure.title}</dt>
              <dd>{cell(figure, total[at])}</dd>
            </div>
          ))}
        </dl>
      )}
      {drawn.length > 0 && (
        <section className="card">
          <Suspense fallback={<div className="chart" />}>
            <Chart
              label={text("chart", { figure: drawn.map((one) => one.name).join(", "), by: text(`by.${by}`) })}
              keys={names}
              series={drawn}
              chosen={(row, series) => {
                const figure = figures[drawn[series]?.at ?? -1];
                if (figure?.opens) open(figure, rows[row]?.key);
              }}
            />
          </Suspense>
        </section>
      )}
      <Table
        dataSource={rows.map((row, at) => ({ ...row, name: names[at] }))}
        rowKey="key"
        size="small"
        pagination={{ pageSize: 100, hideOnSinglePage: true }}
        scroll={{ x: "max-content" }}
        data-testid="report-rows"
        columns={[
          { title: text(`by.${by}`), dataIndex: "name", fixed: "left" },
          ...figures.map((figure, at) => ({
            title: figure.title,
            key: figure.name,
            align: "right" as const,
            render: (_: unknown, row: Report["rows"][number]) => cell(figure, row.values[at], row.key),
          })),
        ]}
        summary={() => (
          <Table.Summary.Row>
            <Table.Summary.Cell index={0}>
              <strong>{text("all")}</strong>
            </Table.Summary.Cell>
            {figures.map((figure, at) => (
              <Table.Summary.Cell key={figure.name} index={at + 1} align="right">
                <strong>{cell(figure, total[at])}</strong>
              </Table.Summary.Cell>
            ))}
          </Table.Summary.Row>
        )}
      />
    </>
  );
}

/** The stages one below the other, each as wide as what is left of those who began. */
function Funnel({ report, open }: { report: Report; open: (figure: ReportFigure) => void }) {
  const text = useReportText();
  const { language } = useLanguage();
  const began = report.total[0] ?? 0;
  return (
    <ol className="plain card funnel" data-testid="funnel">
      {report.figures.map((figure, at) => {
        const value = report.total[at] ?? 0;
        const percent = began > 0 ? (100 * value) / began : 0;
        return (
          <li key={figure.name} data-testid="total" data-figure={figure.name} data-value={value} title={figure.definition}>
            <span className="funnel-name">{figure.title}</span>
            <span className="funnel-track">
              <span className="funnel-bar" style={{ width: `${Math.max(percent, 0.5)}%` }} />
            </span>
            <button type="button" className="link number" disabled={value === 0} onClick={() => open(figure)} data-testid="number" data-figure={figure.name} data-key="">
              {shown(value, "count", language)}
            </button>
            <span className="quiet">{text("of_all", { percent: percent.toLocaleString(language, { maximumFractionDigits: 1 }) })}</span>
          </li>
        );
      })}
    </ol>
  );
}

interface RowsProps {
  readonly report: Report;
  readonly wanted: Readonly<Record<string, string>>;
  readonly figure: string;
  readonly row: string | undefined;
  readonly close: () => void;
}

/** The conversations behind a number. */
function Rows({ report, wanted, figure, row, close }: RowsProps) {
  const text = useReportText();
  const words = useText();
  const box = useRef<HTMLElement>(null);
  const list = useList<Conversation>(`${figure} ${row}`, 0, (after) =>
    api.reportRows(report.name, {
      ...wanted,
      figure,
      ...(row === undefined ? {} : { key: row, by: report.rows_by }),
      ...(after === undefined ? {} : { after }),
    }),
  );
  useEffect(() => {
    // In newer browsers it returns a promise, which is no clean-up.
    void box.current?.scrollIntoView({ block: "start", behavior: "smooth" });
  }, []);
  const title = report.figures.find((one) => one.name === figure)?.title ?? figure;
  const what = row === undefined ? text("all") : rowName(text, words, report.rows_by, row);
  return (
    <section ref={box} className="card report-opened" aria-labelledby="opened" data-testid="opened" data-count={list.items.length}>
      <header className="page-head">
        <h2 id="opened">{text("rows", { figure: title, what })}</h2>
        <Button onClick={close}>{text("rows_close")}</Button>
      </header>
      {list.error !== undefined && <p className="failed">{failureText(words, list.error)}</p>}
      <ConversationTable items={list.items} loading={list.loading} />
      {list.more && (
        <p className="more">
          <Button onClick={list.more}>{text("more")}</Button>
        </p>
      )}
    </section>
  );
}

function Meaning({ figures }: { figures: readonly ReportFigure[] }) {
  const text = useReportText();
  return (
    <section className="card" aria-labelledby="meaning">
      <h2 id="meaning">{text("meaning")}</h2>
      <dl className="meaning">
        {figures.map((figure) => (
          <div key={figure.name}>
            <dt>{figure.title}</dt>
            <dd>{figure.definition}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
