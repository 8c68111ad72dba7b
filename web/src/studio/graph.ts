// From a sketch of a flow to what the canvas draws, and from what happens on the canvas to edits of the text.
//
// Promises: pure; nothing here knows a kind of step by its name: what leads where is told by the schema and the sketch.

import type { Edit, Kind, Kinds, Layout, Param, Part, Problem, Sketch, Way } from "./shapes";

/** A place in a step from which a way may lead to another step. */
export interface Slot {
  /** The path, as one text: the name of its handle. */
  readonly id: string;
  readonly path: readonly string[];
  readonly label: string;
  /** The step it leads to now. */
  readonly to: string | undefined;
  readonly by: string;
  /** Whether the flow is wrong without it. */
  readonly needed: boolean;
  /** Drawing from here makes a new key. */
  readonly fresh: boolean;
}

export interface StepNode {
  readonly id: string;
  readonly name: string;
  readonly kind: string | undefined;
  readonly about: Kind | undefined;
  /** What is written in it, in short. */
  readonly lines: readonly { readonly name: string; readonly text: string }[];
  readonly slots: readonly Slot[];
  readonly problems: readonly Problem[];
}

export interface EntryNode {
  readonly id: string;
  readonly name: string;
  readonly to: string | undefined;
  readonly text: boolean;
  readonly problems: readonly Problem[];
}

export interface Edge {
  readonly id: string;
  readonly from: string;
  readonly slot: string;
  readonly to: string;
  readonly by: string;
  readonly label: string;
}

export interface Graph {
  readonly steps: readonly StepNode[];
  readonly entries: readonly EntryNode[];
  readonly edges: readonly Edge[];
}

/** Keys of a phone in the order in which menus use them. */
const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "*", "#"];
/** The path of a way that does not exist yet. */
const FRESH = "+";
const BETWEEN = "\u001f";
/** Longest text of a line in a node, in characters. */
const LINE = 60;

export const pathId = (path: readonly string[]) => path.join(BETWEEN);
export const pathOf = (id: string) => id.split(BETWEEN);
export const entryId = (name: string) => `entry ${name}`;

export function graphOf(sketch: Sketch, kinds: Kinds, language: "en" | "zh"): Graph {
  const steps = sketch.steps.map((step) => stepNode(step, sketch, kinds, language));
  const names = new Set(steps.map((step) => step.name));
  const entries = sketch.entries.map((entry) => entryNode(entry, sketch));
  const edges: Edge[] = [];
  for (const entry of entries) {
    if (entry.to !== undefined && names.has(entry.to)) {
      edges.push({ id: entry.id, from: entry.id, slot: "step", to: entry.to, by: "people", label: "" });
    }
  }
  for (const step of steps) {
    for (const slot of step.slots) {
      if (slot.to !== undefined && names.has(slot.to)) {
        const id = `${step.id}${BETWEEN}${slot.id}`;
        edges.push({ id, from: step.id, slot: slot.id, to: slot.to, by: slot.by, label: slot.label });
      }
    }
  }
  return { steps, entries, edges };
}

function entryNode(entry: Part, sketch: Sketch): EntryNode {
  const step = entry.fields["step"];
  return {
    id: entryId(entry.name),
    name: entry.name,
    to: typeof step === "string" ? step : undefined,
    text: entry.fields["text"] === true,
    problems: problemsOf(sketch, "entry", entry.name),
  };
}

function stepNode(step: Part, sketch: Sketch, kinds: Kinds, language: "en" | "zh"): StepNode {
  const written = step.fields["kind"];
  const kind = typeof written === "string" ? written : undefined;
  const about = kinds.kinds.find((one) => one.name === kind);
  const slots = slotsOf(step, about);
  return {
    id: step.name,
    name: step.name,
    kind,
    about,
    lines: linesOf(step, sketch, about, slots, language),
    slots,
    problems: problemsOf(sketch, "step", step.name),
  };
}

function problemsOf(sketch: Sketch, part: Problem["part"], name: string): Problem[] {
  return sketch.problems.filter((problem) => problem.part === part && problem.name === name);
}

/** Every place that leads somewhere or could: written ways first as they come, then what the kind offers besides. */
export function slotsOf(step: Part, about: Kind | undefined): Slot[] {
  const ways = new Map(step.ways.map((way) => [pathId(way.path), way]));
  const slots: Slot[] = [];
  const add = (path: readonly string[], param: Param | undefined, way: Way | undefined, needed: boolean) => {
    slots.push({
      id: pathId(path),
      path,
      label: labelOf(path, param),
      to: way?.to ?? written(step, path),
      by: way?.by ?? param?.leads ?? "people",
      needed,
      fresh: false,
    });
    ways.delete(pathId(path));
  };
  for (const param of about?.params ?? []) {
    if (param.leads === null && ![...ways.values()].some((way) => way.path[0] === param.name)) continue;
    switch (param.type) {
      case "step":
        add([param.name], param, ways.get(param.name), param.required);
        break;
      case "retry":
        add([param.name, "then"], param, ways.get(pathId([param.name, "then"])), false);
        break;
      case "keys": {
        const keys = Object.keys(table(step.fields[param.name])).sort((a, b) => KEYS.indexOf(a) - KEYS.indexOf(b));
        for (const key of keys) add([param.name, key], param, ways.get(pathId([param.name, key])), false);
        slots.push({
          id: pathId([param.name, FRESH]),
          path: [param.name, FRESH],
          label: FRESH,
          to: undefined,
          by: param.leads ?? "people",
          needed: param.required && keys.length === 0,
          fresh: true,
        });
        break;
      }
      default:
        for (const way of [...ways.values()].filter((one) => one.path[0] === param.name)) {
          add(way.path, param, way, false);
        }
    }
  }
  for (const way of [...ways.values()]) add(way.path, undefined, way, false);
  return slots;
}

function labelOf(path: readonly string[], param: Param | undefined): string {
  if (param?.type === "keys") return path[1] ?? "";
  if (param?.type === "retry") return path[0] ?? "";
  return path.join(" ");
}

/** A step's name that stands at a path, also one that leads nowhere. */
function written(step: Part, path: readonly string[]): string | undefined {
  let value: unknown = step.fields;
  for (const part of path) value = Array.isArray(value) ? value[Number(part)] : table(value)[part];
  return typeof value === "string" ? value : undefined;
}

export function table(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

/** The first words of a prompt in a language. */
export function promptText(sketch: Sketch, name: string, language: "en" | "zh"): string | undefined {
  const text = sketch.prompts.find((prompt) => prompt.name === name)?.fields[language];
  return typeof text === "string" ? text : undefined;
}

function linesOf(
  step: Part,
  sketch: Sketch,
  about: Kind | undefined,
  slots: readonly Slot[],
  language: "en" | "zh",
): { name: string; text: string }[] {
  const shown = new Set(["kind", ...slots.map((slot) => slot.path[0] ?? "")]);
  const lines: { name: string; text: string }[] = [];
  for (const [name, value] of Object.entries(step.fields)) {
    if (shown.has(name)) continue;
    const type = about?.params.find((param) => param.name === name)?.type;
    const text =
      type === "prompts" ? texts(value).map((one) => promptText(sketch, one, language) ?? one).join(" ") : brief(value);
    lines.push({ name, text: text.length > LINE ? `${text.slice(0, LINE)}…` : text });
  }
  // What is said comes first: it is what people know a step by.
  const said = (name: string) => about?.params.find((param) => param.name === name)?.type === "prompts";
  return lines.sort((a, b) => Number(said(b.name)) - Number(said(a.name)));
}

export function texts(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];
}

function brief(value: unknown): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.map(brief).join(", ");
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).map(([name, one]) => `${name} ${brief(one)}`).join(", ");
  }
  return String(value);
}

// ---------------------------------------------------------------------------------------------------- canvas to edits

/** Leads a slot of a step to another step. */
export function connectEdits(sketch: Sketch, step: string, slot: string, to: string): Edit[] {
  const path = pathOf(slot);
  if (path[path.length - 1] !== FRESH) return [{ edit: "set", step, path, value: to }];
  const keys = table(sketch.steps.find((one) => one.name === step)?.fields[path[0] ?? ""]);
  const key = KEYS.find((one) => !(one in keys));
  return key === undefined ? [] : [{ edit: "set", step, path: [path[0] ?? "", key], value: to }];
}

export function disconnectEdits(edge: Pick<Edge, "from" | "slot">): Edit[] {
  return edge.from.startsWith("entry ")
    ? [{ edit: "set_entry", name: edge.from.slice("entry ".length), value: null }]
    : [{ edit: "set", step: edge.from, path: pathOf(edge.slot), value: null }];
}

/** Leads an entry to a step; whether people may write there stays. */
export function entryEdits(sketch: Sketch, name: string, to: string): Edit[] {
  const fields = sketch.entries.find((entry) => entry.name === name)?.fields ?? {};
  const others = Object.keys(fields).filter((field) => field !== "step");
  return [{ edit: "set_entry", name, value: others.length > 0 ? { ...fields, step: to } : to }];
}

/** A name that no step has yet. */
export function freshName(sketch: Sketch, kind: string): string {
  const taken = new Set(sketch.steps.map((step) => step.name));
  if (!taken.has(kind)) return kind;
  let n = 2;
  while (taken.has(`${kind}_${n}`)) n += 1;
  return `${kind}_${n}`;
}

/** A new step, led to from a slot of another one if there is one to lead from. */
export function addEdits(sketch: Sketch, kind: string, from?: { step: string; slot: string }): { name: string; edits: Edit[] } {
  const name = freshName(sketch, kind);
  const edits: Edit[] = [{ edit: "add_step", name, kind }];
  return { name, edits: from ? [...edits, ...connectEdits(sketch, from.step, from.slot, name)] : edits };
}

// -------------------------------------------------------------------------------------------------------------- layout

/** Where steps were put by hand, after one of them got another name. */
export function renamedLayout(layout: Layout, from: string, to: string): Layout {
  const { [from]: place, ...others } = layout;
  return place === undefined ? layout : { ...others, [to]: place };
}

export function withoutStep(layout: Layout, name: string): Layout {
  return Object.fromEntries(Object.entries(layout).filter(([one]) => one !== name));
}

/** Width of a step on the canvas. */
export const STEP_WIDTH = 240;
export const ENTRY_WIDTH = 120;

/** How high a step is drawn: what the layout reckons with. */
export function heightOf(step: StepNode): number {
  return 46 + Math.min(step.lines.length, 3) * 19 + step.slots.length * 23 + 10;
}
