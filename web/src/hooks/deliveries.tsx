// How the telling of one hook went lately, and the buttons that send something again.

import { Button, Popconfirm, Table } from "antd";
import { useEffect } from "react";

import { api } from "../api/client";
import type { EventDelivery, EventHook, EventReplay } from "../api/shapes";
import { useLanguage, useText } from "../i18n/language";
import { failureText } from "../ui/failure";
import { useFetched } from "../ui/fetched";
import { useMessages } from "../ui/messages";
import { day } from "../ui/time";
import { Tone, type ToneName } from "../ui/tone";
import { reasonText, useHookText, type HookText } from "./texts";

const TONES: Record<EventDelivery["state"], ToneName> = { sent: "green", waiting: "gold", failed: "red" };
/** How often the list is looked at anew while it is open (ms). */
const LOOK_MS = 3000;
const ROWS = 20;

/** `Delivered, status 200, 12 ms`, or why not. */
export function outcomeText(text: HookText, one: EventDelivery): string {
  const parts = [text(`delivery.${one.state}`)];
  if (one.why !== null) parts.push(reasonText(text, one.why));
  else if (one.status !== null) parts.push(text("why.http", { status: one.status }));
  if (one.tries > 0) parts.push(text("took", { ms: one.took_ms }));
  return parts.join(" · ");
}

interface DeliveriesProps {
  readonly hook: EventHook;
  readonly close: () => void;
  readonly replayed: () => void;
}

export function Deliveries({ hook, close, replayed }: DeliveriesProps) {
  const text = useHookText();
  const words = useText();
  const { language } = useLanguage();
  const message = useMessages();
  const fetched = useFetched(`deliveries ${hook.id}`, () => api.eventDeliveries(hook.id, ROWS));
  const { again } = fetched;
  useEffect(() => {
    const looks = setInterval(again, LOOK_MS);
    return () => clearInterval(looks);
  }, [again]);
  const replay = async (what: EventReplay) => {
    try {
      await api.replayEvents(hook.id, what);
      void message.success(text("replayed"));
      again();
      replayed();
    } catch (error) {
      void message.error(failureText(words, error), 6);
    }
  };
  const buttons = (one: EventDelivery) =>
    one.kind !== null && (
      <div className="tools">
        <Button size="small" aria-label={text("replay_n", { n: one.sequence })} onClick={() => void replay({ what: "event", sequence: one.sequence })} data-testid="hook-replay">
          {text("replay")}
        </Button>
        <Popconfirm title={text("from_here_sure", { n: one.sequence - 1 })} onConfirm={() => void replay({ what: "after", sequence: one.sequence - 1 })}>
          <Button size="small">{text("from_here")}</Button>
        </Popconfirm>
      </div>
    );
  return (
    <section className="card hook-deliveries" aria-label={text("deliveries_of", { url: hook.url })} data-testid="deliveries">
      <h3>{text("deliveries_of", { url: hook.url })}</h3>
      {fetched.error !== undefined && <p role="alert">{failureText(words, fetched.error)}</p>}
      <Table<EventDelivery>
        dataSource={[...(fetched.value?.items ?? [])]}
        rowKey="sequence"
        pagination={false}
        size="small"
        scroll={{ x: true }}
        locale={{ emptyText: words("list.empty") }}
        onRow={(one) => ({ "data-testid": "delivery-row", "data-sequence": one.sequence, "data-state": one.state }) as object}
        columns={[
          { title: text("event"), key: "event", render: (_, one) => (one.kind === null ? "–" : one.sequence) },
          { title: text("kind"), key: "kind", render: (_, one) => text(one.kind === null ? "trial" : `kind.${one.kind}`) },
          { title: text("when"), key: "at", render: (_, one) => day(one.at, language) },
          {
            title: text("outcome"),
            key: "outcome",
            render: (_, one) => (
              <>
                <Tone tone={TONES[one.state]}>{outcomeText(text, one)}</Tone>
                {one.answer !== null && one.answer !== "" && <code className="audit-value hook-answer">{one.answer}</code>}
              </>
            ),
          },
          { title: text("tries"), dataIndex: "tries" },
          { title: "", key: "do", render: (_, one) => buttons(one) },
        ]}
      />
      <p className="tools">
        <Button onClick={again}>{text("refresh")}</Button>
        <Button onClick={close}>{text("close")}</Button>
      </p>
    </section>
  );
}
