import { describe, expect, it } from "vitest";

import { firstLoad, tooLarge, type Chunk } from "../../dev/first_load";

const chunk = (name: string, imports: string[] = [], code = name): Chunk => ({ fileName: `${name}.js`, name, code, imports });
/** Words that do not compress to nothing. */
const words = (count: number) => Array.from({ length: count }, (_, n) => (n * 2_654_435_761).toString(36)).join(" ");

describe("what the first view loads", () => {
  it("is the entry, all it imports however deep, and one language", () => {
    const build = [
      chunk("index", ["a.js"]),
      chunk("a", ["b.js"]),
      chunk("b", ["a.js"]),
      chunk("pack_en", ["a.js"], words(10)),
      chunk("pack_zh", ["a.js"], words(50)),
      chunk("charts", [], words(10_000)),
    ];
    expect(firstLoad(build, "index").map(([file]) => file).sort()).toEqual(["a.js", "b.js", "index.js", "pack_zh.js"]);
  });

  it("is refused above the limit, and its largest file is named first", () => {
    const build = [chunk("index", ["big.js"]), chunk("big", [], words(5_000)), chunk("pack_en"), chunk("pack_zh")];
    expect(tooLarge(firstLoad(build, "index"), 5_000)).toMatch(/limit\..*\n +\d+ {2}big\.js/);
    expect(tooLarge(firstLoad(build, "index"), 500_000)).toBeUndefined();
  });

  it("is not silently nothing when the build names its files otherwise", () => {
    expect(() => firstLoad([chunk("main")], "index")).toThrow(/no file of index/);
  });
});
