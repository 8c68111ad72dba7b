import { expect, it } from "vitest";

import { inChinese } from "./problems_zh";

it("what is wrong with a flow is told in Chinese, with its names as they are", () => {
  expect(inChinese("the step `queue` (queue) has no `queue`")).toBe("步骤 `queue`（queue）缺少 `queue`");
  expect(inChinese("add `queue`: a queue's name")).toBe("添加 `queue`：队列名");
  expect(inChinese("an unknown queue `suport`")).toBe("未知的队列 `suport`");
  expect(inChinese("the variable `n` may be empty here: not every way to `say` sets it")).toBe("变量 `n` 在此可能为空：并非每条到 `say` 的路径都会赋值");
  expect(inChinese("a whole number from 1 to 64")).toBe("1 到 64 的整数");
  expect(inChinese("`{secret.NAME}`, with the secret in `[secrets]` of the configuration")).toBe("写 `{secret.名称}`，密钥放入配置的 `[secrets]`");
  expect(inChinese("something that nobody has translated")).toBe("something that nobody has translated");
});
