// A made-up contact center for looking at the pages without one: people, tickets, conversations, and moves a script can order.
// For developers only; nothing of it is shipped.

const NOW = Date.now();
export const stamp = (ms = Date.now()) => new Date(ms).toISOString();
const ago = (seconds) => stamp(NOW - seconds * 1000);

const WHY = {
  strategy: "best_skill_longest_idle",
  level: 5,
  idle_ms: 184_000,
  waited_ms: 12_400,
  candidates: 2,
  others: [{ agent: "bob", level: 2, idle_ms: 421_000 }],
  passed_over: [
    { agent: "carol", why: "not_ready" },
    { agent: "dave", why: "busy" },
  ],
};

const agent = (name, state, skills, more = {}) => ({
  name,
  state,
  ready: state !== "not_ready" && state !== "offline",
  desk: state !== "offline",
  phone: false,
  call: null,
  chats: [],
  offer: null,
  skills,
  since: ago(184),
  wrapup_until: null,
  ...more,
});

export class MockFloor {
  seq = 4711;
  sockets = new Set();
  visitors = new Map();
  conversations = new Map();
  entries = new Map();
  tickets = new Map();
  persons = [
    { id: 1, name: "Johanna Weber", addresses: ["tel:+493012345678", "sip:johanna@example.org"], tier: null },
    { id: 2, name: "王晓丽", addresses: ["tel:+8613800001234"], tier: null },
    { id: 3, name: "Visitor", addresses: ["chat:9f2c11d07a5e4b21"], tier: null },
  ];
  agents = new Map(
    [
      agent("alice", "not_ready", { support: 5, sales: 2 }),
      agent("bob", "talking", { sales: 5, support: 2 }, { call: "0-b0b", phone: true }),
      agent("carol", "not_ready", { support: 3 }),
      agent("dave", "offline", { sales: 3 }),
    ].map((one) => [one.name, one]),
  );
  queues = new Map([
    ["sales", { name: "sales", waiting: [], ready_agents: 0, staffed_agents: 2 }],
    ["support", { name: "support", waiting: [], ready_agents: 1, staffed_agents: 3 }],
  ]);
  offers = new Map();
  calls = new Map();

  constructor() {
    this.past("0-a1", 1, "voice", 86_400 * 2, 340, "support", "alice", 1);
    this.past("0-a2", 1, "chat", 86_400, 610, "support", "bob", 1);
    this.past("0-a3", 2, "voice", 7_200, 95, "sales", "bob", 2);
    this.tickets.set(1, ticket(1, "Delivery of order 4711 is late", "in_progress", this.persons[0], ["0-a1", "0-a2"], "alice"));
    this.tickets.set(2, ticket(2, "Call from +86 138 0000 1234 for sales", "pending_confirmation", this.persons[1], ["0-a3"], "bob"));
    for (let n = 3; n < 9; n += 1) {
      const state = ["new", "done", "in_progress"][n % 3];
      this.tickets.set(n, ticket(n, `Lamp flickers after ${n} weeks`, state, this.persons[n % 3], ["0-a3"], n % 2 ? "bob" : null));
    }
    this.open("0-b0b", 2, "voice", "sales", "bob", "talking", 210);
    this.open("0-c3", 1, "voice", "support", null, "waiting", 75);
    this.queues.get("support").waiting.push({ conversation: "0-c3", medium: "call", since: ago(75), offered_to: null });
  }

  past(id, person, channel, before, length, queue, name, ticketId) {
    const began = NOW - before * 1000;
    this.conversations.set(id, {
      ...blank(id, channel, this.persons[person - 1], began),
      state: "ended",
      queue,
      agent: name,
      ended_at: stamp(began + length * 1000),
      reason: "customer_left",
      ticket_id: ticketId,
    });
    this.entries.set(id, [
      entry(1, began, { kind: "event", speaker: "system", text: "queued", detail: { queue } }),
      entry(2, began + 4_000, { kind: "event", speaker: "system", text: "offered", detail: { agent: name, why: WHY } }),
      entry(3, began + 9_000, { kind: "event", speaker: "system", text: "connected", detail: { agent: name } }),
      entry(4, began + 12_000, { text: "Hello, my parcel should have been here on Monday." }),
      entry(5, began + 19_000, { speaker: "agent", author: name, leg: 1, text: "Good morning! Let me look that up for you." }),
      entry(6, began + 31_000, { kind: "note", speaker: "agent", author: name, leg: null, text: "Carrier says: arrives Thursday." }),
    ]);
  }

  open(id, person, channel, queue, name, state, before) {
    const began = NOW - before * 1000;
    this.conversations.set(id, { ...blank(id, channel, this.persons[person - 1], began), state, queue, agent: name });
    this.entries.set(id, [entry(1, began, { kind: "event", speaker: "system", text: "queued", detail: { queue } })]);
    if (state !== "talking") return;
    this.entries.get(id).push(
      entry(2, began + 5_000, { kind: "event", speaker: "system", text: "offered", detail: { agent: name, why: { ...WHY, others: [["alice", 2, 9000]], passed_over: [["carol", "no_skill"]] } } }),
      entry(3, began + 12_000, { text: "您好，我想了解一下落地灯的价格。" }),
      entry(4, began + 18_000, { speaker: "agent", author: name, leg: 1, text: "您好！橡木款现在是一千六百九十九元。" }),
    );
  }

  // --- what the pages may do -------------------------------------------------------------------------------------------

  snapshot() {
    return {
      type: "snapshot",
      agents: [...this.agents.values()],
      queues: [...this.queues.values()],
      offers: [...this.offers.values()],
      calls: [...this.calls.values()],
    };
  }

  tell(message) {
    for (const socket of this.sockets) socket.send(JSON.stringify(message));
  }

  event(conversation, change, ticketId = null) {
    this.seq += 1;
    this.tell({ type: "event", seq: this.seq, at: stamp(), conversation, ticket: ticketId, change });
  }

  edit(name, part) {
    const next = { ...this.agents.get(name), ...part, since: stamp() };
    this.agents.set(name, next);
    this.tell({ type: "agent", agent: next });
  }

  call(id, part) {
    const next = { ...this.calls.get(id), ...part };
    if (next.state === "ended") this.calls.delete(id);
    else this.calls.set(id, next);
    this.tell({ type: "call", call: next });
  }

  add(id, part) {
    const list = this.entries.get(id);
    const made = entry(list.length + 1, Date.now(), part);
    list.push(made);
    this.event(id, { what: "entry_added", entry: made });
    const line = ["message"].includes(made.kind) && { type: "line", seq: made.seq, at: made.at, speaker: made.speaker, text: made.text };
    if (line) for (const socket of this.visitors.get(id) ?? []) socket.send(JSON.stringify(line));
    return made;
  }

  move(id, part) {
    Object.assign(this.conversations.get(id), part);
    this.event(id, { what: "conversation_moved", queue: null, queued_at: null, agent: null, lang: null, state: "talking", ...part });
    for (const socket of this.visitors.get(id) ?? []) socket.send(JSON.stringify({ type: "state", state: part.state }));
  }

  ring(name, { channel = "voice", person = 1, id = `0-${Date.now().toString(16)}`, known = true, seconds = 25 } = {}) {
    const who = this.persons[person - 1];
    if (!this.conversations.has(id)) {
      this.conversations.set(id, { ...blank(id, channel, who, Date.now() - 12_000), queue: "support", state: "waiting" });
      this.entries.set(id, []);
      this.event(id, { what: "conversation_opened", channel, address: who.addresses[0], name: null, called: "1000", lang: "en", at: stamp() });
      this.add(id, { kind: "event", speaker: "system", text: "queued", detail: { queue: "support" }, leg: null });
    }
    this.add(id, { kind: "event", speaker: "system", text: "offered", detail: { agent: name, why: WHY }, leg: null });
    this.move(id, { state: "ringing", agent: name });
    const offer = {
      conversation: id,
      agent: name,
      channel,
      caller: who.addresses[0],
      name: known ? who.name : null,
      queue: "support",
      why: WHY,
      until: stamp(Date.now() + seconds * 1000),
    };
    this.offers.set(id, offer);
    this.edit(name, { state: "ringing", offer: id });
    this.tell({ type: "offer", offer });
    return id;
  }

  command(name, id, order) {
    const { command } = order;
    const conversation = this.conversations.get(id);
    if (command === "accept") return this.accept(name, id, conversation);
    if (command === "decline") return this.offerOver(name, id, "declined");
    if (command === "hold") return this.call(id, { state: "held" });
    if (command === "resume") return this.call(id, { state: "talking" });
    if (command === "mute") return this.call(id, { muted: order.on });
    if (command === "hangup") return this.hangup(name, id);
    if (command === "wrap_up_done") return this.edit(name, { state: "ready", wrapup_until: null });
    if (command === "typing") {
      for (const socket of this.visitors.get(id) ?? []) socket.send(JSON.stringify({ type: "typing", on: order.on }));
    }
    return undefined;
  }

  accept(name, id, conversation) {
    this.offers.delete(id);
    this.tell({ type: "offer_over", conversation: id, agent: name, end: null });
    this.add(id, { kind: "event", speaker: "system", text: "accepted", detail: { agent: name }, leg: null });
    this.move(id, { state: "talking", agent: name });
    conversation.ticket_id ??= 1;
    this.event(id, { what: "ticket_for", subject: "", assignee: name, at: stamp() }, 1);
    const leg = { ...blankLeg(1, "agent"), agent: name, device: conversation.channel === "chat" ? "text" : "browser", codec: "opus/48000" };
    conversation.legs.push(leg);
    this.event(id, { what: "leg_changed", leg });
    if (conversation.channel === "chat") return this.edit(name, { state: "ready", offer: null, chats: [id] });
    this.edit(name, { state: "talking", offer: null, call: id });
    return this.call(id, { conversation: id, agent: name, state: "connecting", device: "browser", muted: false, silent: null, since: null });
  }

  offerOver(name, id, end) {
    this.offers.delete(id);
    this.tell({ type: "offer_over", conversation: id, agent: name, end });
    this.move(id, { state: "waiting" });
    this.edit(name, { state: end === "timed_out" ? "not_ready" : "ready", ready: end !== "timed_out", offer: null });
  }

  attached(id) {
    this.call(id, { state: "talking", since: this.calls.get(id).since ?? stamp() });
  }

  hangup(name, id) {
    const conversation = this.conversations.get(id);
    Object.assign(conversation, { state: "ended", ended_at: stamp(), reason: "agent_hangup" });
    if (this.calls.has(id)) this.call(id, { state: "ended" });
    this.event(id, { what: "conversation_ended", at: stamp(), fault: "none", reason: "agent_hangup" });
    for (const socket of this.visitors.get(id) ?? []) socket.send(JSON.stringify({ type: "state", state: "ended" }));
    this.edit(name, { state: "wrapup", call: null, chats: [], wrapup_until: stamp(Date.now() + 60_000) });
  }

  chat(visitor, lang) {
    const id = `0-${Date.now().toString(16)}c`;
    const who = { id: 3, name: "Visitor", addresses: [`chat:${visitor}`], tier: null };
    this.conversations.set(id, { ...blank(id, "chat", who, Date.now()), called: "chat", lang, queue: "support", state: "waiting" });
    this.entries.set(id, []);
    this.event(id, { what: "conversation_opened", channel: "chat", address: `chat:${visitor}`, name: null, called: "chat", lang, at: stamp() });
    return id;
  }
}

function blankLeg(n, speaker) {
  return { n, speaker, agent: null, device: "phone", codec: "PCMU/8000", started_at: stamp(), answered_at: stamp(), ended_at: null, fault: null, reason: null };
}

function blank(id, channel, person, began) {
  const leg = { ...blankLeg(0, "customer"), started_at: stamp(began), answered_at: stamp(began), ...(channel === "chat" ? { device: "text", codec: "" } : {}) };
  return {
    id, channel, state: "flow", person, caller: person.addresses[0], called: channel === "chat" ? "chat" : "1000", lang: "en", queue: null,
    queued_at: null, agent: null, started_at: stamp(began), ended_at: null, reason: null, ticket_id: null, legs: [leg],
  };
}

function entry(seq, at, part) {
  return {
    seq, at: stamp(at), leg: 0, speaker: "customer", author: null, kind: "speech", text: "", final: true, start_ms: null, end_ms: null,
    detail: null, ...part,
  };
}

function clock(due, met) {
  return { promised_ms: due === null ? null : 28_800_000, spent_ms: 0, due, met, escalated: null };
}

function ticket(id, subject, state, person, conversations, assignee) {
  return {
    id, subject, state, person, channel: "voice", queue: "support", assignee, created_at: ago(86_400), updated_at: ago(600 * id), conversations,
    kind: id === 1 ? "delivery" : null, priority: id === 1 ? "high" : "normal", team: null, followers: [], fields: {}, merged_into: null,
    first_answer: clock(null, ago(80_000)), resolution: clock(id === 1 ? ago(-5_400) : null, null),
  };
}
