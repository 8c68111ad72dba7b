// The bubble and its panel, in a shadow tree so that neither the page's styles nor ours leak.

import type { Call } from "./call";
import { CALL_HTML, CallView, type Offered } from "./call_view";
import type { Attached, Chat, ChatPicture, Line, LineFile, Pending } from "./chat";
import { STYLE } from "./style";
import type { Texts } from "./text";

const BUBBLE =
  '<svg viewBox="0 0 24 24" width="26" height="26" aria-hidden="true"><path fill="currentColor" d="M4 4h16a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H9l-5 4v-4a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2z"/></svg>';
const CROSS =
  '<svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true"><path stroke="currentColor" stroke-width="2.2" stroke-linecap="round" d="M6 6l12 12M18 6L6 18"/></svg>';
const CLIP =
  '<svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true"><path fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" d="M20 11.500l-8 8a5 5 0 0 1-7-7l9-9a3.400 3.400 0 0 1 5 5l-9 9a1.700 1.700 0 0 1-2.500-2.500l8-8"/></svg>';
const PLANE =
  '<svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true"><path fill="currentColor" d="M3 20.5 22 12 3 3.500 3 10l12 2-12 2z"/></svg>';
/** Remembers over a reload that the panel was open. */
const OPEN = "voxdesk.open";

/** What the bubble is for. */
export interface Parts {
  readonly chat: Chat;
  readonly call: Call;
  readonly offered: Offered;
}

export function mount(host: HTMLElement, { chat, call, offered }: Parts, text: Texts, lang: string): void {
  const root = host.attachShadow({ mode: "open" });
  root.innerHTML = `<style>${STYLE}</style>
    <section class="panel" role="dialog" hidden>
      <div class="head"><div><h2></h2><p class="status" role="status"></p></div>
        <button class="leave" type="button" hidden></button>
        <button class="close" type="button">${CROSS}</button></div>
      ${CALL_HTML}
      <div class="scroll" tabindex="0"><div class="lines" role="log" aria-live="polite"></div>
        <div class="pending"></div><p class="typing" hidden><span></span><i></i><i></i><i></i></p></div>
      <form><input class="name" data-testid="chat-name" maxlength="80" autocomplete="name">
        <ul class="attached" data-testid="chat-attached" hidden></ul>
        <div class="write"><button type="button" class="clip" data-testid="chat-attach">${CLIP}</button>
        <input type="file" class="files" data-testid="chat-attach-input" multiple hidden tabindex="-1">
        <textarea rows="1" maxlength="10000" data-testid="chat-input"></textarea>
        <button type="submit" data-testid="chat-send">${PLANE}</button></div></form>
    </section>
    <button class="bubble" type="button" data-testid="chat-bubble">${BUBBLE}<span class="badge" hidden></span></button>`;
  const view = new View(root, chat, text, lang);
  const calls = new CallView(root, call, text, offered, () => view.onCall(calls));
  view.start();
  calls.start();
}

class View {
  private readonly panel: HTMLElement;
  private readonly bubble: HTMLButtonElement;
  private readonly badge: HTMLElement;
  private readonly status: HTMLElement;
  private readonly scroll: HTMLElement;
  private readonly lines: HTMLElement;
  private readonly pending: HTMLElement;
  private readonly typing: HTMLElement;
  private readonly leave: HTMLButtonElement;
  private readonly name: HTMLInputElement;
  private readonly input: HTMLTextAreaElement;
  private readonly attached: HTMLElement;
  private readonly files: HTMLInputElement;
  private readonly shown = new Map<number, HTMLElement>();
  private seen = 0;
  private open = false;
  /** Stands in the status line while a call is on. */
  private callStatus: string | undefined;

  constructor(
    private readonly root: ShadowRoot,
    private readonly chat: Chat,
    private readonly text: Texts,
    private readonly lang: string,
  ) {
    this.panel = this.part(".panel");
    this.bubble = this.part(".bubble");
    this.badge = this.part(".badge");
    this.status = this.part(".status");
    this.scroll = this.part(".scroll");
    this.lines = this.part(".lines");
    this.pending = this.part(".pending");
    this.typing = this.part(".typing");
    this.leave = this.part(".leave");
    this.name = this.part(".name");
    this.input = this.part("textarea");
    this.attached = this.part(".attached");
    this.files = this.part(".files");
  }

  start(): void {
    this.label();
    this.bubble.onclick = () => this.show(!this.open);
    this.part<HTMLButtonElement>(".close").onclick = () => this.show(false);
    this.leave.onclick = () => void this.chat.leave();
    this.panel.onkeydown = (event) => event.key === "Escape" && this.show(false);
    this.part<HTMLFormElement>("form").onsubmit = (event) => {
      event.preventDefault();
      this.submit();
    };
    this.input.onkeydown = (event) => {
      // While a word is being composed, Enter chooses it and sends nothing.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.submit();
    };
    this.part<HTMLButtonElement>(".clip").onclick = () => this.files.click();
    this.files.onchange = () => {
      this.attach([...(this.files.files ?? [])]);
      // The same file may be chosen again.
      this.files.value = "";
    };
    this.input.onpaste = (event) => {
      const pasted = [...(event.clipboardData?.files ?? [])];
      if (pasted.length === 0) return;
      event.preventDefault();
      this.attach(pasted);
    };
    this.panel.ondragover = (event) => event.preventDefault();
    this.panel.ondrop = (event) => {
      event.preventDefault();
      this.attach([...(event.dataTransfer?.files ?? [])]);
    };
    this.input.oninput = () => {
      this.fit();
      if (this.input.value) this.chat.typing();
    };
    this.chat.subscribe(() => this.draw(this.chat.read()));
    this.draw(this.chat.read());
    if (remembered()) this.show(true, false);
  }

  /** A call begins, changes or ends: it takes the chat's place, and is always to be seen. */
  onCall(calls: CallView): void {
    const on = calls.isOn();
    if (on && this.callStatus === undefined && !this.open) this.show(true, false);
    this.callStatus = on ? calls.status() : undefined;
    this.scroll.hidden = on;
    this.part("form").toggleAttribute("hidden", on);
    this.panel.classList.toggle("calling", on);
    this.part("h2").textContent = on ? this.text.callTitle : this.text.title;
    this.draw(this.chat.read());
  }

  private label(): void {
    const { text } = this;
    this.root.host.setAttribute("lang", this.lang);
    this.panel.setAttribute("aria-label", text.title);
    this.part("h2").textContent = text.title;
    this.part(".close").setAttribute("aria-label", text.close);
    this.scroll.setAttribute("aria-label", text.title);
    this.scroll.setAttribute("role", "region");
    this.leave.textContent = text.leave;
    this.name.placeholder = text.name;
    this.name.setAttribute("aria-label", text.name);
    this.input.placeholder = text.placeholder;
    this.input.setAttribute("aria-label", text.input);
    this.part("form [type=submit]").setAttribute("aria-label", text.send);
    this.part(".clip").setAttribute("aria-label", text.attach);
    this.files.setAttribute("aria-label", text.attach);
    this.attached.setAttribute("aria-label", text.attached);
    this.part(".typing span").textContent = text.typing;
  }

  private submit(): void {
    this.chat.name = this.name.value;
    if (!this.chat.send(this.input.value)) return;
    this.input.value = "";
    this.fit();
    this.input.focus();
  }

  private attach(files: readonly File[]): void {
    this.chat.name = this.name.value;
    this.chat.attach(files);
    this.input.focus();
  }

  private drawAttached(attached: readonly Attached[]): void {
    this.attached.hidden = attached.length === 0;
    // A press between two steps of its progress must not meet another button: what is there is kept.
    const shown = new Map([...this.attached.children].map((one) => [(one as HTMLElement).dataset.key, one as HTMLElement]));
    this.attached.replaceChildren(...attached.map((one) => this.attachedFile(one, shown.get(one.key))));
  }

  private attachedFile(one: Attached, shown: HTMLElement | undefined): HTMLElement {
    const { text } = this;
    const element = shown ?? this.newAttached(one);
    element.dataset.state = one.state;
    element.style.setProperty("--done", `${Math.round(one.done * 100)}%`);
    const why = one.why === "refused" ? text.fileRefused : one.why ? text[one.why] : "";
    const state = one.state === "loading" ? `${text.loading} ${Math.round(one.done * 100)} %` : one.state === "failed" ? why : "";
    const note = element.querySelector(".note");
    if (note && note.textContent !== state) note.textContent = state;
    element.querySelector(".again")?.toggleAttribute("hidden", !(one.state === "failed" && one.why === "network"));
    return element;
  }

  private newAttached({ key, name }: Attached): HTMLElement {
    const element = make("li", "", "");
    element.dataset.key = key;
    element.dataset.testid = "chat-attached-file";
    const again = make("button", "again", this.text.retry) as HTMLButtonElement;
    const remove = make("button", "remove", "×") as HTMLButtonElement;
    again.type = remove.type = "button";
    again.onclick = () => this.chat.attachAgain(key);
    remove.setAttribute("aria-label", `${this.text.remove} ${name}`);
    remove.onclick = () => {
      this.chat.detach(key);
      this.input.focus();
    };
    const note = make("span", "note", "");
    note.setAttribute("role", "status");
    element.append(make("span", "named", name), note, again, remove);
    return element;
  }

  private show(open: boolean, focus = true): void {
    this.open = open;
    this.panel.hidden = !open;
    this.bubble.setAttribute("aria-expanded", String(open));
    remember(open);
    this.draw(this.chat.read());
    if (!focus) return;
    if (open) this.input.focus();
    else this.bubble.focus();
  }

  private draw(picture: ChatPicture): void {
    const follow = this.scroll.scrollHeight - this.scroll.scrollTop - this.scroll.clientHeight < 80;
    this.drawLines(picture.lines);
    const unsent = picture.pending.filter((one) => !one.landed);
    this.pending.replaceChildren(...unsent.map((one) => this.pendingLine(one)));
    this.drawAttached(picture.attached);
    this.typing.hidden = !picture.typing;
    this.status.textContent = this.statusText(picture);
    const going = picture.state !== undefined && picture.state !== "ended";
    this.leave.hidden = !going || this.callStatus !== undefined;
    this.name.hidden = going || picture.pending.length > 0 || picture.lines.length > 0;
    this.panel.dataset.state = picture.state ?? "none";
    this.panel.dataset.link = picture.link;
    this.drawBadge(picture.lines);
    if (follow) this.scroll.scrollTop = this.scroll.scrollHeight;
  }

  private drawLines(lines: readonly Line[]): void {
    const wanted = new Set(lines.map((line) => line.seq));
    for (const [seq, element] of this.shown) {
      // A new chat begins: the old one's lines go, and its numbers may come again with other words.
      if (!wanted.has(seq) || element.dataset.at !== lines.find((line) => line.seq === seq)?.at) {
        element.remove();
        this.shown.delete(seq);
      }
    }
    let before: Element | null = null;
    for (const line of [...lines].reverse()) {
      const element: HTMLElement = this.shown.get(line.seq) ?? this.line(line);
      if (!this.shown.has(line.seq)) this.lines.insertBefore(element, before);
      this.shown.set(line.seq, element);
      before = element;
    }
  }

  private drawBadge(lines: readonly Line[]): void {
    const last = lines[lines.length - 1]?.seq ?? 0;
    if (this.open || last < this.seen) this.seen = last;
    const unread = lines.filter((line) => line.seq > this.seen && line.speaker !== "customer").length;
    this.badge.hidden = unread === 0;
    this.badge.textContent = String(unread);
    const label = this.open ? this.text.close : this.text.open;
    this.bubble.setAttribute("aria-label", unread > 0 ? `${label} (${unread} ${this.text.unread})` : label);
  }

  private statusText({ state, link, busy, lines, pending }: ChatPicture): string {
    if (this.callStatus !== undefined) return this.callStatus;
    if (busy) return this.text.busy;
    if (link === "lost") return this.text.lost;
    if (state === "ended") return this.text.ended;
    if (state === "talking") return this.text.talking;
    if (state === "waiting" || state === "flow") return this.text.waiting;
    return lines.length + pending.length === 0 ? this.text.lead : "";
  }

  private line(line: Line): HTMLElement {
    const element = document.createElement("div");
    element.className = `line ${line.speaker}`;
    element.dataset.testid = "chat-line";
    element.dataset.speaker = line.speaker;
    element.dataset.seq = String(line.seq);
    element.dataset.at = line.at;
    const who = line.speaker === "customer" ? this.text.you : this.text[line.speaker];
    element.append(make("span", "who", who));
    if (line.text !== "") element.append(make("span", "text", line.text));
    element.append(...line.files.map((file) => this.file(file)), this.time(line.at));
    return element;
  }

  /** A file to be kept by a press; pictures are shown. What is no picture is never opened within the page. */
  private file(file: LineFile): HTMLElement {
    const element = make("button", "file", "") as HTMLButtonElement;
    element.type = "button";
    element.dataset.testid = "chat-file";
    element.setAttribute("aria-label", `${this.text.save} ${file.name}`);
    element.append(make("span", "", file.name));
    const fetched = () => this.chat.file(file);
    element.onclick = () => {
      fetched().then(
        (blob) => save(blob, file.name),
        () => element.classList.add("lost"),
      );
    };
    if (/\.(png|jpe?g|gif|webp)$/i.test(file.name)) {
      fetched().then(
        (blob) => {
          if (!/^image\/(png|jpeg|gif|webp)$/.test(blob.type)) return;
          const picture = document.createElement("img");
          picture.alt = file.name;
          picture.src = URL.createObjectURL(blob);
          picture.onload = () => URL.revokeObjectURL(picture.src);
          element.prepend(picture);
        },
        () => undefined,
      );
    }
    return element;
  }

  private pendingLine(one: Pending): HTMLElement {
    const element = document.createElement("div");
    element.className = "line customer unsent";
    element.dataset.testid = "chat-pending";
    const words = { sending: this.text.sending, retrying: this.text.failed, refused: this.text.refused }[one.state];
    if (one.text !== "") element.append(make("span", "text", one.text));
    element.append(...(one.files ?? []).map((file) => make("span", "text", file.name)), make("span", "note", words));
    if (one.state === "refused") {
      const again = make("button", "again", this.text.retry) as HTMLButtonElement;
      again.type = "button";
      again.onclick = () => this.chat.again(one.dedupe);
      element.append(again);
    }
    return element;
  }

  private time(at: string): HTMLElement {
    const element = make("time", "", "");
    const date = new Date(at);
    if (!Number.isNaN(date.getTime())) {
      element.textContent = date.toLocaleTimeString(this.lang, { hour: "2-digit", minute: "2-digit", hour12: false });
      element.setAttribute("datetime", at);
    }
    return element;
  }

  private fit(): void {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, 120)}px`;
  }

  private part<E extends Element = Element>(selector: string): E {
    const found = this.root.querySelector<E>(selector);
    if (!found) throw new Error(`the panel has no ${selector}`);
    return found;
  }
}

/** Lets the browser keep what was fetched. */
function save(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function make(tag: string, className: string, words: string): HTMLElement {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.textContent = words;
  return element;
}

function remember(open: boolean): void {
  try {
    sessionStorage.setItem(OPEN, open ? "1" : "");
  } catch {
    // A page that forbids storage has a bubble that starts closed.
  }
}

function remembered(): boolean {
  try {
    return sessionStorage.getItem(OPEN) === "1";
  } catch {
    return false;
  }
}
