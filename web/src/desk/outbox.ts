// Messages on their way to the server: shown at once, repeated under the same name until recorded or refused.

import { useCallback, useEffect, useMemo, useRef, useState } from "react";

import { api, ApiError, freshDedupe } from "../api/client";
import type { Entry, NamedFile } from "../api/shapes";
import { useLive } from "../live/store";

export interface Unsent {
  readonly dedupe: string;
  readonly text: string;
  readonly files: readonly NamedFile[];
  /** What a letter is about, where that was changed. */
  readonly subject?: string;
  readonly failed: boolean;
  /** Its place in the record, once known: gone from here when that entry arrives. */
  readonly seq?: number;
  /** The last entry when it was written: its own is one after that. */
  readonly after: number;
}

/** Waits between tries when the server is not reached, in milliseconds. */
const WAITS_MS = [500, 1_500, 4_000, 8_000];
const NOTHING: readonly Entry[] = [];

export function useOutbox(conversation: string, refused: (error: unknown) => void) {
  const [all, setAll] = useState<Readonly<Record<string, readonly Unsent[]>>>({});
  const entries = useLive((picture) => picture.entries[conversation]) ?? NOTHING;
  const alive = useRef(true);
  useEffect(() => {
    alive.current = true;
    return () => {
      alive.current = false;
    };
  }, []);

  const last = entries[entries.length - 1]?.seq ?? 0;

  const edit = useCallback((id: string, change: (old: readonly Unsent[]) => readonly Unsent[]) => {
    if (alive.current) setAll((old) => ({ ...old, [id]: change(old[id] ?? []) }));
  }, []);

  const push = useCallback(
    async (id: string, message: Unsent) => {
      const mark = (part: Partial<Unsent>) =>
        edit(id, (old) => old.map((one) => (one.dedupe === message.dedupe ? { ...one, ...part } : one)));
      mark({ failed: false });
      for (let attempt = 0; ; attempt += 1) {
        try {
          const { seq } = await api.message(id, message.text, message.dedupe, {
            ...(message.files.length > 0 ? { files: message.files } : {}),
            ...(message.subject === undefined ? {} : { subject: message.subject }),
          });
          mark({ seq });
          return;
        } catch (error) {
          const wait = WAITS_MS[attempt];
          const passing = error instanceof ApiError && (error.status === 0 || error.status === 503);
          if (!passing || wait === undefined) {
            mark({ failed: true });
            refused(error);
            return;
          }
          await new Promise((resolve) => setTimeout(resolve, wait));
        }
      }
    },
    [edit, refused],
  );

  const send = useCallback(
    (text: string, files: readonly NamedFile[] = [], subject?: string) => {
      const message: Unsent = { dedupe: freshDedupe(), text, files, failed: false, after: last, ...(subject === undefined ? {} : { subject }) };
      edit(conversation, (old) => [...old, message]);
      void push(conversation, message);
    },
    [conversation, edit, push, last],
  );

  const resend = useCallback((message: Unsent) => void push(conversation, message), [conversation, push]);

  const mine = all[conversation];
  const unsent = useMemo(() => notRecorded(mine ?? [], entries), [mine, entries]);

  return { unsent, send, resend };
}

/** Those whose entry is not here yet; it may come over the socket before the answer to sending it. */
export function notRecorded(messages: readonly Unsent[], entries: readonly Entry[]): Unsent[] {
  const taken = new Set<number>();
  return messages.filter((one) => {
    const entry = entries.find((candidate) =>
      one.seq === undefined
        ? candidate.seq > one.after &&
          candidate.kind === "message" &&
          candidate.speaker === "agent" &&
          candidate.text === one.text &&
          !taken.has(candidate.seq)
        : candidate.seq === one.seq,
    );
    if (entry) taken.add(entry.seq);
    return entry === undefined;
  });
}
