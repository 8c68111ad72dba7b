// Where the agent writes to a chat customer. Enter sends, Shift+Enter breaks the line; drafts are kept per conversation.

import { SendOutlined } from "@ant-design/icons";
import { Button, Input } from "antd";
import { useEffect, useRef, useState } from "react";

import { api } from "../api/client";
import type { NamedFile } from "../api/shapes";
import { useText } from "../i18n/language";
import { useLive } from "../live/store";
import { Attach, AttachedFiles, useDrop } from "./attach";
import { useAttachments } from "./attachments";
import { draftOf, keepDraft, onDraft } from "./drafts";

/** What the server accepts where the channel says nothing else, in characters. */
const MAX_CHARS = 10_000;
/** Typing is repeated to the customer this often (ms) while it goes on, and over after as long without a key. */
const TYPING_EVERY_MS = 4_000;

interface ComposerProps {
  readonly conversation: string;
  readonly send: (text: string, files: readonly NamedFile[], subject?: string) => void;
}

export function Composer({ conversation, send }: ComposerProps) {
  const text = useText();
  const writing = useLive((picture) => picture.writing[conversation]);
  const most = writing?.longest ?? MAX_CHARS;
  const [draft, setDraft] = useState(() => draftOf(conversation));
  const typing = useTyping(conversation, writing?.typing ?? true);
  const files = useAttachments(conversation);
  const takes = writing?.files ?? false;
  const subject = useSubject(conversation, writing?.subject ?? null);
  const count = [...draft].length;
  const tooLong = count > most;
  const loaded = files.all.flatMap((one) => (one.file ? [{ name: one.file.name, url: one.file.url }] : []));
  const waits = files.all.some((one) => one.state === "loading");
  const ready = (draft.trim() !== "" || loaded.length > 0) && !tooLong && !waits;

  useEffect(() => onDraft(conversation, setDraft), [conversation]);

  const change = (next: string) => {
    setDraft(next);
    keepDraft(conversation, next);
    typing(next !== "");
  };
  const submit = () => {
    if (!ready) return;
    send(draft.trim(), loaded, subject.changed);
    setDraft("");
    keepDraft(conversation, "");
    files.clear();
    typing(false);
  };
  const drop = useDrop(takes, files.add);

  return (
    <form
      className={`composer${drop.over ? " is-over" : ""}`}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      {...drop.handlers}
    >
      {subject.value !== undefined && (
        <Input
          className="composer-subject"
          value={subject.value}
          maxLength={200}
          onChange={(event) => subject.set(event.target.value)}
          placeholder={text("composer.subject")}
          aria-label={text("composer.subject")}
          data-testid="composer-subject"
        />
      )}
      <Attach takes={takes} add={files.add} />
      <Input.TextArea
        value={draft}
        onChange={(event) => change(event.target.value)}
        onKeyDown={(event) => {
          // While a Chinese word is being composed, Enter chooses it and sends nothing.
          if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
          event.preventDefault();
          submit();
        }}
        onPaste={(event) => {
          const pasted = [...event.clipboardData.files];
          if (!takes || pasted.length === 0) return;
          event.preventDefault();
          files.add(pasted);
        }}
        autoSize={{ minRows: 1, maxRows: 6 }}
        placeholder={text("composer.placeholder")}
        aria-label={text("composer.label")}
        aria-invalid={tooLong}
        data-testid="composer"
        autoFocus={window.matchMedia("(min-width: 861px)").matches}
      />
      <Button type="primary" htmlType="submit" icon={<SendOutlined />} disabled={!ready} data-testid="send">
        {text("composer.send")}
      </Button>
      <AttachedFiles all={files.all} remove={files.remove} />
      {tooLong && (
        <p className="composer-error" role="alert">
          {text("composer.too_long", { max: most, count })}
        </p>
      )}
    </form>
  );
}

/** The subject as it stands, and what to send of it: nothing while it is the customer's. */
function useSubject(conversation: string, theirs: string | null) {
  const [own, setOwn] = useState<Readonly<Record<string, string>>>({});
  const mine = own[conversation];
  const trimmed = mine?.trim();
  return {
    value: theirs === null ? undefined : (mine ?? theirs),
    set: (subject: string) => setOwn((old) => ({ ...old, [conversation]: subject })),
    changed: trimmed === undefined || trimmed === "" || trimmed === theirs ? undefined : trimmed,
  };
}

/** Tells the customer that I type, not at every key. A typing mark that gets lost is no trouble worth a message. */
function useTyping(conversation: string, shown: boolean): (on: boolean) => void {
  const said = useRef(0);
  const over = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(over.current), []);

  const tell = (on: boolean) => {
    if (!shown) return;
    said.current = on ? Date.now() : 0;
    api.command(conversation, { command: "typing", on }).catch(() => undefined);
  };
  return (on) => {
    clearTimeout(over.current);
    if (on) {
      if (Date.now() - said.current > TYPING_EVERY_MS) tell(true);
      over.current = setTimeout(() => tell(false), TYPING_EVERY_MS);
    } else if (said.current > 0) {
      tell(false);
    }
  };
}
