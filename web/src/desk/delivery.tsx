// Where a message that leaves by a channel stands, and the button that tries one again that was given up.

import { CheckOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useState } from "react";

import { api } from "../api/client";
import { useText } from "../i18n/language";
import { useLive } from "../live/store";
import { failureText } from "../ui/failure";
import { useMessages } from "../ui/messages";
import { coded } from "../ui/words";

export function DeliveryMark({ conversation, seq }: { conversation: string; seq: number }) {
  const text = useText();
  const message = useMessages();
  const [busy, setBusy] = useState(false);
  const delivery = useLive((picture) => picture.deliveries[conversation]?.[seq]);
  if (!delivery) return null;
  const why = delivery.why === null ? "" : coded(text, "delivery_why", delivery.why);
  const again = async () => {
    setBusy(true);
    try {
      await api.sendAgain(conversation, seq);
    } catch (error) {
      void message.error(failureText(text, error), 6);
    } finally {
      setBusy(false);
    }
  };
  return (
    <span className="line-head" data-testid="delivery" data-state={delivery.state} data-why={delivery.why ?? ""}>
      {delivery.state === "sent" && (
        <span className="quiet">
          <CheckOutlined aria-hidden /> {text("delivery.sent")}
        </span>
      )}
      {delivery.state === "waiting" && (
        <span className="quiet">{why === "" ? text("line.sending") : text("delivery.waiting", { why })}</span>
      )}
      {delivery.state === "failed" && (
        <>
          <span className="failed">{text("delivery.failed", { why })}</span>
          <Button size="small" type="link" loading={busy} onClick={() => void again()} data-testid="send-again">
            {text("delivery.again")}
          </Button>
        </>
      )}
    </span>
  );
}
