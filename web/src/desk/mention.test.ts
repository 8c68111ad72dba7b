import { describe, expect, it } from "vitest";

import { calledIn, fitting, named, namingAt, partsOf } from "./mention";

describe("calling somebody by name", () => {
  it("begins with the sign, at the caret, in both scripts", () => {
    expect(namingAt("ask @bo", 7)).toEqual({ from: 4, part: "bo" });
    expect(namingAt("请＠王", 3)).toEqual({ from: 1, part: "王" });
    expect(namingAt("@", 1)).toEqual({ from: 0, part: "" });
    expect(namingAt("@bob is in", 10)).toBeUndefined();
    expect(namingAt("write to jo@exa", 15)).toBeUndefined();
  });

  it("offers those first whose name begins so, and no more than fit", () => {
    expect(fitting(["bob", "Rob", "alice", "bo"], "bo")).toEqual(["bo", "bob"]);
    expect(fitting(["bob", "Rob"], "ob")).toEqual(["bob", "Rob"]);
    expect(fitting(["王芳", "李芳", "bob"], "芳")).toEqual(["李芳", "王芳"]);
    expect(fitting(Array.from({ length: 40 }, (_, n) => `a${n}`), "a")).toHaveLength(6);
  });

  it("puts the name in, a space after it, and the caret behind that", () => {
    expect(named("ask @bo please", { from: 4, part: "bo" }, "bob")).toEqual({ text: "ask @bob please", caret: 9 });
    expect(named("请@王处理", { from: 1, part: "王" }, "王芳")).toEqual({ text: "请@王芳 处理", caret: 5 });
  });

  it("marks whom the note's data names, not whoever its text seems to", () => {
    expect(partsOf("@bob and @anna, jo@bob", ["bob"])).toEqual([
      { text: "@bob", called: true },
      { text: " and @anna, jo@bob", called: false },
    ]);
    expect(partsOf("请@王芳看", ["王", "王芳"])[1]).toEqual({ text: "@王芳", called: true });
    expect(partsOf("(a+b)", [])).toEqual([{ text: "(a+b)", called: false }]);
  });

  it("reads data it does not know as nobody", () => {
    expect(calledIn({ mentions: ["bob", 7] })).toEqual(["bob"]);
    expect(calledIn({ mentions: "bob" })).toEqual([]);
    expect(calledIn(null)).toEqual([]);
  });
});
