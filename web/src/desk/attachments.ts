// Files on their way into a message: uploaded as soon as they are chosen, kept per conversation until the message is sent.

import { useCallback, useEffect, useState } from "react";

import { api, freshDedupe } from "../api/client";
import type { Uploaded } from "../api/shapes";

/** As the server has it (`desk::files`). */
export const MOST_BYTES = 10 * 1024 * 1024;
export const MOST_FILES = 10;

export interface Attached {
  readonly key: string;
  readonly name: string;
  readonly state: "loading" | "ready" | "failed";
  readonly file?: Uploaded;
  readonly error?: unknown;
}

/** Larger than the server takes: said before anything is sent. */
export class TooLarge extends Error {}

const kept = new Map<string, readonly Attached[]>();
const listeners = new Map<string, Set<(all: readonly Attached[]) => void>>();

function put(conversation: string, all: readonly Attached[]): void {
  kept.set(conversation, all);
  for (const listener of listeners.get(conversation) ?? []) listener(all);
}

function mark(conversation: string, key: string, part: Partial<Attached>): void {
  put(conversation, (kept.get(conversation) ?? []).map((one) => (one.key === key ? { ...one, ...part } : one)));
}

async function upload(conversation: string, key: string, file: File): Promise<void> {
  try {
    if (file.size > MOST_BYTES) throw new TooLarge(file.name);
    mark(conversation, key, { state: "ready", file: await api.uploadFile(conversation, file) });
  } catch (error) {
    mark(conversation, key, { state: "failed", error });
  }
}

export function useAttachments(conversation: string) {
  const [all, setAll] = useState(() => kept.get(conversation) ?? []);
  useEffect(() => {
    const mine = listeners.get(conversation) ?? new Set();
    listeners.set(conversation, mine);
    mine.add(setAll);
    setAll(kept.get(conversation) ?? []);
    return () => void mine.delete(setAll);
  }, [conversation]);
  const add = useCallback(
    (files: readonly File[]) => {
      const before = kept.get(conversation) ?? [];
      const taken = files.slice(0, Math.max(0, MOST_FILES - before.length)).map((file) => ({ key: freshDedupe(), file }));
      put(conversation, [...before, ...taken.map(({ key, file }): Attached => ({ key, name: file.name, state: "loading" }))]);
      for (const { key, file } of taken) void upload(conversation, key, file);
    },
    [conversation],
  );
  const remove = useCallback((key: string) => put(conversation, (kept.get(conversation) ?? []).filter((one) => one.key !== key)), [conversation]);
  const clear = useCallback(() => put(conversation, []), [conversation]);
  return { all, add, remove, clear };
}
