// A trial of the flow as it stands: the person at the page is the customer. The server leads them with the interpreter of real
// calls, on a clock of its own; all moves travel with each request, so that taking one back is leaving one out.

import { Alert, Button, Input, Segmented, Select, Space } from "antd";
import { useCallback, useEffect, useRef, useState } from "react";

import type { components } from "../api/schema";
import { useLanguage, useText } from "../i18n/language";
import { failureText } from "../ui/failure";
import { duration } from "../ui/time";
import { studio } from "./requests";
import type { Problem, Sketch } from "./shapes";
import { TestCall } from "./test_call";
import { useStudioText, type StudioText } from "./texts";

export type Move = components["schemas"]["FlowMove"];
export type Trial = components["schemas"]["FlowTrial"];

interface SimulatorProps {
  readonly name: string;
  readonly source: string;
  readonly sketch: Sketch;
  readonly problems: readonly Problem[];
  /** Told the steps that were gone through. */
  readonly walked: (path: readonly string[]) => void;
}

const KEYPAD = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];
const WAIT_SECONDS = 10;

/** One thing that happened, as the server tells it. */
export interface Moment {
  readonly at: number;
  readonly what: string;
  readonly step?: string;
  readonly text?: string;
  readonly forever?: boolean;
  readonly order?: string;
  readonly about?: string;
  readonly why?: string;
  readonly move?: string;
  readonly key?: string;
  readonly code?: string;
  readonly millis?: number;
  readonly status?: number;
  readonly body?: string;
  readonly name?: string | null;
}

export function pathOfTrial(moments: readonly Moment[]): string[] {
  return moments.flatMap((moment) => (moment.what === "step" && moment.step !== undefined ? [moment.step] : []));
}

export function Simulator({ name, source, sketch, problems, walked }: SimulatorProps) {
  const text = useStudioText();
  const appText = useText();
  const { language } = useLanguage();
  const [entry, setEntry] = useState<string>();
  const [channel, setChannel] = useState<"call" | "chat">("call");
  const [lang, setLang] = useState<"en" | "zh">(language);
  const [moves, setMoves] = useState<readonly Move[]>();
  const [trial, setTrial] = useState<Trial>();
  const [failure, setFailure] = useState<unknown>();
  const [words, setWords] = useState("");
  const [answer, setAnswer] = useState("{}");
  const log = useRef<HTMLOListElement>(null);
  const asked = useRef(0);

  const entries = sketch.entries.map((one) => one.name);
  const from = entry !== undefined && entries.includes(entry) ? entry : entries[0];
  const good = problems.length === 0;

  useEffect(() => {
    if (moves === undefined || from === undefined || !good) {
      setTrial(undefined);
      walked([]);
      return;
    }
    const mine = ++asked.current;
    studio.simulate(name, { source, entry: from, lang, text: channel === "chat", moves: [...moves] }).then(
      (went) => {
        if (mine !== asked.current) return;
        setFailure(undefined);
        setTrial(went);
        walked(pathOfTrial(went.moments as Moment[]));
      },
      (error: unknown) => mine === asked.current && setFailure(error),
    );
  }, [name, source, from, lang, channel, moves, good, walked]);
  useEffect(() => () => walked([]), [walked]);
  useEffect(() => {
    log.current?.scrollTo?.({ top: log.current.scrollHeight });
  }, [trial]);

  const move = useCallback((one: Move) => setMoves((old) => [...(old ?? []), one]), []);
  const live = trial !== undefined && !trial.over;
  const say = () => {
    if (words.trim() === "") return;
    move({ move: "say", text: words.trim() });
    setWords("");
  };

  return (
    <section className="simulator" aria-label={text("simulate")} data-testid="simulator" data-step={trial?.step ?? ""} data-over={trial?.over ?? false}>
      <p className="quiet small">{text("sim_lead")}</p>
      <div className="sim-setup">
        <Select
          size="small"
          value={from}
          aria-label={text("sim_entry")}
          options={entries.map((one) => ({ value: one, label: one }))}
          onChange={(to: string) => {
            setEntry(to);
            setMoves(undefined);
          }}
        />
        <Segmented<"call" | "chat">
          size="small"
          value={channel}
          aria-label={text("sim_by")}
          onChange={(to) => setChannel(to)}
          options={[
            { value: "call", label: text("sim_call") },
            { value: "chat", label: text("sim_chat") },
          ]}
        />
        <Segmented<"en" | "zh">
          size="small"
          value={lang}
          aria-label={text("sim_lang")}
          onChange={(to) => setLang(to)}
          options={[
            { value: "en", label: "English" },
            { value: "zh", label: "中文" },
          ]}
        />
        <Button size="small" type="primary" disabled={!good || from === undefined} onClick={() => setMoves([])} data-testid="sim-start">
          {text(moves === undefined ? "sim_start" : "sim_again")}
        </Button>
      </div>
      {!good && <Alert type="info" showIcon title={text("sim_fix_first")} />}
      {failure !== undefined && <Alert type="error" showIcon title={failureText(appText, failure)} />}
      {good && from !== undefined && channel === "call" && (
        <TestCall name={name} source={source} entry={from} lang={lang} keypad={KEYPAD} walked={walked} />
      )}
      {trial && (
        <>
          <ol ref={log} className="plain sim-log" aria-live="polite" data-testid="sim-log">
            {(trial.moments as Moment[]).map((moment, n) => (
              <li key={n} className={`sim-${moment.what}`}>
                <time>{duration(moment.at)}</time> <span>{told(moment, text)}</span>
              </li>
            ))}
          </ol>
          <p className="quiet small">{text("sim_clock", { time: duration(trial.now) })}</p>
          <div className="sim-keys" role="group" aria-label={text("sim_keypad")}>
            {KEYPAD.map((key) => (
              <Button key={key} size="small" disabled={!live} onClick={() => move({ move: "key", key })} data-testid={`sim-key-${key}`}>
                {key}
              </Button>
            ))}
          </div>
          <Space.Compact block>
            <Input
              size="small"
              value={words}
              disabled={!live}
              placeholder={text("sim_say")}
              aria-label={text("sim_say")}
              data-testid="sim-say"
              onChange={(event) => setWords(event.target.value)}
              onPressEnter={say}
            />
            <Button size="small" disabled={!live} onClick={say}>
              {text("sim_send")}
            </Button>
          </Space.Compact>
          <div className="sim-events">
            <Button size="small" disabled={!live || trial.next === null} onClick={() => move({ move: "next" })} data-testid="sim-next">
              {text("sim_next")}
            </Button>
            <Button size="small" disabled={!live} onClick={() => move({ move: "wait", millis: WAIT_SECONDS * 1000 })}>
              {text("sim_wait", { seconds: WAIT_SECONDS })}
            </Button>
            {trial.waiting && (
              <>
                <Button size="small" onClick={() => move({ move: "answered" })} data-testid="sim-answered">
                  {text("sim_connect")}
                </Button>
                <Button size="small" onClick={() => move({ move: "failed", code: "no_answer" })}>
                  {text("sim_fail")}
                </Button>
              </>
            )}
            {trial.asked === "server" && (
              <>
                <Space.Compact>
                  <Input
                    size="small"
                    value={answer}
                    placeholder={text("sim_answer")}
                    aria-label={text("sim_answer")}
                    data-testid="sim-answer"
                    onChange={(event) => setAnswer(event.target.value)}
                  />
                  <Button size="small" onClick={() => move({ move: "replied", status: 200, body: answer })} data-testid="sim-replied">
                    {text("sim_replied")}
                  </Button>
                </Space.Compact>
                <Button size="small" onClick={() => move({ move: "failed", code: "timeout" })}>
                  {text("sim_no_answer")}
                </Button>
              </>
            )}
            {trial.asked === "person" && (
              <>
                <Button size="small" onClick={() => move({ move: "found", name: text("sim_name") })} data-testid="sim-found">
                  {text("sim_found")}
                </Button>
                <Button size="small" onClick={() => move({ move: "found", name: null })}>
                  {text("sim_stranger")}
                </Button>
              </>
            )}
            {trial.connected && (
              <Button size="small" onClick={() => move({ move: "parted" })}>
                {text("sim_part")}
              </Button>
            )}
            <Button size="small" disabled={(moves?.length ?? 0) === 0} onClick={() => setMoves((old) => old?.slice(0, -1))}>
              {text("undo_sim")}
            </Button>
          </div>
        </>
      )}
    </section>
  );
}

/** A moment in words; orders and codes as the flow's language names them. */
function told(moment: Moment, text: StudioText): string {
  switch (moment.what) {
    case "step":
      return text("sim_at", { step: moment.step ?? "" });
    case "said":
      return `“${moment.text ?? ""}”${moment.forever ? " ↻" : ""}`;
    case "stopped":
      return "■";
    case "ended":
      return text("sim_over", { why: moment.why ?? "" });
    case "moved": {
      const how = moment.key ?? moment.text ?? moment.code ?? moment.body ?? moment.name ?? (moment.millis === undefined ? "" : duration(moment.millis));
      return `${text("sim_customer")}: ${moment.move ?? ""} ${how}`;
    }
    default:
      return `${moment.order ?? moment.what} ${moment.about ?? ""}`;
  }
}
