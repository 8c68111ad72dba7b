// Builds the chat bubble into one classic script, dist/widget.js, that any page can include with a single tag.
import { defineConfig } from "vite";

export default defineConfig({
  publicDir: false,
  build: {
    target: "es2020",
    emptyOutDir: false,
    sourcemap: false,
    reportCompressedSize: false,
    lib: {
      entry: "widget/main.ts",
      name: "VoxdeskChat",
      formats: ["iife"],
      fileName: () => "widget.js",
    },
  },
});
