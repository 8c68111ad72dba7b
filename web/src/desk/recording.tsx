// The recording of a conversation: a player, and the moment it is at, for the transcript to follow.

import { useEffect, useMemo, useRef } from "react";

import type { Conversation, Entry } from "../api/shapes";
import { useText } from "../i18n/language";
import { useLive } from "../live/store";

const NOTHING: readonly Entry[] = [];

/** Where the recording begins, in milliseconds of the conversation; `undefined`: there is none. */
export function recordingStart(entries: readonly Entry[]): number | undefined {
  const began = entries.find((entry) => entry.kind === "event" && entry.text === "recording_began");
  const start = began?.detail?.["start_ms"];
  return typeof start === "number" ? start : undefined;
}

export interface Playback {
  /** Milliseconds of the conversation that are heard now; `undefined`: not playing. */
  readonly at: (at: number | undefined) => void;
  /** Set by the player: plays from a moment of the conversation. */
  readonly seek: { current: ((ms: number) => void) | undefined };
}

export function Recording({ conversation, playback }: { conversation: Conversation; playback: Playback }) {
  const text = useText();
  const entries = useLive((picture) => picture.entries[conversation.id]) ?? NOTHING;
  const start = useMemo(() => recordingStart(entries), [entries]);
  const player = useRef<HTMLAudioElement>(null);
  const { at, seek } = playback;

  useEffect(() => {
    const audio = player.current;
    if (!audio || start === undefined) return undefined;
    const tell = () => at(start + audio.currentTime * 1000);
    const stop = () => at(undefined);
    seek.current = (ms) => {
      audio.currentTime = Math.max(0, (ms - start) / 1000);
      void audio.play().catch(() => undefined);
    };
    audio.addEventListener("timeupdate", tell);
    audio.addEventListener("seeked", tell);
    audio.addEventListener("ended", stop);
    return () => {
      seek.current = undefined;
      audio.removeEventListener("timeupdate", tell);
      audio.removeEventListener("seeked", tell);
      audio.removeEventListener("ended", stop);
    };
  }, [start, at, seek]);

  if (start === undefined) return null;
  return (
    <div className="recording" data-testid="recording">
      <audio
        ref={player}
        controls
        preload="metadata"
        src={`/api/v1/conversations/${encodeURIComponent(conversation.id)}/recording`}
        aria-label={text("recording.title")}
        data-testid="recording-player"
      />
      <p className="quiet small">{text("recording.help")}</p>
    </div>
  );
}
