// A callback that waits: withdrawn, moved to another queue, put off. Its place stays.

import { Button, Popconfirm, Select } from "antd";
import { useState } from "react";

import { api } from "../api/client";
import type { Conversation } from "../api/shapes";
import { useText } from "../i18n/language";
import { useLive } from "../live/store";
import { failureText } from "../ui/failure";
import { useMessages } from "../ui/messages";

/** Whether a conversation is a callback whose customer is yet to be called. */
export function isCallback({ ended_at, legs }: Conversation): boolean {
  return ended_at === null && legs[0]?.device === "callback" && legs[0].answered_at === null;
}

export function CallbackCard({ conversation }: { conversation: Conversation }) {
  const text = useText();
  const message = useMessages();
  const queues = useLive((picture) => picture.queues);
  const [queue, setQueue] = useState<string>();
  const [notBefore, setNotBefore] = useState("");
  const [busy, setBusy] = useState(false);
  if (!isCallback(conversation)) return null;
  const change = async (wish: Parameters<typeof api.changeCallback>[1]) => {
    setBusy(true);
    try {
      await api.changeCallback(conversation.id, wish);
      void message.success(text("callback.changed"));
    } catch (error) {
      void message.error(failureText(text, error));
    } finally {
      setBusy(false);
    }
  };
  const move = () => change({ do: "move", queue: queue ?? null, not_before: notBefore === "" ? null : new Date(notBefore).toISOString() });
  return (
    <section className="card" aria-labelledby="callback-card" data-testid="callback-card">
      <h2 id="callback-card">{text("callback.title")}</h2>
      <p className="quiet small">{text("callback.lead")}</p>
      <div className="what-if-fields">
        <label>
          <span>{text("callback.queue")}</span>
          <Select
            value={queue ?? conversation.queue}
            onChange={setQueue}
            options={Object.keys(queues).sort().map((name) => ({ value: name, label: name }))}
            aria-label={text("callback.queue")}
          />
        </label>
        <label>
          <span>{text("callback.not_before")}</span>
          <input type="datetime-local" className="plain-date" value={notBefore} onChange={(event) => setNotBefore(event.target.value)} data-testid="callback-not-before" />
        </label>
      </div>
      <p className="callback-orders">
        <Button loading={busy} onClick={() => void move()} data-testid="callback-move">
          {text("callback.move")}
        </Button>{" "}
        <Popconfirm title={text("callback.sure")} onConfirm={() => void change({ do: "withdraw" })}>
          <Button danger disabled={busy} data-testid="callback-withdraw">
            {text("callback.withdraw")}
          </Button>
        </Popconfirm>
      </p>
    </section>
  );
}
