// English or 中文; each named in its own language.

import { GlobalOutlined } from "@ant-design/icons";
import { Segmented } from "antd";

import { useLanguage, useText, type Language } from "../i18n/language";

export function LanguageSwitch({ chosen }: { chosen?: (language: Language) => void }) {
  const { language, choose } = useLanguage();
  const text = useText();
  return (
    <span className="language-switch">
      <GlobalOutlined aria-hidden />
      <Segmented<Language>
        size="small"
        aria-label={text("lang.switch")}
        data-testid="language"
        value={language}
        onChange={(next) => {
          choose(next);
          chosen?.(next);
        }}
        options={[
          { value: "en", label: <span lang="en">English</span> },
          { value: "zh", label: <span lang="zh-CN">中文</span> },
        ]}
      />
    </span>
  );
}
