// Everything a Chinese page says, the library's own words too; loaded when Chinese is chosen.

import library from "antd/locale/zh_CN";

import { zh } from "./zh";

export const pack = { texts: zh, library };
