// The live picture as React reads it: owns the socket, folds its news, fetches what is missing.
//
// Promises: one socket a page; components redraw only when what they selected changed; news that arrives in one turn of the
// event loop is one redraw. Leaves to others: folding (state.ts), reconnecting (socket.ts).

import { createContext, useContext, useSyncExternalStore } from "react";

import { api, ApiError } from "../api/client";
import type { Conversation, Live, Moment } from "../api/shapes";
import { LiveSocket, type Link } from "./socket";
import { apply, EMPTY, listed, loaded, partKey, unfetchable, type LiveState } from "./state";

/** Open conversations fetched when a page connects; more than this many wait only on a bad day, and come with their events. */
const OPEN_LIMIT = 200;

export interface Picture extends LiveState {
  readonly link: Link;
}

export class LiveStore {
  private picture: Picture = { ...EMPTY, link: "connecting" };
  private readonly listeners = new Set<() => void>();
  private readonly socket: LiveSocket;
  private announced = false;
  private fetching = false;
  private readonly watched = new Set<string>();

  /** `desk`: this page takes work for its user. */
  constructor(private readonly desk: boolean) {
    this.socket = new LiveSocket({
      address: () => socketAddress(location, this.picture.seq),
      hello: () => (this.desk ? [JSON.stringify({ type: "desk" })] : []),
      link: (link) => this.put({ ...this.picture, link }),
      news: (news) => this.hear(news),
      // The answer 401 brings the sign-in page; any other leaves the socket trying.
      refused: () => void api.session().catch(() => undefined),
    });
  }

  start(): () => void {
    const hurry = () => this.socket.hurry();
    const visible = () => document.visibilityState === "visible" && hurry();
    window.addEventListener("online", hurry);
    document.addEventListener("visibilitychange", visible);
    this.socket.start();
    return () => {
      window.removeEventListener("online", hurry);
      document.removeEventListener("visibilitychange", visible);
      this.socket.stop();
    };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly read = (): Picture => this.picture;

  /** Server's time now, in milliseconds. */
  now(): number {
    return Date.now() + this.picture.skew;
  }

  /** Makes sure that a conversation and its entries are here and stay complete. */
  watch(id: string): void {
    if (this.watched.has(id) && this.picture.entries[id]) return;
    this.watched.add(id);
    void this.load(id);
  }

  /** Folds one piece of news; public so that tests can speak for the server. */
  hear(news: Live): void {
    const before = this.picture;
    const after = apply(before, news, Date.now());
    this.put({ ...after, link: before.link });
    if (lacksSomething(before.seq, news)) void this.loadOpen();
    if (after.stale.length > 0) void this.loadStale();
  }

  private async loadOpen(): Promise<void> {
    try {
      const page = await api.conversations({ open: true, limit: OPEN_LIMIT });
      this.put({ ...this.picture, ...listed(this.picture, page.items) });
    } catch {
      // The next hello or the page that needs a conversation asks again.
    }
    for (const id of this.watched) if (!this.picture.entries[id]) await this.load(id);
  }

  private async loadStale(): Promise<void> {
    if (this.fetching) return;
    this.fetching = true;
    try {
      for (let id = this.picture.stale[0]; id !== undefined; id = this.picture.stale[0]) await this.load(id);
    } finally {
      this.fetching = false;
    }
  }

  private async load(id: string): Promise<void> {
    try {
      let after = 0;
      for (;;) {
        const detail = await api.conversation(id, after);
        const next = loaded(this.picture, detail);
        this.put({ ...this.picture, ...next });
        if (detail.entries_next === null || detail.entries_next <= after) return;
        after = detail.entries_next;
      }
    } catch (error) {
      this.put({ ...this.picture, ...unfetchable(this.picture, id) });
      if (error instanceof ApiError && error.status !== 0) return;
      // Not reached: the socket is down too; the hello after that loads what is watched and missing.
    }
  }

  private put(next: Picture): void {
    if (next === this.picture) return;
    this.picture = next;
    if (this.announced) return;
    this.announced = true;
    queueMicrotask(() => {
      this.announced = false;
      for (const listener of this.listeners) listener();
    });
  }
}

/** Whether conversations may have come and gone unheard between what was folded in and this. */
function lacksSomething(seq: number | null, news: Live): boolean {
  if (news.type === "hello") return news.after !== seq;
  return news.type === "event" && seq !== null && news.seq > seq + 1;
}

/** Where the socket connects: same host, resuming after what was folded in. */
export function socketAddress(page: { protocol: string; host: string }, seq: number | null): string {
  const scheme = page.protocol === "https:" ? "wss" : "ws";
  const after = seq === null ? "" : `?after=${seq}`;
  return `${scheme}://${page.host}/api/v1/events${after}`;
}

export const LiveContext = createContext<LiveStore | undefined>(undefined);

export function useLiveStore(): LiveStore {
  const store = useContext(LiveContext);
  if (!store) throw new Error("useLiveStore needs a LiveContext above it");
  return store;
}

/** Part of the picture. `select` must give the same object while nothing it looks at changed. */
export function useLive<T>(select: (picture: Picture) => T): T {
  const store = useLiveStore();
  return useSyncExternalStore(store.subscribe, () => select(store.read()));
}

/** Milliseconds of a moment; 0 when there is none. */
export function millis(moment: Moment | null): number {
  return moment === null ? 0 : Date.parse(moment);
}

/** The agent's own work (what rings is apart): calls and chats they hold, oldest first. */
export function workOf(picture: Pick<Picture, "conversations"> & Partial<Pick<Picture, "calls">>, agent: string): Conversation[] {
  // Theirs, or one in which they were asked.
  const isMine = (one: Conversation) => one.agent === agent || picture.calls?.[partKey({ conversation: one.id, agent })] !== undefined;
  return Object.values(picture.conversations)
    .filter((one) => isMine(one) && one.ended_at === null && (one.state === "talking" || one.state === "wrapup"))
    .sort((a, b) => a.started_at.localeCompare(b.started_at));
}
