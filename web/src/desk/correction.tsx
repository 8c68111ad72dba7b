// Correcting a line of the transcript in its place, and the mark that says so.
//
// Promises: F2 anywhere on the line or Enter on its button begins, Escape leaves, Ctrl+Enter saves, and the keyboard is where it
// was afterwards; nobody overwrites a correction that they have not seen. Leaves to others: who may (the server has the last
// word), changing the line on all pages (the live socket).

import { EditOutlined } from "@ant-design/icons";
import { Button, Input, Popover } from "antd";
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from "react";

import { api, ApiError } from "../api/client";
import type { Conversation, Corrected, Entry, LineVersion } from "../api/shapes";
import { useLanguage, useText } from "../i18n/language";
import { useSession } from "../session";
import { failureText } from "../ui/failure";
import { clock, day } from "../ui/time";

/** Longest line (the server's own limit). */
const LINE_CHARS = 2000;

/** Agents who took part, supervisors and administrators correct a transcript. */
export function useMayCorrect(conversation: Conversation): boolean {
  const { user } = useSession();
  const mine = conversation.agent === user.name || conversation.legs.some((leg) => leg.agent === user.name);
  return mine || user.role !== "agent";
}

export interface Correcting {
  readonly open: boolean;
  readonly close: () => void;
  readonly onKeyDown?: (event: KeyboardEvent) => void;
  readonly button: (entry: Entry) => ReactNode;
}

/** Whether a line is being corrected here. */
export function useCorrecting(may: boolean): Correcting {
  const text = useText();
  const [open, setOpen] = useState(false);
  const [back, setBack] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!open && back) button.current?.focus();
  }, [open, back]);
  if (!may) return { open: false, close: () => undefined, button: () => null };
  const begin = () => {
    setBack(true);
    setOpen(true);
  };
  return {
    open,
    close: () => setOpen(false),
    onKeyDown: (event) => {
      if (event.key !== "F2" || open) return;
      event.preventDefault();
      begin();
    },
    button: (entry) =>
      open ? null : (
        <button
          ref={button}
          type="button"
          className="link edit-line"
          onClick={begin}
          aria-label={text("line.correct", { text: entry.text })}
          title={text("line.correct_title")}
          data-testid="edit-line"
        >
          <EditOutlined aria-hidden />
        </button>
      ),
  };
}

export function EditLine({ conversation, entry, done }: { conversation: string; entry: Entry; done: () => void }) {
  const text = useText();
  const [wanted, setWanted] = useState(entry.text);
  /** What the writer has seen of the line. */
  const [revision, setRevision] = useState(entry.corrected?.revision ?? 0);
  const [problem, setProblem] = useState<string>();
  const [saving, setSaving] = useState(false);

  const save = async () => {
    if (saving || wanted.trim() === "") return;
    setSaving(true);
    try {
      await api.correctLine(conversation, entry.seq, wanted, revision);
      done();
    } catch (error) {
      setSaving(false);
      const now = error instanceof ApiError ? error.line : undefined;
      if (now) setRevision(now.corrected?.revision ?? 0);
      setProblem(now ? text("line.stale", { text: now.text }) : failureText(text, error));
    }
  };
  const keys = (event: KeyboardEvent) => {
    // The desk has keys of its own.
    event.stopPropagation();
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Escape") done();
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      void save();
    }
  };
  return (
    <span className="edit-box" onKeyDown={keys}>
      <Input.TextArea
        autoFocus
        autoSize={{ minRows: 1, maxRows: 6 }}
        maxLength={LINE_CHARS}
        value={wanted}
        onChange={(event) => setWanted(event.target.value)}
        onFocus={(event) => event.target.setSelectionRange(event.target.value.length, event.target.value.length)}
        aria-label={text("line.correct_label")}
        aria-describedby={`edit-help-${entry.seq}`}
        data-testid="line-editor"
      />
      <span className="edit-foot">
        <span id={`edit-help-${entry.seq}`} className="quiet small">
          {text("line.correct_help")}
        </span>
        <Button size="small" onClick={done} data-testid="line-leave">
          {text("line.leave")}
        </Button>
        <Button size="small" type="primary" loading={saving} disabled={wanted.trim() === ""} onClick={() => void save()} data-testid="line-save">
          {text("line.save")}
        </Button>
      </span>
      {problem !== undefined && (
        <span className="failed" role="alert">
          {problem}
        </span>
      )}
    </span>
  );
}

/** Says that a person wrote the line: who, when, and what was recognised. */
export function CorrectedMark({ conversation, seq, corrected }: { conversation: string; seq: number; corrected: Corrected }) {
  const text = useText();
  const { language } = useLanguage();
  const who = text("line.corrected_by", { by: corrected.by, at: clock(corrected.at, language) });
  return (
    <Popover
      trigger={["hover", "focus"]}
      destroyOnHidden
      content={<History conversation={conversation} seq={seq} corrected={corrected} />}
    >
      <button
        type="button"
        className="link corrected"
        aria-label={`${who} ${text("line.original", { text: corrected.original })}`}
        data-testid="corrected"
        data-revision={corrected.revision}
      >
        {text("line.corrected")}
      </button>
    </Popover>
  );
}

/** All that the line ever said, the newest last. */
function History({ conversation, seq, corrected }: { conversation: string; seq: number; corrected: Corrected }) {
  const text = useText();
  const { language } = useLanguage();
  const [versions, setVersions] = useState<readonly LineVersion[]>();
  const { revision } = corrected;
  useEffect(() => {
    let gone = false;
    api.lineHistory(conversation, seq).then(
      ({ items }) => !gone && setVersions(items),
      () => undefined,
    );
    return () => {
      gone = true;
    };
  }, [conversation, seq, revision]);
  const first: Pick<LineVersion, "revision" | "text" | "by" | "at" | "confidence"> = {
    revision: 0,
    text: corrected.original,
    by: null,
    at: corrected.at,
    confidence: null,
  };
  return (
    <ol className="line-history" data-testid="line-history">
      {(versions ?? [first]).map((one) => (
        <li key={one.revision} data-revision={one.revision}>
          <span className="quiet small">
            {one.by === null
              ? text("line.recognised", { sure: one.confidence === null ? "" : text("line.sure", { percent: String(Math.round(one.confidence * 100)) }) })
              : `${one.by} · ${day(one.at, language)}`}
          </span>
          <br />
          {one.text}
        </li>
      ))}
    </ol>
  );
}
