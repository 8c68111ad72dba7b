import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { Chat, type Browser } from "./chat";

class FakeSocket {
  static all: FakeSocket[] = [];
  readyState = 0;
  sent: string[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;

  constructor(readonly address: string) {
    FakeSocket.all.push(this);
  }
  send(line: string) {
    this.sent.push(line);
  }
  close() {
    this.readyState = 3;
  }
  opens() {
    this.readyState = 1;
    this.onopen?.();
  }
  says(news: unknown) {
    this.onmessage?.({ data: JSON.stringify(news) });
  }
}

/** A server that records messages by `dedupe`, as the real one promises to. */
class FakeServer {
  recorded = new Map<string, { seq: number; text: string }>();
  chats = 0;
  failNext: number[] = [];
  loseAnswers = 0;
  visitors: string[] = [];

  files: string[] = [];
  /** What the next uploads answer; a number of their own for "not reached": 0. */
  uploads: [number, unknown][] = [];
  readonly upload = vi.fn(async (address: string, _token: string, file: Blob, progress: (done: number) => void) => {
    progress(0.5);
    const [status, body] = this.uploads.shift() ?? [201, undefined];
    if (status === 0) throw new Error("not reached");
    const name = decodeURIComponent(new URL(address, "http://x").searchParams.get("name") ?? "");
    if (status === 201) this.files.push(name);
    return { status, body: body ?? { name, url: `/api/v1/files/k${this.files.length}/0`, size: file.size } };
  });
  sentFiles: unknown[] = [];

  readonly fetch = vi.fn(async (address: string, init: RequestInit) => {
    const status = this.failNext.shift();
    if (status === 0) throw new TypeError("network");
    if (status !== undefined) return { ok: false, status } as Response;
    const body = JSON.parse(String(init.body ?? "{}")) as Record<string, string>;
    if (address.endsWith("/widget/chats")) {
      this.chats += 1;
      this.visitors.push(body.visitor ?? "");
      return reply(201, { conversation: `0-${this.chats}`, token: `t${this.chats}` });
    }
    if (init.method === "DELETE") return reply(204, undefined);
    const dedupe = body.dedupe ?? "";
    if (body.files) this.sentFiles.push(body.files);
    if (!this.recorded.has(dedupe)) this.recorded.set(dedupe, { seq: this.recorded.size + 1, text: body.text ?? "" });
    if (this.loseAnswers > 0) {
      this.loseAnswers -= 1;
      throw new TypeError("network");
    }
    return reply(201, { seq: this.recorded.get(dedupe)?.seq, at: "2025-11-22T16:20:00.000Z" });
  });
}

function reply(status: number, body: unknown): Response {
  return { ok: true, status, json: async () => body } as Response;
}

function storage() {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
}

let counter = 0;
function chatWith(server: FakeServer, kept = storage()) {
  const browser: Browser = {
    fetch: server.fetch as unknown as typeof fetch,
    socket: (address) => new FakeSocket(address) as unknown as WebSocket,
    storage: kept,
    upload: server.upload,
    random: (bytes) => new Uint8Array(bytes).map(() => (counter += 1) % 256),
  };
  return { chat: new Chat("http://desk/api/v1", "en", browser), kept };
}

const settle = () => vi.advanceTimersByTimeAsync(0);
const last = () => {
  const socket = FakeSocket.all[FakeSocket.all.length - 1];
  if (!socket) throw new Error("no socket was opened");
  return socket;
};
const line = (seq: number, speaker: string, text: string) => ({ type: "line", seq, at: "2025-11-22T16:20:00.000Z", speaker, text });

describe("a customer's chat", () => {
  beforeEach(() => {
    FakeSocket.all = [];
    vi.useFakeTimers();
  });
  afterEach(() => vi.useRealTimers());

  it("the first message opens the chat, shows at once, and is recorded", async () => {
    const server = new FakeServer();
    const { chat } = chatWith(server);
    chat.send("  Hello  ");
    expect(chat.read().pending.map((one) => one.text)).toEqual(["Hello"]);
    await settle();
    expect(chat.read().pending).toEqual([]);
    expect(chat.read().lines).toMatchObject([{ seq: 1, speaker: "customer", text: "Hello" }]);
    expect(server.chats).toBe(1);
    last().opens();
    expect(last().sent[0]).toBe('{"type":"auth","token":"t1"}');
  });

  it("a message whose answer was lost is sent again under the same name and recorded once", async () => {
    const server = new FakeServer();
    server.loseAnswers = 2;
    const { chat } = chatWith(server);
    chat.send("Hello");
    await vi.advanceTimersByTimeAsync(10_000);
    expect(server.recorded.size).toBe(1);
    expect(chat.read().pending).toEqual([]);
    expect(chat.read().lines).toHaveLength(1);
  });

  it("messages arrive in the order in which they were written, also over a failure", async () => {
    const server = new FakeServer();
    server.failNext = [0];
    const { chat } = chatWith(server);
    chat.send("one");
    chat.send("two");
    await vi.advanceTimersByTimeAsync(10_000);
    expect([...server.recorded.values()].map((one) => one.text)).toEqual(["one", "two"]);
  });

  it("a line that comes before the answer to sending it is not shown twice", async () => {
    const server = new FakeServer();
    const { chat } = chatWith(server);
    chat.send("first");
    await settle();
    last().opens();
    last().says({ type: "hello", state: "waiting", at: "" });
    server.loseAnswers = 1;
    chat.send("second");
    await settle();
    last().says(line(2, "customer", "second"));
    expect(chat.read().lines.map((one) => one.text)).toEqual(["first", "second"]);
    expect(chat.read().pending.filter((one) => !one.landed)).toEqual([]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(chat.read().lines).toHaveLength(2);
    expect(chat.read().pending).toEqual([]);
  });

  it("a reload carries on with the same chat, the same visitor, and messages on their way", async () => {
    const server = new FakeServer();
    const first = chatWith(server);
    first.chat.send("before");
    await settle();
    server.failNext = [0, 0, 0];
    first.chat.send("on its way");
    await settle();
    const second = chatWith(server, first.kept);
    server.failNext = [];
    second.chat.resume();
    await settle();
    expect(server.chats).toBe(1);
    expect(last().address).toContain("/widget/chats/0-1/events");
    expect([...server.recorded.values()].map((one) => one.text)).toEqual(["before", "on its way"]);
  });

  it("comes back after the last line it has", async () => {
    const { chat } = chatWith(new FakeServer());
    chat.send("Hello");
    await settle();
    const socket = last();
    socket.opens();
    socket.says({ type: "hello", state: "talking", at: "" });
    socket.says(line(7, "agent", "Hi!"));
    socket.onclose?.({ code: 1006 });
    expect(chat.read().link).toBe("lost");
    await vi.advanceTimersByTimeAsync(2_000);
    expect(last()).not.toBe(socket);
    expect(last().address).toBe("ws://desk/api/v1/widget/chats/0-1/events?after=7");
  });

  it("a message to a chat that is over opens the next one", async () => {
    const server = new FakeServer();
    const { chat } = chatWith(server);
    chat.send("Hello");
    await settle();
    server.failNext = [410];
    chat.send("Still there?");
    await settle();
    expect(server.chats).toBe(2);
    expect(server.visitors[0]).toBe(server.visitors[1]);
    expect(chat.read().lines.map((one) => one.text)).toEqual(["Still there?"]);
  });

  it("the end of the chat is said, and the socket stays away", async () => {
    const { chat, kept } = chatWith(new FakeServer());
    chat.send("Hello");
    await settle();
    last().opens();
    last().says({ type: "state", state: "ended" });
    const count = FakeSocket.all.length;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(chat.read().state).toBe("ended");
    expect(FakeSocket.all).toHaveLength(count);
    expect(kept.getItem("voxdesk.chat")).toBeNull();
  });

  it("a message the server will never take waits for the person", async () => {
    const server = new FakeServer();
    const { chat } = chatWith(server);
    chat.send("Hello");
    await settle();
    server.failNext = [400];
    chat.send("bad");
    await vi.advanceTimersByTimeAsync(30_000);
    expect(chat.read().pending[0]?.state).toBe("refused");
    chat.again(chat.read().pending[0]?.dedupe ?? "");
    await settle();
    expect(chat.read().pending).toEqual([]);
  });

  it("a full house is said, and the chat opens when there is room", async () => {
    const server = new FakeServer();
    server.failNext = [503];
    const { chat } = chatWith(server);
    chat.send("Hello");
    await settle();
    expect(chat.read().busy).toBe(true);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(chat.read().busy).toBe(false);
    expect(chat.read().lines).toHaveLength(1);
  });

  it("the agent's typing ends with the agent's line or by itself", async () => {
    const { chat } = chatWith(new FakeServer());
    chat.send("Hello");
    await settle();
    last().opens();
    last().says({ type: "typing", on: true });
    expect(chat.read().typing).toBe(true);
    last().says(line(5, "agent", "Hi"));
    expect(chat.read().typing).toBe(false);
    last().says({ type: "typing", on: true });
    await vi.advanceTimersByTimeAsync(9_000);
    expect(chat.read().typing).toBe(false);
  });

  it("files go up as soon as they are chosen, the next message names them, and it is recorded once although its answer was lost", async () => {
    const server = new FakeServer();
    const { chat } = chatWith(server);
    chat.attach([new File(["abc"], "发票.png"), new File(["d"], "b.txt")]);
    expect(chat.send("here")).toBe(false);
    await vi.waitFor(() => expect(chat.read().attached.map((one) => one.state)).toEqual(["ready", "ready"]));
    expect(server.chats).toBe(1);
    server.loseAnswers = 1;
    expect(chat.send("")).toBe(true);
    expect(chat.read().attached).toEqual([]);
    await vi.advanceTimersByTimeAsync(3_000);
    const files = [{ name: "发票.png", url: "/api/v1/files/k1/0" }, { name: "b.txt", url: "/api/v1/files/k2/0" }];
    expect(server.sentFiles).toEqual([files, files]);
    expect(server.recorded.size).toBe(1);
    expect(chat.read().lines.at(-1)?.files.map((one) => one.file)).toEqual(["k1/0", "k2/0"]);
    expect(chat.read().pending).toEqual([]);
  });

  it("a file that did not arrive can be tried again; what the server will never take says why, and stops no message", async () => {
    const server = new FakeServer();
    const { chat } = chatWith(server);
    server.uploads = [[0, undefined], [400, { error: { code: "is_program" } }]];
    chat.attach([new File(["a"], "a.png"), new File(["b"], "b.exe"), new File([new Uint8Array(10 * 1024 * 1024 + 1)], "big.zip")]);
    await vi.waitFor(() => expect(chat.read().attached.map((one) => one.why)).toEqual(["network", "program", "large"]));
    const [first, second, third] = chat.read().attached;
    chat.attachAgain(first!.key);
    await vi.waitFor(() => expect(chat.read().attached[0]?.state).toBe("ready"));
    expect(chat.send("see")).toBe(true);
    expect(chat.read().attached.map((one) => one.key)).toEqual([second!.key, third!.key]);
    chat.detach(second!.key);
    chat.detach(third!.key);
    expect(chat.send("  ")).toBe(false);
    await vi.advanceTimersByTimeAsync(100);
    expect(server.sentFiles).toEqual([[{ name: "a.png", url: "/api/v1/files/k1/0" }]]);
  });

  it("at most ten files go with one message", () => {
    const { chat } = chatWith(new FakeServer());
    chat.attach(Array.from({ length: 14 }, (_, n) => new File(["x"], `${n}.txt`)));
    expect(chat.read().attached).toHaveLength(10);
  });
});
