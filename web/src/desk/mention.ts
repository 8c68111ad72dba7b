// Calling a colleague by name while a note is written: what is being named, who fits, and the text with the name in it. Pure.

/** A name that is being typed: where its sign stands and what of it is there. */
export interface Naming {
  readonly from: number;
  readonly part: string;
}

/** At most so many are offered. */
const OFFERED = 6;

/** The name before the caret; an address (`jo@example`) is none. */
export function namingAt(text: string, caret: number): Naming | undefined {
  const found = /(^|[^a-z0-9])[@＠]([\p{L}\p{N}._-]{0,40})$/iu.exec(text.slice(0, caret));
  if (!found) return undefined;
  const part = found[2] ?? "";
  return { from: caret - part.length - 1, part };
}

/** Who fits, those first whose name begins so. */
export function fitting(names: readonly string[], part: string): string[] {
  const wanted = part.toLowerCase();
  const rank = (name: string) => (name.toLowerCase().startsWith(wanted) ? 0 : 1);
  return names
    .filter((name) => name.toLowerCase().includes(wanted))
    .sort((a, b) => rank(a) - rank(b) || a.localeCompare(b))
    .slice(0, OFFERED);
}

/** The text with the name in place of what was typed of it, and where the caret goes. */
export function named(text: string, naming: Naming, name: string): { text: string; caret: number } {
  const rest = text.slice(naming.from + 1 + naming.part.length);
  const inserted = `@${name}${rest.startsWith(" ") ? "" : " "}`;
  const caret = naming.from + inserted.length + (rest.startsWith(" ") ? 1 : 0);
  return { text: text.slice(0, naming.from) + inserted + rest, caret };
}

/** A note's text in parts, those marked that call somebody. `names` are the note's own data, not read from its text. */
export function partsOf(text: string, names: readonly string[]): { text: string; called: boolean }[] {
  const longest = [...names].sort((a, b) => b.length - a.length).map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  if (longest.length === 0) return [{ text, called: false }];
  return text
    .split(new RegExp(`((?<![a-z0-9])[@＠](?:${longest.join("|")}))`, "iu"))
    .map((part, n) => ({ text: part, called: n % 2 === 1 }))
    .filter((part) => part.text !== "");
}

/** Whom a note calls, by its particulars. */
export function calledIn(detail: Readonly<Record<string, unknown>> | null): string[] {
  const names = detail?.["mentions"];
  return Array.isArray(names) ? names.filter((name): name is string => typeof name === "string") : [];
}
