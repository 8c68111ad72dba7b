import { describe, expect, it } from "vitest";

import { hookTexts, reasonText, type HookKey } from "./texts";

const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();
const keys = Object.keys(hookTexts.en) as HookKey[];

describe("texts of event hooks", () => {
  it("are the same ones in both languages, with the same placeholders", () => {
    expect(Object.keys(hookTexts.zh).sort()).toEqual([...keys].sort());
    for (const key of keys) expect(placeholders(hookTexts.zh[key])).toEqual(placeholders(hookTexts.en[key]));
  });

  it("say why a receiver could not be told, also by a status", () => {
    const text = (key: HookKey, values: Readonly<Record<string, string | number>> = {}) =>
      hookTexts.en[key].replace(/\{(\w+)\}/g, (whole: string, name: string) => String(values[name] ?? whole));
    expect(reasonText(text, "http_503")).toBe("status 503");
    expect(reasonText(text, "timeout")).toBe("no answer in time");
  });
});
