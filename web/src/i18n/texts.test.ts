import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { en, type TextKey } from "./en";
import { firstLanguage, tagOf, textsOf } from "./language";
import { zh } from "./zh";

const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();
const keys = Object.keys(en) as TextKey[];

describe("the two languages", () => {
  it.each(keys)("%s has the same placeholders in both", (key) => {
    expect(placeholders(zh[key])).toEqual(placeholders(en[key]));
  });

  it("no Chinese text was left in English", () => {
    const untranslated = keys.filter((key) => zh[key] === en[key] && key !== "speaker.system");
    expect(untranslated).toEqual([]);
  });

  it("every text is used by some page", () => {
    const source = files("src").filter((file) => !file.includes("i18n")).map((file) => readFileSync(file, "utf8")).join("\n");
    const used = (key: string) => source.includes(`"${key}"`) || byPrefix(source, key);
    expect(keys.filter((key) => !used(key))).toEqual([]);
  });
});

describe("choosing a language", () => {
  it("the choice made here before wins", () => {
    expect(firstLanguage("zh", ["en-GB"])).toBe("zh");
  });

  it("else the first of the browser's that we have", () => {
    expect(firstLanguage(null, ["de-DE", "zh-TW", "en"])).toBe("zh");
    expect(firstLanguage("fr", ["de-DE"])).toBe("en");
  });

  it("screen readers are told which Chinese it is", () => {
    expect(tagOf("zh")).toBe("zh-CN");
  });

  it("a value that was not given stays visible as its name", () => {
    expect(textsOf("en")("why.title_agent")).toBe("Why {agent}?");
  });
});

/** Whether the source builds the key from its first part: `state.${…}` or coded(text, "state", …). */
function byPrefix(source: string, key: string): boolean {
  const parts = key.split(".");
  return parts.some((_, n) => {
    const prefix = parts.slice(0, n).join(".");
    return n > 0 && (source.includes(`\`${prefix}.\${`) || source.includes(`"${prefix}", `));
  });
}

function files(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return files(path);
    return /(?<!\.test)\.tsx?$/.test(name) && !name.endsWith(".d.ts") ? [path] : [];
  });
}
