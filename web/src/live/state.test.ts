import { describe, expect, it } from "vitest";

import type { Change, Entry, Live } from "../api/shapes";
import { apply, EMPTY, loaded, partKey, type LiveState } from "./state";

const ID = "0-1";
const NOW = 1_000_000;

function entry(seq: number, more: Partial<Entry> = {}): Entry {
  return {
    seq,
    at: "2025-11-22T16:20:00.000Z",
    leg: 0,
    speaker: "customer",
    author: null,
    kind: "speech",
    text: `line ${seq}`,
    final: true,
    start_ms: seq * 1000,
    end_ms: seq * 1000 + 800,
    confidence: null,
    corrected: null,
    detail: null,
    ...more,
  };
}

function event(seq: number, change: Change, ticket: number | null = null): Live {
  return { type: "event", seq, at: "2025-11-22T16:20:00.000Z", conversation: ID, ticket, change };
}

function spoken(seq: number, one: Entry): Live {
  return event(seq, { what: "entry_added", entry: one });
}

const opening: Change = {
  what: "conversation_opened",
  channel: "voice",
  address: "sip:jo@example.org",
  name: null,
  called: "1000",
  lang: "en",
  at: "2025-11-22T16:20:00.000Z",
};

function hello(after: number): Live {
  const user = { name: "alice", role: "agent", lang: "en", agent: true } as const;
  return { type: "hello", last: after, after, user, at: new Date(NOW + 3_000).toISOString() };
}

function fold(state: LiveState, ...news: Live[]): LiveState {
  return news.reduce((before, one) => apply(before, one, NOW), state);
}

/** A page that is connected and has the conversation open. */
function open(): LiveState {
  const begun = fold(EMPTY, hello(10), event(11, opening));
  const conversation = begun.conversations[ID];
  if (!conversation) throw new Error("the opening was not folded in");
  return loaded(begun, { ...conversation, entries: [], entries_next: null, writing: null, deliveries: [], crm_url: null });
}

describe("numbered events", () => {
  it("a repeated event changes nothing", () => {
    const once = fold(open(), spoken(12, entry(1)));
    expect(fold(once, spoken(12, entry(1)))).toBe(once);
  });

  it("the number to resume from is that of the last event", () => {
    expect(fold(open(), spoken(12, entry(1)), spoken(13, entry(2))).seq).toBe(13);
  });

  it("a customer who was edited or merged is fetched again, with the conversations that show them", () => {
    const person = { id: 7, name: "Jo", addresses: [], tier: null };
    const known = open();
    const jo = known.conversations[ID];
    if (!jo) throw new Error("it is open");
    const shown = { ...known, conversations: { [ID]: { ...jo, person } } };
    const at = "2025-11-22T16:20:00.000Z";
    const told = (change: Change) => ({ ...event(12, change), conversation: null }) as Live;
    const merged = fold(shown, told({ what: "customers_merged", kept: 3, gone: 7, by: "bob", at }));
    expect([merged.stale, merged.customers, merged.customerChanges]).toEqual([[ID], { 3: 1, 7: 1 }, 1]);
    const another = fold(shown, told({ what: "customer_edited", person: 8, by: "bob", at }));
    expect([another.stale, another.customers]).toEqual([[], { 8: 1 }]);
  });

  it("a hole in the numbers makes every conversation here stale", () => {
    expect(fold(open(), spoken(15, entry(1))).stale).toEqual([ID]);
  });

  it("a hello that continues where we are keeps everything", () => {
    const state = fold(open(), spoken(12, entry(1)), hello(12));
    expect(state.stale).toEqual([]);
    expect(state.entries[ID]).toHaveLength(1);
  });

  it("a hello that skipped numbers makes what is open stale", () => {
    const state = fold(open(), hello(40));
    expect(state.stale).toEqual([ID]);
    expect(state.seq).toBe(40);
  });

  it("a record that is shorter than the one we knew is another record: begin anew", () => {
    const state = fold(open(), spoken(12, entry(1)), hello(3));
    expect(state.seq).toBe(3);
    expect(state.conversations).toEqual({});
    expect(fold(state, event(4, opening)).conversations[ID]?.state).toBe("flow");
  });

  it("news of a kind this page does not know is ignored", () => {
    const state = open();
    expect(apply(state, { type: "weather" } as unknown as Live, NOW)).toBe(state);
  });
});

describe("corrections", () => {
  it("a corrected line says the new on every page and keeps its place", () => {
    const before = fold(open(), spoken(12, entry(1, { confidence: 0.4 })), spoken(13, entry(2)));
    const corrected = { revision: 1, by: "alice", at: "2025-11-22T16:21:00.000Z", original: "line 1" };
    const change: Change = { what: "entry_corrected", seq: 1, text: "line one", corrected, detail: null };
    const lines = fold(before, event(14, change)).entries[ID] ?? [];
    expect(lines.map((line) => line.text)).toEqual(["line one", "line 2"]);
    expect(lines[0]).toMatchObject({ corrected, confidence: null, start_ms: 1000 });
    expect(fold(before, event(14, { ...change, seq: 9 })).entries[ID]).toEqual(before.entries[ID]);
  });
});

describe("entries", () => {
  it("a hole in a conversation is noticed, and a fetch closes it in order without doubles", () => {
    const holed = fold(open(), spoken(12, entry(1)), spoken(13, entry(3)));
    expect(holed.stale).toEqual([ID]);
    const conversation = holed.conversations[ID];
    if (!conversation) throw new Error("lost");
    const whole = loaded(holed, { ...conversation, entries: [entry(1), entry(2)], entries_next: null, writing: null, deliveries: [], crm_url: null });
    expect(whole.entries[ID]?.map((one) => one.seq)).toEqual([1, 2, 3]);
    expect(whole.stale).toEqual([]);
  });

  it("an entry that a fetch brought already is not shown twice", () => {
    const before = open();
    const conversation = before.conversations[ID];
    if (!conversation) throw new Error("lost");
    const fetched = loaded(before, { ...conversation, entries: [entry(1)], entries_next: null, writing: null, deliveries: [], crm_url: null });
    expect(fold(fetched, spoken(12, entry(1))).entries[ID]).toHaveLength(1);
  });
});

describe("interim text", () => {
  const preview = (tentative: string, start_ms = 1000): Live => ({
    type: "preview",
    conversation: ID,
    leg: 0,
    speaker: "customer",
    stable: "I would",
    tentative,
    start_ms,
  });

  it("each preview replaces the one before it", () => {
    const state = fold(open(), preview(" lik"), preview(" like"));
    expect(state.previews[ID]?.[0]?.tentative).toBe(" like");
  });

  it("the final of its leg replaces it", () => {
    const state = fold(open(), preview(" like"), spoken(12, entry(1)));
    expect(state.previews[ID]?.[0]).toBeUndefined();
    expect(state.entries[ID]?.[0]?.final).toBe(true);
  });

  it("the final of another leg leaves it alone", () => {
    const state = fold(open(), preview(" like"), spoken(12, entry(1, { leg: 1, speaker: "agent" })));
    expect(state.previews[ID]?.[0]?.tentative).toBe(" like");
  });

  it("the next utterance's preview survives a final that came late", () => {
    const state = fold(open(), preview(" then", 5_000), spoken(12, entry(1)));
    expect(state.previews[ID]?.[0]?.tentative).toBe(" then");
  });

  it("an empty preview removes it", () => {
    const gone: Live = { ...(preview("") as Extract<Live, { type: "preview" }>), stable: "" };
    expect(fold(open(), preview(" like"), gone).previews[ID]).toEqual({});
  });

  it("catching up by snapshot clears all of it", () => {
    const snapshot: Live = { type: "snapshot", agents: [], queues: [], offers: [], calls: [] };
    expect(fold(open(), preview(" like"), snapshot).previews).toEqual({});
  });
});

describe("offers, calls and typing", () => {
  const offer = {
    conversation: ID,
    agent: "alice",
    channel: "voice",
    caller: "sip:jo@example.org",
    name: null,
    queue: "support",
    why: null,
    until: "2025-11-22T16:20:20.000Z",
  } as const;

  it("an offer to one agent survives the end of the same conversation's offer to another", () => {
    const state = fold(
      open(),
      { type: "offer", offer: { ...offer, agent: "bob" } },
      { type: "offer", offer },
      { type: "offer_over", conversation: ID, agent: "bob", end: "timed_out" },
    );
    expect(Object.values(state.offers).map((one) => one.agent)).toEqual(["alice"]);
    expect(state.lastOfferOver?.end).toBe("timed_out");
  });

  const call: Extract<Live, { type: "call" }>["call"] = {
    conversation: ID,
    agent: "alice",
    state: "talking",
    device: "browser",
    muted: false,
    silent: null,
    since: null,
    part: "holder",
    others: [],
    recording: null,
    may_record: false,
    transcription: "on",
    watched_by: [],
    quality: [],
    video: false,
    attach: 0,
  };

  it("an ended call disappears", () => {
    const talking = fold(open(), { type: "call", call });
    expect(talking.calls[partKey({ conversation: ID, agent: call.agent })]?.state).toBe("talking");
    expect(fold(talking, { type: "call", call: { ...call, state: "ended" } }).calls).toEqual({});
  });

  it("a supervisor's part in a call stays when the agent's is shown after it", () => {
    const part = { ...call, agent: "sue", part: "listen" };
    const listening = fold(open(), { type: "call", call: part }, { type: "call", call });
    expect(listening.calls[partKey({ conversation: ID, agent: "sue" })]).toEqual(part);
    expect(listening.calls[partKey({ conversation: ID, agent: call.agent })]).toEqual(call);
  });

  it("a message ends its writer's typing", () => {
    const typing = fold(open(), { type: "typing", conversation: ID, speaker: "customer", on: true });
    expect(typing.typing[ID]?.customer).toBe(NOW);
    const sent = fold(typing, spoken(12, entry(1, { kind: "message" })));
    expect(sent.typing[ID]?.customer).toBeUndefined();
  });

  it("the server's clock is known from its hello", () => {
    expect(open().skew).toBe(3_000);
  });
});

describe("what is kept", () => {
  const ending: Change = { what: "conversation_ended", at: "2025-11-22T16:30:00.000Z", fault: "none", reason: "hangup" };

  it("an ended conversation that is open here stays, with its end", () => {
    expect(fold(open(), event(12, ending)).conversations[ID]?.reason).toBe("hangup");
  });

  it("an ended conversation that nobody opened is forgotten", () => {
    const state = fold(EMPTY, hello(10), event(11, opening), event(12, ending));
    expect(state.conversations).toEqual({});
  });

  it("a change of a ticket is counted so that its panel fetches again", () => {
    const state = fold(open(), event(12, { what: "ticket_for", subject: "s", assignee: null, at: "" }, 7));
    expect(state.tickets[7]).toBe(1);
    expect(state.conversations[ID]?.ticket_id).toBe(7);
  });
});
