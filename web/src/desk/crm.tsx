// The customer in another system: opened by a button, and by itself when somebody rings if the agent chose so.

import { ExportOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useEffect, useState } from "react";

import { useText } from "../i18n/language";
import { useMessages } from "../ui/messages";

const KEY = "voxdesk.crm";
/** One window for all customers: the next one takes the place of the one before. */
const WINDOW = "voxdesk-crm";
/** What was opened by itself in this page: a card that is drawn anew opens nothing again. */
const opened = new Set<string>();

function chosen(): boolean {
  try {
    return localStorage.getItem(KEY) === "auto";
  } catch {
    return false;
  }
}

/** The window, or null when the browser blocked it. */
function open(url: string): Window | null {
  const page = window.open("", WINDOW);
  if (page) {
    // The other system must not reach back into this page.
    page.opener = null;
    page.location.href = url;
  }
  return page;
}

interface Props {
  readonly conversation: string;
  readonly url: string | null | undefined;
  /** Somebody rings: opened by itself if the agent chose so. */
  readonly rings?: boolean;
}

export function Crm({ conversation, url, rings = false }: Props) {
  const text = useText();
  const message = useMessages();
  const [auto, setAuto] = useState(chosen);
  useEffect(() => {
    if (!rings || !auto || !url || opened.has(conversation)) return;
    opened.add(conversation);
    if (!open(url)) void message.warning(text("crm.blocked"), 8);
  }, [rings, auto, url, conversation, message, text]);
  if (!url) return null;
  const choose = (on: boolean) => {
    setAuto(on);
    try {
      if (on) localStorage.setItem(KEY, "auto");
      else localStorage.removeItem(KEY);
    } catch {
      // A browser that keeps nothing: the choice holds until the page is closed.
    }
  };
  return (
    <p className="crm inline">
      <Button
        size="small"
        icon={<ExportOutlined aria-hidden />}
        title={text("crm.open")}
        onClick={() => {
          if (!open(url)) void message.warning(text("crm.blocked"), 8);
        }}
        data-testid="crm-open"
        data-url={url}
      >
        {text("crm.button")}
      </Button>
      <label className="inline small">
        <input type="checkbox" checked={auto} onChange={(event) => choose(event.target.checked)} data-testid="crm-auto" /> {text("crm.auto")}
      </label>
    </p>
  );
}
