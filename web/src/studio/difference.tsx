// What changed between two texts, line by line; unchanged stretches are folded.

import { Fragment, useEffect, useState } from "react";
import { Waiting } from "../ui/waiting";

import { studio } from "./requests";
import type { Line } from "./shapes";
import { useStudioText } from "./texts";

/** Unchanged lines shown around a change. */
const AROUND = 2;

/** The lines to show; `undefined` stands for a stretch that is left out. */
export function folded(lines: readonly Line[]): (Line | undefined)[] {
  const near = lines.map((_, n) => lines.slice(Math.max(0, n - AROUND), n + AROUND + 1).some((line) => line.fate !== "same"));
  const shown: (Line | undefined)[] = [];
  lines.forEach((line, n) => {
    if (near[n]) shown.push(line);
    else if (shown[shown.length - 1] !== undefined || shown.length === 0) shown.push(undefined);
  });
  return shown;
}

export function Difference({ name, from, to }: { name: string; from: number; to: { to: number } | { source: string } }) {
  const text = useStudioText();
  const [lines, setLines] = useState<readonly Line[]>();
  const asked = JSON.stringify([name, from, to]);
  useEffect(() => {
    let current = true;
    setLines(undefined);
    studio.difference(name, from, to).then(
      (page) => current && setLines(page.items),
      () => current && setLines([]),
    );
    return () => {
      current = false;
    };
    // `asked` names all three.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [asked]);
  if (!lines) return <Waiting />;
  if (lines.every((line) => line.fate === "same")) return <p className="quiet">{text("nothing_changed")}</p>;
  return (
    <pre className="difference" data-testid="difference" tabIndex={0} aria-label={text("changes")}>
      {folded(lines).map((line, n) =>
        line === undefined ? (
          <span key={n} className="fold">
            ⋯{"\n"}
          </span>
        ) : (
          <Fragment key={n}>
            {line.fate === "added" ? (
              <ins>+ {line.text}</ins>
            ) : line.fate === "removed" ? (
              <del>− {line.text}</del>
            ) : (
              <span>  {line.text}</span>
            )}
            {"\n"}
          </Fragment>
        ),
      )}
    </pre>
  );
}
