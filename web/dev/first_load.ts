// The script that an agent's first view loads must stay small: a build in which it grew beyond its limit fails, and says by what.
//
// Counted, compressed one by one as they travel: the entry of the staff pages with all it imports, and the larger of the languages
// (which the entry asks for before it shows anything). Not counted: what is fetched once the page can be seen.

import { gzipSync } from "node:zlib";

/** What a build says of one of its files. */
export interface Chunk {
  readonly fileName: string;
  readonly name: string;
  readonly code: string;
  readonly imports: readonly string[];
}

const LIMIT_BYTES = 250_000;
const LANGUAGES = ["pack_en", "pack_zh"];

/** The files of the first view and their compressed sizes, largest first. */
export function firstLoad(chunks: readonly Chunk[], entry: string, languages: readonly string[] = LANGUAGES): [string, number][] {
  const named = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
  const start = chunks.find((chunk) => chunk.name === entry);
  const packs = languages.map((name) => chunks.find((chunk) => chunk.name === name));
  if (!start || packs.some((pack) => !pack)) throw new Error(`the build has no file of ${[entry, ...languages].join(", ")}`);
  const size = (chunk: Chunk) => gzipSync(chunk.code).length;
  const shared = withImports([start], named);
  const own = packs.map((pack) => withImports([pack!], named).filter((chunk) => !shared.includes(chunk)));
  const total = (some: readonly Chunk[]) => some.reduce((sum, chunk) => sum + size(chunk), 0);
  const largest = own.reduce((most, next) => (total(next) > total(most) ? next : most), []);
  return [...shared, ...largest].map((chunk): [string, number] => [chunk.fileName, size(chunk)]).sort((a, b) => b[1] - a[1]);
}

/** Why a build is refused, or nothing. */
export function tooLarge(load: readonly [string, number][], limit = LIMIT_BYTES): string | undefined {
  const total = load.reduce((sum, [, size]) => sum + size, 0);
  if (total <= limit) return undefined;
  const files = load.map(([file, size]) => `  ${String(size).padStart(7)}  ${file}`).join("\n");
  return `the first view loads ${total} bytes of script; ${limit} is the limit. Load what it does not need when it is needed:\n${files}`;
}

function withImports(start: readonly Chunk[], named: ReadonlyMap<string, Chunk>): Chunk[] {
  const found = new Set(start);
  // A set may grow while it is walked: what was added is visited too.
  for (const chunk of found) for (const file of chunk.imports) {
    const next = named.get(file);
    if (next) found.add(next);
  }
  return [...found];
}
