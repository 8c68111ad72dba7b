// The box for notes: `@` offers colleagues, by keyboard (arrows, Enter or Tab, Escape) or mouse.

import { Input } from "antd";
import type { TextAreaRef } from "antd/es/input/TextArea";
import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from "react";

import { useText } from "../i18n/language";
import { useLive } from "../live/store";
import { useSession } from "../session";
import { fitting, named, namingAt, type Naming } from "./mention";

interface NoteBoxProps {
  readonly value: string;
  readonly change: (value: string) => void;
  readonly submit: () => void;
}

export function NoteBox({ value, change, submit }: NoteBoxProps) {
  const text = useText();
  const me = useSession().user.name;
  const agents = useLive((picture) => picture.agents);
  const names = useMemo(() => Object.keys(agents).filter((name) => name !== me), [agents, me]);
  const box = useRef<TextAreaRef>(null);
  const list = useId();
  const [naming, setNaming] = useState<Naming>();
  const [at, setAt] = useState(0);
  const [caret, setCaret] = useState<number>();
  const offered = naming ? fitting(names, naming.part) : [];
  const current = Math.min(at, offered.length - 1);

  useEffect(() => {
    if (caret === undefined) return;
    box.current?.resizableTextArea?.textArea.setSelectionRange(caret, caret);
    setCaret(undefined);
  }, [caret]);

  const watch = (area: HTMLTextAreaElement) => {
    const next = namingAt(area.value, area.selectionStart);
    if (next?.part !== naming?.part) setAt(0);
    setNaming(next);
  };
  const take = (name: string) => {
    if (!naming) return;
    const next = named(value, naming, name);
    change(next.text);
    setCaret(next.caret);
    setNaming(undefined);
    box.current?.focus();
  };
  const press = (event: KeyboardEvent) => {
    // Keys of an input method choose its own words.
    if (event.nativeEvent.isComposing) return;
    const chosen = offered[current];
    if (chosen === undefined) {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit();
      return;
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) setAt((current + step + offered.length) % offered.length);
    else if (event.key === "Enter" || event.key === "Tab") take(chosen);
    else if (event.key === "Escape") setNaming(undefined);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const open = offered.length > 0;
  return (
    <div className="note-box">
      <Input.TextArea
        ref={box}
        value={value}
        onChange={(event) => {
          change(event.target.value);
          watch(event.target);
        }}
        onSelect={(event) => watch(event.currentTarget)}
        onKeyDown={press}
        onBlur={() => setNaming(undefined)}
        autoSize={{ minRows: 2, maxRows: 6 }}
        maxLength={10_000}
        placeholder={text("ticket.note_placeholder")}
        aria-label={text("ticket.note_label")}
        aria-autocomplete="list"
        aria-controls={open ? list : undefined}
        aria-activedescendant={open ? `${list}-${current}` : undefined}
        data-testid="note-input"
      />
      <span className="visually-hidden" role="status">
        {open ? text("mention.offered", { count: offered.length, name: offered[current] ?? "" }) : ""}
      </span>
      {open && (
        <ul className="plain note-names" role="listbox" id={list} aria-label={text("mention.choose")}>
          {offered.map((name, n) => (
            <li
              key={name}
              id={`${list}-${n}`}
              role="option"
              aria-selected={n === current}
              // The box keeps the focus.
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => take(name)}
              data-testid="note-name"
            >
              @{name}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
