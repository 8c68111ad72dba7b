import { describe, expect, it } from "vitest";

import { importTexts, type ImportKey } from "./texts";

const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();

describe("texts of imports", () => {
  it("are the same ones in both languages, with the same placeholders", () => {
    const keys = Object.keys(importTexts.en) as ImportKey[];
    expect(Object.keys(importTexts.zh).sort()).toEqual([...keys].sort());
    for (const key of keys) expect(placeholders(importTexts.zh[key])).toEqual(placeholders(importTexts.en[key]));
  });
});
