// The library's look, beside the tokens of look/base.css, by day and by night.

import { theme, type ThemeConfig } from "antd";

const FONT =
  'system-ui, -apple-system, "Segoe UI", Roboto, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", "WenQuanYi Micro Hei", sans-serif';

export const LIGHT: ThemeConfig = {
  token: {
    colorPrimary: "#1f5f8b",
    // The library's own are too pale for white words.
    colorPrimaryHover: "#2a6f9f",
    colorPrimaryActive: "#174a6d",
    colorInfo: "#1f5f8b",
    colorInfoBg: "#e8f1f8",
    colorInfoBorder: "#b7cfe0",
    colorSuccess: "#1a7f4b",
    colorWarning: "#b45309",
    colorError: "#b42318",
    colorText: "#1c2733",
    colorTextSecondary: "#4a5868",
    colorTextPlaceholder: "#667384",
    borderRadius: 8,
    fontFamily: FONT,
  },
};

export const DARK: ThemeConfig = {
  algorithm: theme.darkAlgorithm,
  token: {
    // White words stand on it.
    colorPrimary: "#3b7fb0",
    colorPrimaryHover: "#2f6f9e",
    colorPrimaryActive: "#255a82",
    colorInfo: "#7cb8e4",
    colorLink: "#7cb8e4",
    colorInfoBg: "#1d3345",
    colorInfoBorder: "#35566f",
    colorSuccess: "#5fcf93",
    colorWarning: "#f0a55a",
    colorError: "#ff938a",
    colorBgBase: "#10161d",
    colorBgContainer: "#18212b",
    colorBgElevated: "#202b36",
    colorBgLayout: "#10161d",
    colorBorder: "#435365",
    colorText: "#e6ecf2",
    colorTextSecondary: "#b3bfca",
    colorTextPlaceholder: "#93a1af",
    borderRadius: 8,
    fontFamily: FONT,
  },
  // Words in the primary colour, which is made for white words on it, would be too dark here.
  components: {
    Tabs: { itemSelectedColor: "#7cb8e4", inkBarColor: "#7cb8e4" },
    Button: {
      defaultHoverColor: "#7cb8e4",
      defaultHoverBorderColor: "#7cb8e4",
      defaultActiveColor: "#7cb8e4",
      defaultActiveBorderColor: "#7cb8e4",
    },
  },
};
