// Asks the server. Every answer is the parsed JSON or an `ApiError` that says what a person should read.
//
// Promises: the cookie carries the session and `X-Voxdesk` marks what changes something; a lost session is told once to
// whoever asked for it (`onSignedOut`). Leaves to others: the live socket, what the answers mean.

import type {
  Alert,
  Article,
  ArticleDraft,
  ArticleUse,
  Audited,
  Ban,
  CallbackChange,
  Command,
  Conversation,
  ConversationDetail,
  EventDelivery,
  EventHook,
  EventKind,
  EventReplay,
  HookEdit,
  HookMade,
  Entry,
  IceServers,
  Gap,
  ImportFile,
  ImportRow,
  LineVersion,
  MacroDone,
  NotePosted,
  Page,
  Passage,
  Posted,
  Report,
  ReportOutline,
  SearchHit,
  Session,
  SipLadder,
  Suggestions,
  Ticket,
  TicketChange,
  TicketDetail,
  TicketState,
  NamedFile,
  Uploaded,
    Transcription, TrunkList,
  User,
  WatchMode,
  WhatIf,
  WhatIfAnswer,
} from "./shapes";

const BASE = "/api/v1";
/** A request without answer for this long (ms) has failed. */
const PATIENCE_MS = 20_000;
/** A file over a slow line (ms). */
const UPLOAD_MS = 120_000;
/** A what-if lets days happen (ms). */
const WHAT_IF_MS = 120_000;

/** Why a request failed. `status` 0: the server was not reached. */
export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly field?: string,
    /** All that is wrong with a flow. */
    readonly problems: readonly unknown[] = [],
    /** For a line that somebody corrected meanwhile: what it says now. */
    readonly line?: Entry,
  ) {
    super(message);
  }
}

let signedOut: () => void = () => undefined;

/** Names who is told when the server no longer knows this session. */
export function onSignedOut(listener: () => void): void {
  signedOut = listener;
}

type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export async function ask<T>(
  method: string,
  path: string,
  body?: unknown,
  query: Query = {},
  patience = PATIENCE_MS,
): Promise<T> {
  const answer = await reach(method, withQuery(BASE + path, query), body, patience);
  if (answer.status === 204) return undefined as T;
  const json: unknown = await answer.json().catch(() => undefined);
  if (answer.ok) return json as T;
  const failed = asError(answer.status, json);
  if (failed.status === 401 && failed.code !== "bad_credentials") signedOut();
  throw failed;
}

/** Asks and gives the bare answer. A `Blob` goes as it is, anything else as JSON. */
export async function reach(method: string, address: string, body: unknown, patience = PATIENCE_MS): Promise<Response> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (method !== "GET") headers["X-Voxdesk"] = "1";
  const raw = body instanceof Blob;
  if (body !== undefined) headers["Content-Type"] = raw ? "application/octet-stream" : "application/json";
  try {
    return await fetch(address, {
      method,
      headers,
      credentials: "same-origin",
      body: body === undefined ? null : raw ? body : JSON.stringify(body),
      signal: AbortSignal.timeout(patience),
    });
  } catch (cause) {
    throw new ApiError(0, "unreachable", cause instanceof Error ? cause.message : String(cause));
  }
}

function withQuery(path: string, query: Query): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== "") params.set(name, String(value));
  }
  const text = params.toString();
  return text ? `${path}?${text}` : path;
}

function asError(status: number, json: unknown): ApiError {
  const error = (
    json as { error?: { code?: string; message?: string; field?: string; problems?: unknown[]; line?: Entry } } | undefined
  )?.error;
  return new ApiError(
    status,
    error?.code ?? `http_${status}`,
    error?.message ?? `HTTP ${status}`,
    error?.field,
    error?.problems ?? [],
    error?.line,
  );
}

const at = encodeURIComponent;

export const api = {
  signIn: (name: string, password: string) => ask<Session>("POST", "/session", { name, password }),
  session: () => ask<User>("GET", "/session"),
  keepLanguage: (lang: "en" | "zh") => ask<User>("PATCH", "/session", { lang }),
  signOut: () => ask<void>("DELETE", "/session"),

  conversations: (query: {
    open?: boolean;
    agent?: string;
    person?: number;
    limit?: number;
    after?: string;
  }) => ask<Page<Conversation>>("GET", "/conversations", undefined, query),
  conversation: (id: string, entriesAfter = 0) =>
    ask<ConversationDetail>("GET", `/conversations/${at(id)}`, undefined, { entries_after: entriesAfter }),
  conversationHead: (id: string) =>
    ask<ConversationDetail>("GET", `/conversations/${at(id)}`, undefined, { entries_limit: 1 }),
  command: (id: string, command: Command) => ask<void>("POST", `/conversations/${at(id)}/commands`, command),
  watch: (id: string, mode: WatchMode) => ask<void>("POST", `/conversations/${at(id)}/watch`, { mode }),
  media: (id: string, sdp: string) => ask<{ sdp: string }>("POST", `/conversations/${at(id)}/media`, { sdp }),
  iceServers: () => ask<IceServers>("GET", "/ice-servers"),
  message: (id: string, text: string, dedupe: string, more: { files?: readonly NamedFile[]; subject?: string } = {}) =>
    ask<Posted>("POST", `/conversations/${at(id)}/messages`, { text, dedupe, ...more }),
  uploadFile: (id: string, file: File) =>
    ask<Uploaded>("POST", `/conversations/${at(id)}/files`, file, { name: file.name }, UPLOAD_MS),
  correctLine: (id: string, seq: number, text: string, revision: number) =>
    ask<Entry>("PATCH", `/conversations/${at(id)}/entries/${seq}`, { text, revision }),
  lineHistory: (id: string, seq: number) => ask<Page<LineVersion>>("GET", `/conversations/${at(id)}/entries/${seq}/history`),
  sendAgain: (id: string, seq: number) => ask<void>("POST", `/conversations/${at(id)}/messages/${seq}/send-again`),
  note: (id: string, text: string, dedupe: string) =>
    ask<Posted>("POST", `/conversations/${at(id)}/messages`, { text, dedupe, note: true }),

  tickets: (query: {
    state?: TicketState;
    assignee?: string;
    person?: number;
    overdue?: boolean;
    limit?: number;
    after?: string;
  }) => ask<Page<Ticket>>("GET", "/tickets", undefined, query),
  ticket: (id: number) => ask<TicketDetail>("GET", `/tickets/${id}`),
  editTicket: (id: number, edit: Partial<TicketChange>) => ask<TicketDetail>("PATCH", `/tickets/${id}`, edit),
  ticketNote: (id: number, text: string, dedupe: string) =>
    ask<NotePosted>("POST", `/tickets/${id}/notes`, { text, dedupe }),

  mergeTicket: (id: number, into: number) => ask<TicketDetail>("POST", `/tickets/${id}/merge`, { into }),
  relateTickets: (id: number, other: number) =>
    ask<TicketDetail>("POST", `/tickets/${id}/relations`, { other, relation: "related" }),
  transcription: () => ask<Transcription>("GET", "/asr"),
  setting: <T>(name: string) => ask<{ value: T | null }>("GET", `/settings/${at(name)}`),
  changeCallback: (id: string, wish: CallbackChange) => ask<void>("POST", `/conversations/${at(id)}/callback`, wish),
  whatIf: (wish: WhatIf) => ask<WhatIfAnswer>("POST", "/what-if", wish, {}, WHAT_IF_MS),
  changeSetting: <T>(name: string, value: T) => ask<{ value: T | null }>("PUT", `/settings/${at(name)}`, { value }),
  sipLadder: (id: string) => ask<SipLadder>("GET", `/conversations/${at(id)}/sip`),
  placeCall: (to: string) => ask<{ conversation: string }>("POST", "/calls", { to }),
  trunks: () => ask<TrunkList>("GET", "/trunks"),
  eventHooks: () => ask<Page<EventHook>>("GET", "/event-hooks"),
  makeEventHook: (url: string, kinds: readonly EventKind[]) => ask<HookMade>("POST", "/event-hooks", { url, kinds }),
  changeEventHook: (id: string, edit: HookEdit) => ask<EventHook>("PATCH", `/event-hooks/${at(id)}`, edit),
  removeEventHook: (id: string) => ask<void>("DELETE", `/event-hooks/${at(id)}`),
  newEventHookSecret: (id: string) => ask<HookMade>("POST", `/event-hooks/${at(id)}/secret`),
  testEventHook: (id: string) => ask<void>("POST", `/event-hooks/${at(id)}/test`),
  eventDeliveries: (id: string, limit: number, before?: number) =>
    ask<Page<EventDelivery>>("GET", `/event-hooks/${at(id)}/deliveries`, undefined, { limit, before }),
  replayEvents: (id: string, what: EventReplay) => ask<void>("POST", `/event-hooks/${at(id)}/replay`, what),
  bans: () => ask<Page<Ban>>("GET", "/sip/bans"),
  ban: (address: string, seconds: number) => ask<Ban>("POST", "/sip/bans", { address, seconds }),
  liftBan: (address: string) => ask<void>("DELETE", `/sip/bans/${at(address)}`),
  audit: () => ask<Page<Audited>>("GET", "/audit"),
  macros: () => ask<{ value: { name: string }[] | null }>("GET", "/settings/macros"),
  applyMacro: (id: number, name: string) => ask<MacroDone>("POST", `/tickets/${id}/macros`, { name }),

  articles: () => ask<Page<Article>>("GET", "/knowledge/articles"),
  article: (key: string) => ask<Page<Article>>("GET", `/knowledge/articles/${at(key)}`),
  saveArticle: (key: string, draft: ArticleDraft) => ask<Page<Article>>("PUT", `/knowledge/articles/${at(key)}`, draft),
  importArticles: (file: ImportFile) => ask<Page<ImportRow>>("POST", "/knowledge/import", file),
  searchKnowledge: (q: string) => ask<Page<Passage>>("GET", "/knowledge/search", undefined, { q }),
  suggestions: (conversation: string, beingSaid: string) =>
    ask<Suggestions>("POST", `/conversations/${at(conversation)}/suggestions`, { being_said: beingSaid }),
  vote: (key: string, question: string, useful: boolean) =>
    ask<void>("POST", "/knowledge/votes", { key, question, useful }),
  gaps: () => ask<Page<Gap>>("GET", "/knowledge/gaps"),

  search: (query: Readonly<Record<string, string>>) => ask<Page<SearchHit>>("GET", "/search", undefined, query),

  reports: (lang: string) => ask<Page<ReportOutline>>("GET", "/reports", undefined, { lang }),
  report: (name: string, query: Readonly<Record<string, string>>) =>
    ask<Report>("GET", `/reports/${at(name)}`, undefined, query),
  reportRows: (name: string, query: Readonly<Record<string, string>>) =>
    ask<Page<Conversation>>("GET", `/reports/${at(name)}/rows`, undefined, query),
  knowledgeUse: (query: Readonly<Record<string, string>>) =>
    ask<Page<ArticleUse>>("GET", "/knowledge/use", undefined, query),
  alerts: () => ask<Page<Alert>>("GET", "/alerts"),

  readyOf: (agent: string, ready: boolean, reason?: string) =>
    ask<void>("PUT", `/agents/${at(agent)}/ready`, { ready, ...(reason ? { reason } : {}) }),
  resetAgent: (agent: string) => ask<void>("POST", `/agents/${at(agent)}/reset`),
  ready: (ready: boolean) => ask<void>("PUT", "/agents/me/ready", { ready }),
} as const;

/** A fresh name for something sent, so that a repetition is recorded once. */
export function freshDedupe(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
