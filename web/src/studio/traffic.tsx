// Customers on the drawing: where they are now, and how those of a day went.

import { useEffect, useState } from "react";

import { studio } from "./requests";
import type { Day, Here } from "./shapes";

export interface Traffic {
  /** Step to customers there now. */
  readonly here: ReadonlyMap<string, number>;
  /** "from → to" to how often. */
  readonly ways: ReadonlyMap<string, number>;
  /** Step to how many came into the flow there. */
  readonly cameIn: ReadonlyMap<string, number>;
  /** Step to how many left there before anybody helped them. */
  readonly gaveUp: ReadonlyMap<string, number>;
}

/** How often the present is looked at (ms). */
const EVERY_MS = 2_000;

export type Shown = "off" | "now" | "day";

export function trafficOf(here: Here | undefined, day: Day | undefined): Traffic {
  const ways = new Map<string, number>();
  const cameIn = new Map<string, number>();
  for (const way of day?.ways ?? []) {
    if (way.from === null) cameIn.set(way.to, way.count);
    else ways.set(`${way.from} → ${way.to}`, way.count);
  }
  const gaveUp = new Map((day?.ends ?? []).filter((end) => end.gave_up > 0).map((end) => [end.step, end.gave_up]));
  return { here: new Map(Object.entries(here?.steps ?? {})), ways, cameIn, gaveUp };
}

/** `day`: YYYY-MM-DD. */
export function useTraffic(name: string, shown: Shown, day: string): Traffic | undefined {
  const [traffic, setTraffic] = useState<Traffic>();
  useEffect(() => {
    setTraffic(undefined);
    if (shown === "off") return undefined;
    let current = true;
    const look = async () => {
      const found = shown === "now" ? trafficOf(await studio.here(name), undefined) : trafficOf(undefined, await studio.day(name, day));
      if (current) setTraffic(found);
    };
    // What cannot be had now is looked for again; the drawing stays usable without it.
    const again = () => void look().catch(() => undefined);
    again();
    const timer = shown === "now" ? setInterval(again, EVERY_MS) : undefined;
    return () => {
      current = false;
      clearInterval(timer);
    };
  }, [name, shown, day]);
  return traffic;
}
