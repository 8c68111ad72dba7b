// Whom to tell, and of what.

import { Button, Checkbox, Input } from "antd";
import { useState } from "react";

import type { EventHook, EventKind } from "../api/shapes";
import { useHookText } from "./texts";

/** In the order in which people think of them. */
export const KINDS: readonly EventKind[] = [
  "conversation_opened",
  "conversation_assigned",
  "conversation_moved",
  "conversation_ended",
  "entry_message",
  "entry_speech",
  "entry_corrected",
  "entry_event",
  "entry_note",
  "delivery_moved",
  "survey_answered",
  "ticket_for",
  "ticket_opened",
  "ticket_edited",
  "ticket_moved",
  "ticket_done",
  "ticket_escalated",
  "ticket_merged",
  "ticket_related",
  "article_saved",
  "knowledge_missed",
  "flow_published",
];
const USUAL: readonly EventKind[] = ["conversation_opened", "conversation_assigned", "conversation_ended", "ticket_done"];

interface HookFormProps {
  readonly hook: EventHook | undefined;
  readonly busy: boolean;
  readonly keep: (url: string, kinds: EventKind[]) => void;
  readonly cancel: () => void;
}

export function HookForm({ hook, busy, keep, cancel }: HookFormProps) {
  const text = useHookText();
  const [url, setUrl] = useState(hook?.url ?? "");
  const [kinds, setKinds] = useState<EventKind[]>([...(hook?.kinds ?? USUAL)]);
  return (
    <form
      className="card article-form hook-form"
      aria-label={text(hook ? "edit" : "add")}
      onSubmit={(event) => {
        event.preventDefault();
        keep(url.trim(), kinds);
      }}
      data-testid="hook-form"
    >
      <label>
        {text("url")}
        <Input value={url} onChange={(event) => setUrl(event.target.value)} placeholder={text("url_hint")} inputMode="url" autoFocus data-testid="hook-url" />
      </label>
      <fieldset className="hook-kinds">
        <legend>{text("kinds")}</legend>
        <Checkbox.Group
          value={kinds}
          onChange={(chosen) => setKinds(KINDS.filter((kind) => chosen.includes(kind)))}
          options={KINDS.map((kind) => ({ value: kind, label: text(`kind.${kind}`) }))}
        />
      </fieldset>
      <p className="tools">
        <Button type="primary" htmlType="submit" loading={busy} disabled={url.trim() === "" || kinds.length === 0} data-testid="hook-save">
          {text(hook ? "save" : "create")}
        </Button>
        <Button onClick={cancel}>{text("cancel")}</Button>
      </p>
    </form>
  );
}
