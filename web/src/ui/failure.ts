// A failed request as a sentence for the person who made it.

import { ApiError } from "../api/client";
import { isTextKey, type Text } from "../i18n/language";

export function failureText(text: Text, error: unknown): string {
  if (!(error instanceof ApiError)) return text("error.generic", { message: String(error) });
  if (error.status === 0) return text("error.offline");
  if (error.code === "stale") return text("ticket.stale");
  // The server's code is stable and has a sentence in each language; its own message is for programs.
  const key = `failure.${error.code}`;
  if (isTextKey(key)) return text(key, { field: error.field ?? "", message: error.message });
  if (error.status === 409 || error.status === 410) return text("error.gone", { message: error.message });
  return text("error.generic", { message: error.message });
}
