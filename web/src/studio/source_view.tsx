// The text of the flow, with line numbers and what is wrong at which line.

import { useEffect, useRef } from "react";

import type { Problem } from "./shapes";
import { useStudioText } from "./texts";

interface SourceProps {
  readonly source: string;
  readonly problems: readonly Problem[];
  readonly write: (source: string) => void;
  /** The line to go to. */
  readonly line: number | undefined;
}

const LINE_HEIGHT = 20;

export function SourceView({ source, problems, write, line }: SourceProps) {
  const text = useStudioText();
  const area = useRef<HTMLTextAreaElement>(null);
  const gutter = useRef<HTMLOListElement>(null);
  const wrong = new Map<number, string>();
  for (const problem of problems) {
    const said = text("found_right", { found: problem.found, right: problem.right });
    wrong.set(problem.line, [wrong.get(problem.line), said].filter(Boolean).join("\n"));
  }
  useEffect(() => {
    const editor = area.current;
    if (!editor || line === undefined) return;
    const lines = editor.value.split("\n");
    const begin = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
    editor.focus();
    editor.setSelectionRange(begin, begin + (lines[line - 1]?.length ?? 0));
    editor.scrollTop = Math.max(0, (line - 6) * LINE_HEIGHT);
  }, [line]);
  return (
    <div className="studio-source">
      <p className="quiet small">{text("source_kept")}</p>
      <div className="source-frame">
        <ol ref={gutter} aria-hidden className="source-gutter">
          {source.split("\n").map((_, n) => (
            <li key={n} className={wrong.has(n + 1) ? "wrong" : ""} title={wrong.get(n + 1)}>
              {n + 1}
            </li>
          ))}
        </ol>
        <textarea
          ref={area}
          value={source}
          onChange={(event) => write(event.target.value)}
          onScroll={(event) => {
            if (gutter.current) gutter.current.scrollTop = event.currentTarget.scrollTop;
          }}
          spellCheck={false}
          autoCapitalize="off"
          autoCorrect="off"
          wrap="off"
          aria-label={text("source_label")}
          aria-invalid={problems.length > 0}
          data-testid="studio-source"
        />
      </div>
    </div>
  );
}
