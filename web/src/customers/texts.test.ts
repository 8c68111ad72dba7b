import { expect, it } from "vitest";

import { customerTexts, type CustomerTextKey } from "./texts";

const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();

it("the customers' pages say the same in both languages", () => {
  const keys = Object.keys(customerTexts.en) as CustomerTextKey[];
  expect(Object.keys(customerTexts.zh).sort()).toEqual([...keys].sort());
  for (const key of keys) {
    expect(placeholders(customerTexts.zh[key])).toEqual(placeholders(customerTexts.en[key]));
    expect(customerTexts.zh[key]).not.toBe(customerTexts.en[key]);
  }
});
