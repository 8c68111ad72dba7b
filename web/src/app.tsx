// The staff pages: language, look, session, live picture, and which page is where.

import { ConfigProvider } from "antd";
import { lazy, Suspense, useEffect, useState, type ReactNode } from "react";
import { Redirect, Route, Switch, useLocation } from "wouter";

import { DeskProvider } from "./desk/desk_context";
import { LanguageProvider, useLanguage, useText } from "./i18n/language";
import { LiveContext, LiveStore } from "./live/store";
import { DeskPage } from "./pages/desk";
import { SessionGate, useSession } from "./session";
import { AppearanceProvider, useAppearance } from "./ui/appearance";
import { MessagesProvider } from "./ui/messages";
import { Shell } from "./ui/shell";
import { Stumble } from "./ui/stumble";
import { DARK, LIGHT } from "./ui/theme";
import { Trouble } from "./ui/trouble";
import { Waiting } from "./ui/waiting";

// Only those who work on flows load what draws them, only those who read reports what draws charts.
const FlowsPage = lazy(() => import("./studio/list"));
const StudioPage = lazy(() => import("./studio/page"));
const ReportsPage = lazy(() => import("./reports/reports_page"));
const Wallboard = lazy(() => import("./reports/wallboard"));

// Not needed to take a call: loaded when opened.
const ConversationPage = lazy(() => import("./pages/conversation").then((page) => ({ default: page.ConversationPage })));
const ConversationsPage = lazy(() => import("./pages/conversations").then((page) => ({ default: page.ConversationsPage })));
const FloorPage = lazy(() => import("./pages/floor").then((page) => ({ default: page.FloorPage })));
const TicketPage = lazy(() => import("./pages/ticket").then((page) => ({ default: page.TicketPage })));
const TicketsPage = lazy(() => import("./pages/tickets").then((page) => ({ default: page.TicketsPage })));
const KnowledgePage = lazy(() => import("./pages/knowledge").then((page) => ({ default: page.KnowledgePage })));
const TranscriptionPage = lazy(() => import("./pages/transcription").then((page) => ({ default: page.TranscriptionPage })));
const WhatIfPage = lazy(() => import("./pages/what_if").then((page) => ({ default: page.WhatIfPage })));
const SettingsPage = lazy(() => import("./pages/settings").then((page) => ({ default: page.SettingsPage })));
const CustomersPage = lazy(() => import("./customers/list"));
const CustomerPage = lazy(() => import("./customers/page"));
const SearchPage = lazy(() => import("./reports/search_page"));

export function App() {
  return (
    <LanguageProvider>
      <AppearanceProvider>
        <Look>
          <Stumble>
            <SessionGate>
              <SignedIn />
            </SessionGate>
          </Stumble>
        </Look>
      </AppearanceProvider>
    </LanguageProvider>
  );
}

function Look({ children }: { children: ReactNode }) {
  const { library } = useLanguage();
  const { dark } = useAppearance();
  return (
    <ConfigProvider theme={dark ? DARK : LIGHT} locale={library} button={{ autoInsertSpace: false }}>
      <MessagesProvider>{children}</MessagesProvider>
    </ConfigProvider>
  );
}

function SignedIn() {
  const { user } = useSession();
  const [store] = useState(() => new LiveStore(user.agent));
  useEffect(() => store.start(), [store]);
  const [path] = useLocation();
  // A big screen shows nothing but the wallboard.
  const pages =
    path === "/wallboard" && user.role !== "agent" ? (
      <Suspense fallback={<Waiting />}>
        <Wallboard />
      </Suspense>
    ) : (
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
    <Suspense fallback={<Waiting />}>
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
        <Route path="/customers">
          <CustomersPage />
        </Route>
        <Route path="/customers/:id">{({ id }) => <CustomerPage key={id} id={Number(id)} />}</Route>
        <Route path="/search">
          <SearchPage />
        </Route>
        <Route path="/knowledge">
          <KnowledgePage />
        </Route>
        {user.role === "admin" && (
          <Route path="/transcription">
            <TranscriptionPage />
          </Route>
        )}
        {user.role !== "agent" && (
          <Route path="/settings">
            <SettingsPage />
          </Route>
        )}
        <Route path="/floor">
          <FloorPage />
        </Route>
        {user.role !== "agent" && (
          <Route path="/reports">
            <ReportsPage />
          </Route>
        )}
        {user.role !== "agent" && (
          <Route path="/what-if">
            <WhatIfPage />
          </Route>
        )}
        {user.role !== "agent" && (
          <Route path="/flows">
            <FlowsPage />
          </Route>
        )}
        {user.role !== "agent" && (
          <Route path="/flows/:name">
            {({ name }) => <StudioPage key={name} name={decodeURIComponent(name)} />}
          </Route>
        )}
        <Route path="/">
          <Redirect to={user.agent ? "/desk" : "/floor"} replace />
        </Route>
        <Route>
          <Trouble title={text("error.not_found")} />
        </Route>
      </Switch>
    </Suspense>
  );
}
