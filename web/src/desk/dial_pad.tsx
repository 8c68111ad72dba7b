// Calling a customer: a number typed or pressed, and one button. The agent's page is called first, then the number.

import { DeleteOutlined, PhoneOutlined } from "@ant-design/icons";
import { Button, Input, Popover } from "antd";
import { useState } from "react";

import { useText } from "../i18n/language";
import { useLive } from "../live/store";
import { useDesk } from "./desk_context";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "+", "0", "#"];
/** What a number may be written with, and `sip:` addresses. */
const NUMBER = /^(sips?:[^\s<>"]+|\+?[\d\s()./*#-]+)$/;

export function DialPad() {
  const text = useText();
  const { me, place, answering } = useDesk();
  const [open, setOpen] = useState(false);
  const [number, setNumber] = useState("");
  const state = useLive((picture) => picture.agents[me]?.state);
  const busy = state === "talking" || state === "ringing";
  const entered = number.trim();
  const good = NUMBER.test(entered);
  const call = async () => {
    if (!good) return;
    if (await place(entered)) {
      setOpen(false);
      setNumber("");
    }
  };
  const pad = (
    <div className="dial-pad" data-testid="dial-form">
      <Input
        value={number}
        onChange={(event) => setNumber(event.target.value)}
        onPressEnter={() => void call()}
        inputMode="tel"
        autoComplete="off"
        status={entered === "" || good ? "" : "error"}
        placeholder={text("dial.number")}
        aria-label={text("dial.number")}
        suffix={
          <Button
            type="text"
            size="small"
            icon={<DeleteOutlined />}
            aria-label={text("dial.erase")}
            disabled={number === ""}
            onClick={() => setNumber((old) => old.slice(0, -1))}
          />
        }
        data-testid="dial-number"
      />
      <div className="keypad-keys">
        {KEYS.map((key) => (
          <Button key={key} onClick={() => setNumber((old) => old + key)} data-testid={`dial-key-${key}`}>
            {key}
          </Button>
        ))}
      </div>
      <Button
        type="primary"
        block
        icon={<PhoneOutlined />}
        disabled={!good || busy}
        loading={answering === "dial"}
        onClick={() => void call()}
        data-testid="dial-call"
      >
        {text("dial.call")}
      </Button>
      <p className="quiet small">{text(busy ? "dial.busy" : "dial.help")}</p>
    </div>
  );
  return (
    <Popover content={pad} trigger="click" placement="bottomLeft" open={open} onOpenChange={setOpen}>
      <Button block icon={<PhoneOutlined />} data-testid="dial">
        {text("dial.title")}
      </Button>
    </Popover>
  );
}
