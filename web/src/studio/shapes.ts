// The words of the API that only the studio uses.

import type { components } from "../api/schema";

type Schemas = components["schemas"];

export type Flow = Schemas["Flow"];
export type FlowDetail = Schemas["FlowDetail"];
export type FlowVersion = Schemas["FlowVersion"];
export type FlowVersionDetail = Schemas["FlowVersionDetail"];
export type Kinds = Schemas["FlowKinds"];
export type Kind = Schemas["FlowKind"];
export type Param = Schemas["FlowParam"];
export type Sketch = Schemas["FlowSketch"];
export type Part = Schemas["FlowPart"];
export type Way = Schemas["FlowWay"];
export type Problem = Schemas["FlowProblem"];
export type Edit = Schemas["FlowEdit"];
export type Line = Schemas["LineChange"];
export type Here = Schemas["FlowHere"];
export type Day = Schemas["FlowDay"];
export type Simulation = Schemas["Simulation"];
export type TestCallers = Schemas["TestCallers"];
export type TestCallNumber = Schemas["TestCallNumber"];
export type Trial = Schemas["FlowTrial"];
export type RecordingKept = Schemas["RecordingKept"];

/** Places of steps on the canvas. */
export type Layout = Readonly<Record<string, readonly number[]>>;
