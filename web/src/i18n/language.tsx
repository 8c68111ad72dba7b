// The chosen language: remembered in this browser, set on <html lang>, given to Ant Design and to `useText`.

import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from "react";

import { en, type TextKey } from "./en";
import { zh } from "./zh";

export type Language = "en" | "zh";
export type Values = Readonly<Record<string, string | number>>;
/** Looks a text up and fills its `{placeholders}`. */
export type Text = (key: TextKey, values?: Values) => string;

const TEXTS: Record<Language, Record<TextKey, string>> = { en, zh };
const STORED_AS = "voxdesk.language";

interface Chosen {
  readonly language: Language;
  readonly choose: (language: Language) => void;
  readonly text: Text;
}

const LanguageContext = createContext<Chosen | undefined>(undefined);

/** The texts of one language. */
export function textsOf(language: Language): Text {
  return (key, values) => fill(TEXTS[language][key], values);
}

/** Whether there is a text for a key that came from outside (a stable code of the server). */
export function isTextKey(key: string): key is TextKey {
  return Object.prototype.hasOwnProperty.call(en, key);
}

/** The language code that browsers and screen readers know. */
export function tagOf(language: Language): string {
  return language === "zh" ? "zh-CN" : "en";
}

function fill(template: string, values: Values = {}): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** What was chosen here before, else what the browser asks for. */
export function firstLanguage(stored: string | null, asked: readonly string[]): Language {
  if (stored === "en" || stored === "zh") return stored;
  const first = asked.find((tag) => /^(en|zh)/i.test(tag));
  return first?.toLowerCase().startsWith("zh") ? "zh" : "en";
}

export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(() =>
    firstLanguage(localStorage.getItem(STORED_AS), navigator.languages ?? []),
  );
  useEffect(() => {
    document.documentElement.lang = tagOf(language);
  }, [language]);
  const chosen = useMemo<Chosen>(
    () => ({
      language,
      choose: (next) => {
        localStorage.setItem(STORED_AS, next);
        setLanguage(next);
      },
      text: textsOf(language),
    }),
    [language],
  );
  return <LanguageContext.Provider value={chosen}>{children}</LanguageContext.Provider>;
}

export function useLanguage(): Chosen {
  const chosen = useContext(LanguageContext);
  if (!chosen) throw new Error("useLanguage needs a LanguageProvider above it");
  return chosen;
}

export function useText(): Text {
  return useLanguage().text;
}
