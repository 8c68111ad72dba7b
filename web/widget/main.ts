// The chat bubble for any page: <script src="https://desk.example.org/widget.js" async></script>
//
// Attributes of the script tag, all optional: data-lang (en, zh; else the page's language), data-name (the customer's name if
// the page knows it), data-calls (`voice`, `video` or both: buttons to call from the page), data-server (where Voxdesk is; else where the script came from).

import { Call } from "./call";
import { Chat } from "./chat";
import { langOf, textsOf } from "./text";
import { mount } from "./view";

/** Storage that works for this page only, for browsers that forbid the real one. */
function memory(): Pick<Storage, "getItem" | "setItem" | "removeItem"> {
  const kept = new Map<string, string>();
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  };
}

function storage(real: () => Storage) {
  try {
    real().getItem("voxdesk");
    return real();
  } catch {
    return memory();
  }
}

/** By XMLHttpRequest: `fetch` does not tell how much of a body went. */
function upload(address: string, token: string, file: Blob, progress: (done: number) => void): Promise<{ status: number; body: unknown }> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.setRequestHeader("Authorization", `Bearer ${token}`);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.responseType = "json";
    request.upload.onprogress = (event) => event.lengthComputable && progress(event.loaded / event.total);
    request.onload = () => resolve({ status: request.status, body: request.response as unknown });
    request.onerror = () => reject(new Error("not reached"));
    request.send(file);
  });
}

const script = document.currentScript as HTMLScriptElement | null;

function start(): void {
  if (document.getElementById("voxdesk-chat")) return;
  const server = script?.dataset.server ?? (script?.src ? new URL(script.src).origin : location.origin);
  const lang = langOf(script?.dataset.lang ?? (document.documentElement.lang || navigator.language));
  const base = `${server.replace(/\/$/, "")}/api/v1`;
  const browser = {
    fetch: (input: RequestInfo | URL, init?: RequestInit) => fetch(input, init),
    socket: (address: string) => new WebSocket(address),
    upload,
    random: (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes)),
  };
  const chat = new Chat(base, lang, { ...browser, storage: storage(() => localStorage) });
  // A call belongs to its tab: another tab of this browser does not take it over when it is opened.
  const call = new Call(base, lang, { ...browser, storage: storage(() => sessionStorage) }, () => chat.visitor());
  const calls = (script?.dataset.calls ?? "").split(/\s+/);
  const offered = { voice: calls.includes("voice"), video: calls.includes("video") };
  chat.name = script?.dataset.name ?? "";
  call.name = chat.name;
  const host = document.createElement("div");
  host.id = "voxdesk-chat";
  document.body.append(host);
  mount(host, { chat, call, offered }, textsOf(lang), lang === "zh" ? "zh-CN" : "en");
  chat.resume();
  call.resume();
  window.addEventListener("online", () => chat.hurry());
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && chat.hurry());
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();
