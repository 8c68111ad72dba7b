import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { LiveSocket, QUIET_MS, type SocketNeeds } from "./socket";
import { socketAddress } from "./store";

class FakeSocket {
  static all: FakeSocket[] = [];
  readyState = 0;
  sent: string[] = [];
  closed = false;
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  onerror: (() => void) | null = null;

  constructor(readonly address: string) {
    FakeSocket.all.push(this);
  }
  send(line: string) {
    this.sent.push(line);
  }
  close() {
    this.closed = true;
  }
  opens() {
    this.readyState = 1;
    this.onopen?.();
  }
  says(data: unknown) {
    this.onmessage?.({ data: typeof data === "string" ? data : JSON.stringify(data) });
  }
  dies(code = 1006) {
    this.onclose?.({ code });
  }
}

const last = () => {
  const socket = FakeSocket.all[FakeSocket.all.length - 1];
  if (!socket) throw new Error("no socket was opened");
  return socket;
};

function setUp() {
  const needs = {
    address: vi.fn(() => "ws://desk/api/v1/events"),
    hello: () => ['{"type":"desk"}'],
    link: vi.fn(),
    news: vi.fn(),
    refused: vi.fn(),
    open: (address: string) => new FakeSocket(address) as unknown as WebSocket,
    chance: () => 0.5,
  } satisfies SocketNeeds;
  const socket = new LiveSocket(needs);
  socket.start();
  return { needs, socket };
}

describe("the live socket", () => {
  beforeEach(() => {
    FakeSocket.all = [];
    vi.useFakeTimers();
  });
  afterEach(() => vi.useRealTimers());

  it("says that it is a desk as soon as it is open", () => {
    const { needs } = setUp();
    last().opens();
    expect(last().sent).toEqual(['{"type":"desk"}']);
    expect(needs.link).toHaveBeenLastCalledWith("live");
  });

  it("comes back after a loss, asking anew where to resume", () => {
    const { needs } = setUp();
    last().opens();
    needs.address.mockReturnValue("ws://desk/api/v1/events?after=12");
    last().dies();
    expect(needs.link).toHaveBeenLastCalledWith("lost");
    vi.advanceTimersByTime(500);
    expect(FakeSocket.all).toHaveLength(2);
    expect(last().address).toBe("ws://desk/api/v1/events?after=12");
  });

  it("waits longer after each failure, up to a limit", () => {
    setUp();
    const waits: number[] = [];
    for (let n = 0; n < 7; n += 1) {
      const before = FakeSocket.all.length;
      last().dies();
      let waited = 0;
      while (FakeSocket.all.length === before) {
        vi.advanceTimersByTime(100);
        waited += 100;
      }
      waits.push(waited);
    }
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 8000, 8000]);
  });

  it("a silent socket is taken for dead", () => {
    const { needs } = setUp();
    const first = last();
    first.opens();
    vi.advanceTimersByTime(QUIET_MS - 1);
    first.says({ type: "tick", at: "2025-11-22T16:20:00.000Z" });
    vi.advanceTimersByTime(QUIET_MS - 1);
    expect(first.closed).toBe(false);
    vi.advanceTimersByTime(1);
    expect(first.closed).toBe(true);
    expect(needs.link).toHaveBeenLastCalledWith("lost");
  });

  it("words that are no news are ignored", () => {
    const { needs } = setUp();
    last().opens();
    last().says("not json");
    last().says("[1]");
    last().says("null");
    expect(needs.news).not.toHaveBeenCalled();
  });

  it("an old socket that still speaks is not heard", () => {
    const { needs } = setUp();
    const first = last();
    first.opens();
    first.dies();
    vi.advanceTimersByTime(500);
    first.says({ type: "tick", at: "" });
    expect(needs.news).not.toHaveBeenCalled();
  });

  it("a refusal asks whether one is still signed in", () => {
    const { needs } = setUp();
    last().opens();
    last().dies(1008);
    expect(needs.refused).toHaveBeenCalledTimes(1);
  });

  it("stopped, it stays away", () => {
    const { socket } = setUp();
    last().opens();
    socket.stop();
    last().dies();
    socket.hurry();
    vi.advanceTimersByTime(60_000);
    expect(FakeSocket.all).toHaveLength(1);
  });

  it("hurrying does not open a second connection", () => {
    const { socket } = setUp();
    last().opens();
    socket.hurry();
    expect(FakeSocket.all).toHaveLength(1);
  });
});

describe("where it connects", () => {
  it("same host and security as the page, resuming only when there is something to resume", () => {
    expect(socketAddress({ protocol: "http:", host: "127.0.0.1:8080" }, null)).toBe("ws://127.0.0.1:8080/api/v1/events");
    expect(socketAddress({ protocol: "https:", host: "desk.example" }, 9)).toBe("wss://desk.example/api/v1/events?after=9");
  });
});
