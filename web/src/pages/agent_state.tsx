// A supervisor changes what an agent does: to work, to a break with its reason, out of wrap-up or whatever else keeps them.

import { Button, Input, Popover } from "antd";
import { useState } from "react";

import { api } from "../api/client";
import type { Agent } from "../api/shapes";
import { useText } from "../i18n/language";
import { failureText } from "../ui/failure";
import { useMessages } from "../ui/messages";

/** As the server takes it. */
const REASON_CHARS = 64;

export function AgentStateActions({ agent }: { agent: Agent }) {
  const text = useText();
  const message = useMessages();
  const [busy, setBusy] = useState(false);
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState("");

  const order = async (ask: () => Promise<void>) => {
    setBusy(true);
    try {
      await ask();
      setAsking(false);
      setReason("");
    } catch (error) {
      void message.error(failureText(text, error));
    } finally {
      setBusy(false);
    }
  };

  const form = (
    <form
      className="agent-break"
      onSubmit={(event) => {
        event.preventDefault();
        void order(() => api.readyOf(agent.name, false, reason.trim()));
      }}
    >
      <Input
        value={reason}
        maxLength={REASON_CHARS}
        onChange={(event) => setReason(event.target.value)}
        placeholder={text("floor.break_reason")}
        aria-label={text("floor.break_reason")}
        data-testid="break-reason"
        autoFocus
      />
      <Button htmlType="submit" type="primary" loading={busy} data-testid="break-set">
        {text("floor.set_not_ready")}
      </Button>
    </form>
  );
  return (
    <span className="inline" role="group" aria-label={text("floor.change_of", { agent: agent.name })}>
      {agent.ready ? (
        <Popover
          content={form}
          trigger="click"
          placement="bottomRight"
          open={asking}
          onOpenChange={setAsking}
          destroyOnHidden
        >
          <Button size="small" disabled={busy} aria-expanded={asking} data-testid="set-not-ready">
            {text("floor.set_not_ready")}
          </Button>
        </Popover>
      ) : (
        <Button size="small" disabled={busy} onClick={() => void order(() => api.readyOf(agent.name, true))} data-testid="set-ready">
          {text("floor.set_ready")}
        </Button>
      )}
      {agent.state === "wrapup" && (
        <Button size="small" disabled={busy} onClick={() => void order(() => api.resetAgent(agent.name))} data-testid="end-wrapup">
          {text("floor.end_wrapup")}
        </Button>
      )}
    </span>
  );
}

/** Why somebody is not ready, as they or their supervisor said it. */
export function useBreak(): (agent: Pick<Agent, "pause">) => string {
  const text = useText();
  return ({ pause }) => (pause === "set_aside" ? text("floor.set_aside") : (pause ?? ""));
}
