// Everything an English page says, the library's own words too; loaded when English is chosen.

import library from "antd/locale/en_US";

import { en } from "./en";

export const pack = { texts: en, library };
