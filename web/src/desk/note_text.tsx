// What a note says, with those marked whom it calls by name.

import type { Entry } from "../api/shapes";
import { useSession } from "../session";
import { calledIn, partsOf } from "./mention";

export function NoteText({ entry }: { entry: Pick<Entry, "text" | "detail"> }) {
  const me = useSession().user.name;
  const called = calledIn(entry.detail);
  return partsOf(entry.text, called).map((part, n) =>
    part.called ? (
      <strong key={n} className={part.text.slice(1).toLowerCase() === me.toLowerCase() ? "mention is-me" : "mention"}>
        {part.text}
      </strong>
    ) : (
      part.text
    ),
  );
}
