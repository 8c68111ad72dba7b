// The studio: one flow, drawn and as text, with everything that is done to it.

import { Alert, Button, Input, Modal, Segmented, Tabs } from "antd";
import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from "react";
import { Link } from "wouter";

import { useLanguage, useText } from "../i18n/language";
import { failureText } from "../ui/failure";
import { useFetched } from "../ui/fetched";
import { useMessages } from "../ui/messages";
import { day as dayText } from "../ui/time";
import { Tone } from "../ui/tone";
import { Waiting } from "../ui/waiting";
import { Canvas } from "./canvas";
import { addEdits, connectEdits, disconnectEdits, entryEdits, graphOf, withoutStep } from "./graph";
import { History } from "./history";
import { Outline } from "./outline";
import { inChinese } from "./problems_zh";
import { Palette } from "./palette";
import { Prompts } from "./prompts";
import { Properties, type Editing } from "./properties";
import { Publish } from "./publish";
import { studio } from "./requests";
import type { Edit, FlowDetail, Kinds, Problem } from "./shapes";
import { SourceView } from "./source_view";
import { authorText, useStudioText } from "./texts";
import { useTraffic, type Shown } from "./traffic";
import { isStale, useWork } from "./work";
import "./studio.css";

const Simulator = lazy(() => import("./simulator").then((module) => ({ default: module.Simulator })));

export default function StudioPage({ name }: { name: string }) {
  const working = useWork(name);
  const kinds = useFetched("kinds", studio.kinds);
  const appText = useText();
  const failure = working.failure ?? kinds.error;
  if (failure !== undefined) return <Alert className="page" type="error" showIcon title={failureText(appText, failure)} />;
  if (!working.work || !kinds.value) return <Waiting />;
  return <Studio name={name} working={working} kinds={kinds.value} />;
}

interface StudioProps {
  readonly name: string;
  readonly working: ReturnType<typeof useWork>;
  readonly kinds: Kinds;
}

function Studio({ name, working, kinds }: StudioProps) {
  const text = useStudioText();
  const appText = useText();
  const message = useMessages();
  const [modal, question] = Modal.useModal();
  const { language } = useLanguage();
  const { edit, place, save, take } = working;
  const work = working.work!;
  const [chosen, setChosen] = useState<string>();
  const [sought, setSought] = useState<{ id: string }>();
  const [view, setView] = useState<"canvas" | "source">("canvas");
  const [line, setLine] = useState<number>();
  const [side, setSide] = useState("properties");
  const [shown, setShown] = useState<Shown>("off");
  const [day, setDay] = useState(() => new Date().toISOString().slice(0, 10));
  const [history, setHistory] = useState(false);
  const [publishing, setPublishing] = useState<FlowDetail>();
  const [path, setPath] = useState<readonly string[]>([]);
  const traffic = useTraffic(name, shown, day);

  const problems = useMemo(
    () =>
      language === "zh"
        ? work.problems.map((one) => ({ ...one, found: inChinese(one.found), right: inChinese(one.right) }))
        : work.problems,
    [work.problems, language],
  );
  const sketch = useMemo(() => ({ ...work.sketch, problems: [...problems] }), [work.sketch, problems]);
  const titles = useMemo(() => new Map(kinds.kinds.map((kind) => [kind.name, kind.title[language]])), [kinds, language]);
  const graph = useMemo(() => graphOf(sketch, kinds, language), [sketch, kinds, language]);

  useEffect(() => {
    document.title = `${String(sketch.about["name"] ?? name)} · Voxdesk`;
  }, [sketch, name]);
  useEffect(() => {
    if (!work.dirty) return undefined;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [work.dirty]);

  const choose = useCallback((id: string | undefined) => {
    setChosen(id);
    if (id !== undefined) setSide("properties");
  }, []);
  /** From a list: it comes into view as well. */
  const seek = useCallback(
    (id: string) => {
      choose(id);
      setSought({ id });
    },
    [choose],
  );
  const toLine = useCallback((to: number) => {
    setView("source");
    setLine(undefined);
    setTimeout(() => setLine(to));
  }, []);
  const editing: Editing = { sketch, kinds, problems, edit, choose, toLine };

  const doEdit = (edits: readonly Edit[], then?: string) =>
    void edit(edits).then((done) => done && then !== undefined && choose(then));
  const add = (kind: string, at?: { x: number; y: number }) => {
    // By keyboard: after the chosen step, from its first way that leads nowhere yet.
    const from = at === undefined ? graph.steps.find((step) => step.id === chosen) : undefined;
    const slot = from?.slots.find((one) => one.to === undefined);
    const { name: fresh, edits } = addEdits(sketch, kind, from && slot ? { step: from.id, slot: slot.id } : undefined);
    void edit(edits, (old) => (at ? { ...old, [fresh]: [Math.round(at.x), Math.round(at.y)] } : old)).then(
      (done) => done && choose(fresh),
    );
  };
  const connect = (from: string, slot: string, to: string) =>
    doEdit(from.startsWith("entry ") ? entryEdits(sketch, from.slice(6), to) : connectEdits(sketch, from, slot, to));
  const remove = (ids: readonly string[]) => {
    const edits = ids.map((id): Edit =>
      id.startsWith("entry ")
        ? { edit: "set_entry", name: id.slice("entry ".length), value: null }
        : { edit: "remove_step", name: id },
    );
    void edit(edits, (old) => ids.reduce(withoutStep, old));
    choose(undefined);
  };

  const saved = useCallback(async () => {
    const flow = await save();
    if (flow) void message.success(text("saved"));
  }, [save, message, text]);
  const publish = async () => {
    const flow = work.dirty || work.flow.draft === null ? await save() : work.flow;
    if (flow) setPublishing(flow);
  };
  const discard = () =>
    modal.confirm({
      title: text("discard_sure"),
      okText: text("discard"),
      cancelText: text("cancel"),
      onOk: () => studio.discard(name).then(working.load, (error: unknown) => void message.error(failureText(appText, error))),
    });
  const wrong = (problems: readonly Problem[]) => {
    working.wrong(problems);
    setView("canvas");
    const first = problems[0];
    if (first?.part === "step") seek(first.name);
    if (first?.part === "entry") seek(`entry ${first.name}`);
  };

  const { undo, redo } = working;
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey)) return;
      const writing = event.target instanceof HTMLElement && event.target.matches("input, textarea");
      const key = event.key.toLowerCase();
      if (key === "s") {
        event.preventDefault();
        void saved();
      } else if (!writing && (key === "z" || key === "y")) {
        event.preventDefault();
        if (key === "y" || event.shiftKey) redo?.();
        else undo?.();
      }
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, [saved, undo, redo]);

  const { flow } = work;
  return (
    <div className="studio" data-testid="studio" data-dirty={work.dirty} data-problems={problems.length}>
      <header className="studio-bar">
        <h1>
          <Link href="/flows">{text("flows")}</Link> / {String(sketch.about["name"] ?? name)}
        </h1>
        <span className="quiet small" data-testid="flow-version" data-version={flow.published?.version ?? 0}>
          {flow.published
            ? text("published_by", {
                version: flow.published.version,
                author: authorText(text, flow.published),
                at: dayText(flow.published.at, language),
              })
            : text("never_published")}
        </span>
        {work.dirty ? <Tone tone="gold">{text("unsaved")}</Tone> : flow.draft && <Tone tone="grey">{text("draft")}</Tone>}
        <span className="grow" />
        <Segmented<"canvas" | "source">
          size="small"
          value={view}
          onChange={(to) => setView(to)}
          options={[
            { value: "canvas", label: text("canvas") },
            { value: "source", label: <span data-testid="view-source">{text("source")}</span> },
          ]}
        />
        <span className="inline small">
          {text("traffic")}
          <Segmented<Shown>
            size="small"
            value={shown}
            onChange={setShown}
            aria-label={text("traffic")}
            options={[
              { value: "off", label: text("traffic_off") },
              { value: "now", label: <span data-testid="traffic-now">{text("traffic_now")}</span> },
              { value: "day", label: <span data-testid="traffic-day">{text("traffic_day")}</span> },
            ]}
          />
          {shown === "day" && (
            <Input
              size="small"
              type="date"
              value={day}
              aria-label={text("traffic_day")}
              onChange={(event) => event.target.value && setDay(event.target.value)}
            />
          )}
        </span>
        <Button size="small" disabled={!undo} onClick={undo} data-testid="undo">
          {text("undo")}
        </Button>
        <Button size="small" disabled={!redo} onClick={redo}>
          {text("redo")}
        </Button>
        <Button size="small" onClick={() => place(() => ({}))} title={text("tidy_help")}>
          {text("tidy")}
        </Button>
        <Button size="small" onClick={() => setHistory(true)} data-testid="open-history">
          {text("history")}
        </Button>
        {flow.draft && (
          <Button size="small" onClick={discard}>
            {text("discard")}
          </Button>
        )}
        <Button size="small" disabled={!work.dirty} onClick={() => void saved()} data-testid="save">
          {text("save")}
        </Button>
        <Button size="small" type="primary" onClick={() => void publish()} data-testid="publish">
          {text("publish")}
        </Button>
      </header>
      {work.failure !== undefined && (
        <Alert
          type="warning"
          showIcon
          banner
          title={isStale(work.failure) ? text("stale") : failureText(appText, work.failure)}
          action={
            isStale(work.failure) && (
              <Button size="small" onClick={working.load}>
                {text("reload")}
              </Button>
            )
          }
        />
      )}
      {!work.readable && <Alert type="warning" banner showIcon title={text("not_toml")} />}
      <div className="studio-parts">
        <aside className="studio-left">
          <Palette kinds={kinds} add={(kind) => add(kind)} />
          <Outline graph={graph} titles={titles} chosen={chosen} choose={seek} />
        </aside>
        <div className="studio-middle">
          {view === "canvas" ? (
            <Canvas
              graph={graph}
              titles={titles}
              layout={work.layout}
              chosen={chosen}
              choose={choose}
              sought={sought}
              connect={connect}
              disconnect={(edges) => doEdit(edges.flatMap(disconnectEdits))}
              remove={remove}
              place={(id, at) => place((old) => ({ ...old, [id]: [Math.round(at.x), Math.round(at.y)] }))}
              drop={add}
              traffic={traffic}
              path={path}
            />
          ) : (
            <SourceView source={work.source} problems={problems} write={working.write} line={line} />
          )}
          <ProblemBar problems={problems} choose={seek} toLine={toLine} />
        </div>
        <aside className="studio-right">
          <Tabs
            size="small"
            activeKey={side}
            onChange={setSide}
            items={[
              { key: "properties", label: text("properties"), children: <Properties chosen={chosen} {...editing} /> },
              { key: "prompts", label: <span data-testid="tab-prompts">{text("prompts")}</span>, children: <Prompts {...editing} /> },
              {
                key: "simulate",
                label: <span data-testid="tab-simulate">{text("simulate")}</span>,
                children: (
                  <Suspense fallback={<Waiting />}>
                    <Simulator name={name} source={work.source} sketch={sketch} problems={problems} walked={setPath} />
                  </Suspense>
                ),
              },
            ]}
          />
        </aside>
      </div>
      {history && (
        <History
          flow={flow}
          close={() => setHistory(false)}
          restored={(next) => {
            void message.success(text("published_done", { version: next.published?.version ?? "" }));
            setHistory(false);
            take(next);
          }}
          wrong={(problems) => {
            setHistory(false);
            wrong(problems);
          }}
        />
      )}
      {publishing && (
        <Publish
          flow={publishing}
          close={() => setPublishing(undefined)}
          published={(next) => {
            setPublishing(undefined);
            take(next);
          }}
          wrong={(problems) => {
            setPublishing(undefined);
            wrong(problems);
          }}
        />
      )}
      {question}
    </div>
  );
}

function ProblemBar({ problems, choose, toLine }: { problems: readonly Problem[]; choose: (id: string) => void; toLine: (line: number) => void }) {
  const text = useStudioText();
  const [all, setAll] = useState(false);
  const go = (problem: Problem) => {
    if (problem.part === "step") choose(problem.name);
    else if (problem.part === "entry") choose(`entry ${problem.name}`);
    else toLine(problem.line);
  };
  return (
    <section className="studio-problems" aria-label={text("problems")} role="status" data-testid="problems" data-count={problems.length}>
      {problems.length === 0 ? (
        <span className="good">✓ {text("problems_none")}</span>
      ) : (
        <>
          <strong className="failed">{text("problems_count", { count: problems.length })}</strong>
          <ul className="plain">
            {problems.slice(0, 4).map((problem, n) => (
              <ProblemRow key={n} problem={problem} go={go} />
            ))}
          </ul>
          {problems.length > 4 && (
            <Button size="small" type="link" onClick={() => setAll(true)}>
              {text("problems_count", { count: problems.length })}…
            </Button>
          )}
          <Modal open={all} footer={null} onCancel={() => setAll(false)} title={text("problems")} width={760}>
            <ul className="plain">
              {problems.map((problem, n) => (
                <ProblemRow
                  key={n}
                  problem={problem}
                  go={(one) => {
                    setAll(false);
                    go(one);
                  }}
                />
              ))}
            </ul>
          </Modal>
        </>
      )}
    </section>
  );
}

function ProblemRow({ problem, go }: { problem: Problem; go: (problem: Problem) => void }) {
  return (
    <li>
      <button type="button" className="problem-row" onClick={() => go(problem)} data-testid="problem" data-part={problem.part} data-name={problem.name}>
        <code>
          {problem.file}:{problem.line}:{problem.column}
        </code>{" "}
        {problem.found}; {problem.right}
      </button>
    </li>
  );
}
