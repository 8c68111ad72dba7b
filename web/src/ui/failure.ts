// A failed request as a sentence for the person who made it.

import { ApiError } from "../api/client";
import type { Text } from "../i18n/language";

export function failureText(text: Text, error: unknown): string {
  if (!(error instanceof ApiError)) return text("error.generic", { message: String(error) });
  if (error.status === 0) return text("error.offline");
  if (error.code === "forbidden") return text("error.forbidden");
  if (error.code === "stale") return text("ticket.stale");
  if (error.code === "bad_target") return text("error.bad_target");
  if (error.status === 404) return text("error.not_found");
  if (error.status === 409 || error.status === 410) return text("error.gone", { message: error.message });
  return text("error.generic", { message: error.message });
}
