// How transcription keeps up, for administrators: the model, who is live and who waits, delays, what was dropped. Asked every two seconds.

import { useEffect, type ReactNode } from "react";

import { api } from "../api/client";
import type { Delay } from "../api/shapes";
import { useLanguage, useText } from "../i18n/language";
import { failureText } from "../ui/failure";
import { useFetched } from "../ui/fetched";
import { Waiting } from "../ui/waiting";

/** Between two questions (ms). */
const EVERY_MS = 2000;

export function TranscriptionPage() {
  const text = useText();
  const { value, error, again } = useFetched("asr", api.transcription);
  useEffect(() => {
    document.title = `${text("asr.title")} · Voxdesk`;
  }, [text]);
  useEffect(() => {
    const asking = setInterval(again, EVERY_MS);
    return () => clearInterval(asking);
  }, [again]);

  return (
    <div className="page" data-testid="asr-page">
      <header className="page-head">
        <h1>{text("asr.title")}</h1>
      </header>
      {error !== undefined && <p className="failed">{failureText(text, error)}</p>}
      {value === undefined && error === undefined && <Waiting />}
      {value?.enabled === false && <p className="quiet">{text("asr.off")}</p>}
      {value?.now && <Figures now={value.now} />}
    </div>
  );
}

type Now = NonNullable<Awaited<ReturnType<typeof api.transcription>>["now"]>;

function Figures({ now }: { now: Now }) {
  const text = useText();
  const { language } = useLanguage();
  const number = (value: number, digits = 0) => value.toLocaleString(language, { maximumFractionDigits: digits });
  const seconds = (ms: number) => `${number(ms / 1000, 2)} ${text("asr.seconds")}`;
  const delay = (one: Delay | null | undefined) =>
    one ? text("asr.delay", { p50: seconds(one.p50), p95: seconds(one.p95), p99: seconds(one.p99) }) : text("asr.none");
  const live = now.streams - now.behind;
  return (
    <>
      {now.behind > 0 && (
        <p className="asr-behind" role="status" data-testid="asr-behind">
          {text("asr.behind_says", { live: number(live), behind: number(now.behind), seconds: number(now.backlog_seconds) })}
        </p>
      )}
      <Group title={text("asr.model")}>
        <Row name={text("asr.model")} testId="asr-model">
          {now.model} ({text(now.measured ? "asr.measured" : "asr.configured")})
        </Row>
        <Row name={text("asr.threads")}>{number(now.threads)}</Row>
        <Row name={text("asr.busy")}>{number(now.busy * 100)} %</Row>
        <Row name={text("asr.factor")}>{now.real_time_factor == null ? text("asr.none") : number(now.real_time_factor, 3)}</Row>
      </Group>
      <Group title={text("asr.legs")}>
        <Row name={text("asr.live")} testId="asr-live">
          {number(live)}
        </Row>
        <Row name={text("asr.behind")}>{number(now.behind)}</Row>
        <Row name={text("asr.backlog")}>
          {number(now.backlog_seconds, 1)} {text("asr.seconds")}
        </Row>
        <Row name={text("asr.waiting")}>
          {text("asr.waiting_says", { finals: number(now.waiting_finals), interims: number(now.waiting_interims) })}
        </Row>
      </Group>
      <Group title={text("asr.delays")}>
        <Row name={text("asr.final_delay")} testId="asr-final-delay">
          {delay(now.final_delay_ms)}
        </Row>
        <Row name={text("asr.interim_delay")}>{delay(now.interim_delay_ms)}</Row>
      </Group>
      <Group title={text("asr.since_start")}>
        <Row name={text("asr.interims_dropped")}>{number(now.interims_dropped)}</Row>
        <Row name={text("asr.finals_failed")}>{number(now.finals_failed)}</Row>
        <Row name={text("asr.frames_lost")}>
          {number(now.frames_lost * 0.02, 2)} {text("asr.seconds")}
        </Row>
      </Group>
    </>
  );
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="card asr-group">
      <h2>{title}</h2>
      <dl>{children}</dl>
    </section>
  );
}

function Row({ name, testId, children }: { name: string; testId?: string; children: ReactNode }) {
  return (
    <div className="asr-row">
      <dt>{name}</dt>
      <dd data-testid={testId}>{children}</dd>
    </div>
  );
}
