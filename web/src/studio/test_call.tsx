// A real call to the draft, from this browser: the server gives the text a number of its own, and a phone in the page dials it. Prompts, keys, speech and
// time are those of every call; only the number is one that nobody else knows.

import { Alert, Button, Space } from "antd";
import type { RTCSession } from "jssip/lib/RTCSession";
import type { UA } from "jssip";
import { useCallback, useEffect, useRef, useState } from "react";

import { useText } from "../i18n/language";
import { failureText } from "../ui/failure";
import { duration, useNow } from "../ui/time";
import { studio } from "./requests";
import { useStudioText } from "./texts";

interface TestCallProps {
  readonly name: string;
  readonly source: string;
  readonly entry: string;
  readonly lang: "en" | "zh";
  readonly keypad: readonly string[];
  /** Told the step where the caller is. */
  readonly walked: (path: readonly string[]) => void;
}

type Stage = "idle" | "preparing" | "calling" | "talking";

/** How often it is asked where the caller is (ms). */
const LOOKS_MS = 700;

export function TestCall({ name, source, entry, lang, keypad, walked }: TestCallProps) {
  const text = useStudioText();
  const appText = useText();
  const [stage, setStage] = useState<Stage>("idle");
  const [number, setNumber] = useState<string>();
  const [since, setSince] = useState(0);
  const [failure, setFailure] = useState<unknown>();
  const [ended, setEnded] = useState<string>();
  const phone = useRef<{ ua: UA; session: RTCSession }>(undefined);
  const audio = useRef<HTMLAudioElement>(null);

  const over = useCallback(
    (why?: string) => {
      phone.current?.ua.stop();
      phone.current = undefined;
      setStage("idle");
      setNumber(undefined);
      setEnded(why);
      walked([]);
    },
    [walked],
  );
  useEffect(() => () => void phone.current?.ua.stop(), []);

  useEffect(() => {
    if (number === undefined) return undefined;
    const timer = setInterval(() => {
      studio.testCallers(name, number).then(
        ({ here }) => walked(Object.keys(here)),
        () => undefined,
      );
    }, LOOKS_MS);
    return () => clearInterval(timer);
  }, [name, number, walked]);

  const call = async () => {
    setStage("preparing");
    setFailure(undefined);
    setEnded(undefined);
    try {
      const [{ number: dialled }, { UA, WebSocketInterface }] = await Promise.all([studio.testCall(name, { source, entry, lang }), import("jssip")]);
      const socket = new WebSocketInterface(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/sip`);
      const ua = new UA({ sockets: [socket], uri: `sip:studio@${location.hostname}`, register: false, session_timers: false });
      await new Promise<void>((connected, lost) => {
        ua.on("connected", () => connected());
        ua.on("disconnected", () => lost(new Error("the SIP socket was closed")));
        ua.start();
      });
      const session = ua.call(`sip:${dialled}@${location.hostname}`, { mediaConstraints: { audio: true, video: false } });
      phone.current = { ua, session };
      session.connection.addEventListener("track", (event: RTCTrackEvent) => {
        if (audio.current) audio.current.srcObject = event.streams[0] ?? new MediaStream([event.track]);
      });
      session.on("confirmed", () => {
        setStage("talking");
        setSince(Date.now());
      });
      session.on("ended", () => over(text("test_over")));
      session.on("failed", (why: { cause?: string }) => over(text("test_failed", { why: why.cause ?? "" })));
      setNumber(dialled);
      setStage("calling");
    } catch (error) {
      setFailure(error);
      over();
    }
  };

  return (
    <section className="test-call" aria-label={text("test_call")} data-testid="test-call" data-stage={stage}>
      <audio ref={audio} autoPlay data-testid="test-audio" />
      {stage === "idle" ? (
        <Button size="small" block onClick={() => void call()} data-testid="test-dial">
          {text("test_call")}
        </Button>
      ) : (
        <>
          <p className="quiet small" role="status">
            {stage === "talking" ? <Talking since={since} /> : text(stage === "preparing" ? "test_preparing" : "test_calling")}
          </p>
          <div className="sim-keys" role="group" aria-label={text("sim_keypad")}>
            {keypad.map((key) => (
              <Button key={key} size="small" disabled={stage !== "talking"} onClick={() => phone.current?.session.sendDTMF(key)} data-testid={`test-key-${key}`}>
                {key}
              </Button>
            ))}
          </div>
          <Space>
            <Button size="small" danger disabled={phone.current === undefined} onClick={() => phone.current?.session.terminate()} data-testid="test-hang-up">
              {text("test_hang_up")}
            </Button>
          </Space>
        </>
      )}
      {failure !== undefined && <Alert type="error" showIcon title={failureText(appText, failure)} />}
      {ended !== undefined && <p className="quiet small">{ended}</p>}
    </section>
  );
}

function Talking({ since }: { since: number }) {
  const text = useStudioText();
  const now = useNow();
  return <>{text("test_talking", { time: duration(Math.max(0, now - since)) })}</>;
}
