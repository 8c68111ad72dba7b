// What a button of the bar opens below itself. Escape, a press elsewhere and leaving it by Tab close it; the focus stays where people are.

import { Button } from "antd";
import { useEffect, useId, useRef, useState, type ReactNode } from "react";

interface FoldOutProps {
  readonly label: string;
  readonly testId: string;
  readonly className?: string;
  /** What stands on the button. */
  readonly face: ReactNode;
  /** What is opened; `close` gives the focus back. */
  readonly children: (close: () => void) => ReactNode;
  readonly opened?: () => void;
}

export function FoldOut({ label, testId, className = "", face, children, opened }: FoldOutProps) {
  const [open, setOpen] = useState(false);
  const whole = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const panel = useId();
  const close = () => {
    setOpen(false);
    opener.current?.focus();
  };

  useEffect(() => {
    if (!open) return undefined;
    const pressed = (event: PointerEvent) => {
      if (event.target instanceof Node && !whole.current?.contains(event.target)) setOpen(false);
    };
    const key = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      setOpen(false);
      opener.current?.focus();
    };
    document.addEventListener("pointerdown", pressed);
    document.addEventListener("keydown", key);
    return () => {
      document.removeEventListener("pointerdown", pressed);
      document.removeEventListener("keydown", key);
    };
  }, [open]);

  return (
    <div
      className="fold-out"
      ref={whole}
      onBlur={(event) => {
        if (event.relatedTarget !== null && !event.currentTarget.contains(event.relatedTarget)) setOpen(false);
      }}
    >
      <Button
        type="text"
        ref={opener}
        className={`fold-out-opener ${className}`}
        aria-label={label}
        aria-expanded={open}
        aria-controls={open ? panel : undefined}
        onClick={() => {
          setOpen(!open);
          if (!open) opened?.();
        }}
        data-testid={testId}
      >
        {face}
      </Button>
      {open && (
        <div className="fold-out-panel" id={panel}>
          {children(close)}
        </div>
      )}
    </div>
  );
}
