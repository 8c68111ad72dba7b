// Instead of a page that cannot be shown: why, and a way on.

import type { ReactNode } from "react";

export function Trouble({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <section className="trouble" role="alert">
      <p>{title}</p>
      {children}
    </section>
  );
}
