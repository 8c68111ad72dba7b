// Kinds of steps to add: dragged onto the drawing, or chosen by keyboard.

import { Input, Tag } from "antd";
import { useState } from "react";

import { useLanguage } from "../i18n/language";
import { KIND_DRAGGED } from "./canvas";
import type { Kinds } from "./shapes";
import { useStudioText } from "./texts";

export function Palette({ kinds, add }: { kinds: Kinds; add: (kind: string) => void }) {
  const text = useStudioText();
  const { language } = useLanguage();
  const [wanted, setWanted] = useState("");
  const wish = wanted.trim().toLowerCase();
  const found = kinds.kinds.filter((kind) => `${kind.name} ${kind.title[language]} ${kind.help[language]}`.toLowerCase().includes(wish));
  return (
    <section className="studio-palette" aria-labelledby="palette-title">
      <h2 id="palette-title">{text("add_step")}</h2>
      <p className="quiet small">{text("add_lead")}</p>
      <Input
        size="small"
        allowClear
        value={wanted}
        placeholder={text("search_kinds")}
        aria-label={text("search_kinds")}
        onChange={(event) => setWanted(event.target.value)}
      />
      <ul className="plain">
        {found.map((kind) => (
          <li key={kind.name}>
            <button
              type="button"
              draggable
              className="palette-kind"
              data-testid="palette-kind"
              data-kind={kind.name}
              title={kind.help[language]}
              onDragStart={(event) => {
                event.dataTransfer.setData(KIND_DRAGGED, kind.name);
                event.dataTransfer.effectAllowed = "copy";
              }}
              onClick={() => add(kind.name)}
            >
              <strong>{kind.title[language]}</strong>
              {kind.media.includes("text") && <Tag className="palette-tag">✎</Tag>}
              <span className="quiet small">{firstSentence(kind.help[language])}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function firstSentence(help: string): string {
  return /^.*?(?:\.(?=\s|$)|。)/u.exec(help)?.[0] ?? help;
}
