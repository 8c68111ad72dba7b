// Texts of imports in both languages, away from what the agent's page loads.

import { useCallback } from "react";

import { useLanguage, type Values } from "../i18n/language";

export const importTexts = {
  en: {
    title: "Import",
    lead: "Customers and tickets out of a file. The same file again changes nothing; rows that cannot be used are told with their reason and spoil no other.",
    kind: "What",
    "kind.customers": "Customers",
    "kind.tickets": "Tickets",
    source: "From",
    "source.voxdesk": "Own table",
    "source.chatwoot": "Chatwoot",
    "source.zammad": "Zammad",
    file: "File (CSV or JSON)",
    try: "Try it out",
    import: "Import",
    tried: "Nothing was changed. New: {new}, there already: {there}, cannot be used: {bad}.",
    done: "New: {new}, there already: {there}, cannot be used: {bad}.",
    row: "Row",
    field: "Field",
    found: "Found",
    right: "Right would be",
    more: "The first {count} are shown.",
  },
  zh: {
    title: "导入",
    lead: "从文件导入客户和工单。重复导入同一文件不会产生重复数据；无法使用的行会说明原因，不影响其他行。",
    kind: "内容",
    "kind.customers": "客户",
    "kind.tickets": "工单",
    source: "来源",
    "source.voxdesk": "自有表格",
    "source.chatwoot": "Chatwoot 导出",
    "source.zammad": "Zammad 导出",
    file: "文件（CSV 或 JSON）",
    try: "试运行",
    import: "导入",
    tried: "未做任何更改。新增 {new} 行，已存在 {there} 行，无法使用 {bad} 行。",
    done: "新增 {new} 行，已存在 {there} 行，无法使用 {bad} 行。",
    row: "行",
    field: "字段",
    found: "内容",
    right: "应为",
    more: "仅显示前 {count} 条。",
  },
} as const satisfies Record<"en" | "zh", Record<string, string>>;

export type ImportKey = keyof (typeof importTexts)["en"];
export type ImportText = (key: ImportKey, values?: Values) => string;

export function useImportText(): ImportText {
  const { language } = useLanguage();
  return useCallback(
    (key, values = {}) =>
      importTexts[language][key].replace(/\{(\w+)\}/g, (whole: string, name: string) => String(values[name] ?? whole)),
    [language],
  );
}
