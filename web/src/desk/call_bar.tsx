// The call in hand: its state and time, and what can be done with it.

import {
  AudioMutedOutlined,
  AudioOutlined,
  CustomerServiceOutlined,
  FileTextOutlined,
  PauseOutlined,
  PhoneOutlined,
  PlayCircleOutlined,
  TableOutlined,
} from "@ant-design/icons";
import { Alert, Button, Popover, Select, Tooltip } from "antd";
import { useState } from "react";

import type { Call } from "../api/shapes";
import { useText } from "../i18n/language";
import { millis, useLive } from "../live/store";
import { duration, useNow } from "../ui/time";
import { coded } from "../ui/words";
import { useAudio, useDesk } from "./desk_context";
import { Company, HandOn, Record } from "./hand_on";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];

export function CallBar({ call }: { call: Call }) {
  const text = useText();
  const { order, audio } = useDesk();
  const id = call.conversation;
  const talking = call.state === "talking";
  const held = call.state === "held";
  const connected = talking || held;

  if (call.device === "elsewhere") return <Elsewhere call={call} />;

  const mute = async () => {
    const on = !call.muted;
    // At once here; the server's word follows and settles it.
    audio.mute(on);
    if (!(await order(id, { command: "mute", on }))) audio.mute(!on);
  };

  return (
    <section className="call-bar" aria-label={text("call.controls")}>
      <Status call={call} />
      <div className="call-actions">
        <Button
          icon={call.muted ? <AudioMutedOutlined /> : <AudioOutlined />}
          type={call.muted ? "primary" : "default"}
          onClick={() => void mute()}
          disabled={!connected}
          aria-pressed={call.muted}
          data-testid="mute"
        >
          {text(call.muted ? "call.unmute" : "call.mute")}
        </Button>
        <Button
          icon={held ? <PlayCircleOutlined /> : <PauseOutlined />}
          type={held ? "primary" : "default"}
          onClick={() => void order(id, { command: held ? "resume" : "hold" })}
          disabled={!connected || call.part !== "holder"}
          aria-pressed={held}
          data-testid="hold"
        >
          {text(held ? "call.resume" : "call.hold")}
        </Button>
        <Keypad conversation={id} disabled={!talking} />
        <HandOn call={call} />
        <Talked conversation={id} disabled={!connected || call.part !== "holder"} />
        <Written call={call} disabled={!connected || call.part !== "holder"} />
      </div>
      <Button
        type="primary"
        danger
        icon={<PhoneOutlined rotate={225} />}
        onClick={() => void order(id, { command: "hangup" })}
        className="hang-up"
        data-testid="hang-up"
      >
        {text("call.hang_up")}
      </Button>
      <Company call={call} />
      <Trouble call={call} />
    </section>
  );
}

/** Its state, how long, and on which device. */
function Status({ call }: { call: Call }) {
  const text = useText();
  return (
    <div className="call-status">
      <span className={`call-state is-${call.state}`} data-testid="call-state" data-state={call.state} role="status">
        {coded(text, "call", call.state)}
      </span>
      <CallTimer since={millis(call.since)} />
      <Device call={call} />
    </div>
  );
}

/** A call that another system carries: it is read here, and led there. */
function Elsewhere({ call }: { call: Call }) {
  const text = useText();
  return (
    <section className="call-bar" aria-label={text("call.controls")} data-testid="call-elsewhere">
      <Status call={call} />
      <div className="call-actions">
        <Record call={call} />
        <Talked conversation={call.conversation} disabled={call.state !== "talking"} />
      </div>
      <Company call={call} />
    </section>
  );
}

/** The language that is talked, for the transcript. */
function Talked({ conversation, disabled }: { conversation: string; disabled: boolean }) {
  const text = useText();
  const { order } = useDesk();
  const lang = useLive((picture) => picture.conversations[conversation]?.lang);
  return (
    <Select
      value={lang}
      options={[
        { value: "en", label: "English" },
        { value: "zh", label: "中文" },
      ]}
      onChange={(next: string) => void order(conversation, { command: "language", lang: next })}
      disabled={disabled}
      aria-label={text("call.language")}
      title={text("call.language")}
      className="talked"
      data-testid="talked"
    />
  );
}

/** Pauses the transcript, and goes on; nothing where the customer did not agree to one. */
function Written({ call, disabled }: { call: Call; disabled: boolean }) {
  const text = useText();
  const { order } = useDesk();
  if (call.transcription === null) return null;
  const paused = call.transcription === "paused";
  const label = text(paused ? "call.transcript_resume" : "call.transcript_pause");
  return (
    <Button
      icon={<FileTextOutlined />}
      type={paused ? "primary" : "default"}
      onClick={() => void order(call.conversation, { command: "transcribe", on: paused })}
      disabled={disabled}
      aria-pressed={paused}
      aria-label={label}
      title={label}
      data-testid="transcribe"
      data-transcription={call.transcription}
    />
  );
}

function CallTimer({ since }: { since: number }) {
  const text = useText();
  const now = useNow();
  if (since === 0) return null;
  const time = duration(now - since);
  return (
    <span className="call-timer" role="timer" aria-label={text("call.timer", { time })} data-testid="call-timer">
      {time}
    </span>
  );
}

function Device({ call }: { call: Call }) {
  const text = useText();
  const { phase, label } = useAudio();
  if (call.device === "elsewhere") {
    return (
      <Tooltip title={text("device.elsewhere_why")}>
        <span className="device" tabIndex={0} data-testid="device" data-device="elsewhere">
          <PhoneOutlined aria-hidden /> {text("device.elsewhere")}
        </span>
      </Tooltip>
    );
  }
  if (call.device === "phone") {
    return (
      <span className="device" data-testid="device" data-device="phone">
        <PhoneOutlined aria-hidden /> {text("device.phone")}
      </span>
    );
  }
  return (
    <Tooltip title={label ? text("device.mic", { label }) : text("device.browser")}>
      <span className={`device audio-${phase}`} data-testid="device" data-device="browser" data-audio={phase}>
        <CustomerServiceOutlined aria-hidden /> {text(`media.${phase}`)}
      </span>
    </Tooltip>
  );
}

function Keypad({ conversation, disabled }: { conversation: string; disabled: boolean }) {
  const text = useText();
  const { order } = useDesk();
  const [sent, setSent] = useState("");
  const press = async (key: string) => {
    if (await order(conversation, { command: "digits", digits: key })) setSent((old) => (old + key).slice(-16));
  };
  const keys = (
    <div
      className="keypad"
      onKeyDown={(event) => {
        if (KEYS.includes(event.key)) void press(event.key);
      }}
    >
      <div className="keypad-keys">
        {KEYS.map((key) => (
          <Button
            key={key}
            onClick={() => void press(key)}
            aria-label={text("call.keypad_key", { key })}
            data-testid={`key-${key === "*" ? "star" : key === "#" ? "hash" : key}`}
          >
            {key}
          </Button>
        ))}
      </div>
      <p className="quiet small" role="status">
        {sent && text("call.keypad_sent", { digits: sent })}
      </p>
    </div>
  );
  return (
    <Popover content={keys} trigger="click" placement="bottom" onOpenChange={() => setSent("")}>
      <Button icon={<TableOutlined />} disabled={disabled} data-testid="keypad">
        {text("call.keypad")}
      </Button>
    </Popover>
  );
}

/** Everything that keeps two people from hearing each other, in words and with what helps. */
function Trouble({ call }: { call: Call }) {
  const text = useText();
  const { audio } = useDesk();
  const { phase, microphone, blocked } = useAudio();
  const here = call.device === "browser";
  const retry = (
    <Button size="small" onClick={() => audio.again()} data-testid="audio-retry">
      {text("media.retry")}
    </Button>
  );
  return (
    <div aria-live="assertive" className="trouble">
      {call.silent && (
        <Alert type="warning" showIcon title={coded(text, "call.silent", call.silent)} data-testid="no-audio" data-side={call.silent} />
      )}
      {call.muted && !call.silent && <Alert type="info" showIcon title={text("call.muted")} data-testid="muted-hint" />}
      {here && microphone && (
        <Alert
          type="error"
          showIcon
          title={text(`mic.${microphone.code}`, { message: microphone.message })}
          action={retry}
          data-testid="mic-error"
        />
      )}
      {here && !microphone && phase === "failed" && (
        <Alert type="error" showIcon title={text("media.failed")} action={retry} data-testid="audio-failed" />
      )}
      {here && phase === "elsewhere" && (
        <Alert
          type="info"
          showIcon
          title={text("media.elsewhere")}
          action={
            <Button size="small" onClick={() => audio.takeHere()} data-testid="audio-take">
              {text("media.take_here")}
            </Button>
          }
        />
      )}
      {here && blocked && (
        <Alert
          type="warning"
          showIcon
          title={text("media.play_why")}
          action={
            <Button size="small" type="primary" onClick={() => audio.play()} data-testid="audio-play">
              {text("media.play")}
            </Button>
          }
        />
      )}
    </div>
  );
}
