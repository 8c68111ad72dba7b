// Starts the staff pages: fetches the words of the person's language, then shows them.

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { App } from "./app";
import { load, ownLanguage } from "./i18n/language";
import "./ui/look/base.css";
import "./ui/look/frame.css";
import "./ui/look/desk.css";
import "./ui/look/transcript.css";
import "./ui/look/panels.css";
import "./ui/look/pages.css";
import "./ui/look/narrow.css";

const root = document.getElementById("root");
if (root) {
  load(ownLanguage()).then(
    () =>
      createRoot(root).render(
        <StrictMode>
          <App />
        </StrictMode>,
      ),
    () => {
      // No words, so no texts either: both languages.
      root.textContent = "Voxdesk could not be loaded; reload the page. / Voxdesk 未能加载，请刷新页面。";
    },
  );
}
