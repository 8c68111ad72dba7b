// The SIP of a call as a sequence diagram: a column for each address, an arrow for each message, its text below it when asked for.
//
// Each message is a button in an ordered list that says in words what the arrow shows, so that it reads without the picture.

import { DownloadOutlined } from "@ant-design/icons";
import { Alert, Button } from "antd";
import { useId, useState } from "react";

import { api } from "../api/client";
import type { SipLadder, SipMessage } from "../api/shapes";
import { useLanguage, useText } from "../i18n/language";
import { useSession } from "../session";
import { failureText } from "../ui/failure";
import { useFetched } from "../ui/fetched";
import { clock } from "../ui/time";
import "./sip_ladder.css";

/** What an arrow's colour says. */
export type Tone = "request" | "progress" | "good" | "bad";

export function toneOf(summary: string): Tone {
  const status = /^(\d)\d\d\b/.exec(summary)?.[1];
  if (status === undefined) return "request";
  if (status === "1") return "progress";
  return status === "2" ? "good" : "bad";
}

/** The columns: the first other side, we, then the others, as a call usually goes. */
export function columnsOf(items: readonly SipMessage[]): { readonly peer: number; readonly address: string }[] {
  const ours = items.map((one) => (one.direction === "in" ? one.to : one.from));
  const columns = [{ peer: 0, address: [...new Set(ours)].join(", ") }];
  for (const one of items) {
    if (columns.some((column) => column.peer === one.peer)) continue;
    const column = { peer: one.peer, address: one.direction === "in" ? one.from : one.to };
    columns.splice(columns.length === 1 ? 0 : columns.length, 0, column);
  }
  return columns;
}

export default function Ladder({ conversation }: { conversation: string }) {
  const text = useText();
  const ladder = useFetched(conversation, () => api.sipLadder(conversation));
  const { user } = useSession();
  if (ladder.error !== undefined) return <Alert type="error" showIcon title={failureText(text, ladder.error)} />;
  if (!ladder.value) return <p className="quiet">{text("loading")}</p>;
  if (ladder.value.items.length === 0) return <p className="quiet">{text("sip.none")}</p>;
  return (
    <>
      <div className="sip-notes">
        <p className="quiet small">{text(ladder.value.masked ? "sip.masked" : "sip.whole")}</p>
        {user.role === "admin" && (
          <Button
            size="small"
            icon={<DownloadOutlined />}
            href={`/api/v1/conversations/${encodeURIComponent(conversation)}/sip.pcap`}
            data-testid="sip-pcap"
          >
            {text("sip.pcap")}
          </Button>
        )}
      </div>
      <Diagram ladder={ladder.value} />
      {ladder.value.cut && <Alert type="warning" showIcon title={text("sip.cut")} />}
    </>
  );
}

function Diagram({ ladder }: { ladder: SipLadder }) {
  const text = useText();
  const columns = columnsOf(ladder.items);
  const names = columns.map(({ peer, address }) => (peer === 0 ? "Voxdesk" : text("sip.peer", { n: peer })) + ` ${address}`);
  const began = new Date(ladder.items[0]?.at ?? 0).getTime();
  return (
    <div className="sip-ladder" role="group" aria-label={text("sip.diagram", { columns: names.join("; ") })}>
      <div className="sip-row sip-head" aria-hidden="true">
        <span className="sip-time">{text("sip.time")}</span>
        <span className="sip-lanes" style={{ gridTemplateColumns: `repeat(${columns.length}, 1fr)` }}>
          {columns.map(({ peer, address }) => (
            <span key={peer} className={peer === 0 ? "sip-party us" : "sip-party"}>
              <b>{peer === 0 ? "Voxdesk" : text("sip.peer", { n: peer })}</b>
              <small>{address}</small>
            </span>
          ))}
        </span>
      </div>
      <ol className="sip-messages">
        {ladder.items.map((message, n) => (
          <Step key={n} message={message} peers={columns.map(({ peer }) => peer)} began={began} />
        ))}
      </ol>
    </div>
  );
}

function Step({ message, peers, began }: { message: SipMessage; peers: readonly number[]; began: number }) {
  const text = useText();
  const { language } = useLanguage();
  const [open, setOpen] = useState(false);
  const body = useId();
  const lanes = peers.length;
  const [them, us] = [peers.indexOf(message.peer), peers.indexOf(0)];
  const [from, to] = message.direction === "in" ? [them, us] : [us, them];
  const after = ((new Date(message.at).getTime() - began) / 1000).toFixed(3);
  const place = { left: `${((Math.min(from, to) + 0.5) / lanes) * 100}%`, width: `${(Math.abs(to - from) / lanes) * 100}%` };
  const said = {
    what: message.summary,
    from: message.direction === "in" ? message.from : "Voxdesk",
    to: message.direction === "in" ? "Voxdesk" : message.to,
    transport: message.transport,
    at: clock(message.at, language),
    after,
  };
  return (
    <li>
      <button
        type="button"
        className="sip-row"
        aria-expanded={open}
        aria-controls={open ? body : undefined}
        aria-label={text("sip.message", said)}
        onClick={() => setOpen(!open)}
        data-testid="sip-message"
      >
        <span className="sip-time" title={clock(message.at, language)}>
          +{after}
        </span>
        <span className="sip-lanes">
          {peers.map((peer, n) => (
            <span key={peer} className="sip-life" style={{ left: `${((n + 0.5) / lanes) * 100}%` }} />
          ))}
          <span className={`sip-arrow ${toneOf(message.summary)} ${from < to ? "right" : "left"}`} style={place}>
            <span className="sip-label">
              {message.summary} <small>{message.cseq}</small>
            </span>
          </span>
        </span>
      </button>
      {open && (
        <div id={body} className="sip-text" data-testid="sip-text">
          <p className="quiet small">
            {message.from} → {message.to} · {message.transport} · {clock(message.at, language)} · Call-ID {message.call_id}
          </p>
          {/* A box that scrolls must be reachable by keyboard. */}
          <pre tabIndex={0} aria-label={text("sip.text", { what: message.summary })}>
            {message.text}
          </pre>
        </div>
      )}
    </li>
  );
}
