// What every test starts from: both languages, no leftovers of the test before, and patience enough for a busy machine.
import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";

import { load } from "../i18n/language";

configure({ asyncUtilTimeout: 15_000 });

await Promise.all([load("en"), load("zh")]);

afterEach(() => {
  cleanup();
  localStorage.clear();
});
