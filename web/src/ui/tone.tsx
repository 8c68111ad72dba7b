// A small coloured label. Colours are chosen so that the words keep a contrast of 4.5:1 and more.

import type { ReactNode } from "react";

export type ToneName = "grey" | "green" | "gold" | "blue" | "purple" | "cyan" | "red";

interface ToneProps {
  readonly tone: ToneName;
  readonly children: ReactNode;
  readonly testId?: string;
  readonly state?: string;
}

export function Tone({ tone, children, testId, state }: ToneProps) {
  return (
    <span className={`tone tone-${tone}`} data-testid={testId} data-state={state}>
      {children}
    </span>
  );
}
