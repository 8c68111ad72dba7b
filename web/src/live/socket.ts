// One live socket that stays alive: connects, resumes after the last number it was told of, and comes back after every loss.
//
// Promises: at most one connection at a time; waits 0.5 s, doubling to 8 s with some chance in it, between tries; a socket that
// hears nothing for `QUIET_MS` is taken for dead. Leaves to others: what the news means (state.ts), signing in.

import type { Live } from "../api/shapes";

export type Link = "connecting" | "live" | "lost";

/** The server ticks every 5 s; a link silent for this long (ms) is dead although nobody said so. */
export const QUIET_MS = 15_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8_000;
/** RFC 6455 section 7.4.1, policy violation: the server no longer accepts this session. */
const CLOSED_UNAUTHORISED = 1008;

export interface SocketNeeds {
  /** Address to connect to, resuming after the number. */
  readonly address: () => string;
  /** Sent as soon as the socket is open. */
  readonly hello: () => readonly string[];
  /** The link's picture changed. */
  readonly link: (link: Link) => void;
  /** News, parsed. */
  readonly news: (news: Live) => void;
  /** The server did not accept this session: somebody should check whether one is still signed in. */
  readonly refused: () => void;
  readonly open?: (address: string) => WebSocket;
  readonly chance?: () => number;
}

export class LiveSocket {
  private socket: WebSocket | undefined;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private quiet: ReturnType<typeof setTimeout> | undefined;
  private wait = FIRST_WAIT_MS;
  private stopped = false;

  constructor(private readonly needs: SocketNeeds) {}

  start(): void {
    this.stopped = false;
    this.connect();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.retry);
    clearTimeout(this.quiet);
    const socket = this.socket;
    this.socket = undefined;
    socket?.close();
  }

  /** Try at once (the network came back, the page became visible). */
  hurry(): void {
    if (this.stopped || this.socket) return;
    clearTimeout(this.retry);
    this.connect();
  }

  send(message: unknown): void {
    if (this.socket?.readyState === 1) this.socket.send(JSON.stringify(message));
  }

  private connect(): void {
    this.needs.link("connecting");
    const open = this.needs.open ?? ((address: string) => new WebSocket(address));
    const socket = open(this.needs.address());
    this.socket = socket;
    socket.onopen = () => {
      if (this.socket !== socket) return;
      for (const line of this.needs.hello()) socket.send(line);
      this.wait = FIRST_WAIT_MS;
      this.heard(socket);
      this.needs.link("live");
    };
    socket.onmessage = (message: MessageEvent) => {
      if (this.socket !== socket) return;
      this.heard(socket);
      this.receive(message.data);
    };
    socket.onclose = (event: CloseEvent) => this.lost(socket, event?.code);
    socket.onerror = () => undefined;
  }

  private receive(data: unknown): void {
    const news = parse(data);
    if (news) this.needs.news(news);
  }

  private heard(socket: WebSocket): void {
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => {
      socket.close();
      this.lost(socket, undefined);
    }, QUIET_MS);
  }

  private lost(socket: WebSocket, code: number | undefined): void {
    if (this.socket !== socket) return;
    this.socket = undefined;
    clearTimeout(this.quiet);
    if (this.stopped) return;
    if (code === CLOSED_UNAUTHORISED) this.needs.refused();
    this.needs.link("lost");
    const chance = this.needs.chance ?? Math.random;
    this.retry = setTimeout(() => this.connect(), this.wait * (0.75 + chance() / 2));
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT_MS);
  }
}

function parse(data: unknown): Live | undefined {
  if (typeof data !== "string") return undefined;
  try {
    const value: unknown = JSON.parse(data);
    const isNews = typeof value === "object" && value !== null && "type" in value;
    return isNews ? (value as Live) : undefined;
  } catch {
    return undefined;
  }
}
