// The words of a line: the one that the recording is at is lit, and those that the recogniser was not sure of are underlined.

import { Fragment, type ReactNode } from "react";

import type { Entry } from "../api/shapes";
import { useText } from "../i18n/language";

/** Below this the recogniser was not sure of a word: it gave all others together as much or more. */
const UNSURE = 0.5;

/** Text, begin and end in milliseconds of the conversation, how sure the recogniser was (0 to 1; nothing of what a person wrote). */
export type LineWord = readonly [string, number, number, number?];

/** `[["hello", 0, 410, 0.93], …]` of an utterance's detail. */
export function wordsOf(entry: Entry): readonly LineWord[] {
  const words: unknown = entry.detail?.["words"];
  if (entry.kind !== "speech" || !Array.isArray(words)) return [];
  return (words as unknown[]).filter(
    (word): word is LineWord => Array.isArray(word) && typeof word[0] === "string" && typeof word[1] === "number",
  );
}

export function isUnsure([, , , sure]: LineWord): boolean {
  return typeof sure === "number" && sure < UNSURE;
}

/** The line's text. Words that do not make it up leave it as it is; what is hidden stands in the text under another name. */
export function Words({ entry, at }: { entry: Entry; at?: number }) {
  const text = useText();
  const words = wordsOf(entry).filter(([word]) => !/^•+$/.test(word));
  const lit = at === undefined ? -1 : words.findLastIndex((word) => word[1] <= at);
  const pieces: ReactNode[] = [];
  let done = 0;
  for (const [n, word] of words.entries()) {
    const from = entry.text.indexOf(word[0], done);
    if (from < 0) return <>{entry.text}</>;
    pieces.push(entry.text.slice(done, from));
    done = from + word[0].length;
    const shown = isUnsure(word) ? (
      <span className="unsure" data-testid="unsure-word" title={text("line.unsure_title", { percent: String(Math.round((word[3] ?? 0) * 100)) })}>
        {word[0]}
      </span>
    ) : (
      word[0]
    );
    pieces.push(
      n === lit ? (
        <mark key={n} className="lit-word" data-testid="lit-word">
          {shown}
        </mark>
      ) : (
        <Fragment key={n}>{shown}</Fragment>
      ),
    );
  }
  pieces.push(entry.text.slice(done));
  return <>{pieces}</>;
}
