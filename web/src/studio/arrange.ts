// Where steps stand that nobody put anywhere: in layers from left to right, the way customers go.

import dagre from "@dagrejs/dagre";

import { ENTRY_WIDTH, STEP_WIDTH, heightOf, type Graph } from "./graph";
import type { Layout } from "./shapes";

export interface Place {
  readonly x: number;
  readonly y: number;
}

/** A place for every node: by hand where there is one, else by layers. */
export function arrange(graph: Graph, layout: Layout): Map<string, Place> {
  const layers = new dagre.graphlib.Graph();
  layers.setGraph({ rankdir: "LR", nodesep: 28, ranksep: 90, marginx: 20, marginy: 20 });
  layers.setDefaultEdgeLabel(() => ({}));
  for (const entry of graph.entries) layers.setNode(entry.id, { width: ENTRY_WIDTH, height: 40 });
  for (const step of graph.steps) layers.setNode(step.id, { width: STEP_WIDTH, height: heightOf(step) });
  for (const edge of graph.edges) if (edge.from !== edge.to) layers.setEdge(edge.from, edge.to);
  dagre.layout(layers);
  const places = new Map<string, Place>();
  for (const id of layers.nodes()) {
    const node = layers.node(id) as { x: number; y: number; width: number; height: number };
    const [x, y] = layout[id] ?? [];
    places.set(
      id,
      x !== undefined && y !== undefined
        ? { x, y }
        : { x: Math.round(node.x - node.width / 2), y: Math.round(node.y - node.height / 2) },
    );
  }
  return places;
}
