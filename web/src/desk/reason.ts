// Finds, in a conversation's record, why an agent was chosen.

import type { Entry, OfferReason } from "../api/shapes";

export interface Chosen {
  readonly agent: string;
  readonly reason: OfferReason;
}

/** The offers of a conversation, newest first, each with its reason. */
export function offersIn(entries: readonly Entry[]): Chosen[] {
  return entries
    .filter((entry) => entry.kind === "event" && entry.text === "offered")
    .map((entry) => {
      const agent = entry.detail?.agent;
      const reason = readReason(entry.detail?.why);
      return typeof agent === "string" && reason ? { agent, reason } : undefined;
    })
    .filter((one) => one !== undefined)
    .reverse();
}

/** An event's particulars are free-form JSON, where pairs may be written as lists: read them with care. */
function readReason(value: unknown): OfferReason | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const raw = value as Record<string, unknown>;
  return {
    strategy: String(raw.strategy ?? ""),
    level: asNumber(raw.level),
    idle_ms: asNumber(raw.idle_ms),
    waited_ms: asNumber(raw.waited_ms),
    candidates: asNumber(raw.candidates),
    others: rows(raw.others, ["agent", "level", "idle_ms"]).map((row) => ({
      agent: String(row.agent),
      level: asNumber(row.level),
      idle_ms: asNumber(row.idle_ms),
    })),
    passed_over: rows(raw.passed_over, ["agent", "why"]).map((row) => ({
      agent: String(row.agent),
      why: String(row.why),
    })),
  };
}

function rows(value: unknown, names: readonly string[]): Record<string, unknown>[] {
  if (!Array.isArray(value)) return [];
  return value.map((row: unknown) =>
    Array.isArray(row)
      ? Object.fromEntries(names.map((name, n) => [name, row[n] as unknown]))
      : ((row ?? {}) as Record<string, unknown>),
  );
}

function asNumber(value: unknown): number {
  return typeof value === "number" ? value : 0;
}
