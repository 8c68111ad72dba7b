// The menu of the person: their name opens it, Escape and a press elsewhere close it.

import { LogoutOutlined } from "@ant-design/icons";
import { Button, Segmented } from "antd";
import { useEffect, useId, useRef, useState } from "react";

import { useText } from "../i18n/language";
import { useSession } from "../session";
import { useAppearance, type Appearance } from "./appearance";

export function Account() {
  const text = useText();
  const { user, signOut } = useSession();
  const { appearance, choose } = useAppearance();
  const [open, setOpen] = useState(false);
  const whole = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const panel = useId();

  useEffect(() => {
    if (!open) return undefined;
    const pressed = (event: PointerEvent) => {
      if (event.target instanceof Node && !whole.current?.contains(event.target)) setOpen(false);
    };
    const key = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      setOpen(false);
      opener.current?.focus();
    };
    document.addEventListener("pointerdown", pressed);
    document.addEventListener("keydown", key);
    return () => {
      document.removeEventListener("pointerdown", pressed);
      document.removeEventListener("keydown", key);
    };
  }, [open]);

  return (
    <div
      className="account"
      ref={whole}
      onBlur={(event) => {
        if (event.relatedTarget !== null && !event.currentTarget.contains(event.relatedTarget)) setOpen(false);
      }}
    >
      <Button
        type="text"
        ref={opener}
        className="account-opener"
        aria-label={text("nav.account", { name: user.name })}
        aria-expanded={open}
        aria-controls={open ? panel : undefined}
        onClick={() => setOpen(!open)}
        data-testid="account"
      >
        <span className="avatar" data-letter={user.name.slice(0, 1).toUpperCase()} aria-hidden />
        <span className="account-name">{user.name}</span>
      </Button>
      {open && (
        <div className="account-panel" id={panel}>
          <p className="quiet small" id={`${panel}-look`}>
            {text("look.title")}
          </p>
          <Segmented<Appearance>
            block
            size="small"
            aria-labelledby={`${panel}-look`}
            data-testid="look"
            value={appearance}
            onChange={choose}
            options={(["system", "light", "dark"] as const).map((value) => ({ value, label: text(`look.${value}`) }))}
          />
          <Button type="text" block icon={<LogoutOutlined aria-hidden />} onClick={signOut} data-testid="sign-out">
            {text("nav.sign_out")}
          </Button>
        </div>
      )}
    </div>
  );
}
