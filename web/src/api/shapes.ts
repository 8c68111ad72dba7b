// The words of the API as the pages use them. REST shapes come from the generated schema once it names them; what only the
// live socket carries is written down here.
//
// Promises: names and meaning are those of the server's JSON; times are RFC 3339 texts, durations milliseconds.
// Leaves to others: fetching (client.ts), folding live news into a picture (live/state.ts).

export type Channel = "voice" | "video" | "chat";
export type ConversationState = "flow" | "waiting" | "ringing" | "talking" | "wrapup" | "ended";
export type Speaker = "customer" | "agent" | "system";
export type EntryKind = "speech" | "message" | "digit" | "event" | "note";
export type TicketState = "new" | "in_progress" | "pending_confirmation" | "done";
export type UserRole = "agent" | "supervisor" | "admin";
export type AgentState = "offline" | "not_ready" | "ready" | "ringing" | "talking" | "wrapup";
export type Fault = "none" | "caller" | "peer" | "upstream" | "capacity" | "ours";
/** RFC 3339 in UTC. */
export type Moment = string;

export interface User {
  name: string;
  role: UserRole;
  lang: "en" | "zh" | null;
  /** Whether this user takes work. */
  agent: boolean;
}

export interface Entry {
  seq: number;
  at: Moment;
  leg: number | null;
  speaker: Speaker;
  author: string | null;
  kind: EntryKind;
  text: string;
  final: boolean;
  start_ms: number | null;
  end_ms: number | null;
  detail: Record<string, unknown> | null;
}

export interface Leg {
  n: number;
  speaker: Speaker;
  agent: string | null;
  device: string;
  codec: string;
  started_at: Moment;
  answered_at: Moment | null;
  ended_at: Moment | null;
  fault: Fault | null;
  reason: string | null;
}

export interface Person {
  id: number;
  name: string;
  addresses: string[];
}

export interface Conversation {
  id: string;
  channel: Channel;
  state: ConversationState;
  person: Person | null;
  caller: string;
  called: string;
  lang: string;
  queue: string | null;
  queued_at: Moment | null;
  agent: string | null;
  started_at: Moment;
  ended_at: Moment | null;
  reason: string | null;
  ticket_id: number | null;
  legs: Leg[];
}

export interface ConversationDetail extends Conversation {
  entries: Entry[];
  entries_next: number | null;
}

export interface Ticket {
  id: number;
  subject: string;
  state: TicketState;
  person: Person | null;
  channel: Channel;
  queue: string | null;
  assignee: string | null;
  created_at: Moment;
  updated_at: Moment;
  conversations: string[];
}

export interface TicketDetail extends Ticket {
  history: Conversation[];
}

export interface Page<T> {
  items: T[];
  next: string | null;
}

export interface OfferReason {
  strategy: string;
  level: number;
  idle_ms: number;
  waited_ms: number;
  candidates: number;
  others: { agent: string; level: number; idle_ms: number }[];
  passed_over: { agent: string; why: string }[];
}

export interface Offer {
  conversation: string;
  agent: string;
  channel: Channel;
  caller: string;
  name: string | null;
  queue: string | null;
  why: OfferReason | null;
  until: Moment;
}

export interface Call {
  conversation: string;
  agent: string;
  state: "connecting" | "talking" | "held" | "parked" | "ended";
  device: "browser" | "phone";
  muted: boolean;
  silent: "customer" | "agent" | null;
  since: Moment | null;
}

export interface Agent {
  name: string;
  state: AgentState;
  ready: boolean;
  desk: boolean;
  phone: boolean;
  call: string | null;
  chats: string[];
  offer: string | null;
  skills: Record<string, number>;
  since: Moment;
  wrapup_until: Moment | null;
}

export interface Queue {
  name: string;
  waiting: { conversation: string; medium: "call" | "chat"; since: Moment; offered_to: string | null }[];
  ready_agents: number;
  staffed_agents: number;
}

export interface Preview {
  conversation: string;
  leg: number;
  speaker: Speaker;
  stable: string;
  tentative: string;
  start_ms: number;
}

export type Change =
  | {
      what: "conversation_opened";
      channel: Channel;
      address: string;
      name: string | null;
      called: string;
      lang: string;
      at: Moment;
    }
  | {
      what: "conversation_moved";
      state: ConversationState;
      queue: string | null;
      queued_at: Moment | null;
      agent: string | null;
      lang: string | null;
    }
  | { what: "conversation_ended"; at: Moment; fault: Fault; reason: string }
  | { what: "leg_changed"; leg: Leg }
  | { what: "entry_added"; entry: Entry }
  | { what: "ticket_for"; subject: string; assignee: string | null; at: Moment }
  | { what: "ticket_moved"; from: TicketState; to: TicketState; by: string; at: Moment }
  | { what: "ticket_edited"; subject: string | null; assignee: string | null; by: string; at: Moment };

export interface RecordEvent {
  seq: number;
  at: Moment;
  conversation: string | null;
  ticket: number | null;
  change: Change;
}

export interface Snapshot {
  agents: Agent[];
  queues: Queue[];
  offers: Offer[];
  calls: Call[];
}

/** What the live socket carries to the page. */
export type Live =
  | { type: "hello"; last: number; after: number; user: User; at: Moment }
  | ({ type: "snapshot" } & Snapshot)
  | ({ type: "event" } & RecordEvent)
  | ({ type: "preview" } & Preview)
  | { type: "agent"; agent: Agent }
  | { type: "queue"; queue: Queue }
  | { type: "offer"; offer: Offer }
  | { type: "offer_over"; conversation: string; agent: string; end: OfferEnd | null }
  | { type: "call"; call: Call }
  | { type: "typing"; conversation: string; speaker: Speaker; on: boolean }
  | { type: "tick"; at: Moment }
  | { type: "error"; error: { code: string; message: string } };

export type OfferEnd = "timed_out" | "declined" | "withdrawn" | "unreachable";

export type Command =
  | { command: "accept" }
  | { command: "decline" }
  | { command: "hold" }
  | { command: "resume" }
  | { command: "mute"; on: boolean }
  | { command: "digits"; digits: string }
  | { command: "hangup" }
  | { command: "wrap_up_done" }
  | { command: "typing"; on: boolean };
