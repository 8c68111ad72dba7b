// The whole page against a scripted server: what an agent sees and what the server is asked.

import { act, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { Agent, Call, Conversation, Entry, Live, Offer, Passage } from "../api/shapes";
import { App } from "../app";
// The page fetches it when idle; loading it here first takes the time that a busy machine needs out of the tests' patience.
import "../desk/in_hand";

const AT = "2025-11-22T16:20:00.000Z";
const USER = { name: "alice", role: "agent", lang: "en", agent: true } as const;
const ID = "0-1";

class FakeSocket {
  static last: FakeSocket | undefined;
  readyState = 0;
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: string }) => void) | null = null;
  onclose: (() => void) | null = null;
  sent: string[] = [];

  constructor(readonly address: string) {
    FakeSocket.last = this;
  }
  send(line: string) {
    this.sent.push(line);
  }
  close() {}
}

const agent: Agent = {
  name: "alice",
  state: "ready",
  ready: true,
  desk: true,
  phone: false,
  call: null,
  chats: [],
  offer: null,
  skills: { support: 5 },
  since: AT,
  wrapup_until: null,
  hindrance: null,
  pause: null,
  pause_until: null,
};

const conversation: Conversation = {
  id: ID,
  channel: "chat",
  state: "talking",
  person: { id: 7, name: "Jo", addresses: ["chat:9f2c11"] },
  caller: "chat:9f2c11",
  called: "chat",
  lang: "en",
  queue: "support",
  queued_at: AT,
  agent: "alice",
  started_at: AT,
  ended_at: null,
  reason: null,
  ticket_id: null,
  legs: [],
};

const offer: Offer = {
  conversation: ID,
  agent: "alice",
  channel: "chat",
  caller: "chat:9f2c11",
  name: "Jo",
  queue: "support",
  why: {
    strategy: "best_skill_longest_idle",
    level: 5,
    idle_ms: 9_000,
    waited_ms: 1_200,
    candidates: 2,
    others: [{ agent: "bob", level: 2, idle_ms: 1_000 }],
    passed_over: [{ agent: "carol", why: "not_ready" }],
  },
  until: "2099-01-01T00:00:00.000Z",
};

const call: Call = {
  conversation: ID,
  agent: "alice",
  part: "holder",
  state: "talking",
  // A desk phone: the page itself brings no media.
  device: "phone",
  since: AT,
  attach: 0,
  muted: false,
  silent: null,
  others: [],
  watched_by: [],
  quality: [],
  recording: null,
  may_record: false,
  transcription: "on",
  video: false,
};

function entry(seq: number, more: Partial<Entry>): Entry {
  return {
    seq,
    at: `2025-11-22T16:20:0${seq}.000Z`,
    leg: 0,
    speaker: "customer",
    author: null,
    kind: "message",
    text: "",
    final: true,
    start_ms: null,
    end_ms: null,
    confidence: null,
    corrected: null,
    detail: null,
    ...more,
  };
}

let signedIn = true;
let asked: { method: string; path: string; body: unknown }[] = [];
let messageStatus = 201;
let suggested: Passage[] = [];
/** How many times the record does not have the conversation yet. */
let notYet = 0;

function serve(address: string, init: RequestInit): Response {
  const path = address.replace("/api/v1", "");
  const body: unknown = init.body ? JSON.parse(String(init.body)) : undefined;
  const method = init.method ?? "GET";
  asked.push({ method, path, body });
  const reply = (status: number, value: unknown) => new Response(status === 204 ? null : JSON.stringify(value), { status });
  if (path === "/session" && method === "POST") {
    if ((body as { password: string }).password !== "right") {
      return reply(401, { error: { code: "bad_credentials", message: "no" } });
    }
    signedIn = true;
    return reply(200, { token: "t", user: USER });
  }
  if (path === "/session") return signedIn ? reply(200, USER) : reply(401, { error: { code: "unauthorized", message: "no" } });
  if (path.endsWith("/suggestions")) return reply(200, { items: suggested, question: "refund" });
  if (path.startsWith("/tickets?")) return reply(200, { items: [], next: null });
  if (path.startsWith("/conversations?")) return reply(200, { items: [], next: null });
  if (path.startsWith(`/conversations/${ID}?`)) {
    if (notYet > 0) {
      notYet -= 1;
      return reply(404, { error: { code: "not_found", message: "no" } });
    }
    return reply(200, { ...conversation, entries: [entry(1, { text: "Hello" })], entries_next: null, writing: null, deliveries: [] });
  }
  if (path.endsWith("/messages")) return reply(messageStatus, { seq: 2, at: AT });
  return reply(204, undefined);
}

function say(...news: Live[]) {
  act(() => {
    for (const one of news) FakeSocket.last?.onmessage?.({ data: JSON.stringify(one) });
  });
}

async function openDesk() {
  render(<App />);
  await waitFor(() => expect(FakeSocket.last).toBeDefined());
  await screen.findByTestId("ready-switch");
  act(() => {
    const socket = FakeSocket.last;
    if (socket) socket.readyState = 1;
    socket?.onopen?.();
  });
  say(
    { type: "hello", last: 10, after: 10, user: USER, at: new Date().toISOString() },
    { type: "snapshot", agents: [agent], queues: [], offers: [], calls: [] },
  );
}

describe("the agent's page", () => {
  beforeEach(() => {
    signedIn = true;
    asked = [];
    messageStatus = 201;
    suggested = [];
    notYet = 0;
    FakeSocket.last = undefined;
    vi.stubGlobal("WebSocket", FakeSocket);
    vi.stubGlobal("fetch", async (address: string, init: RequestInit) => serve(address, init));
    window.history.replaceState(null, "", "/desk");
  });
  afterEach(() => vi.unstubAllGlobals());

  it("a wrong password is said, the right one opens the desk", async () => {
    signedIn = false;
    window.history.replaceState(null, "", "/");
    render(<App />);
    fireEvent.change(await screen.findByTestId("name"), { target: { value: "alice" } });
    fireEvent.change(screen.getByTestId("password"), { target: { value: "wrong" } });
    fireEvent.click(screen.getByTestId("sign-in"));
    expect(await screen.findByText("Name or password is wrong.")).toBeTruthy();
    fireEvent.change(screen.getByTestId("password"), { target: { value: "right" } });
    fireEvent.click(screen.getByTestId("sign-in"));
    expect(await screen.findByTestId("ready-switch")).toBeTruthy();
    expect(location.pathname).toBe("/desk");
  });

  it("says hello as a desk and shows the state that the server derives", async () => {
    await openDesk();
    expect(FakeSocket.last?.sent).toEqual(['{"type":"desk"}']);
    await waitFor(() => expect(screen.getByTestId("agent-state").dataset.state).toBe("ready"));
    fireEvent.click(screen.getByTestId("ready-switch"));
    await waitFor(() =>
      expect(asked).toContainEqual({ method: "PUT", path: "/agents/me/ready", body: { ready: false } }),
    );
  });

  it("an offer rings with caller, queue and reason; A answers it and the conversation opens", async () => {
    await openDesk();
    say({ type: "offer", offer });
    expect((await screen.findByTestId("offer-caller")).textContent).toBe("Jo");
    expect(screen.getByTestId("offer-queue").textContent).toContain("support");
    const why = within(screen.getByTestId("why-me"));
    expect(why.getByText("bob: level 2, idle 0:01")).toBeTruthy();
    expect(why.getByText("carol: not ready")).toBeTruthy();
    fireEvent.keyDown(window, { key: "a" });
    await waitFor(() =>
      expect(asked).toContainEqual({ method: "POST", path: `/conversations/${ID}/commands`, body: { command: "accept" } }),
    );
    say({ type: "offer_over", conversation: ID, agent: "alice", end: null });
    expect((await screen.findByTestId("in-hand")).dataset.conversation).toBe(ID);
    expect(screen.queryByTestId("offer-card")).toBeNull();
    expect((await screen.findByText("Hello")).closest("[data-testid=line]")?.getAttribute("data-speaker")).toBe("customer");
  });

  it("an offer that rings before the record has it shows who rings all the same", async () => {
    await openDesk();
    notYet = 2;
    say({ type: "offer", offer });
    expect(await screen.findByTestId("screen-pop")).toBeTruthy();
    expect(notYet).toBe(0);
  });

  it("an agent who was set aside for missed offers reads so until they are ready again", async () => {
    await openDesk();
    say({ type: "agent", agent: { ...agent, state: "not_ready", ready: false, pause: "set_aside" } });
    expect((await screen.findAllByText(/set to not ready because an offer was not answered/)).length).toBe(2);
    say({ type: "agent", agent });
    await waitFor(() => expect(screen.queryByText(/set to not ready/)).toBeNull());
  });

  it("D declines; keys pressed while writing or for another agent's offer do nothing", async () => {
    await openDesk();
    say({ type: "offer", offer: { ...offer, agent: "bob" } });
    fireEvent.keyDown(window, { key: "d" });
    say({ type: "offer", offer });
    await screen.findByTestId("offer-card");
    fireEvent.keyDown(window, { key: "d", ctrlKey: true });
    expect(asked.some((one) => one.path.endsWith("/commands"))).toBe(false);
    fireEvent.keyDown(window, { key: "D" });
    await waitFor(() =>
      expect(asked).toContainEqual({ method: "POST", path: `/conversations/${ID}/commands`, body: { command: "decline" } }),
    );
  });

  it("answers to what the customer says are shown with their reason; Alt+1 writes one into the message, thumbs teach", async () => {
    suggested = [
      { key: "refund", title: "Refunds", heading: "Cards", text: "Within **five** days.", score: 3, words: ["refund", "card"], taught: 0 },
    ];
    await openDesk();
    say({ type: "offer", offer });
    fireEvent.keyDown(await screen.findByTestId("offer-card"), { key: "a" });
    say({ type: "offer_over", conversation: ID, agent: "alice", end: null });
    const panel = within(await screen.findByTestId("suggestions"));
    expect(panel.getByText("Refunds · Cards")).toBeTruthy();
    expect(panel.getByTestId("suggestion-why").textContent).toContain("refund, card");
    fireEvent.keyDown(window, { code: "Digit1", key: "¡", altKey: true });
    await waitFor(() => expect((screen.getByTestId("composer") as HTMLTextAreaElement).value).toBe("Within five days."));
    fireEvent.click(panel.getByTestId("thumb-up"));
    await waitFor(() =>
      expect(asked).toContainEqual({ method: "POST", path: "/knowledge/votes", body: { key: "refund", question: "refund", useful: true } }),
    );
  });

  it("an offer for one agent alone is not called a best match", async () => {
    await openDesk();
    say({ type: "offer", offer: { ...offer, why: { ...offer.why!, strategy: "direct", level: 0, candidates: 1 } } });
    const why = await screen.findByTestId("why-me");
    expect(why.textContent).toContain("It was for this agent alone");
    expect(why.textContent).not.toContain("level");
  });

  it("whose audio is missing is said, and is no longer once it is back", async () => {
    await openDesk();
    say({ type: "offer", offer });
    fireEvent.click(await screen.findByTestId("answer"));
    await screen.findByText("Hello");
    say({ type: "call", call });
    await screen.findByTestId("call-state");
    expect(screen.queryByTestId("no-audio")).toBeNull();
    say({ type: "call", call: { ...call, silent: "customer" } });
    const missing = await screen.findByTestId("no-audio");
    expect(missing.dataset.side).toBe("customer");
    expect(missing.textContent).toContain("No audio from the customer");
    say({ type: "call", call: { ...call, silent: "agent" } });
    expect((await screen.findByText(/No audio from you/)).closest("[data-testid=no-audio]")?.getAttribute("data-side")).toBe("agent");
    say({ type: "call", call });
    await waitFor(() => expect(screen.queryByTestId("no-audio")).toBeNull());
  });

  it("interim text is marked as such and gives way to its final", async () => {
    await openDesk();
    say({ type: "offer", offer });
    fireEvent.click(await screen.findByTestId("answer"));
    await screen.findByText("Hello");
    say({ type: "preview", conversation: ID, leg: 0, speaker: "customer", stable: "I would", tentative: " like", start_ms: 1_000 });
    const interim = () => screen.getAllByTestId("line").filter((line) => line.dataset.final === "false");
    await waitFor(() => expect(interim()).toHaveLength(1));
    const final = entry(2, { kind: "speech", text: "I would like a lamp.", start_ms: 1_000, end_ms: 2_500 });
    say({ type: "event", seq: 11, at: AT, conversation: ID, ticket: null, change: { what: "entry_added", entry: final } });
    await screen.findByText("I would like a lamp.");
    expect(interim()).toHaveLength(0);
  });

  it("Enter sends a message under a name of its own; it shows at once and is not doubled by its entry", async () => {
    await openDesk();
    say({ type: "offer", offer });
    fireEvent.click(await screen.findByTestId("answer"));
    const composer = await screen.findByTestId("composer");
    fireEvent.change(composer, { target: { value: "Good morning" } });
    fireEvent.keyDown(composer, { key: "Enter" });
    expect(screen.getByTestId("line-unsent").textContent).toContain("Good morning");
    const sent = await waitFor(() => {
      const found = asked.find((one) => one.path.endsWith("/messages"));
      if (!found) throw new Error("not sent yet");
      return found.body as { text: string; dedupe: string };
    });
    expect(sent.text).toBe("Good morning");
    expect(sent.dedupe.length).toBeGreaterThan(10);
    const recorded = entry(2, { speaker: "agent", author: "alice", leg: 1, text: "Good morning" });
    say({ type: "event", seq: 11, at: AT, conversation: ID, ticket: null, change: { what: "entry_added", entry: recorded } });
    await waitFor(() => expect(screen.queryByTestId("line-unsent")).toBeNull());
    expect(screen.getAllByText("Good morning")).toHaveLength(1);
  });

  it("a refused message stays, with a way to send it again", async () => {
    await openDesk();
    say({ type: "offer", offer });
    fireEvent.click(await screen.findByTestId("answer"));
    const composer = await screen.findByTestId("composer");
    messageStatus = 409;
    fireEvent.change(composer, { target: { value: "Good morning" } });
    fireEvent.click(screen.getByTestId("send"));
    await waitFor(() => expect(screen.getByTestId("line-unsent").dataset.failed).toBe("true"));
  });

  it("the page's language can be changed, and says so to screen readers", async () => {
    await openDesk();
    fireEvent.click(screen.getByText("中文"));
    expect(await screen.findByText("我的会话")).toBeTruthy();
    expect(document.documentElement.lang).toBe("zh-CN");
  });
});
