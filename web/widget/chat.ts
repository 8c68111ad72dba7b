// The customer's side of one chat, without a page: opens it, keeps it over reloads, sends, receives.
//
// Promises: a message typed is shown at once and sent until recorded or refused, under one name (`dedupe`), so that it is
// recorded once however often it is sent; lines come in order, none twice; a reload carries on with the same chat and with
// messages that were still on their way. Leaves to others: what it looks like (view.ts).

import { asker, Refused, type Ask } from "./ask";

export type Speaker = "customer" | "agent" | "system";
export type ChatState = "flow" | "waiting" | "talking" | "ended";

/** A file that came with a line; `file` is where it lies, below the chat's `files/`. */
export interface LineFile {
  readonly name: string;
  readonly file: string;
  readonly size: number;
}

export interface Line {
  readonly seq: number;
  readonly at: string;
  readonly speaker: Speaker;
  readonly text: string;
  readonly files: readonly LineFile[];
}

/** A file that lies with the server, as a message names it. */
export interface Kept {
  readonly name: string;
  readonly url: string;
}

/** A file on its way into the next message. */
export interface Attached {
  readonly key: string;
  readonly name: string;
  readonly state: "loading" | "ready" | "failed";
  /** How much of it is there, 0 to 1. */
  readonly done: number;
  /** Why it failed; only where the network failed does trying again help. */
  readonly why?: "large" | "program" | "empty" | "network" | "refused";
}

interface Attachment extends Attached {
  readonly file: File;
  readonly kept?: Kept;
}

export interface Pending {
  readonly dedupe: string;
  readonly text: string;
  readonly files?: readonly Kept[];
  /** `refused`: the server will never take it; only the person can send it again. */
  readonly state: "sending" | "retrying" | "refused";
  /** Its line came over the socket before the answer to sending it: not to be shown twice. */
  readonly landed?: boolean;
}

export interface ChatPicture {
  readonly state: ChatState | undefined;
  readonly link: "off" | "connecting" | "live" | "lost";
  readonly lines: readonly Line[];
  readonly pending: readonly Pending[];
  readonly attached: readonly Attached[];
  readonly typing: boolean;
  /** The server has no room for another chat just now. */
  readonly busy: boolean;
}

/** What the chat needs of the browser; tests bring their own. */
export interface Browser {
  readonly fetch: typeof fetch;
  readonly socket: (address: string) => WebSocket;
  readonly storage: Pick<Storage, "getItem" | "setItem" | "removeItem">;
  readonly random: (bytes: number) => Uint8Array;
  /** Sends a file and tells how much of it went; gives status and answer, fails when the server is not reached. */
  readonly upload: (address: string, token: string, file: Blob, progress: (done: number) => void) => Promise<{ status: number; body: unknown }>;
}

/** The server ticks every 5 s; silence for this long (ms) means that the socket is dead. */
const QUIET_MS = 15_000;
const LONGEST_WAIT_MS = 10_000;
const FIRST_WAIT_MS = 600;
/** A typing mark that is not renewed is over, in milliseconds. */
const TYPING_MS = 8_000;
/** Typing is told to the agent at most this often (ms). */
const TELL_TYPING_MS = 3_000;
/** As the server has it (`desk::files`). */
const FILE_BYTES = 10 * 1024 * 1024;
const FILES = 10;
/** Where staff find a file; a customer finds it below their chat's `files/`. */
const STAFF_FILES = "/api/v1/files/";
const VISITOR = "voxdesk.visitor";
const CHAT = "voxdesk.chat";
const PENDING = "voxdesk.pending";

interface Held {
  readonly conversation: string;
  readonly token: string;
}

export class Chat {
  private picture: ChatPicture = {
    state: undefined,
    link: "off",
    lines: [],
    pending: [],
    attached: [],
    typing: false,
    busy: false,
  };
  private readonly listeners = new Set<() => void>();
  private readonly ask: Ask;
  private held: Held | undefined;
  /** The chat that is over and still shown: its files can be fetched. */
  private last: Held | undefined;
  private socket: WebSocket | undefined;
  private wait = FIRST_WAIT_MS;
  private timers: Partial<Record<"retry" | "quiet" | "typing" | "send", ReturnType<typeof setTimeout>>> = {};
  private sending = false;
  private toldTyping = 0;
  private attachments: readonly Attachment[] = [];
  private opening: Promise<Held> | undefined;
  name = "";

  constructor(
    private readonly base: string,
    private readonly lang: "en" | "zh",
    private readonly browser: Browser,
  ) {
    this.ask = asker(browser, base);
    this.held = this.stored<Held>(CHAT);
    this.picture = { ...this.picture, pending: this.stored<Pending[]>(PENDING) ?? [] };
  }

  subscribe(listener: () => void): void {
    this.listeners.add(listener);
  }

  read(): ChatPicture {
    return this.picture;
  }

  /** Carries on with the chat of this browser, if there is one. */
  resume(): void {
    if (this.held) this.connect();
    if (this.picture.pending.length > 0) void this.flush();
  }

  /** `false`: there is nothing to send, or a file is still on its way. */
  send(text: string): boolean {
    const words = text.trim();
    const files = this.attachments.flatMap((one) => (one.kept ? [one.kept] : []));
    if ((!words && files.length === 0) || this.attachments.some((one) => one.state === "loading")) return false;
    const more = files.length > 0 ? { files } : {};
    this.setPending([...this.picture.pending, { dedupe: this.fresh(12), text: words, state: "sending", ...more }]);
    // What failed stays, to be tried again or taken away.
    this.setAttached(this.attachments.filter((one) => !one.kept));
    this.toldTyping = 0;
    void this.flush();
    return true;
  }

  /** Files go to the server as soon as they are chosen; the next message names them. */
  attach(files: readonly File[]): void {
    const room = Math.max(0, FILES - this.attachments.length);
    const taken = files.slice(0, room).map((file): Attachment => ({ key: this.fresh(6), name: file.name, state: "loading", done: 0, file }));
    this.setAttached([...this.attachments, ...taken]);
    for (const one of taken) void this.upload(one);
  }

  detach(key: string): void {
    this.setAttached(this.attachments.filter((one) => one.key !== key));
  }

  /** Tries a file again that did not arrive. */
  attachAgain(key: string): void {
    const one = this.attachments.find((one) => one.key === key);
    if (one?.state !== "failed") return;
    this.markAttached(key, { state: "loading", done: 0 });
    void this.upload(one);
  }

  private async upload({ key, file }: Attachment): Promise<void> {
    if (file.size > FILE_BYTES) return this.markAttached(key, { state: "failed", why: "large" });
    try {
      const held = await this.open();
      const address = `${this.base}/widget/chats/${held.conversation}/files?name=${encodeURIComponent(file.name)}`;
      const { status, body } = await this.browser.upload(address, held.token, file, (done) => this.markAttached(key, { done }));
      if (status === 201) {
        const { name, url } = body as Kept;
        this.markAttached(key, { state: "ready", done: 1, kept: { name, url } });
      } else this.markAttached(key, { state: "failed", why: whyNot(status, body) });
    } catch (error) {
      this.markAttached(key, { state: "failed", why: error instanceof Refused ? "refused" : "network" });
    }
  }

  private markAttached(key: string, part: Partial<Attachment>): void {
    this.setAttached(this.attachments.map((one) => (one.key === key ? { ...one, ...part } : one)));
  }

  private setAttached(attachments: readonly Attachment[]): void {
    this.attachments = attachments;
    this.put({ attached: attachments.map(({ key, name, state, done, why }) => ({ key, name, state, done, why })) });
  }

  /** Sends a refused message again, under its old name. */
  again(dedupe: string): void {
    this.mark(dedupe, "sending");
    void this.flush();
  }

  typing(): void {
    const now = Date.now();
    if (now - this.toldTyping < TELL_TYPING_MS || this.socket?.readyState !== 1) return;
    this.toldTyping = now;
    this.socket.send(JSON.stringify({ type: "typing", on: true }));
  }

  /** What is in a file of a line; it fails when the chat is no longer this browser's. */
  async file(file: LineFile): Promise<Blob> {
    const held = this.held ?? this.last;
    if (!held) throw new Error("no chat");
    const answer = await this.browser.fetch(`${this.base}/widget/chats/${held.conversation}/files/${file.file}`, {
      headers: { Authorization: `Bearer ${held.token}` },
      credentials: "omit",
    });
    if (!answer.ok) throw new Refused(answer.status);
    return answer.blob();
  }

  async leave(): Promise<void> {
    const held = this.held;
    if (!held) return;
    await this.ask("DELETE", `/widget/chats/${held.conversation}`, undefined, held.token).catch(() => undefined);
    this.over();
  }

  /** Network or page came back: do not wait for the timer. */
  hurry(): void {
    if (this.held && !this.socket && this.picture.state !== "ended") this.connect();
    if (this.picture.pending.length > 0) void this.flush();
  }

  private async flush(): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    clearTimeout(this.timers.send);
    try {
      for (let next = this.nextPending(); next; next = this.nextPending()) {
        if (!(await this.deliver(next))) break;
      }
    } finally {
      this.sending = false;
    }
  }

  private nextPending(): Pending | undefined {
    return this.picture.pending.find((one) => one.state !== "refused");
  }

  /** `false`: stop for now and try later. */
  private async deliver(message: Pending): Promise<boolean> {
    try {
      const held = await this.open();
      const answer = await this.ask<{ seq: number; at: string }>(
        "POST",
        `/widget/chats/${held.conversation}/messages`,
        { text: message.text, dedupe: message.dedupe, ...(message.files ? { files: message.files } : {}) },
        held.token,
      );
      this.setPending(this.picture.pending.filter((one) => one.dedupe !== message.dedupe));
      this.addLine({ seq: answer.seq, at: answer.at, speaker: "customer", text: message.text, files: (message.files ?? []).map(lineFile) });
      this.wait = FIRST_WAIT_MS;
      return true;
    } catch (error) {
      return this.undelivered(message, error instanceof Refused ? error.status : 0);
    }
  }

  private undelivered(message: Pending, status: number): boolean {
    const isOver = this.held !== undefined && [401, 403, 404, 409, 410].includes(status);
    if (isOver) {
      // The chat ended while this was written: the message opens the next one.
      this.forget();
      return true;
    }
    if (status >= 400 && status < 500 && status !== 429 && status !== 408) {
      this.mark(message.dedupe, "refused");
      return true;
    }
    this.mark(message.dedupe, "retrying");
    this.put({ busy: status === 503 || status === 429 });
    this.timers.send = setTimeout(() => void this.flush(), this.backOff());
    return false;
  }

  /** Asked for by several at once, one chat is opened. */
  private async open(): Promise<Held> {
    if (this.held && this.picture.state !== "ended") return this.held;
    this.opening ??= this.begin().finally(() => (this.opening = undefined));
    return this.opening;
  }

  private async begin(): Promise<Held> {
    this.forget();
    const held = await this.ask<Held>("POST", "/widget/chats", {
      visitor: this.visitor(),
      lang: this.lang,
      ...(this.name.trim() ? { name: this.name.trim().slice(0, 80) } : {}),
    });
    this.held = { conversation: held.conversation, token: held.token };
    this.browser.storage.setItem(CHAT, JSON.stringify(this.held));
    this.put({ busy: false });
    this.connect();
    return this.held;
  }

  private connect(): void {
    const held = this.held;
    if (!held) return;
    this.hangUp();
    this.put({ link: "connecting" });
    const after = this.picture.lines[this.picture.lines.length - 1]?.seq ?? 0;
    const address = `${this.base.replace(/^http/, "ws")}/widget/chats/${held.conversation}/events?after=${after}`;
    const socket = this.browser.socket(address);
    this.socket = socket;
    socket.onopen = () => {
      if (this.socket !== socket) return;
      socket.send(JSON.stringify({ type: "auth", token: held.token }));
      this.listen(socket);
    };
    socket.onmessage = (message) => {
      if (this.socket !== socket) return;
      this.listen(socket);
      this.hear(message.data);
    };
    socket.onclose = (event) => this.lost(socket, event.code);
  }

  private hear(data: unknown): void {
    let news: { type?: string } & Record<string, unknown>;
    try {
      news = JSON.parse(String(data)) as typeof news;
    } catch {
      return;
    }
    if (news.type === "hello") {
      this.wait = FIRST_WAIT_MS;
      this.put({ link: "live", state: news.state as ChatState });
    } else if (news.type === "line") this.heardLine(news as unknown as Line);
    else if (news.type === "typing") this.setTyping(news.on === true);
    else if (news.type === "state") this.setState(news.state as ChatState);
  }

  private setState(state: ChatState): void {
    if (state === "ended") this.over();
    else this.put({ state });
  }

  private over(): void {
    this.hangUp();
    this.browser.storage.removeItem(CHAT);
    this.last = this.held ?? this.last;
    this.held = undefined;
    this.put({ state: "ended", link: "off", typing: false });
  }

  /** Drops the chat that is over; its lines make room for the next one's numbers. */
  private forget(): void {
    this.hangUp();
    this.held = undefined;
    this.browser.storage.removeItem(CHAT);
    this.put({ state: undefined, link: "off", lines: [], typing: false });
  }

  private addLine(line: Line): void {
    const { lines } = this.picture;
    if (lines.some((one) => one.seq === line.seq)) return;
    const { seq, at, speaker, text, files = [] } = line;
    const next = [...lines, { seq, at, speaker, text, files }].sort((a, b) => a.seq - b.seq);
    this.put({ lines: next, typing: speaker === "agent" ? false : this.picture.typing });
  }

  private heardLine(line: Line): void {
    const echo = this.picture.pending.findIndex((one) => !one.landed && one.text === line.text);
    if (line.speaker === "customer" && echo >= 0 && !this.picture.lines.some((one) => one.seq === line.seq)) {
      this.setPending(this.picture.pending.map((one, n) => (n === echo ? { ...one, landed: true } : one)));
    }
    this.addLine(line);
  }

  private setTyping(on: boolean): void {
    clearTimeout(this.timers.typing);
    if (on) this.timers.typing = setTimeout(() => this.put({ typing: false }), TYPING_MS);
    this.put({ typing: on });
  }

  private listen(socket: WebSocket): void {
    clearTimeout(this.timers.quiet);
    this.timers.quiet = setTimeout(() => {
      socket.close();
      this.lost(socket, 1006);
    }, QUIET_MS);
  }

  private lost(socket: WebSocket, code: number): void {
    if (this.socket !== socket) return;
    this.hangUp();
    // RFC 6455 section 7.4.1, policy violation: the token is void, the chat is over.
    if (code === 1008) {
      this.over();
      return;
    }
    this.put({ link: "lost", typing: false });
    this.timers.retry = setTimeout(() => this.connect(), this.backOff());
  }

  private hangUp(): void {
    clearTimeout(this.timers.retry);
    clearTimeout(this.timers.quiet);
    const socket = this.socket;
    this.socket = undefined;
    socket?.close();
  }

  private backOff(): number {
    const wait = this.wait;
    this.wait = Math.min(wait * 2, LONGEST_WAIT_MS);
    return wait;
  }

  /** Who this browser is to the server: made up once. */
  visitor(): string {
    const known = this.browser.storage.getItem(VISITOR);
    if (known && /^[\w-]{16,64}$/.test(known)) return known;
    const made = this.fresh(16);
    this.browser.storage.setItem(VISITOR, made);
    return made;
  }

  private fresh(bytes: number): string {
    return Array.from(this.browser.random(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  private mark(dedupe: string, state: Pending["state"]): void {
    this.setPending(this.picture.pending.map((one) => (one.dedupe === dedupe ? { ...one, state } : one)));
  }

  private setPending(pending: readonly Pending[]): void {
    this.browser.storage.setItem(PENDING, JSON.stringify(pending));
    this.put({ pending });
  }

  private stored<T>(key: string): T | undefined {
    try {
      return (JSON.parse(this.browser.storage.getItem(key) ?? "null") as T | null) ?? undefined;
    } catch {
      return undefined;
    }
  }

  private put(part: Partial<ChatPicture>): void {
    this.picture = { ...this.picture, ...part };
    for (const listener of this.listeners) listener();
  }
}

/** A file of mine as the line that is shown names it; its size is told by the server alone. */
function lineFile({ name, url }: Kept): LineFile {
  return { name, file: url.startsWith(STAFF_FILES) ? url.slice(STAFF_FILES.length) : url, size: 0 };
}

function whyNot(status: number, body: unknown): Attached["why"] {
  const code = (body as { error?: { code?: string } } | undefined)?.error?.code;
  if (status === 413) return "large";
  if (code === "is_program") return "program";
  if (code === "empty_file") return "empty";
  // Too many at once, or no room now: later it may work.
  return status === 429 || status >= 500 ? "network" : "refused";
}
