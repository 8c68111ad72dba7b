// Builds the agent's desk (index.html) and the customer's demo page (demo.html) into dist/.
// Everything the pages need is in dist/: no outside scripts, fonts or styles.
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

import { firstLoad, tooLarge } from "./dev/first_load.ts";

const server = process.env.VOXDESK_URL ?? "http://127.0.0.1:8080";

/** Fails a build whose first view loads too much. */
const smallFirstLoad: Plugin = {
  name: "small-first-load",
  apply: "build",
  generateBundle(_, bundle) {
    const chunks = Object.values(bundle).filter((one) => one.type === "chunk");
    const why = tooLarge(firstLoad(chunks, "index"));
    if (why) this.error(why);
  },
};

export default defineConfig({
  plugins: [react(), smallFirstLoad],
  build: {
    target: "es2022",
    sourcemap: false,
    reportCompressedSize: false,
    // The limit only silences advice: what draws charts is large, and loaded when something is drawn.
    chunkSizeWarningLimit: 1500,
    rolldownOptions: {
      input: { index: "index.html", demo: "demo.html" },
      output: {
        codeSplitting: {
          groups: [
            // A group takes along what it imports: what all pages share is taken first.
            { name: "react", test: /node_modules[\\/](react|react-dom|scheduler|use-sync-external-store)[\\/]/, priority: 3 },
            // What draws flows is for supervisors: agents do not load it.
            { name: "drawing", test: /node_modules[\\/](@xyflow|@dagrejs|d3-|zustand|classcat)/, priority: 2 },
            // What draws charts is for reports and the wallboard.
            { name: "charts", test: /node_modules[\\/](echarts|zrender)[\\/]/, priority: 2 },
          ],
        },
      },
    },
  },
  server: {
    proxy: { "/api": { target: server, ws: true } },
  },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.{ts,tsx}", "widget/**/*.test.ts"],
    setupFiles: ["src/test/setup.ts"],
    restoreMocks: true,
    testTimeout: 60_000,
  },
});
