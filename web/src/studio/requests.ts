// What the studio asks the server. The server checks and changes texts; nothing here knows what a flow means.

import { ApiError, ask, reach } from "../api/client";
import type { Page } from "../api/shapes";
import type {
  Day,
  Edit,
  Flow,
  FlowDetail,
  FlowVersion,
  FlowVersionDetail,
  Here,
  Kinds,
  Layout,
  Line,
  Problem,
  RecordingKept,
  Simulation,
  Sketch,
  TestCallers,
  TestCallNumber,
  Trial,
} from "./shapes";

const at = encodeURIComponent;
/** Publishing gives every new prompt its voice first (ms). */
const PUBLISHING_MS = 180_000;

export const studio = {
  flows: () => ask<Page<Flow>>("GET", "/flows"),
  create: (name: string, title: string) => ask<FlowDetail>("POST", "/flows", { name, title }),
  kinds: () => ask<Kinds>("GET", "/flow-kinds"),
  flow: (name: string) => ask<FlowDetail>("GET", `/flows/${at(name)}`),
  sketch: (name: string, source: string) => ask<Sketch>("POST", `/flows/${at(name)}/sketch`, { source }),
  edit: (name: string, source: string, edits: readonly Edit[]) =>
    ask<{ source: string; sketch: Sketch }>("POST", `/flows/${at(name)}/edits`, { source, edits }),
  save: (name: string, source: string, layout: Layout, seen: number) =>
    ask<FlowDetail>("PUT", `/flows/${at(name)}/draft`, { source, layout, seen }),
  discard: (name: string) => ask<void>("DELETE", `/flows/${at(name)}/draft`),
  publish: (name: string, revision: number, seen: number, note: string) =>
    ask<FlowDetail>("POST", `/flows/${at(name)}/publish`, { revision, seen, note }, {}, PUBLISHING_MS),
  versions: (name: string, after?: string) =>
    ask<Page<FlowVersion>>("GET", `/flows/${at(name)}/versions`, undefined, after === undefined ? {} : { after }),
  version: (name: string, version: number) => ask<FlowVersionDetail>("GET", `/flows/${at(name)}/versions/${version}`),
  restore: (name: string, version: number, seen: number, note: string) =>
    ask<FlowDetail>("POST", `/flows/${at(name)}/restore`, { version, seen, note }, {}, PUBLISHING_MS),
  difference: (name: string, from: number, to: { to: number } | { source: string }) =>
    ask<Page<Line>>("POST", `/flows/${at(name)}/difference`, { from, ...to }),
  here: (name: string) => ask<Here>("GET", `/flows/${at(name)}/here`),
  day: (name: string, day: string) => ask<Day>("GET", `/flows/${at(name)}/days/${at(day)}`),
  simulate: (name: string, wish: Simulation) => ask<Trial>("POST", `/flows/${at(name)}/simulations`, wish),
  testCall: (name: string, wish: { source: string; entry: string; lang: "en" | "zh" }) =>
    ask<TestCallNumber>("POST", `/flows/${at(name)}/test-calls`, wish, {}, PUBLISHING_MS),
  testCallers: (name: string, number: string) => ask<TestCallers>("GET", `/flows/${at(name)}/test-calls/${at(number)}`),
  promptAddress: (name: string, prompt: string, lang: string) =>
    `/api/v1/flows/${at(name)}/prompts/${at(prompt)}/${at(lang)}`,
  recordingAddress: (file: string) => `/api/v1/recordings/${at(file.replace(/^recordings\//, ""))}`,
  say: (text: string, lang: string) => sound("/voice", { text, lang }),
  keep: async (recording: Blob): Promise<RecordingKept> => {
    const answer = await reach("POST", "/api/v1/recordings", recording, PUBLISHING_MS);
    const json: unknown = await answer.json().catch(() => undefined);
    if (answer.ok) return json as RecordingKept;
    throw failed(answer.status, json);
  },
} as const;

async function sound(path: string, body: unknown): Promise<Blob> {
  const answer = await reach("POST", `/api/v1${path}`, body, PUBLISHING_MS);
  if (answer.ok) return answer.blob();
  throw failed(answer.status, await answer.json().catch(() => undefined));
}

function failed(status: number, json: unknown): ApiError {
  const error = (json as { error?: { code?: string; message?: string } } | undefined)?.error;
  return new ApiError(status, error?.code ?? `http_${status}`, error?.message ?? `HTTP ${status}`);
}

/** What is wrong with a flow that was not published. */
export function problemsOf(error: unknown): readonly Problem[] {
  return error instanceof ApiError && error.code === "invalid_flow" ? (error.problems as readonly Problem[]) : [];
}
