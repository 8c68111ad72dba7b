// The flow as a list: what a screen reader reads, and the quick way to a step by keyboard.

import { useStudioText } from "./texts";
import type { Graph } from "./graph";

interface OutlineProps {
  readonly graph: Graph;
  /** What kinds are called. */
  readonly titles: ReadonlyMap<string, string>;
  readonly chosen: string | undefined;
  readonly choose: (id: string) => void;
}

export function Outline({ graph, titles, chosen, choose }: OutlineProps) {
  const text = useStudioText();
  return (
    <nav className="studio-outline" aria-label={text("outline_label")}>
      <h2>{text("entries")}</h2>
      <ul className="plain">
        {graph.entries.map((entry) => (
          <li key={entry.id}>
            <button
              type="button"
              className="outline-row"
              aria-current={entry.id === chosen}
              onClick={() => choose(entry.id)}
              data-testid="outline-entry"
              data-entry={entry.name}
            >
              <strong>{entry.name}</strong> → {entry.to ?? text("leads_nowhere")}
              {entry.problems.length > 0 && <Wrong count={entry.problems.length} />}
            </button>
          </li>
        ))}
      </ul>
      <h2>{text("steps")}</h2>
      <ul className="plain">
        {graph.steps.map((step) => {
          const ways = step.slots.filter((slot) => slot.to !== undefined);
          return (
            <li key={step.id}>
              <button
                type="button"
                className="outline-row"
                aria-current={step.id === chosen}
                onClick={() => choose(step.id)}
                data-testid="outline-step"
                data-step={step.id}
              >
                <strong>{step.name}</strong> <span className="quiet">{titles.get(step.kind ?? "") ?? step.kind}</span>
                {step.problems.length > 0 && <Wrong count={step.problems.length} />}
                {ways.length > 0 && (
                  <span className="outline-ways">{ways.map((slot) => `${slot.label} → ${slot.to ?? ""}`).join(", ")}</span>
                )}
              </button>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}

function Wrong({ count }: { count: number }) {
  const text = useStudioText();
  return <span className="outline-wrong">{text("problems_count", { count })}</span>;
}
