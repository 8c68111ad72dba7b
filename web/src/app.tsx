// The staff pages: language, look, session, live picture, and which page is where.

import { App as AntApp, ConfigProvider, Result, Spin, type ThemeConfig } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import { lazy, Suspense, useEffect, useState, type ReactNode } from "react";
import { Redirect, Route, Switch } from "wouter";

import { DeskProvider } from "./desk/desk_context";
import { LanguageProvider, useLanguage, useText } from "./i18n/language";
import { LiveContext, LiveStore } from "./live/store";
import { ConversationPage } from "./pages/conversation";
import { ConversationsPage } from "./pages/conversations";
import { DeskPage } from "./pages/desk";
import { FloorPage } from "./pages/floor";
import { TicketPage } from "./pages/ticket";
import { TicketsPage } from "./pages/tickets";
import { SessionGate, useSession } from "./session";
import { Shell } from "./ui/shell";
import { Stumble } from "./ui/stumble";

// Only those who work on flows load what draws them.
const FlowsPage = lazy(() => import("./studio/list"));
const StudioPage = lazy(() => import("./studio/page"));

// Not needed to take a call: loaded when opened.
const KnowledgePage = lazy(() => import("./pages/knowledge").then((page) => ({ default: page.KnowledgePage })));
const WhatIfPage = lazy(() => import("./pages/what_if").then((page) => ({ default: page.WhatIfPage })));
const SettingsPage = lazy(() => import("./pages/settings").then((page) => ({ default: page.SettingsPage })));

const THEME: ThemeConfig = {
  token: {
    colorPrimary: "#1f5f8b",
    colorInfo: "#1f5f8b",
    colorSuccess: "#1a7f4b",
    colorWarning: "#b45309",
    colorError: "#b42318",
    colorText: "#1c2733",
    colorTextSecondary: "#4a5868",
    colorTextPlaceholder: "#667384",
    borderRadius: 8,
    fontFamily:
      'system-ui, -apple-system, "Segoe UI", Roboto, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", "WenQuanYi Micro Hei", sans-serif',
  },
};

export function App() {
  return (
    <LanguageProvider>
      <Look>
        <Stumble>
          <SessionGate>
            <SignedIn />
          </SessionGate>
        </Stumble>
      </Look>
    </LanguageProvider>
  );
}

function Look({ children }: { children: ReactNode }) {
  const { language } = useLanguage();
  return (
    <ConfigProvider theme={THEME} locale={language === "zh" ? zhCN : enUS} button={{ autoInsertSpace: false }}>
      <AntApp message={{ top: 64 }}>{children}</AntApp>
    </ConfigProvider>
  );
}

function SignedIn() {
  const { user } = useSession();
  const [store] = useState(() => new LiveStore(user.agent));
  useEffect(() => store.start(), [store]);
  const pages = (
    <Shell>
      <Pages />
    </Shell>
  );
  return <LiveContext value={store}>{user.agent ? <DeskProvider>{pages}</DeskProvider> : pages}</LiveContext>;
}

function Pages() {
  const { user } = useSession();
  const text = useText();
  return (
    <Switch>
      {user.agent && (
        <Route path="/desk">
          <DeskPage />
        </Route>
      )}
      <Route path="/tickets">
        <TicketsPage />
      </Route>
      <Route path="/tickets/:id">{({ id }) => <TicketPage key={id} id={Number(id)} />}</Route>
      <Route path="/conversations">
        <ConversationsPage />
      </Route>
      <Route path="/conversations/:id">{({ id }) => <ConversationPage key={id} id={id} />}</Route>
      <Route path="/knowledge">
        <Suspense fallback={<Spin className="page-spin" />}>
          <KnowledgePage />
        </Suspense>
      </Route>
      {user.role !== "agent" && (
        <Route path="/settings">
          <Suspense fallback={<Spin className="page-spin" />}>
            <SettingsPage />
          </Suspense>
        </Route>
      )}
      {user.role !== "agent" && (
        <Route path="/what-if">
          <Suspense fallback={<Spin className="page-spin" />}>
            <WhatIfPage />
          </Suspense>
        </Route>
      )}
      <Route path="/floor">
        <FloorPage />
      </Route>
      {user.role !== "agent" && (
        <Route path="/flows">
          <Suspense fallback={<Spin className="page-spin" />}>
            <FlowsPage />
          </Suspense>
        </Route>
      )}
      {user.role !== "agent" && (
        <Route path="/flows/:name">
          {({ name }) => (
            <Suspense fallback={<Spin className="page-spin" />}>
              <StudioPage key={name} name={decodeURIComponent(name)} />
            </Suspense>
          )}
        </Route>
      )}
      <Route path="/">
        <Redirect to={user.agent ? "/desk" : "/floor"} replace />
      </Route>
      <Route>
        <Result status="404" title={text("error.not_found")} />
      </Route>
    </Switch>
  );
}
