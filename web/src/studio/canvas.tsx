// The drawing: steps and ways in as nodes, what leads where as lines between them.
//
// Promises: everything that is drawn comes from the sketch; everything that is done here becomes edits of the text. Steps can
// be reached by Tab, moved by the arrow keys and removed by Delete; connecting by keyboard is in the properties.

import {
  Background,
  BackgroundVariant,
  BaseEdge,
  Controls,
  EdgeLabelRenderer,
  Handle,
  MarkerType,
  MiniMap,
  Position,
  ReactFlow,
  ReactFlowProvider,
  getBezierPath,
  useReactFlow,
  useUpdateNodeInternals,
  type Connection,
  type Edge as FlowEdge,
  type EdgeProps,
  type Node as FlowNode,
  type NodeChange,
  type NodeProps,
} from "@xyflow/react";
import "@xyflow/react/dist/base.css";
import { createContext, memo, useContext, useEffect, useMemo, useState, type DragEvent } from "react";

import { useLanguage } from "../i18n/language";
import { arrange, type Place } from "./arrange";
import { ENTRY_WIDTH, STEP_WIDTH, type Edge, type EntryNode, type Graph, type StepNode } from "./graph";
import type { Layout } from "./shapes";
import { useStudioText } from "./texts";
import type { Traffic } from "./traffic";

/** What is dragged from the palette. */
export const KIND_DRAGGED = "application/x-voxdesk-kind";

interface CanvasProps {
  readonly graph: Graph;
  readonly titles: ReadonlyMap<string, string>;
  readonly layout: Layout;
  readonly chosen: string | undefined;
  readonly choose: (id: string | undefined) => void;
  /** What was chosen elsewhere and is to come into view; a new object each time. */
  readonly sought: { readonly id: string } | undefined;
  readonly connect: (from: string, slot: string, to: string) => void;
  readonly disconnect: (edges: readonly Edge[]) => void;
  readonly remove: (ids: readonly string[]) => void;
  readonly place: (id: string, place: Place) => void;
  readonly drop: (kind: string, place: Place) => void;
  readonly traffic: Traffic | undefined;
  /** Steps that a trial went through, the last one last. */
  readonly path: readonly string[];
}

type StepFlowNode = FlowNode<{ step: StepNode }, "step">;
type EntryFlowNode = FlowNode<{ entry: EntryNode }, "entry">;
type WayFlowEdge = FlowEdge<{ way: Edge; count: number | undefined; together: boolean }, "way">;

type Sizes = Readonly<Record<string, { width: number; height: number }>>;

interface Around {
  readonly traffic: Traffic | undefined;
  readonly path: readonly string[];
  /** What kinds are called. */
  readonly titles: ReadonlyMap<string, string>;
}
const AroundContext = createContext<Around>({ traffic: undefined, path: [], titles: new Map() });

const NODE_TYPES = { step: memo(StepBox), entry: memo(EntryBox) };
const EDGE_TYPES = { way: memo(WayLine) };

export function Canvas(props: CanvasProps) {
  return (
    <ReactFlowProvider>
      <Inner {...props} />
    </ReactFlowProvider>
  );
}

function Inner(props: CanvasProps) {
  const { graph, layout, chosen, choose, traffic, path, titles } = props;
  const text = useStudioText();
  const { language } = useLanguage();
  const { screenToFlowPosition, fitView } = useReactFlow();
  const places = useMemo(() => arrange(graph, layout), [graph, layout]);
  const [dragged, setDragged] = useState<Record<string, Place>>({});
  // What the library measured must come back to it with the nodes, or it hides them until it has measured again.
  const [measured, setMeasured] = useState<Sizes>({});
  useEffect(() => setDragged({}), [places]);

  const nodes = useMemo(
    () => nodesOf(graph, places, dragged, chosen, text, titles).map((node) => ({ ...node, measured: measured[node.id] ?? {} })),
    [graph, places, dragged, chosen, text, titles, measured],
  );
  const edges = useMemo(() => edgesOf(graph, traffic, path), [graph, traffic, path]);
  const around = useMemo(() => ({ traffic, path, titles }), [traffic, path, titles]);

  const { sought } = props;
  useEffect(() => {
    if (sought) void fitView({ nodes: [{ id: sought.id }], maxZoom: 1, minZoom: 0.5, duration: 250 });
  }, [sought, fitView]);

  const changed = (changes: NodeChange<StepFlowNode | EntryFlowNode>[]) => {
    for (const change of changes) {
      if (change.type === "position" && change.position) {
        const { id, position } = change;
        setDragged((old) => ({ ...old, [id]: position }));
        // At the end of a drag, and at each move by keyboard.
        if (change.dragging !== true) props.place(id, position);
      }
      if (change.type === "dimensions" && change.dimensions) {
        const { id, dimensions } = change;
        setMeasured((old) => ({ ...old, [id]: dimensions }));
      }
      if (change.type === "select" && change.selected) choose(change.id);
    }
  };

  return (
    <AroundContext value={around}>
      <div
        className="studio-canvas"
        data-testid="studio-canvas"
        onDragOver={(event: DragEvent) => {
          if (event.dataTransfer.types.includes(KIND_DRAGGED)) event.preventDefault();
        }}
        onDrop={(event: DragEvent) => {
          const kind = event.dataTransfer.getData(KIND_DRAGGED);
          if (!kind) return;
          event.preventDefault();
          props.drop(kind, screenToFlowPosition({ x: event.clientX - 60, y: event.clientY - 16 }));
        }}
      >
        <ReactFlow<StepFlowNode | EntryFlowNode, WayFlowEdge>
          nodes={nodes}
          edges={edges}
          nodeTypes={NODE_TYPES}
          edgeTypes={EDGE_TYPES}
          onNodesChange={changed}
          onConnect={(link: Connection) => props.connect(link.source, link.sourceHandle ?? "", link.target)}
          isValidConnection={(link) => !link.target.startsWith("entry ")}
          onNodesDelete={(gone) => props.remove(gone.map((node) => node.id))}
          onEdgesDelete={(gone) => props.disconnect(gone.flatMap((edge) => (edge.data ? [edge.data.way] : [])))}
          onBeforeDelete={async (what) =>
            // With a step go its ways by the step's own removal.
            what.nodes.length > 0 ? { nodes: what.nodes, edges: [] } : what
          }
          onPaneClick={() => choose(undefined)}
          deleteKeyCode={["Delete", "Backspace"]}
          fitView
          fitViewOptions={{ maxZoom: 1, padding: 0.12 }}
          minZoom={0.1}
          maxZoom={2}
          proOptions={{ hideAttribution: true }}
          connectionRadius={36}
          aria-label={text("canvas_label")}
          ariaLabelConfig={{
            "controls.zoomIn.ariaLabel": text("zoom_in"),
            "controls.zoomOut.ariaLabel": text("zoom_out"),
            "controls.fitView.ariaLabel": text("fit"),
            "node.a11yDescription.default": text("canvas_label"),
          }}
          key={language}
        >
          <Background variant={BackgroundVariant.Dots} gap={20} size={1.2} color="var(--edge-strong)" />
          <Controls showInteractive={false} position="bottom-left" />
          <MiniMap pannable zoomable position="bottom-right" nodeColor="var(--edge-strong)" maskColor="color-mix(in srgb, var(--ground) 70%, transparent)" bgColor="var(--surface)" aria-label={text("canvas")} />
        </ReactFlow>
      </div>
    </AroundContext>
  );
}

function nodesOf(
  graph: Graph,
  places: Map<string, Place>,
  dragged: Record<string, Place>,
  chosen: string | undefined,
  text: ReturnType<typeof useStudioText>,
  titles: ReadonlyMap<string, string>,
): (StepFlowNode | EntryFlowNode)[] {
  const at = (id: string) => dragged[id] ?? places.get(id) ?? { x: 0, y: 0 };
  return [
    ...graph.entries.map((entry): EntryFlowNode => ({
      id: entry.id,
      type: "entry",
      position: at(entry.id),
      data: { entry },
      selected: entry.id === chosen,
      width: ENTRY_WIDTH,
      ariaLabel: `${text("entry")} ${entry.name}`,
    })),
    ...graph.steps.map((step): StepFlowNode => ({
      id: step.id,
      type: "step",
      position: at(step.id),
      data: { step },
      selected: step.id === chosen,
      width: STEP_WIDTH,
      ariaLabel: `${text("step")} ${step.name}, ${titles.get(step.kind ?? "") ?? ""}${
        step.problems.length > 0 ? `, ${text("problems_count", { count: step.problems.length })}` : ""
      }`,
    })),
  ];
}

function edgesOf(graph: Graph, traffic: Traffic | undefined, path: readonly string[]): WayFlowEdge[] {
  const walked = new Set(path.slice(1).map((to, n) => `${path[n] ?? ""} → ${to}`));
  const first = new Set<string>();
  return graph.edges.map((way): WayFlowEdge => {
    const pair = `${way.from} → ${way.to}`;
    const isFirst = !first.has(pair);
    first.add(pair);
    const entry = way.from.startsWith("entry ");
    const on = walked.has(pair) || (entry && path[0] === way.to && path.length > 0);
    const classes = [way.by === "itself" ? "by-itself" : "by-people", on ? "walked" : ""].join(" ");
    return {
      id: way.id,
      type: "way",
      source: way.from,
      sourceHandle: way.slot,
      target: way.to,
      className: classes,
      markerEnd: { type: MarkerType.ArrowClosed, width: 16, height: 16, color: on ? "var(--warn)" : "var(--edge-strong)" },
      // Ways between the same two steps cannot be told apart in the record: the first one carries the number of all.
      data: {
        way,
        count: isFirst && !entry ? traffic?.ways.get(pair) : undefined,
        together: graph.edges.filter((other) => other.from === way.from && other.to === way.to).length > 1,
      },
      deletable: true,
    };
  });
}

function StepBox({ data: { step }, selected }: NodeProps<StepFlowNode>) {
  const text = useStudioText();
  const { traffic, path, titles } = useContext(AroundContext);
  const update = useUpdateNodeInternals();
  const handles = step.slots.map((slot) => slot.id).join(" ");
  // The library looks for handles anew only when a node's size changes.
  useEffect(() => update(step.id), [update, step.id, handles]);
  const here = traffic?.here.get(step.id) ?? 0;
  const gaveUp = traffic?.gaveUp.get(step.id) ?? 0;
  const cameIn = traffic?.cameIn.get(step.id) ?? 0;
  const wrong = step.problems.length > 0;
  const at = path[path.length - 1] === step.id;
  return (
    <div
      className={["step-box", selected ? "chosen" : "", wrong ? "wrong" : "", at ? "at" : ""].join(" ")}
      data-testid="step-node"
      data-step={step.id}
      data-kind={step.kind ?? ""}
      data-problems={step.problems.length}
    >
      <Handle type="target" position={Position.Left} id="in" className="slot-in" />
      <header>
        <strong>{step.name}</strong>
        <span className="step-kind">{titles.get(step.kind ?? "") ?? step.kind ?? "?"}</span>
      </header>
      {(here > 0 || gaveUp > 0 || cameIn > 0) && (
        <p className="step-traffic">
          {here > 0 && <span className="here" data-testid="step-here">{text("here_count", { count: here })}</span>}
          {cameIn > 0 && <span>{text("came_in", { count: cameIn })}</span>}
          {gaveUp > 0 && <span className="gave-up" data-testid="step-gave-up">{text("gave_up", { count: gaveUp })}</span>}
        </p>
      )}
      {step.lines.slice(0, 3).map((line) => (
        <p key={line.name} className="step-line" title={`${line.name}: ${line.text}`}>
          <span>{line.name}</span> {line.text}
        </p>
      ))}
      <ul>
        {step.slots.map((slot) => (
          <li
            key={slot.id}
            className={[slot.to === undefined ? "open" : "", slot.needed && slot.to === undefined ? "needed" : ""].join(" ")}
          >
            <span>{slot.label}</span>
            <Handle
              type="source"
              position={Position.Right}
              id={slot.id}
              className={slot.by === "itself" ? "slot by-itself" : "slot"}
              data-testid="slot"
              data-slot={slot.label}
            />
          </li>
        ))}
      </ul>
      {wrong && (
        <div className="step-problems" role="note" data-testid="node-problem">
          {step.problems.slice(0, 2).map((problem, n) => (
            <p key={n}>
              <strong>{problem.found}</strong> {problem.right}
            </p>
          ))}
          {step.problems.length > 2 && <p>{text("problems_count", { count: step.problems.length })}</p>}
        </div>
      )}
    </div>
  );
}

function EntryBox({ data: { entry }, selected }: NodeProps<EntryFlowNode>) {
  const text = useStudioText();
  const wrong = entry.problems.length > 0;
  return (
    <div
      className={["entry-box", selected ? "chosen" : "", wrong ? "wrong" : ""].join(" ")}
      data-testid="entry-node"
      data-entry={entry.name}
      title={entry.text ? text("entry_text") : undefined}
    >
      <span aria-hidden>{entry.text ? "✎" : "☎"}</span> {entry.name}
      <Handle type="source" position={Position.Right} id="step" className="slot" data-testid="slot" data-slot="step" />
      {wrong && (
        <div className="step-problems" role="note" data-testid="node-problem">
          {entry.problems.slice(0, 1).map((problem, n) => (
            <p key={n}>
              <strong>{problem.found}</strong> {problem.right}
            </p>
          ))}
        </div>
      )}
    </div>
  );
}

function WayLine(props: EdgeProps<WayFlowEdge>) {
  const text = useStudioText();
  const [line, x, y] = getBezierPath(props);
  const { data, markerEnd } = props;
  return (
    <>
      <BaseEdge id={props.id} path={line} {...(markerEnd === undefined ? {} : { markerEnd })} interactionWidth={18} />
      {data?.count !== undefined && data.count > 0 && (
        <EdgeLabelRenderer>
          <span
            className="way-count"
            style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}
            title={text(data.together ? "together" : "came", { count: data.count })}
            data-testid="way-count"
          >
            {data.count}
          </span>
        </EdgeLabelRenderer>
      )}
    </>
  );
}
