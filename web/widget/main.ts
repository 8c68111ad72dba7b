// The chat bubble for any page: <script src="https://desk.example.org/widget.js" async></script>
//
// Attributes of the script tag, all optional: data-lang (en, zh; else the page's language), data-name (the customer's name if
// the page knows it), data-server (where Voxdesk is; else where the script came from).

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

function storage() {
  try {
    localStorage.getItem("voxdesk");
    return localStorage;
  } catch {
    return memory();
  }
}

const script = document.currentScript as HTMLScriptElement | null;

function start(): void {
  if (document.getElementById("voxdesk-chat")) return;
  const server = script?.dataset.server ?? (script?.src ? new URL(script.src).origin : location.origin);
  const lang = langOf(script?.dataset.lang ?? (document.documentElement.lang || navigator.language));
  const chat = new Chat(`${server.replace(/\/$/, "")}/api/v1`, lang, {
    fetch: (input, init) => fetch(input, init),
    socket: (address) => new WebSocket(address),
    storage: storage(),
    random: (bytes) => crypto.getRandomValues(new Uint8Array(bytes)),
  });
  chat.name = script?.dataset.name ?? "";
  const host = document.createElement("div");
  host.id = "voxdesk-chat";
  document.body.append(host);
  mount(host, chat, textsOf(lang), lang === "zh" ? "zh-CN" : "en");
  chat.resume();
  window.addEventListener("online", () => chat.hurry());
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && chat.hurry());
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();
