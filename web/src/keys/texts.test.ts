import { describe, expect, it } from "vitest";

import { keyTexts, type KeyKey } from "./texts";

const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();

describe("texts of API keys", () => {
  it("are the same ones in both languages, with the same placeholders", () => {
    const keys = Object.keys(keyTexts.en) as KeyKey[];
    expect(Object.keys(keyTexts.zh).sort()).toEqual([...keys].sort());
    for (const key of keys) expect(placeholders(keyTexts.zh[key])).toEqual(placeholders(keyTexts.en[key]));
  });
});
