// Times and durations as people read them, and a clock that components can follow.

import { useEffect, useState } from "react";

import type { Moment } from "../api/shapes";
import { tagOf, type Language } from "../i18n/language";
import { useLiveStore } from "../live/store";

/** `1:05`, `12:00`, `1:02:03`. */
export function duration(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1000));
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  const seconds = String(total % 60).padStart(2, "0");
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${seconds}` : `${minutes}:${seconds}`;
}

/** Hour, minute and second in the reader's own time zone. */
export function clock(moment: Moment, language: Language): string {
  return new Date(moment).toLocaleTimeString(tagOf(language), {
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hour12: false,
  });
}

/** Day and minute; the year only when it is not this one. */
export function day(moment: Moment, language: Language): string {
  const date = new Date(moment);
  return date.toLocaleString(tagOf(language), {
    ...(date.getFullYear() === new Date().getFullYear() ? {} : { year: "numeric" }),
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hour12: false,
  });
}

/** The server's time, told anew every `every` milliseconds. */
export function useNow(every = 1_000): number {
  const store = useLiveStore();
  const [now, setNow] = useState(() => store.now());
  useEffect(() => {
    setNow(store.now());
    const timer = setInterval(() => setNow(store.now()), every);
    return () => clearInterval(timer);
  }, [store, every]);
  return now;
}
