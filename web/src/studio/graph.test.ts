import { describe, expect, it } from "vitest";

import { arrange } from "./arrange";
import { folded } from "./difference";
import {
  addEdits,
  connectEdits,
  disconnectEdits,
  entryEdits,
  entryId,
  freshName,
  graphOf,
  pathId,
  renamedLayout,
  withoutStep,
} from "./graph";
import { firstSentence } from "./palette";
import { wav } from "./recorder";
import type { Kinds, Line, Param, Part, Sketch } from "./shapes";
import { pathOfTrial } from "./simulator";
import { studioTexts } from "./texts";
import { trafficOf } from "./traffic";

const help = { en: "Help. More.", zh: "说明。更多。" };

function param(name: string, type: string, more: Partial<Param> = {}): Param {
  return { name, type, shape: "", required: false, help, min: null, max: null, choices: [], leads: null, ...more };
}

/** Kinds that no flow language has: the page must not care. */
const kinds: Kinds = {
  queues: ["sales"],
  agents: [],
  kinds: [
    {
      name: "crossroads",
      title: { en: "Crossroads", zh: "岔路口" },
      media: ["voice"],
      help,
      example: "",
      params: [
        param("choices", "keys", { required: true, leads: "people" }),
        param("silence", "retry", { leads: "itself" }),
        param("sounds", "prompts"),
      ],
    },
    { name: "terminus", title: { en: "Terminus", zh: "终点" }, media: ["voice"], help, example: "", params: [param("onward", "step", { required: true, leads: "itself" })] },
  ],
};

function part(name: string, fields: Record<string, unknown>, ways: Part["ways"] = []): Part {
  return { name, line: 1, fields, ways };
}

const sketch: Sketch = {
  readable: true,
  about: { name: "Test" },
  entries: [part("1000", { step: "first" }), part("chat", { step: "gone", text: true })],
  prompts: [part("hello", { en: "Hello there", zh: "您好" })],
  steps: [
    part(
      "first",
      { kind: "crossroads", sounds: ["hello"], choices: { "2": "second", "1": "nowhere" }, silence: { then: "second" }, extra: { on: ["second"] } },
      [
        { path: ["choices", "2"], to: "second", by: "people" },
        { path: ["silence", "then"], to: "second", by: "itself" },
        { path: ["extra", "on", "0"], to: "second", by: "itself" },
      ],
    ),
    part("second", { kind: "terminus" }),
  ],
  problems: [
    { file: "f", line: 3, column: 1, found: "no way", right: "a way", part: "step", name: "second" },
    { file: "f", line: 1, column: 1, found: "x", right: "y", part: "entry", name: "chat" },
  ],
};

describe("from a sketch to the drawing", () => {
  const graph = graphOf(sketch, kinds, "en");
  const first = graph.steps[0]!;

  it("every written way is a line from its own place, whatever it is called", () => {
    const lines = graph.edges.map((edge) => [edge.from, edge.label, edge.to, edge.by]);
    expect(lines).toEqual([
      ["entry 1000", "", "first", "people"],
      ["first", "2", "second", "people"],
      ["first", "silence", "second", "itself"],
      ["first", "extra on 0", "second", "itself"],
    ]);
  });

  it("a way that leads nowhere keeps its place and has no line", () => {
    const slot = first.slots.find((one) => one.label === "1");
    expect(slot?.to).toBe("nowhere");
    expect(graph.edges.some((edge) => edge.to === "nowhere")).toBe(false);
  });

  it("what a kind offers besides can be drawn from, and what it needs is marked", () => {
    expect(first.slots.map((slot) => slot.label)).toEqual(["1", "2", "+", "silence", "extra on 0"]);
    expect(graph.steps[1]!.slots).toMatchObject([{ label: "onward", to: undefined, needed: true, by: "itself" }]);
  });

  it("prompts are shown as what is said, in the reader's language", () => {
    expect(first.lines).toEqual([{ name: "sounds", text: "Hello there" }]);
    expect(graphOf(sketch, kinds, "zh").steps[0]!.lines[0]!.text).toBe("您好");
  });

  it("problems stand at their parts", () => {
    expect(graph.steps.map((step) => step.problems.length)).toEqual([0, 1]);
    expect(graph.entries.map((entry) => entry.problems.length)).toEqual([0, 1]);
  });

  it("steps that nobody put anywhere stand apart, in the direction customers go; others where they were put", () => {
    const places = arrange(graph, { second: [7, 8] });
    expect(places.get("second")).toEqual({ x: 7, y: 8 });
    expect(places.get(entryId("1000"))!.x).toBeLessThan(places.get("first")!.x);
    expect(new Set([...places.values()].map((place) => `${place.x} ${place.y}`)).size).toBe(4);
  });
});

describe("from the drawing to edits", () => {
  it("a line sets the value that its place stands for", () => {
    expect(connectEdits(sketch, "first", pathId(["silence", "then"]), "first")).toEqual([
      { edit: "set", step: "first", path: ["silence", "then"], value: "first" },
    ]);
  });

  it("a line from the plus takes the first key that is free", () => {
    expect(connectEdits(sketch, "first", pathId(["choices", "+"]), "second")).toEqual([
      { edit: "set", step: "first", path: ["choices", "3"], value: "second" },
    ]);
    const full = { ...sketch, steps: [part("first", { choices: Object.fromEntries([..."1234567890*#"].map((key) => [key, "x"])) })] };
    expect(connectEdits(full, "first", pathId(["choices", "+"]), "second")).toEqual([]);
  });

  it("a removed line takes its value out", () => {
    expect(disconnectEdits({ from: "first", slot: pathId(["choices", "2"]) })).toEqual([
      { edit: "set", step: "first", path: ["choices", "2"], value: null },
    ]);
    expect(disconnectEdits({ from: "entry 1000", slot: "step" })).toEqual([{ edit: "set_entry", name: "1000", value: null }]);
  });

  it("a way in that is led elsewhere keeps what else is written about it", () => {
    expect(entryEdits(sketch, "1000", "second")).toEqual([{ edit: "set_entry", name: "1000", value: "second" }]);
    expect(entryEdits(sketch, "chat", "second")).toEqual([
      { edit: "set_entry", name: "chat", value: { step: "second", text: true } },
    ]);
  });

  it("a new step gets a name of its own and a way to it", () => {
    const taken = { ...sketch, steps: [...sketch.steps, part("terminus", {}), part("terminus_2", {})] };
    expect(freshName(taken, "terminus")).toBe("terminus_3");
    expect(addEdits(sketch, "terminus", { step: "second", slot: "onward" }).edits).toEqual([
      { edit: "add_step", name: "terminus", kind: "terminus" },
      { edit: "set", step: "second", path: ["onward"], value: "terminus" },
    ]);
  });

  it("places follow names", () => {
    expect(renamedLayout({ a: [1, 2], b: [3, 4] }, "a", "c")).toEqual({ b: [3, 4], c: [1, 2] });
    expect(withoutStep({ a: [1, 2] }, "a")).toEqual({});
  });
});

describe("beside the drawing", () => {
  it("a day's customers are numbers on ways and steps", () => {
    const traffic = trafficOf(undefined, {
      ways: [
        { from: null, to: "first", count: 5 },
        { from: "first", to: "second", count: 3 },
      ],
      ends: [{ step: "first", gave_up: 2, helped: 0, finished: 0, going_on: 0 }],
    });
    expect(traffic.ways.get("first → second")).toBe(3);
    expect([traffic.cameIn.get("first"), traffic.gaveUp.get("first"), traffic.here.size]).toEqual([5, 2, 0]);
  });

  it("a trial's way is the steps that it came to", () => {
    expect(pathOfTrial([{ at: 0, what: "step", step: "a" }, { at: 1, what: "said", text: "x" }, { at: 2, what: "step", step: "b" }])).toEqual(["a", "b"]);
  });

  it("unchanged stretches of a difference are folded", () => {
    const line = (n: number, fate: Line["fate"]): Line => ({ fate, old: n, new: n, text: String(n) });
    const lines = Array.from({ length: 20 }, (_, n) => line(n, n === 10 ? "added" : "same"));
    expect(folded(lines).map((one) => one?.text)).toEqual([undefined, "8", "9", "10", "11", "12", undefined]);
  });

  it("a recording is a wav file of its samples", async () => {
    const bytes = new DataView(await wav([new Float32Array([0, 1, -2])], 8000).arrayBuffer());
    expect([bytes.byteLength, bytes.getUint32(24, true), bytes.getInt16(46, true), bytes.getInt16(48, true)]).toEqual([50, 8000, 32767, -32767]);
  });

  it("help is cut after its first sentence", () => {
    expect(firstSentence("Says 1.5 things. Then more.")).toBe("Says 1.5 things.");
    expect(firstSentence("播放提示音。之后等待。")).toBe("播放提示音。");
  });

  it("both languages have the same texts with the same placeholders", () => {
    const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();
    expect(Object.keys(studioTexts.zh)).toEqual(Object.keys(studioTexts.en));
    for (const [key, text] of Object.entries(studioTexts.en)) {
      expect(placeholders(studioTexts.zh[key as keyof typeof studioTexts.zh]), key).toEqual(placeholders(text));
    }
  });
});
