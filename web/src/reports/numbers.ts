// Figures as people read them, and the days that people name.

import type { ReportFigure } from "../api/shapes";
import { tagOf, type Language } from "../i18n/language";
import { duration } from "../ui/time";

type Unit = ReportFigure["unit"];

/** A figure with its unit; nothing to divide by is a dash. */
export function shown(value: number | null | undefined, unit: Unit, language: Language): string {
  if (value === null || value === undefined) return "–";
  switch (unit) {
    case "millis":
      return value < 60_000 ? `${(value / 1000).toLocaleString(tagOf(language), { maximumFractionDigits: 1 })} s` : duration(value);
    case "percent":
      return `${value.toLocaleString(tagOf(language), { maximumFractionDigits: 1 })} %`;
    case "score":
      return value.toLocaleString(tagOf(language), { maximumFractionDigits: 2 });
    case "count":
      return value.toLocaleString(tagOf(language));
    default:
      return String(value);
  }
}

/** `2026-11-30`, in the browser's own zone. */
export function dayOf(date: Date): string {
  const two = (n: number) => String(n).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

export const PERIODS = ["today", "week", "month", "last_month"] as const;
export type PeriodName = (typeof PERIODS)[number];

/** First and last day of a period that ends today, or of the month before. */
export function period(name: PeriodName, now = new Date()): { from: string; until: string } {
  const [year, month, date] = [now.getFullYear(), now.getMonth(), now.getDate()];
  switch (name) {
    case "today":
      return { from: dayOf(now), until: dayOf(now) };
    case "week":
      return { from: dayOf(new Date(year, month, date - 6)), until: dayOf(now) };
    case "month":
      return { from: dayOf(new Date(year, month, 1)), until: dayOf(now) };
    case "last_month":
      return { from: dayOf(new Date(year, month - 1, 1)), until: dayOf(new Date(year, month, 0)) };
  }
}

/** The browser's time zone. */
export function ownZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
}
