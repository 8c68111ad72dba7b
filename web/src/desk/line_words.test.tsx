import { render, screen } from "@testing-library/react";
import { expect, it } from "vitest";

import type { Entry } from "../api/shapes";
import { LanguageProvider } from "../i18n/language";
import { Words } from "./line_words";

function line(text: string, words: unknown): Entry {
  return {
    seq: 1,
    at: "2025-11-22T16:20:00.000Z",
    leg: 0,
    speaker: "customer",
    author: null,
    kind: "speech",
    text,
    final: true,
    start_ms: 0,
    end_ms: 1000,
    confidence: 0.6,
    corrected: null,
    detail: { words } as unknown as Entry["detail"],
  };
}

function shown(entry: Entry, at?: number) {
  render(
    <LanguageProvider>
      <p data-testid="all">
        <Words entry={entry} at={at} />
      </p>
    </LanguageProvider>,
  );
  return screen.getByTestId("all");
}

it("doubtful words are underlined, the one that is heard is lit, and the text stays the same", () => {
  const entry = line("My older is late.", [
    ["My", 0, 200, 0.9],
    ["older", 200, 500, 0.31],
    ["is", 500, 600],
    ["late.", 600, 1000, 0.5],
  ]);
  const all = shown(entry, 300);
  expect(all.textContent).toBe("My older is late.");
  expect(screen.getByTestId("unsure-word").textContent).toBe("older");
  expect(screen.getByTestId("unsure-word").title).toContain("31");
  expect(screen.getByTestId("lit-word").textContent).toBe("older");
});

it("what is hidden stands under another name, and the other words are lit all the same", () => {
  const entry = line("My card: [card number] thanks", [["My", 0, 200, 0.9], ["card:", 200, 400, 0.9], ["•••", 400, 800], ["thanks", 800, 1000, 0.9]]);
  expect(shown(entry, 900).textContent).toBe("My card: [card number] thanks");
  expect(screen.getByTestId("lit-word").textContent).toBe("thanks");
});

it("words that do not make up the line leave it as it is", () => {
  expect(shown(line("Something else", [["My", 0, 200, 0.1]]), 100).textContent).toBe("Something else");
  expect(screen.queryByTestId("unsure-word")).toBeNull();
});
