// Something is on its way. What comes at once shows nothing: the sign fades in only after a moment, and moves nothing.

import { useText } from "../i18n/language";

export function Waiting({ fills = false }: { fills?: boolean }) {
  const text = useText();
  return (
    <div className={fills ? "loading is-filling" : "loading"} role="status">
      <span className="loading-sign" aria-hidden />
      <span className="visually-hidden">{text("loading")}</span>
    </div>
  );
}
