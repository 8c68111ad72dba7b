// Light or dark: as the system is, or as the person chose; remembered in this browser and the same in all its tabs.
//
// Promises: the page's colours (`color-scheme` in look/base.css), the library's and what is drawn on canvases change together, at once.
// Leaves to others: what is seen before scripts run (public/look.js).

import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from "react";

export type Appearance = "system" | "light" | "dark";

const STORED_AS = "voxdesk.look";
const DARK = "(prefers-color-scheme: dark)";

interface Chosen {
  readonly appearance: Appearance;
  readonly choose: (appearance: Appearance) => void;
  readonly dark: boolean;
}

const AppearanceContext = createContext<Chosen | undefined>(undefined);

/** What was stored, however old or wrong. */
export function appearanceOf(stored: string | null): Appearance {
  return stored === "light" || stored === "dark" ? stored : "system";
}

export function AppearanceProvider({ children }: { children: ReactNode }) {
  const [appearance, setAppearance] = useState(() => appearanceOf(localStorage.getItem(STORED_AS)));
  const [systemDark, setSystemDark] = useState(() => matchMedia(DARK).matches);
  useEffect(() => {
    const query = matchMedia(DARK);
    const changed = () => setSystemDark(query.matches);
    const elsewhere = (event: StorageEvent) => {
      if (event.key === STORED_AS) setAppearance(appearanceOf(event.newValue));
    };
    query.addEventListener("change", changed);
    addEventListener("storage", elsewhere);
    return () => {
      query.removeEventListener("change", changed);
      removeEventListener("storage", elsewhere);
    };
  }, []);
  useEffect(() => {
    if (appearance === "system") delete document.documentElement.dataset.look;
    else document.documentElement.dataset.look = appearance;
  }, [appearance]);
  const chosen = useMemo<Chosen>(
    () => ({
      appearance,
      choose: (next) => {
        if (next === "system") localStorage.removeItem(STORED_AS);
        else localStorage.setItem(STORED_AS, next);
        setAppearance(next);
      },
      dark: appearance === "system" ? systemDark : appearance === "dark",
    }),
    [appearance, systemDark],
  );
  return <AppearanceContext value={chosen}>{children}</AppearanceContext>;
}

export function useAppearance(): Chosen {
  const chosen = useContext(AppearanceContext);
  if (!chosen) throw new Error("useAppearance needs an AppearanceProvider above it");
  return chosen;
}
