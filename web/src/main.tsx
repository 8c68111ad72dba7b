// Starts the staff pages.

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { App } from "./app";
import "./ui/look/base.css";
import "./ui/look/frame.css";
import "./ui/look/desk.css";
import "./ui/look/transcript.css";
import "./ui/look/panels.css";
import "./ui/look/pages.css";
import "./ui/look/narrow.css";

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
