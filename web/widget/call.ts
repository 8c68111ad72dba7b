// The customer's side of one call from this page, voice or video, without what it looks like: begins it, keeps it over
// reloads, brings its media, follows where it stands, ends it.
//
// Promises: a page that is reloaded in mid-call is back in it; a call that is over leaves nothing open (microphone, camera,
// socket). Leaves to others: the connection itself (media/call_audio.ts), what it looks like (call_view.ts).

import { CallAudio, type AudioPicture } from "../src/media/call_audio";
import { CameraError } from "../src/media/camera";
import { MicrophoneError } from "../src/media/microphone";
import { tabLock } from "../src/media/tab_lock";
import { asker, Refused, type Ask } from "./ask";
import type { Browser, ChatState } from "./chat";

export type Trouble = "busy" | "off" | "microphone" | "lost" | undefined;

export interface CallPicture {
  /** `undefined`: no call; `opening`: asked for, not there yet. */
  readonly state: ChatState | "opening" | undefined;
  readonly video: boolean;
  readonly muted: boolean;
  readonly trouble: Trouble;
  readonly audio: AudioPicture;
}

interface Held {
  readonly conversation: string;
  readonly token: string;
  readonly video: boolean;
  readonly camera: boolean;
  readonly ice: RTCIceServer[];
}

const HELD = "voxdesk.call";
const FIRST_WAIT_MS = 600;
const LONGEST_WAIT_MS = 8_000;

export class Call {
  readonly media: CallAudio;
  name = "";
  private picture: CallPicture;
  private held: Held | undefined;
  private socket: WebSocket | undefined;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private wait = FIRST_WAIT_MS;
  private readonly listeners = new Set<() => void>();
  private readonly ask: Ask;

  constructor(
    private readonly base: string,
    private readonly lang: "en" | "zh",
    private readonly browser: Browser,
    private readonly visitor: () => string,
    media?: CallAudio,
  ) {
    this.ask = asker(browser, base);
    this.media =
      media ??
      new CallAudio({
        exchange: (id, sdp) => this.exchange(id, sdp),
        iceServers: async () => this.held?.ice ?? [],
        // A name of its own: an agent's desk in the same browser has another call.
        lock: (news) => tabLock(news, navigator.locks, "voxdesk-customer-call"),
      });
    this.picture = { state: undefined, video: false, muted: false, trouble: undefined, audio: this.media.read() };
    this.media.subscribe(() => this.put({ audio: this.media.read() }));
  }

  subscribe(listener: () => void): void {
    this.listeners.add(listener);
  }

  read(): CallPicture {
    return this.picture;
  }

  /** Back into the call of this page, if it had one before it was reloaded. */
  resume(): void {
    this.held = this.stored();
    if (!this.held) return;
    this.put({ state: "flow", video: this.held.video });
    if (this.held.camera) void this.media.show("camera");
    this.begin(this.held);
  }

  async start(video: boolean): Promise<void> {
    if (this.picture.state !== undefined && this.picture.state !== "ended") return;
    this.put({ state: "opening", video, muted: false, trouble: undefined });
    try {
      await this.media.prepare();
      // Who calls with pictures means to be seen; without a camera they still see and talk.
      if (video) await this.media.show("camera");
      const opened = await this.ask<{ conversation: string; token: string; ice_servers: RTCIceServer[] }>(
        "POST",
        "/widget/calls",
        { visitor: this.visitor(), lang: this.lang, video, ...(this.name.trim() ? { name: this.name.trim().slice(0, 80) } : {}) },
      );
      const { conversation, token, ice_servers: ice } = opened;
      this.held = { conversation, token, video, camera: video, ice };
      this.keep();
      this.put({ state: "flow" });
      this.begin(this.held);
    } catch (error) {
      await this.media.show(undefined).catch(() => undefined);
      this.media.standDown();
      const trouble = troubleOf(error);
      this.put({ state: undefined, trouble });
    }
  }

  mute(on: boolean): void {
    this.media.mute(on);
    this.put({ muted: on });
  }

  async camera(on: boolean): Promise<void> {
    await this.media.show(on ? "camera" : undefined);
    if (!this.held) return;
    this.held = { ...this.held, camera: on };
    this.keep();
  }

  async hangUp(): Promise<void> {
    const held = this.held;
    this.over();
    if (!held) return;
    await this.ask("DELETE", `/widget/chats/${held.conversation}`, undefined, held.token).catch(() => undefined);
  }

  private begin(held: Held): void {
    this.media.want(held.conversation, held.video);
    this.media.mute(this.picture.muted);
    this.listen(held);
  }

  private async exchange(id: string, sdp: string): Promise<string> {
    const token = this.held?.token;
    try {
      return (await this.ask<{ sdp: string }>("POST", `/widget/calls/${id}/media`, { sdp }, token)).sdp;
    } catch (error) {
      if (error instanceof Refused && [401, 404, 409, 410].includes(error.status)) this.over();
      throw error;
    }
  }

  /** Where the call stands, live. */
  private listen(held: Held): void {
    const address = `${this.base.replace(/^http/, "ws")}/widget/chats/${held.conversation}/events`;
    const socket = this.browser.socket(address);
    this.socket = socket;
    socket.onopen = () => socket.send(JSON.stringify({ type: "auth", token: held.token }));
    socket.onmessage = (message) => this.socket === socket && this.hear(String(message.data));
    socket.onclose = (event) => {
      if (this.socket !== socket) return;
      this.socket = undefined;
      // RFC 6455 section 7.4.1, policy violation: the token is void, the call is over.
      if (event.code === 1008) return this.over();
      this.retry = setTimeout(() => this.held && this.listen(this.held), this.wait);
      this.wait = Math.min(this.wait * 2, LONGEST_WAIT_MS);
    };
  }

  private hear(data: string): void {
    let news: { type?: string; state?: ChatState };
    try {
      news = JSON.parse(data) as typeof news;
    } catch {
      return;
    }
    if (news.type === "bring_media") return this.media.again();
    if (news.type !== "hello" && news.type !== "state") return;
    this.wait = FIRST_WAIT_MS;
    if (news.state === "ended") this.over();
    else this.put({ state: news.state });
  }

  private over(): void {
    clearTimeout(this.retry);
    this.held = undefined;
    const socket = this.socket;
    this.socket = undefined;
    socket?.close();
    this.browser.storage.removeItem(HELD);
    this.media.want(undefined);
    this.put({ state: "ended" });
  }

  private keep(): void {
    this.browser.storage.setItem(HELD, JSON.stringify(this.held));
  }

  private stored(): Held | undefined {
    try {
      return (JSON.parse(this.browser.storage.getItem(HELD) ?? "null") as Held | null) ?? undefined;
    } catch {
      return undefined;
    }
  }

  private put(part: Partial<CallPicture>): void {
    this.picture = { ...this.picture, ...part };
    for (const listener of this.listeners) listener();
  }
}

function troubleOf(error: unknown): Trouble {
  if (error instanceof MicrophoneError || error instanceof CameraError) return "microphone";
  if (error instanceof Refused) return error.status === 404 ? "off" : "busy";
  return "lost";
}
