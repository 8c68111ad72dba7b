// Makes src/api/schema.d.ts from the server's committed OpenAPI. `--check`: only say whether it is current.

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import openapiTS, { astToString } from "openapi-typescript";

const source = new URL("../../api/openapi.json", import.meta.url);
const target = new URL("../src/api/schema.d.ts", import.meta.url);
const HEADER = "// Generated from api/openapi.json by `npm run generate`. Do not edit.\n\n";

const made = HEADER + astToString(await openapiTS(source, { alphabetize: true, silent: true }));

if (process.argv.includes("--check")) {
  let kept = "";
  try {
    kept = readFileSync(target, "utf8");
  } catch {
    // Never generated: not current.
  }
  if (kept !== made) {
    process.stderr.write(`${fileURLToPath(target)} is not what api/openapi.json says; run: npm run generate\n`);
    process.exit(1);
  }
} else {
  writeFileSync(target, made);
}
