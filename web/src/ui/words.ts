// Codes and addresses of the server as words for people.

import type { Conversation, Entry } from "../api/shapes";
import { isTextKey, type Text, type Values } from "../i18n/language";

/** `tel:+4930…` and `sip:jo@example.org` without their scheme; a chat visitor has a random name, of which the beginning is shown. */
export function address(text: Text, raw: string): string {
  const visitor = /^(?:chat:|visitor )([\w-]{1,6})/.exec(raw);
  if (visitor) return text("customer.visitor", { id: visitor[1] ?? "" });
  const wechat = /^(?:wechat:[^/]*\/|WeChat )(.+)$/.exec(raw);
  if (wechat) return text("customer.wechat", { id: (wechat[1] ?? "").slice(-6) });
  return raw.replace(/^(tel|sips?|mailto|user):/, "").replace(/^webhook:[^/]*\//, "");
}

/** How the customer of a conversation is called. */
export function customer(text: Text, one: Pick<Conversation, "person" | "caller">): string {
  const name = one.person?.name;
  return name && !name.startsWith("chat:") ? address(text, name) : address(text, one.caller);
}

/** The text of `prefix.code`, or the code itself with its underscores read as spaces. */
export function coded(text: Text, prefix: string, code: string, values?: Values): string {
  const key = `${prefix}.${code.replace(/:/g, ".")}`;
  return isTextKey(key) ? text(key, values) : code.replace(/[_:]/g, " ");
}

function number(value: unknown): string {
  return typeof value === "number" ? String(value) : "–";
}

/** What an event entry says. */
export function eventText(text: Text, entry: Pick<Entry, "text" | "detail" | "author">): string {
  const detail = entry.detail ?? {};
  const of = (name: string) => (typeof detail[name] === "string" ? detail[name] : "");
  const reason = of("reason");
  const end = of("end");
  return coded(text, "event", entry.text, {
    agent: of("agent") || entry.author || "",
    queue: of("queue"),
    step: of("step"),
    name: of("name"),
    score: of("score"),
    scale: of("scale"),
    about: of("to"),
    answer: of("answer") ? coded(text, "answer", of("answer")) : "",
    end: end ? coded(text, "end", end) : "",
    reason: reason ? coded(text, "reason", reason) : "",
    by: of("by"),
    to: of("to"),
    who: of("who"),
    mos: number(detail["mos"]),
    lost: number(detail["lost_percent"]),
    jitter: number(detail["jitter_ms"]),
  });
}
