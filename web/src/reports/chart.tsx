// A chart: ECharts, of which only what is drawn here is loaded, and only when something is drawn.

import { BarChart, LineChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";

import { useAppearance } from "../ui/appearance";

echarts.use([AriaComponent, BarChart, CanvasRenderer, GridComponent, LegendComponent, LineChart, TooltipComponent]);

/** Colours that are told apart by most people, also those who see few colours. */
const COLOURS = ["#1f5f8b", "#d97706", "#1a7f4b", "#7c4d9e", "#b42318"];
const ON_DARK = ["#6cb6ff", "#ffb454", "#5fd38d", "#d2a8ff", "#ff8f88"];

export interface Series {
  readonly name: string;
  readonly values: readonly (number | null)[];
}

export interface ChartProps {
  readonly label: string;
  readonly keys: readonly string[];
  readonly series: readonly Series[];
  readonly kind?: "bar" | "line";
  /** On the wallboard, which is read from afar and dark in any case. */
  readonly wall?: boolean;
  /** Somebody chose a bar: its place. */
  readonly chosen?: (key: number, series: number) => void;
}

export default function Chart({ label, keys, series, kind = "bar", wall = false, chosen }: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<echarts.ECharts>(undefined);
  const { dark } = useAppearance();
  const onDark = wall || dark;
  const listener = useRef(chosen);
  listener.current = chosen;

  useEffect(() => {
    if (!box.current) return undefined;
    const made = echarts.init(box.current, undefined, { renderer: "canvas" });
    made.on("click", (event) => listener.current?.(event.dataIndex, event.seriesIndex ?? 0));
    const watcher = new ResizeObserver(() => made.resize());
    watcher.observe(box.current);
    chart.current = made;
    return () => {
      watcher.disconnect();
      made.dispose();
    };
  }, []);

  useEffect(() => {
    const ink = onDark ? "#e8eef4" : "#4a5868";
    chart.current?.setOption(
      {
        color: onDark ? ON_DARK : COLOURS,
        animation: false,
        aria: { enabled: true, label: { description: label } },
        grid: { left: 8, right: 16, top: 36, bottom: 8, containLabel: true },
        legend: { top: 0, textStyle: { color: ink, fontSize: wall ? 16 : 12 } },
        tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, ...(onDark ? { backgroundColor: "#202b36", borderColor: "#435365", textStyle: { color: "#e6ecf2" } } : {}) },
        xAxis: { type: "category", data: keys, axisLabel: { color: ink, fontSize: wall ? 15 : 12 }, axisLine: { lineStyle: { color: ink } } },
        yAxis: { type: "value", minInterval: 1, axisLabel: { color: ink }, splitLine: { lineStyle: { color: onDark ? "#2c3a49" : "#e3e8ed" } } },
        series: series.map((one) => ({ name: one.name, type: kind, data: one.values, barMaxWidth: 34, smooth: false })),
      },
      { notMerge: true },
    );
  }, [label, keys, series, kind, wall, onDark]);

  return <div ref={box} className="chart" role="img" aria-label={label} data-testid="chart" />;
}
