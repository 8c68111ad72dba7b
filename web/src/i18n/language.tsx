// The chosen language: remembered in this browser, set on <html lang>, given to Ant Design and to `useText`.
//
// Promises: only the language in use is loaded; a page is never shown without its words, nor half in another language.

import type { ConfigProviderProps } from "antd";
import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from "react";

import type { TextKey } from "./en";

export type Language = "en" | "zh";
export type Values = Readonly<Record<string, string | number>>;
/** Looks a text up and fills its `{placeholders}`. */
export type Text = (key: TextKey, values?: Values) => string;

interface Pack {
  readonly texts: Readonly<Record<TextKey, string>>;
  /** What Ant Design says by itself. */
  readonly library: ConfigProviderProps["locale"];
}

const LOADS: Record<Language, () => Promise<{ pack: Pack }>> = {
  en: () => import("./pack_en"),
  zh: () => import("./pack_zh"),
};
const packs: Partial<Record<Language, Pack>> = {};
const STORED_AS = "voxdesk.language";

interface Chosen {
  readonly language: Language;
  /** The page changes once the words are here. */
  readonly choose: (language: Language) => void;
  readonly text: Text;
  readonly library: Pack["library"];
}

const LanguageContext = createContext<Chosen | undefined>(undefined);

/** Fetches what a language says; its page can be shown then. */
export async function load(language: Language): Promise<void> {
  packs[language] ??= (await LOADS[language]()).pack;
}

/** The texts of a language that was loaded. */
export function textsOf(language: Language): Text {
  return (key, values) => fill(packs[language]?.texts[key] ?? key, values);
}

/** Whether there is a text for a key that came from outside (a stable code of the server). */
export function isTextKey(key: string): key is TextKey {
  // Every language has the same keys.
  const any = packs.en ?? packs.zh;
  return any !== undefined && Object.prototype.hasOwnProperty.call(any.texts, key);
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

/** The language this browser begins with. */
export function ownLanguage(): Language {
  return firstLanguage(localStorage.getItem(STORED_AS), navigator.languages ?? []);
}

/** Needs its first language loaded. */
export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(ownLanguage);
  useEffect(() => {
    document.documentElement.lang = tagOf(language);
  }, [language]);
  const chosen = useMemo<Chosen>(
    () => ({
      language,
      choose: (next) => {
        localStorage.setItem(STORED_AS, next);
        // Words that cannot be fetched now leave the page readable as it is; the next start asks for them again.
        load(next).then(
          () => setLanguage(next),
          () => undefined,
        );
      },
      text: textsOf(language),
      library: packs[language]?.library,
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
