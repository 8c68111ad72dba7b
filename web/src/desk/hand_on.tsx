// Bringing others into the call in hand: transfer, consultation, conference, parking; recording; who listens; how it sounds.

import {
  PauseCircleOutlined,
  PlayCircleFilled,
  SwapOutlined,
  TeamOutlined,
  UserSwitchOutlined,
} from "@ant-design/icons";
import { Alert, Button, Input, Popover, Select, Tag, Tooltip } from "antd";
import { useMemo, useState } from "react";

import type { Call, Command } from "../api/shapes";
import { useText } from "../i18n/language";
import { useLive } from "../live/store";
import { coded } from "../ui/words";
import { useDesk } from "./desk_context";

type Target = Extract<Command, { command: "transfer" }>["to"];

/** Buttons beside those of the call itself. */
export function HandOn({ call }: { call: Call }) {
  const text = useText();
  const { order } = useDesk();
  const id = call.conversation;
  if (call.part !== "holder") return null;
  const free = (call.state === "talking" || call.state === "held") && !asked(call);
  return (
    <>
      <Transfer call={call} disabled={!free} />
      <Button icon={<PauseCircleOutlined />} disabled={!free} onClick={() => void order(id, { command: "park" })} data-testid="park">
        {text("call.park")}
      </Button>
      <Record call={call} />
    </>
  );
}

/** Somebody asked and not yet in the conference. */
function asked(call: Call) {
  return call.others.find((other) => other.state !== "joined");
}

function Transfer({ call, disabled }: { call: Call; disabled: boolean }) {
  const text = useText();
  const { order, me } = useDesk();
  const [open, setOpen] = useState(false);
  const [picked, setPicked] = useState<string>();
  const [number, setNumber] = useState("");
  const agents = useLive((picture) => picture.agents);
  const queues = useLive((picture) => picture.queues);
  const options = useMemo(
    () => [
      {
        label: text("floor.agents"),
        options: Object.values(agents)
          .filter((agent) => agent.name !== me)
          .sort((a, b) => Number(b.state === "ready") - Number(a.state === "ready") || a.name.localeCompare(b.name))
          .map((agent) => ({ value: `agent:${agent.name}`, label: `${agent.name} · ${text(`state.${agent.state}`)}` })),
      },
      {
        label: text("floor.queues"),
        options: Object.values(queues)
          .sort((a, b) => a.name.localeCompare(b.name))
          .map((queue) => ({ value: `queue:${queue.name}`, label: `${queue.name} · ${text("floor.waiting")} ${queue.waiting.length}` })),
      },
    ],
    [agents, queues, me, text],
  );
  const target = targetOf(picked, number);
  const send = async (command: "transfer" | "consult") => {
    if (!target) return;
    if (await order(call.conversation, { command, to: target })) {
      setOpen(false);
      setPicked(undefined);
      setNumber("");
    }
  };
  const form = (
    <div className="hand-on" data-testid="transfer-form">
      <Select
        showSearch
        allowClear
        options={options}
        value={picked}
        onChange={(value: string | undefined) => setPicked(value)}
        placeholder={text("transfer.pick")}
        aria-label={text("transfer.pick")}
        data-testid="transfer-target"
      />
      <Input
        value={number}
        onChange={(event) => setNumber(event.target.value)}
        disabled={picked !== undefined}
        placeholder={text("transfer.number")}
        aria-label={text("transfer.number")}
        data-testid="transfer-number"
      />
      <div className="hand-on-actions">
        <Button type="primary" disabled={!target} onClick={() => void send("transfer")} data-testid="transfer-now">
          {text("transfer.now")}
        </Button>
        <Button disabled={!target} onClick={() => void send("consult")} data-testid="consult">
          {text("transfer.consult")}
        </Button>
      </div>
      <p className="quiet small">{text("transfer.help")}</p>
    </div>
  );
  return (
    <Popover content={form} trigger="click" placement="bottom" open={open && !disabled} onOpenChange={setOpen}>
      <Button icon={<UserSwitchOutlined />} disabled={disabled} data-testid="transfer">
        {text("call.transfer")}
      </Button>
    </Popover>
  );
}

function targetOf(picked: string | undefined, number: string): Target | undefined {
  if (picked?.startsWith("agent:")) return { agent: picked.slice(6) };
  if (picked?.startsWith("queue:")) return { queue: picked.slice(6) };
  const entered = number.trim();
  return entered === "" ? undefined : { number: entered };
}

export function Record({ call }: { call: Call }) {
  const text = useText();
  const { order } = useDesk();
  if (!call.may_record) return null;
  const on = call.recording === "on";
  return (
    <Button
      danger={on}
      icon={on ? <PauseCircleOutlined /> : <PlayCircleFilled />}
      aria-pressed={on}
      onClick={() => void order(call.conversation, { command: "record", on: !on })}
      data-testid="record"
      data-recording={call.recording ?? "off"}
    >
      {text(on ? "call.record_pause" : call.recording === "paused" ? "call.record_resume" : "call.record")}
    </Button>
  );
}

/** Below the buttons: who else is in the call and what can be done with them; that it is recorded; that somebody listens. */
export function Company({ call }: { call: Call }) {
  const text = useText();
  const { order } = useDesk();
  const id = call.conversation;
  const one = asked(call);
  const there = one !== undefined && one.state !== "ringing";
  return (
    <div className="company" aria-live="polite">
      {call.recording !== null && (
        <Tag color={call.recording === "on" ? "red" : "default"} data-testid="recording-state" data-state={call.recording}>
          {text(call.recording === "on" ? "call.recording" : "call.recording_paused")}
        </Tag>
      )}
      {call.transcription === "paused" && <Tag data-testid="transcript-paused">{text("call.transcript_paused")}</Tag>}
      {call.part === "guest" && <Tag data-testid="call-part">{text("call.part.guest")}</Tag>}
      {call.others.map((other) => (
        <Tag key={other.who} icon={<TeamOutlined />} data-testid="call-other" data-who={other.who} data-state={other.state}>
          {other.who} · {coded(text, "call.other", other.state)}
        </Tag>
      ))}
      <Sound call={call} />
      {call.part === "holder" && one !== undefined && (
        <span className="call-actions">
          <Button size="small" icon={<SwapOutlined />} disabled={!there} onClick={() => void order(id, { command: "swap" })} data-testid="swap">
            {text(one.state === "waiting" ? "transfer.to_asked" : "transfer.to_customer")}
          </Button>
          <Button size="small" icon={<TeamOutlined />} disabled={!there} onClick={() => void order(id, { command: "join" })} data-testid="join">
            {text("transfer.join")}
          </Button>
          <Button size="small" type="primary" disabled={!there} onClick={() => void order(id, { command: "complete" })} data-testid="complete">
            {text("transfer.complete")}
          </Button>
          <Button size="small" onClick={() => void order(id, { command: "cancel" })} data-testid="cancel-consult">
            {text("transfer.cancel")}
          </Button>
        </span>
      )}
      {call.watched_by.length > 0 && (
        <Alert type="info" showIcon title={text("call.watched", { who: call.watched_by.join(", ") })} data-testid="watched" />
      )}
    </div>
  );
}

/** How the call sounds, by its worst leg. */
export function Sound({ call }: { call: Pick<Call, "quality"> }) {
  const text = useText();
  const [worst] = [...call.quality].sort((a, b) => a.mos - b.mos);
  if (!worst) return null;
  const all = call.quality.map((leg) =>
    text("quality.leg", {
      side: text(leg.side === "customer" ? "leg.customer" : "quality.agent"),
      mos: leg.mos.toFixed(1),
      lost: leg.lost_percent.toFixed(1),
      jitter: String(leg.jitter_ms),
      rtt: leg.rtt_ms === null ? "–" : String(leg.rtt_ms),
    }),
  );
  const grade = worst.mos >= 4 ? "good" : worst.mos >= 3.1 ? "fair" : "poor";
  return (
    <Tooltip title={<div>{all.map((line) => <div key={line}>{line}</div>)}</div>}>
      <Tag
        color={grade === "good" ? "green" : grade === "fair" ? "gold" : "red"}
        tabIndex={0}
        data-testid="quality"
        data-mos={worst.mos}
        aria-label={all.join("; ")}
      >
        {text(`quality.${grade}`)} {worst.mos.toFixed(1)}
      </Tag>
    </Tooltip>
  );
}
