import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { CallAudio } from "./call_audio";
import { Camera } from "./camera";
import { Microphone } from "./microphone";
import type { LockNews } from "./tab_lock";

class FakePeer extends EventTarget {
  static all: FakePeer[] = [];
  connectionState = "new";
  iceGatheringState = "complete";
  localDescription: { sdp: string } | undefined;
  remote: string | undefined;
  tracks = 0;
  closed = false;
  ontrack: unknown = null;
  onconnectionstatechange: (() => void) | null = null;

  constructor() {
    super();
    FakePeer.all.push(this);
  }
  addTrack() {
    this.tracks += 1;
  }
  sent: unknown;
  addTransceiver(track: unknown) {
    this.sent = track;
    return { sender: { replaceTrack: async (next: unknown) => void (this.sent = next) } };
  }
  getSenders() {
    return [];
  }
  async createOffer() {
    return { type: "offer", sdp: `offer ${FakePeer.all.length}` };
  }
  async setLocalDescription(description: { sdp: string }) {
    this.localDescription = description;
  }
  async setRemoteDescription(description: { sdp: string }) {
    this.remote = description.sdp;
  }
  close() {
    this.closed = true;
  }
  becomes(state: string) {
    this.connectionState = state;
    this.onconnectionstatechange?.();
  }
}

function track() {
  return { readyState: "live", enabled: true, label: "Headset", stop: vi.fn(), onended: null };
}

function audioWith(exchange: (id: string, sdp: string) => Promise<string>, refuse?: string) {
  const microphoneTrack = track();
  const stream = { getAudioTracks: () => [microphoneTrack], getTracks: () => [microphoneTrack] };
  const getUserMedia = vi.fn(async () => {
    if (refuse) throw Object.assign(new Error("refused"), { name: refuse });
    return stream;
  });
  const microphone = new Microphone({ getUserMedia } as unknown as MediaDevices);
  let lockNews: LockNews | undefined;
  const picture = { ...track(), contentHint: "" };
  const camera = new Camera({
    getUserMedia: async () => ({ getVideoTracks: () => [picture] }),
  } as unknown as MediaDevices);
  const audio = new CallAudio({
    exchange,
    microphone,
    camera,
    peer: () => new FakePeer() as unknown as RTCPeerConnection,
    lock: (news) => {
      lockNews = news;
      return { ask: () => news.got(), release: () => undefined };
    },
  });
  return { audio, microphoneTrack, picture, getUserMedia, taken: () => lockNews?.elsewhere() };
}

const settle = () => vi.advanceTimersByTimeAsync(0);

describe("the audio of a call", () => {
  beforeEach(() => {
    FakePeer.all = [];
    vi.useFakeTimers();
  });
  afterEach(() => vi.useRealTimers());

  it("wanting the same call twice attaches once", async () => {
    const exchange = vi.fn(async () => "answer");
    const { audio } = audioWith(exchange);
    audio.want("0-1");
    audio.want("0-1");
    await settle();
    expect(exchange).toHaveBeenCalledTimes(1);
    expect(exchange).toHaveBeenCalledWith("0-1", "offer 1");
    expect(FakePeer.all[0]?.remote).toBe("answer");
    FakePeer.all[0]?.becomes("connected");
    expect(audio.read().phase).toBe("connected");
  });

  it("a failed transport is replaced by a new one", async () => {
    const exchange = vi.fn(async () => "answer");
    const { audio } = audioWith(exchange);
    audio.want("0-1");
    await settle();
    FakePeer.all[0]?.becomes("failed");
    expect(audio.read().phase).toBe("lost");
    await vi.advanceTimersByTimeAsync(400);
    expect(FakePeer.all).toHaveLength(2);
    expect(FakePeer.all[0]?.closed).toBe(true);
    expect(exchange).toHaveBeenCalledTimes(2);
  });

  it("a short disconnection heals without a new connection", async () => {
    const { audio } = audioWith(async () => "answer");
    audio.want("0-1");
    await settle();
    FakePeer.all[0]?.becomes("disconnected");
    await vi.advanceTimersByTimeAsync(1_000);
    FakePeer.all[0]?.becomes("connected");
    await vi.advanceTimersByTimeAsync(10_000);
    expect(FakePeer.all).toHaveLength(1);
    expect(audio.read().phase).toBe("connected");
  });

  it("a server that refuses again and again ends in failure, and trying by hand works", async () => {
    const exchange = vi.fn(async (): Promise<string> => Promise.reject(new Error("full")));
    const { audio } = audioWith(exchange);
    audio.want("0-1");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(audio.read().phase).toBe("failed");
    const before = exchange.mock.calls.length;
    exchange.mockImplementation(async () => "answer");
    audio.again();
    await settle();
    expect(exchange.mock.calls.length).toBe(before + 1);
  });

  it("wanting nothing closes the connection and gives the microphone back", async () => {
    const { audio, microphoneTrack } = audioWith(async () => "answer");
    audio.want("0-1");
    await settle();
    audio.want(undefined);
    expect(FakePeer.all[0]?.closed).toBe(true);
    expect(microphoneTrack.stop).toHaveBeenCalled();
    expect(audio.read().phase).toBe("off");
  });

  it("muting silences the microphone, also after a new connection", async () => {
    const { audio, microphoneTrack } = audioWith(async () => "answer");
    audio.want("0-1");
    await settle();
    audio.mute(true);
    expect(microphoneTrack.enabled).toBe(false);
    microphoneTrack.enabled = true;
    audio.again();
    await settle();
    expect(microphoneTrack.enabled).toBe(false);
  });

  it.each([
    ["NotFoundError", "missing"],
    ["NotAllowedError", "denied"],
    ["NotReadableError", "busy"],
  ])("a microphone refused with %s is named %s, and no call is attached", async (name, code) => {
    const exchange = vi.fn(async () => "answer");
    const { audio } = audioWith(exchange, name);
    await expect(audio.prepare()).rejects.toThrow();
    expect(audio.read().microphone?.code).toBe(code);
    audio.want("0-1");
    await settle();
    expect(audio.read().phase).toBe("failed");
    expect(exchange).not.toHaveBeenCalled();
  });

  it("another tab that takes the call over silences this one", async () => {
    const { audio, taken } = audioWith(async () => "answer");
    audio.want("0-1");
    await settle();
    taken();
    expect(audio.read().phase).toBe("elsewhere");
    expect(FakePeer.all[0]?.closed).toBe(true);
  });

  it("an answer that arrives after the call is over is ignored", async () => {
    let answer: (sdp: string) => void = () => undefined;
    const { audio } = audioWith(() => new Promise((resolve) => (answer = resolve)));
    audio.want("0-1");
    await settle();
    audio.want(undefined);
    answer("too late");
    await settle();
    expect(FakePeer.all[0]?.remote).toBeUndefined();
    expect(audio.read().phase).toBe("off");
  });

  it("a voice call offers no pictures, a video call does before there is one to show", async () => {
    const { audio } = audioWith(async () => "answer");
    audio.want("0-1");
    await settle();
    expect(FakePeer.all[0]?.sent).toBeUndefined();
    audio.want(undefined);
    audio.want("0-2", true);
    await settle();
    expect(FakePeer.all[1]?.sent).toBe("video");
  });

  it("the camera is shown and hidden without a new connection, and shown again after one", async () => {
    vi.stubGlobal("MediaStream", class {});
    const { audio, picture } = audioWith(async () => "answer");
    audio.want("0-1", true);
    await settle();
    await audio.show("camera");
    expect(FakePeer.all).toHaveLength(1);
    expect(FakePeer.all[0]?.sent).toBe(picture);
    expect(audio.read().showing).toBe("camera");
    audio.again();
    await settle();
    expect(FakePeer.all[1]?.sent).toBe(picture);
    await audio.show(undefined);
    expect(FakePeer.all[1]?.sent).toBeNull();
    expect(picture.stop).toHaveBeenCalled();
  });

  it("a screen that this browser does not give out is said so, and the call goes on", async () => {
    const { audio } = audioWith(async () => "answer");
    audio.want("0-1", true);
    await settle();
    await audio.show("screen");
    expect(audio.read()).toMatchObject({ showing: undefined, camera: { code: "insecure" } });
  });
});
