// The desk's picture of the floor, kept as plain data: `apply(state, news)` folds one piece of live news into it.
//
// Promises: repeated news changes nothing; entries stay in order without doubles; a hole (in the numbered events or in a
// conversation's entries) is noticed and named in `stale` so that somebody fetches what is missing; interim text disappears
// when its final arrives. Leaves to others: the socket (socket.ts), fetching (store.ts), clocks (`now` is an argument).

import { calledIn } from "../desk/mention";
import type {
  Agent,
  Call,
  Change,
  Conversation,
  ConversationDetail,
  Delivery,
  Entry,
  Live,
  Offer,
  OfferEnd,
  Preview,
  Queue,
  RecordEvent,
  Snapshot,
  Speaker,
  Writing,
} from "../api/shapes";

export interface LiveState {
  /** Last numbered event that was folded in, where a new socket resumes; `null` before the first hello. */
  readonly seq: number | null;
  /** Server's clock minus ours, in milliseconds. */
  readonly skew: number;
  readonly conversations: Readonly<Record<string, Conversation>>;
  /** Entries of conversations that were opened on this page, in order. */
  readonly entries: Readonly<Record<string, readonly Entry[]>>;
  /** What can be written in a conversation, of those that were opened on this page; null where nothing is. */
  readonly writing: Readonly<Record<string, Writing | null>>;
  /** Where messages that leave by a channel stand, by conversation and entry. */
  readonly deliveries: Readonly<Record<string, Readonly<Record<number, Delivery>>>>;
  /** The customer's address in another system, of conversations that were opened on this page. */
  readonly crm: Readonly<Record<string, string | null>>;
  /** Interim text by conversation and leg. */
  readonly previews: Readonly<Record<string, Readonly<Record<number, Preview>>>>;
  /** By `partKey`. */
  readonly offers: Readonly<Record<string, Offer>>;
  readonly calls: Readonly<Record<string, Call>>;
  readonly agents: Readonly<Record<string, Agent>>;
  readonly queues: Readonly<Record<string, Queue>>;
  /** When somebody's typing was last reported, by conversation and speaker. */
  readonly typing: Readonly<Record<string, Partial<Record<Speaker, number>>>>;
  /** Counts the changes of each ticket that this page heard of; what shows one fetches again when it grows. */
  readonly tickets: Readonly<Record<number, number>>;
  /** Counts all changes of tickets, for lists. */
  readonly ticketChanges: number;
  /** Counts the changes of each customer that this page heard of; what shows one fetches again when it grows. */
  readonly customers: Readonly<Record<number, number>>;
  /** Counts all changes of customers, for lists. */
  readonly customerChanges: number;
  /** The last offer that ended without being accepted. */
  readonly lastOfferOver: { readonly conversation: string; readonly agent: string; readonly end: OfferEnd } | null;
  /** The last note that called people by name: who wrote it, whom it called. */
  readonly lastMention: { readonly by: string | null; readonly agents: readonly string[] } | null;
  /** Conversations whose picture has a hole and must be fetched. */
  readonly stale: readonly string[];
}

export const EMPTY: LiveState = {
  seq: null,
  skew: 0,
  conversations: {},
  entries: {},
  writing: {},
  deliveries: {},
  crm: {},
  previews: {},
  offers: {},
  calls: {},
  agents: {},
  queues: {},
  typing: {},
  tickets: {},
  ticketChanges: 0,
  customers: {},
  customerChanges: 0,
  lastOfferOver: null,
  lastMention: null,
  stale: [],
};

/** How long a typing mark counts without being repeated, in milliseconds. */
export const TYPING_MS = 8_000;

/** Folds one piece of news. `now` is this page's wall time in milliseconds. */
export function apply(state: LiveState, news: Live, now: number): LiveState {
  switch (news.type) {
    case "hello":
      return greeted({ ...state, skew: Date.parse(news.at) - now }, news.after);
    case "tick":
      return ticked(state, Date.parse(news.at) - now);
    case "snapshot":
      return replaced(state, news);
    case "event":
      return applyEvent(state, news);
    case "preview":
      return applyPreview(state, news);
    case "agent":
      return { ...state, agents: { ...state.agents, [news.agent.name]: news.agent } };
    case "queue":
      return { ...state, queues: { ...state.queues, [news.queue.name]: news.queue } };
    case "offer":
      return { ...state, offers: { ...state.offers, [partKey(news.offer)]: news.offer } };
    case "offer_over":
      return offerOver(state, news);
    case "call":
      return applyCall(state, news.call);
    case "typing":
      return applyTyping(state, news.conversation, news.speaker, news.on ? now : undefined);
    default:
      // A newer server may say things this page does not know; they are not for it.
      return state;
  }
}

/** An offer, or a part in a call, is one per conversation and agent. */
export function partKey(of: { conversation: string; agent: string }): string {
  return `${of.conversation}/${of.agent}`;
}

/** Puts a fetched conversation in place; entries that the socket told meanwhile are kept. */
export function loaded(state: LiveState, detail: ConversationDetail): LiveState {
  const { entries, writing, deliveries, crm_url: crm, ...conversation } = detail;
  const bySeq = Object.fromEntries(deliveries.map((one) => [one.seq, one]));
  const merged = mergeEntries(state.entries[detail.id] ?? [], entries);
  return {
    ...state,
    conversations: { ...state.conversations, [detail.id]: conversation },
    entries: { ...state.entries, [detail.id]: merged },
    writing: { ...state.writing, [detail.id]: writing },
    deliveries: { ...state.deliveries, [detail.id]: bySeq },
    crm: { ...state.crm, [detail.id]: crm },
    stale: state.stale.filter((id) => id !== detail.id),
  };
}

/** Puts fetched conversations (without entries) in place. */
export function listed(state: LiveState, items: readonly Conversation[]): LiveState {
  const conversations = { ...state.conversations };
  for (const item of items) conversations[item.id] = item;
  return { ...state, conversations };
}

/** A conversation that cannot be fetched is not asked for again. */
export function unfetchable(state: LiveState, id: string): LiveState {
  return { ...state, stale: state.stale.filter((one) => one !== id) };
}

function greeted(state: LiveState, after: number): LiveState {
  if (state.seq === null) return { ...state, seq: after };
  if (after === state.seq) return state;
  // Another record than the one we knew (restored, begun anew): nothing of it holds.
  if (after < state.seq) return { ...EMPTY, skew: state.skew, seq: after };
  // What lies between will not come: everything opened here has to be fetched again.
  return { ...state, seq: after, stale: Object.keys(state.entries) };
}

function ticked(state: LiveState, skew: number): LiveState {
  // Below a quarter of a second it is the network's delay, not the clocks.
  return Math.abs(skew - state.skew) < 250 ? state : { ...state, skew };
}

function replaced(state: LiveState, snapshot: Snapshot): LiveState {
  return {
    ...state,
    agents: Object.fromEntries(snapshot.agents.map((one) => [one.name, one])),
    queues: Object.fromEntries(snapshot.queues.map((one) => [one.name, one])),
    offers: Object.fromEntries(snapshot.offers.map((one) => [partKey(one), one])),
    calls: Object.fromEntries(snapshot.calls.map((one) => [partKey(one), one])),
    previews: {},
    typing: {},
  };
}

function offerOver(state: LiveState, news: Extract<Live, { type: "offer_over" }>): LiveState {
  const { conversation, agent, end } = news;
  return {
    ...state,
    offers: without(state.offers, partKey(news)),
    lastOfferOver: end === null ? state.lastOfferOver : { conversation, agent, end },
  };
}

function applyEvent(state: LiveState, event: RecordEvent): LiveState {
  if (state.seq !== null && event.seq <= state.seq) return state;
  const hole = state.seq !== null && event.seq > state.seq + 1;
  const counted: LiveState = {
    ...state,
    seq: event.seq,
    stale: hole ? Object.keys(state.entries) : state.stale,
    ...(event.ticket === null ? {} : countTicket(state, event.ticket)),
  };
  return event.conversation === null ? customersChanged(counted, event.change) : applyChange(counted, event.conversation, event);
}

/** Customers of whom something else is known, or who are somebody else now: what shows them is fetched again. */
function customersChanged(state: LiveState, change: Change): LiveState {
  const whose = customersOf(change);
  if (whose.length === 0) return state;
  const customers = { ...state.customers };
  for (const id of whose) customers[id] = (customers[id] ?? 0) + 1;
  const shown = Object.values(state.conversations).filter((one) => one.person && whose.includes(one.person.id));
  const stale = shown.map((one) => one.id).filter((id) => !state.stale.includes(id));
  return { ...state, customers, customerChanges: state.customerChanges + 1, stale: [...state.stale, ...stale] };
}

function customersOf(change: Change): number[] {
  switch (change.what) {
    case "customer_edited":
      return [change.person];
    case "customers_merged":
    case "customers_split":
      return [change.kept, change.gone];
    default:
      return [];
  }
}

function countTicket(state: LiveState, ticket: number): Pick<LiveState, "tickets" | "ticketChanges"> {
  return {
    tickets: { ...state.tickets, [ticket]: (state.tickets[ticket] ?? 0) + 1 },
    ticketChanges: state.ticketChanges + 1,
  };
}

function applyChange(state: LiveState, id: string, event: RecordEvent): LiveState {
  const change = event.change;
  switch (change.what) {
    case "conversation_opened":
      return opened(state, id, change);
    case "conversation_moved":
      return edit(state, id, (old) => ({
        ...old,
        state: change.state,
        queue: change.queue ?? old.queue,
        queued_at: change.queued_at ?? old.queued_at,
        agent: change.agent ?? old.agent,
        lang: change.lang ?? old.lang,
      }));
    case "conversation_ended":
      return ended(state, id, change);
    case "leg_changed":
      return edit(state, id, (old) => ({
        ...old,
        legs: [...old.legs.filter((leg) => leg.n !== change.leg.n), change.leg].sort((a, b) => a.n - b.n),
      }));
    case "entry_added":
      return entryAdded(state, id, change.entry);
    case "entry_corrected":
      return corrected(state, id, change);
    case "delivery_moved":
      return delivered(state, id, change);
    case "ticket_for":
      return edit(state, id, (old) => ({ ...old, ticket_id: event.ticket ?? old.ticket_id }));
    default:
      return state;
  }
}

type Correcting = Extract<Change, { what: "entry_corrected" }>;

/** A line that is not here yet will be fetched as it is by then. */
function corrected(state: LiveState, id: string, { seq, text, corrected, detail }: Correcting): LiveState {
  const known = state.entries[id];
  if (!known?.some((entry) => entry.seq === seq)) return state;
  const entries = known.map((entry) => (entry.seq === seq ? { ...entry, text, corrected, detail, confidence: null } : entry));
  return { ...state, entries: { ...state.entries, [id]: entries } };
}

type Step = Extract<Change, { what: "delivery_moved" }>;

function delivered(state: LiveState, id: string, { seq, state: to, why }: Step): LiveState {
  const known = state.deliveries[id];
  if (!known) return state;
  const tries = (known[seq]?.tries ?? 0) + 1;
  return { ...state, deliveries: { ...state.deliveries, [id]: { ...known, [seq]: { seq, state: to, tries, why } } } };
}

type Opening = Extract<Change, { what: "conversation_opened" }>;

function opened(state: LiveState, id: string, change: Opening): LiveState {
  if (state.conversations[id]) return state;
  const fresh: Conversation = {
    id,
    channel: change.channel,
    state: "flow",
    person: null,
    caller: change.address,
    called: change.called,
    lang: change.lang,
    queue: null,
    queued_at: null,
    agent: null,
    started_at: change.at,
    ended_at: null,
    reason: null,
    ticket_id: null,
    legs: [],
  };
  return { ...state, conversations: { ...state.conversations, [id]: fresh } };
}

type Ending = Extract<Change, { what: "conversation_ended" }>;

function ended(state: LiveState, id: string, change: Ending): LiveState {
  // Interim text stays: the words said last settle after the end.
  const calls = Object.fromEntries(Object.entries(state.calls).filter(([, call]) => call.conversation !== id));
  const shared = { typing: without(state.typing, id), calls };
  // One that nobody opened here is of no further use: a page that is open all day does not grow.
  if (!state.entries[id]) return { ...state, ...shared, conversations: without(state.conversations, id) };
  return edit({ ...state, ...shared }, id, (old) => ({
    ...old,
    state: "ended",
    ended_at: change.at,
    reason: change.reason,
  }));
}

function entryAdded(state: LiveState, id: string, entry: Entry): LiveState {
  const settled = dropPreview(state, id, entry);
  const quiet = entry.kind === "message" ? applyTyping(settled, id, entry.speaker, undefined) : calling(settled, entry);
  const known = quiet.entries[id];
  if (!known) return quiet;
  const last = known[known.length - 1]?.seq ?? 0;
  if (entry.seq <= last && known.some((one) => one.seq === entry.seq)) return quiet;
  const hole = entry.seq > last + 1 && !quiet.stale.includes(id);
  return {
    ...quiet,
    entries: { ...quiet.entries, [id]: mergeEntries(known, [entry]) },
    stale: hole ? [...quiet.stale, id] : quiet.stale,
  };
}

/** A note may call people who have never opened its conversation. */
function calling(state: LiveState, entry: Entry): LiveState {
  const agents = entry.kind === "note" ? calledIn(entry.detail) : [];
  return agents.length === 0 ? state : { ...state, lastMention: { by: entry.author, agents } };
}

/** A final of a leg replaces the interim text that began before the final's end. */
function dropPreview(state: LiveState, id: string, entry: Entry): LiveState {
  const ofConversation = state.previews[id];
  if (entry.kind !== "speech" || entry.leg === null || !ofConversation) return state;
  const preview = ofConversation[entry.leg];
  if (!preview || preview.start_ms >= (entry.end_ms ?? Number.MAX_SAFE_INTEGER)) return state;
  return { ...state, previews: { ...state.previews, [id]: without(ofConversation, entry.leg) } };
}

function applyPreview(state: LiveState, preview: Preview): LiveState {
  const ofConversation = state.previews[preview.conversation] ?? {};
  const empty = preview.stable === "" && preview.tentative === "";
  if (empty && !ofConversation[preview.leg]) return state;
  const next = empty ? without(ofConversation, preview.leg) : { ...ofConversation, [preview.leg]: preview };
  return { ...state, previews: { ...state.previews, [preview.conversation]: next } };
}

function applyCall(state: LiveState, call: Call): LiveState {
  const over = call.state === "ended";
  return {
    ...state,
    calls: over ? without(state.calls, partKey(call)) : { ...state.calls, [partKey(call)]: call },
  };
}

function applyTyping(state: LiveState, id: string, speaker: Speaker, at: number | undefined): LiveState {
  const ofConversation = state.typing[id];
  if (at === undefined && ofConversation?.[speaker] === undefined) return state;
  return { ...state, typing: { ...state.typing, [id]: { ...ofConversation, [speaker]: at } } };
}

/** Edits a conversation; one that is not kept here is left alone (whoever opens it fetches it whole). */
function edit(state: LiveState, id: string, change: (old: Conversation) => Conversation): LiveState {
  const old = state.conversations[id];
  if (!old) return state;
  return { ...state, conversations: { ...state.conversations, [id]: change(old) } };
}

function mergeEntries(known: readonly Entry[], more: readonly Entry[]): readonly Entry[] {
  const bySeq = new Map(known.map((entry) => [entry.seq, entry]));
  for (const entry of more) bySeq.set(entry.seq, entry);
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}

function without<T>(map: Readonly<Record<string, T>>, key: string | number): Record<string, T> {
  const copy = { ...map };
  delete copy[key];
  return copy;
}
