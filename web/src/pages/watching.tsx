// A supervisor on a call: listen, whisper, barge in. The page brings its own audio, as an agent's does.

import { Alert, Button } from "antd";
import { useEffect, useRef, useState, useSyncExternalStore } from "react";

import { api } from "../api/client";
import type { Conversation, WatchMode } from "../api/shapes";
import { Sound } from "../desk/hand_on";
import { Seen } from "../desk/pictures";
import { useText } from "../i18n/language";
import { partKey } from "../live/state";
import { useLive } from "../live/store";
import { CallAudio } from "../media/call_audio";
import { MicrophoneError } from "../media/microphone";
import { useSession } from "../session";
import { isWritten } from "../ui/channel";
import { failureText } from "../ui/failure";
import { useMessages } from "../ui/messages";

const MODES = ["listen", "whisper", "barge"] as const;

export function Watching({ conversation }: { conversation: Conversation }) {
  const text = useText();
  const { user } = useSession();
  const message = useMessages();
  const id = conversation.id;
  const mine = useLive((picture) => picture.calls[partKey({ conversation: id, agent: user.name })]);
  const [audio] = useState(() => new CallAudio({ exchange: async (which, sdp) => (await api.media(which, sdp)).sdp }));
  const { phase } = useSyncExternalStore(audio.subscribe, audio.read);
  const [busy, setBusy] = useState(false);
  const takesPart = mine !== undefined;
  const watching = useRef(false);
  watching.current = takesPart;

  const video = conversation.channel === "video";
  useEffect(() => audio.want(takesPart ? id : undefined, video), [audio, id, takesPart, video]);
  // Nothing leaves this page while it listens; the server would not pass it on either.
  const speaks = mine?.part === "whisper" || mine?.part === "barge";
  useEffect(() => audio.mute(!speaks), [audio, speaks, phase]);
  useEffect(
    () => () => {
      audio.want(undefined);
      if (watching.current) api.watch(id, "off").catch(() => undefined);
    },
    [audio, id],
  );

  const watch = async (mode: WatchMode) => {
    setBusy(true);
    try {
      if (mode !== "off" && !mine) await audio.prepare();
      await api.watch(id, mode);
    } catch (error) {
      audio.standDown();
      void message.error(
        error instanceof MicrophoneError ? text(`mic.${error.code}`, { message: error.message }) : failureText(text, error),
        6,
      );
    } finally {
      setBusy(false);
    }
  };

  const elsewhere = useLive((picture) => picture.entries[id]?.some((one) => one.kind === "event" && one.text === "observed") ?? false);

  if (isWritten(conversation.channel) || conversation.state !== "talking") return null;
  if (elsewhere) return <Alert type="info" showIcon title={text("watch.elsewhere")} data-testid="watch-elsewhere" />;
  return (
    <div className="watching" data-testid="watching" data-mode={mine?.part ?? "off"} data-audio={phase}>
      <div className="call-actions" role="group" aria-label={text("watch.title")}>
        {MODES.map((mode) => (
          <Button
            key={mode}
            type={mine?.part === mode ? "primary" : "default"}
            danger={mode === "barge" && mine?.part === mode}
            aria-pressed={mine?.part === mode}
            disabled={busy}
            onClick={() => void watch(mode)}
            data-testid={`watch-${mode}`}
          >
            {text(`watch.${mode}`)}
          </Button>
        ))}
        {mine && (
          <Button onClick={() => void watch("off")} disabled={busy} data-testid="watch-off">
            {text("watch.off")}
          </Button>
        )}
        {mine && <Sound call={mine} />}
      </div>
      {mine && <Alert type={speaks ? "warning" : "info"} showIcon title={text(`watch.${mine.part as (typeof MODES)[number]}_hint`)} />}
      {mine && video && (
        <div className="picture-stage">
          <Seen audio={audio} testid="watch-video" />
        </div>
      )}
      <audio ref={audio.playOn} autoPlay className="remote-audio" data-testid="watch-audio" />
    </div>
  );
}
