import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

import { expect, it } from "vitest";

it("TESTIDS.md names every testid of the pages and the bubble", () => {
  const list = readFileSync("TESTIDS.md", "utf8");
  const source = ["src", "widget"].flatMap(files).map((file) => readFileSync(file, "utf8")).join("\n");
  const ids = new Set([...source.matchAll(/(?:data-testid"?[=:] ?|testId=|dataset\.testid = )"([\w-]+)"/g)].map((match) => match[1]));
  expect(ids.size).toBeGreaterThan(40);
  expect([...ids].filter((id) => !list.includes(`\`${id}\``))).toEqual([]);
});

function files(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return files(path);
    return /(?<!\.test)\.tsx?$/.test(name) ? [path] : [];
  });
}
