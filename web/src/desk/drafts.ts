// What agents are writing, per conversation, and the way for others (suggestions, macros) to put text into it.

type Listener = (text: string) => void;

const drafts = new Map<string, string>();
const listeners = new Map<string, Listener>();

export const draftOf = (conversation: string): string => drafts.get(conversation) ?? "";

export function keepDraft(conversation: string, text: string): void {
  if (text) drafts.set(conversation, text);
  else drafts.delete(conversation);
}

/** The composer of a conversation hears what others put into its draft; returns how to stop. */
export function onDraft(conversation: string, listener: Listener): () => void {
  listeners.set(conversation, listener);
  return () => {
    if (listeners.get(conversation) === listener) listeners.delete(conversation);
  };
}

/** Adds text to the draft, after what is there. */
export function intoDraft(conversation: string, text: string): void {
  const before = draftOf(conversation);
  const next = before.trim() ? `${before.trimEnd()}\n${text}` : text;
  keepDraft(conversation, next);
  listeners.get(conversation)?.(next);
}
