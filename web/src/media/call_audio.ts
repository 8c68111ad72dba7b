// The media of the one call this page carries: microphone up and the other's voice down, and in a video call the camera or
// the screen up and the other's picture down, over one peer connection.
//
// Promises: `want(id)` is repeatable and never attaches twice; a connection that breaks is replaced by a new one while the
// call lasts (the server keeps the caller on music meanwhile); the microphone is given back when no call is wanted.
// Leaves to others: deciding which call (use_call_audio.ts), commands to the server, what is shown.

import { Camera, CameraError, type Showing } from "./camera";
import { Microphone, MicrophoneError } from "./microphone";
import { tabLock, type TabLock } from "./tab_lock";

export type Phase = "off" | "microphone" | "connecting" | "connected" | "lost" | "failed" | "elsewhere";

export interface AudioPicture {
  readonly phase: Phase;
  readonly conversation: string | undefined;
  /** Set when the microphone could not be opened. */
  readonly microphone: MicrophoneError | undefined;
  readonly label: string;
  /** The browser holds the sound back until the person clicks. */
  readonly blocked: boolean;
  /** What this page shows of itself, in a video call. */
  readonly showing: Showing | undefined;
  /** Set when it could not be shown. */
  readonly camera: CameraError | undefined;
}

export interface AudioNeeds {
  /** Sends our offer, gives the server's answer. */
  readonly exchange: (conversation: string, sdp: string) => Promise<string>;
  readonly microphone?: Microphone;
  readonly camera?: Camera;
  /** STUN and TURN servers for this call; none where nothing is needed. */
  readonly iceServers?: () => Promise<RTCIceServer[]>;
  readonly peer?: (iceServers: RTCIceServer[]) => RTCPeerConnection;
  readonly lock?: (news: { got: () => void; elsewhere: () => void }) => TabLock;
}

/** Host candidates come at once; waiting longer (ms) only delays the caller. */
const GATHER_MS = 1_500;
/** From answer to a connected transport, in milliseconds; then a new try. */
const CONNECT_MS = 8_000;
/** A disconnected transport often heals by itself within this (ms). */
const HEAL_MS = 2_500;
const WAITS_MS = [300, 700, 1_500, 3_000, 5_000, 5_000, 5_000, 5_000];

const OFF: AudioPicture = {
  phase: "off",
  conversation: undefined,
  microphone: undefined,
  label: "",
  blocked: false,
  showing: undefined,
  camera: undefined,
};

export class CallAudio {
  private picture: AudioPicture = OFF;
  private readonly listeners = new Set<() => void>();
  private readonly microphone: Microphone;
  private readonly lock: TabLock;
  private peer: RTCPeerConnection | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private speaker: HTMLAudioElement | undefined;
  private remote: MediaStream | undefined;
  private readonly camera: Camera;
  private video = false;
  /** Sends our picture; takes another track without a new connection. */
  private sender: RTCRtpSender | undefined;
  private shown: MediaStreamTrack | undefined;
  private screen: HTMLVideoElement | undefined;
  private mirror: HTMLVideoElement | undefined;
  private seen: MediaStream | undefined;
  private tries = 0;
  private muted = false;
  /** Grows with every new try, so that late answers to older ones are ignored. */
  private round = 0;

  constructor(private readonly needs: AudioNeeds) {
    this.microphone = needs.microphone ?? new Microphone();
    this.camera = needs.camera ?? new Camera();
    const news = { got: () => this.connect(), elsewhere: () => this.yieldToOtherTab() };
    this.lock = (needs.lock ?? ((news) => tabLock(news)))(news);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly read = (): AudioPicture => this.picture;

  /** The element that plays the customer. */
  readonly playOn = (speaker: HTMLAudioElement | null): void => {
    this.speaker = speaker ?? undefined;
    if (this.remote) this.play();
  };

  /** The element that shows the other's picture. */
  readonly showOn = (screen: HTMLVideoElement | null): void => {
    this.screen = screen ?? undefined;
    draw(this.screen, this.seen);
  };

  /** The element that shows our own picture. */
  readonly showOwnOn = (mirror: HTMLVideoElement | null): void => {
    this.mirror = mirror ?? undefined;
    draw(this.mirror, this.shown && new MediaStream([this.shown]));
  };

  /** Shows the camera or the screen (`undefined`: nothing). */
  async show(what: Showing | undefined): Promise<void> {
    if (what === undefined) return this.showTrack(undefined, undefined);
    try {
      const track = await this.camera.open(what);
      // The person ended it in the browser, or the device went away.
      track.onended = () => this.shown === track && void this.show(undefined);
      await this.showTrack(track, what);
    } catch (error) {
      if (!(error instanceof CameraError)) throw error;
      this.put({ camera: error });
    }
  }

  /** Opens the microphone before a call is taken, so that nobody answers a call they cannot speak on. */
  async prepare(): Promise<void> {
    try {
      await this.microphone.open();
      this.put({ microphone: undefined, label: this.microphone.label() });
    } catch (error) {
      this.put({ microphone: asMicrophoneError(error) });
      throw error;
    }
  }

  /** Gives a prepared microphone back if no call came of it. */
  standDown(): void {
    if (this.picture.conversation === undefined) this.microphone.close();
  }

  /** Carry this call's audio (`undefined`: none), and its pictures if it has any. */
  want(conversation: string | undefined, video = false): void {
    if (conversation === this.picture.conversation) return;
    this.video = video;
    this.closePeer();
    this.tries = 0;
    this.round += 1;
    if (conversation === undefined) {
      this.lock.release();
      this.microphone.close();
      void this.showTrack(undefined, undefined);
      this.picture = { ...OFF, microphone: this.picture.microphone };
      this.put({ microphone: undefined });
      return;
    }
    this.put({ conversation, phase: "connecting", microphone: undefined });
    this.lock.ask(false);
  }

  /** A new connection for the same call: by hand after failure, or when the server says it lost us. */
  again(): void {
    if (this.picture.conversation === undefined || this.picture.phase === "elsewhere") return;
    this.tries = 0;
    this.connect();
  }

  /** Take the call's audio over from another tab. */
  takeHere(): void {
    if (this.picture.conversation !== undefined) this.lock.ask(true);
  }

  mute(on: boolean): void {
    this.muted = on;
    this.microphone.enable(!on);
  }

  /** Starts the sound; must be called from a click when the browser held it back. */
  play(): void {
    const speaker = this.speaker;
    if (!speaker || !this.remote) return;
    if (speaker.srcObject !== this.remote) speaker.srcObject = this.remote;
    Promise.resolve(speaker.play()).then(
      () => this.put({ blocked: false }),
      (cause: unknown) => {
        // Any click or key will do, not only the button that says so.
        const blocked = cause instanceof Error && cause.name === "NotAllowedError";
        if (blocked && !this.picture.blocked) document.addEventListener("pointerdown", () => this.play(), { once: true });
        this.put({ blocked });
      },
    );
  }

  private connect(): void {
    const conversation = this.picture.conversation;
    if (conversation === undefined) return;
    this.closePeer();
    const round = ++this.round;
    this.attach(conversation, round).catch((error: unknown) => {
      if (round !== this.round) return;
      if (error instanceof MicrophoneError) this.put({ phase: "failed", microphone: error });
      else this.tryLater("lost");
    });
  }

  private async attach(conversation: string, round: number): Promise<void> {
    const again = this.picture.phase === "lost" || this.picture.phase === "connected";
    this.put({ phase: again ? "lost" : "microphone" });
    const stream = await this.microphone.open();
    if (round !== this.round) return this.standDown();
    this.microphone.enable(!this.muted);
    this.put({ phase: again ? "lost" : "connecting", microphone: undefined, label: this.microphone.label() });

    const iceServers = await this.iceServers();
    if (round !== this.round) return this.standDown();
    const peer = (this.needs.peer ?? ((iceServers) => new RTCPeerConnection({ iceServers })))(iceServers);
    this.peer = peer;
    this.listen(peer, round);
    for (const track of stream.getAudioTracks()) {
      peer.addTrack(track, stream);
      track.onended = () => round === this.round && this.connect();
    }
    if (this.video) {
      // Also without a picture of ours, so that one can be shown later without a new connection.
      const options: RTCRtpTransceiverInit = { direction: "sendrecv", streams: [stream] };
      this.sender = peer.addTransceiver(this.shown ?? "video", options).sender;
    }
    await peer.setLocalDescription(await peer.createOffer());
    await gathered(peer);
    const answer = await this.needs.exchange(conversation, peer.localDescription?.sdp ?? "");
    if (round !== this.round) return;
    await peer.setRemoteDescription({ type: "answer", sdp: answer });
    if (this.video) await preferSound(peer);
    if (peer.connectionState !== "connected") this.after(CONNECT_MS, () => this.tryLater("lost"));
  }

  /** Without an answer the call is tried all the same: most networks need no server. */
  private async iceServers(): Promise<RTCIceServer[]> {
    try {
      return (await this.needs.iceServers?.()) ?? [];
    } catch {
      return [];
    }
  }

  private listen(peer: RTCPeerConnection, round: number): void {
    peer.ontrack = (event) => {
      if (round !== this.round) return;
      if (event.track.kind === "video") {
        this.seen = new MediaStream([event.track]);
        return draw(this.screen, this.seen);
      }
      this.remote = new MediaStream([event.track]);
      this.play();
    };
    peer.onconnectionstatechange = () => {
      if (round !== this.round) return;
      if (peer.connectionState === "connected") this.connected();
      else if (peer.connectionState === "failed") this.tryLater("lost");
      else if (peer.connectionState === "disconnected") {
        this.put({ phase: "lost" });
        this.after(HEAL_MS, () => this.connect());
      }
    };
  }

  private connected(): void {
    clearTimeout(this.timer);
    this.tries = 0;
    this.put({ phase: "connected" });
    this.play();
  }

  private tryLater(phase: Phase): void {
    this.closePeer();
    this.round += 1;
    const wait = WAITS_MS[this.tries];
    if (wait === undefined) {
      this.put({ phase: "failed" });
      return;
    }
    this.tries += 1;
    this.put({ phase });
    this.after(wait, () => this.connect());
  }

  private yieldToOtherTab(): void {
    if (this.picture.phase === "elsewhere") return;
    this.closePeer();
    this.round += 1;
    this.microphone.close();
    void this.showTrack(undefined, undefined);
    this.put({ phase: "elsewhere" });
  }

  private closePeer(): void {
    clearTimeout(this.timer);
    const peer = this.peer;
    this.peer = undefined;
    this.remote = undefined;
    this.seen = undefined;
    this.sender = undefined;
    if (this.speaker) this.speaker.srcObject = null;
    draw(this.screen, undefined);
    if (!peer) return;
    peer.ontrack = null;
    peer.onconnectionstatechange = null;
    peer.close();
  }

  private async showTrack(track: MediaStreamTrack | undefined, showing: Showing | undefined): Promise<void> {
    this.shown = track;
    if (!track) this.camera.close();
    draw(this.mirror, track && new MediaStream([track]));
    this.put({ showing, camera: undefined });
    await this.sender?.replaceTrack(track ?? null);
  }

  private after(wait: number, act: () => void): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(act, wait);
  }

  private put(part: Partial<AudioPicture>): void {
    this.picture = { ...this.picture, ...part };
    for (const listener of this.listeners) listener();
  }
}

function draw(element: HTMLVideoElement | undefined, stream: MediaStream | undefined): void {
  if (!element) return;
  element.srcObject = stream ?? null;
  // A muted picture may always play; what cannot is tried again with the next stream.
  if (stream) element.play().catch(() => undefined);
}

/** Where not everything gets through, the browser sends our voice before our picture. */
async function preferSound(peer: RTCPeerConnection): Promise<void> {
  for (const sender of peer.getSenders()) {
    if (sender.track?.kind !== "audio") continue;
    const parameters = sender.getParameters();
    for (const encoding of parameters.encodings) {
      encoding.priority = "high";
      encoding.networkPriority = "high";
    }
    // A wish only: what a browser does not know it may refuse.
    await sender.setParameters(parameters).catch(() => undefined);
  }
}

/** All host candidates are in the local description, or the wait was long enough. */
async function gathered(peer: RTCPeerConnection): Promise<void> {
  if (peer.iceGatheringState === "complete") return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, GATHER_MS);
    peer.addEventListener("icegatheringstatechange", () => {
      if (peer.iceGatheringState !== "complete") return;
      clearTimeout(timer);
      resolve();
    });
  });
}

function asMicrophoneError(error: unknown): MicrophoneError {
  return error instanceof MicrophoneError ? error : new MicrophoneError("unknown", String(error));
}
