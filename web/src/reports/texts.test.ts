import { describe, expect, it } from "vitest";

import { period, shown } from "./numbers";
import { reportTexts, type ReportKey } from "./texts";

const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();
const keys = Object.keys(reportTexts.en) as ReportKey[];

describe("texts of search, reports and wallboard", () => {
  it("are the same ones in both languages, with the same placeholders", () => {
    expect(Object.keys(reportTexts.zh).sort()).toEqual([...keys].sort());
    for (const key of keys) expect(placeholders(reportTexts.zh[key])).toEqual(placeholders(reportTexts.en[key]));
  });
});

describe("figures and days", () => {
  it("have their unit, and a dash where there is nothing to divide by", () => {
    expect(shown(null, "percent", "en")).toBe("–");
    expect(shown(12_340, "millis", "en")).toBe("12.3 s");
    expect(shown(125_000, "millis", "en")).toBe("2:05");
    expect(shown(79.96, "percent", "en")).toBe("80 %");
    expect(shown(1234, "count", "en")).toBe("1,234");
  });

  it("the month before January is December", () => {
    const january = new Date(2026, 0, 15);
    expect(period("last_month", january)).toEqual({ from: "2025-12-01", until: "2025-12-31" });
    expect(period("week", january)).toEqual({ from: "2026-01-09", until: "2026-01-15" });
  });
});
