// A setting on its way from the server to a form and back.


import { useState } from "react";

import { api } from "../api/client";
import { useText } from "../i18n/language";
import { failureText } from "../ui/failure";
import { useFetched } from "../ui/fetched";
import { useMessages } from "../ui/messages";

/** A setting that is fetched, edited here, and saved as a whole. */
export function useSetting<T>(name: string, empty: T, saved: () => void) {
  const text = useText();
  const message = useMessages();
  const fetched = useFetched(name, () => api.setting<T>(name));
  const [draft, setDraft] = useState<T>();
  const [busy, setBusy] = useState(false);
  const value = draft ?? fetched.value?.value ?? empty;
  const save = async () => {
    setBusy(true);
    try {
      fetched.put(await api.changeSetting(name, value));
      setDraft(undefined);
      saved();
      void message.success(text("settings.saved"));
    } catch (error) {
      void message.error(failureText(text, error));
    } finally {
      setBusy(false);
    }
  };
  return { value, set: setDraft, save, busy, changed: draft !== undefined, loaded: fetched.value !== undefined };
}
