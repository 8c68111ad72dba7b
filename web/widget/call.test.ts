import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { AudioPicture, CallAudio } from "../src/media/call_audio";
import { MicrophoneError } from "../src/media/microphone";
import { Call } from "./call";
import type { Browser } from "./chat";

const OFF: AudioPicture = {
  phase: "off",
  conversation: undefined,
  microphone: undefined,
  label: "",
  blocked: false,
  showing: undefined,
  camera: undefined,
};

class FakeSocket {
  static all: FakeSocket[] = [];
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
  close = vi.fn();
  says(news: unknown) {
    this.onmessage?.({ data: JSON.stringify(news) });
  }
}

function world(options: { stored?: unknown; refuse?: number; deaf?: boolean } = {}) {
  const kept = new Map<string, string>();
  if (options.stored) kept.set("voxdesk.call", JSON.stringify(options.stored));
  const asked: string[] = [];
  const fetch = vi.fn(async (address: string, init: RequestInit) => {
    asked.push(`${init.method} ${address} ${String(init.body ?? "")}`);
    if (options.refuse) return { ok: false, status: options.refuse } as Response;
    const body = { conversation: "0-1", token: "t1", ice_servers: [] };
    return { ok: true, status: init.method === "DELETE" ? 204 : 201, json: async () => body } as Response;
  });
  const browser = {
    fetch,
    socket: (address: string) => new FakeSocket(address),
    storage: {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
      removeItem: (key: string) => void kept.delete(key),
    },
    random: (bytes: number) => new Uint8Array(bytes),
  } as unknown as Browser;
  const media = {
    subscribe: () => () => undefined,
    read: () => OFF,
    prepare: vi.fn(async () => {
      if (options.deaf) throw new MicrophoneError("denied", "no");
    }),
    show: vi.fn(async () => undefined),
    standDown: vi.fn(),
    want: vi.fn(),
    mute: vi.fn(),
    again: vi.fn(),
  };
  const call = new Call("http://desk/api/v1", "zh", browser, () => "visitor-0123456789", media as unknown as CallAudio);
  return { call, media, asked, kept };
}

describe("a customer's call from a page", () => {
  beforeEach(() => {
    FakeSocket.all = [];
    vi.useFakeTimers();
  });
  afterEach(() => vi.useRealTimers());

  it("begins with the camera, brings its media and follows where it stands", async () => {
    const { call, media, asked } = world();
    await call.start(true);
    expect(asked[0]).toContain('POST http://desk/api/v1/widget/calls {"visitor":"visitor-0123456789","lang":"zh","video":true}');
    expect(media.show).toHaveBeenCalledWith("camera");
    expect(media.want).toHaveBeenCalledWith("0-1", true);
    const socket = FakeSocket.all[0];
    expect(socket?.address).toBe("ws://desk/api/v1/widget/chats/0-1/events");
    socket?.onopen?.();
    expect(socket?.sent).toEqual(['{"type":"auth","token":"t1"}']);
    socket?.says({ type: "hello", state: "waiting" });
    expect(call.read().state).toBe("waiting");
    socket?.says({ type: "state", state: "talking" });
    expect(call.read().state).toBe("talking");
    socket?.says({ type: "bring_media" });
    expect(media.again).toHaveBeenCalledTimes(1);
  });

  it("ends for the customer at once, whatever the server says", async () => {
    const { call, media, asked, kept } = world();
    await call.start(false);
    await call.hangUp();
    expect(call.read().state).toBe("ended");
    expect(media.want).toHaveBeenLastCalledWith(undefined);
    expect(asked.at(-1)).toContain("DELETE http://desk/api/v1/widget/chats/0-1");
    expect(kept.size).toBe(0);
    expect(FakeSocket.all[0]?.close).toHaveBeenCalled();
  });

  it("is there again after a reload, with the camera as it was", () => {
    const { call, media } = world({ stored: { conversation: "0-7", token: "t7", video: true, camera: true, ice: [] } });
    call.resume();
    expect(media.want).toHaveBeenCalledWith("0-7", true);
    expect(media.show).toHaveBeenCalledWith("camera");
    FakeSocket.all[0]?.onclose?.({ code: 1008 });
    expect(call.read().state).toBe("ended");
  });

  it("a lost socket is opened again; the call goes on meanwhile", async () => {
    const { call } = world();
    await call.start(true);
    FakeSocket.all[0]?.says({ type: "hello", state: "talking" });
    FakeSocket.all[0]?.onclose?.({ code: 1006 });
    expect(call.read().state).toBe("talking");
    await vi.advanceTimersByTimeAsync(1_000);
    expect(FakeSocket.all).toHaveLength(2);
  });

  it.each([
    [{ deaf: true }, "microphone"],
    [{ refuse: 503 }, "busy"],
    [{ refuse: 404 }, "off"],
  ] as const)("what cannot begin says why and keeps no device: %o", async (options, trouble) => {
    const { call, media } = world(options);
    await call.start(true);
    expect(call.read()).toMatchObject({ state: undefined, trouble });
    expect(media.standDown).toHaveBeenCalled();
    expect(media.show).toHaveBeenLastCalledWith(undefined);
  });
});
