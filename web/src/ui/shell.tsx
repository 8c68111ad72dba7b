// The frame around every page: navigation, the agent's own state, the live link, what rings.

import { Switch } from "antd";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { Link, useLocation } from "wouter";

import { api } from "../api/client";
import type { AgentState } from "../api/shapes";
import { Ringing } from "../desk/ringing";
import { useText } from "../i18n/language";
import type { TextKey } from "../i18n/en";
import { useLive } from "../live/store";
import { useSession } from "../session";
import { Account } from "./account";
import { failureText } from "./failure";
import { LanguageSwitch } from "./language_switch";
import { Logo } from "./logo";
import { useMessages } from "./messages";
import { Tone, type ToneName } from "./tone";

const STATE_COLOURS: Record<AgentState, ToneName> = {
  offline: "grey",
  not_ready: "grey",
  ready: "green",
  ringing: "gold",
  talking: "blue",
  wrapup: "purple",
};

export function AgentStateTag({ state, testId }: { state: AgentState; testId?: string }) {
  const text = useText();
  return (
    <Tone tone={STATE_COLOURS[state]} testId={testId} state={state}>
      {text(`state.${state}`)}
    </Tone>
  );
}

export function Shell({ children }: { children: ReactNode }) {
  const text = useText();
  const { user } = useSession();
  const [path, go] = useLocation();
  const main = useRef<HTMLElement>(null);
  const [first, setFirst] = useState(path);

  // A screen reader starts at the new page's beginning, not where the link was.
  useEffect(() => {
    if (path === first) return;
    setFirst(path);
    main.current?.focus({ preventScroll: true });
  }, [path, first]);

  // As everywhere: / is search, unless somebody is writing.
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const at = event.target instanceof HTMLElement ? event.target : document.body;
      const writing = at.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName);
      if (event.key !== "/" || writing || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      go("/search");
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  }, [go]);

  return (
    <div className="shell">
      <a className="skip" href="#main" onClick={() => main.current?.focus()}>
        {text("app.skip")}
      </a>
      <header className="bar">
        <Link href={user.agent ? "/desk" : "/floor"} className="brand">
          <Logo size={28} />
          <span>Voxdesk</span>
        </Link>
        <Navigation path={path} />
        <div className="bar-right">
          {user.agent && <OwnState />}
          <LiveLink />
          <LanguageSwitch chosen={(lang) => void api.keepLanguage(lang).catch(() => undefined)} />
          <Account />
        </div>
      </header>
      <main id="main" ref={main} tabIndex={-1}>
        {children}
      </main>
      {user.agent && <Ringing />}
    </div>
  );
}

function Navigation({ path }: { path: string }) {
  const text = useText();
  const { user } = useSession();
  const pages: [string, TextKey][] = [
    ...(user.agent ? [["/desk", "nav.desk"] as [string, TextKey]] : []),
    ["/tickets", "nav.tickets"],
    ["/conversations", "nav.conversations"],
    ["/knowledge", "nav.knowledge"],
    ["/search", "nav.search"],
    ["/floor", "nav.floor"],
    ...(user.role === "agent" ? [] : ([["/reports", "nav.reports"], ["/flows", "nav.flows"], ["/what-if", "nav.what_if"], ["/settings", "nav.settings"]] as [string, TextKey][])),
    ...(user.role === "admin" ? [["/transcription", "nav.transcription"] as [string, TextKey]] : []),
  ];
  const nav = useRef<HTMLElement>(null);
  // On a narrow screen the bar scrolls: the page one is on stays in sight.
  useEffect(() => {
    const bar = nav.current;
    const link = bar?.querySelector<HTMLElement>('[aria-current="page"]');
    if (bar && link) bar.scrollLeft = link.offsetLeft - (bar.clientWidth - link.offsetWidth) / 2;
  }, [path]);
  return (
    <nav ref={nav} aria-label={text("nav.label")} className="nav">
      {pages.map(([href, key]) => (
        <Link
          key={href}
          href={href}
          aria-current={path.startsWith(href) ? "page" : undefined}
          data-testid={`nav${href.replace("/", "-")}`}
        >
          {text(key)}
        </Link>
      ))}
    </nav>
  );
}

function OwnState() {
  const text = useText();
  const message = useMessages();
  const me = useSession().user.name;
  const agent = useLive((picture) => picture.agents[me]);
  const live = useLive((picture) => picture.link === "live");
  const [wish, setWish] = useState<boolean>();
  const ready = agent?.ready ?? false;

  useEffect(() => setWish(undefined), [ready]);

  const change = async (next: boolean) => {
    setWish(next);
    try {
      await api.ready(next);
    } catch (error) {
      setWish(undefined);
      void message.error(failureText(text, error));
    }
  };

  return (
    <span className="own-state">
      <AgentStateTag state={agent?.state ?? "offline"} testId="agent-state" />
      {agent?.pause != null && agent.pause !== "set_aside" && (
        <span className="quiet small own-break" data-testid="own-break" title={agent.pause}>
          {agent.pause}
        </span>
      )}
      <Switch
        checked={wish ?? ready}
        onChange={(next) => void change(next)}
        disabled={!live || !agent}
        loading={wish !== undefined && wish !== ready}
        checkedChildren={text("ready.on")}
        unCheckedChildren={text("ready.off")}
        aria-label={text("ready.switch")}
        data-testid="ready-switch"
      />
    </span>
  );
}

function LiveLink() {
  const text = useText();
  const link = useLive((picture) => picture.link);
  return (
    <span role="status" className={`live-link is-${link}`} data-testid="live-link" data-link={link}>
      {text(`link.${link}`)}
    </span>
  );
}
