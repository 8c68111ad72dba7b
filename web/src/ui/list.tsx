// A list page: title, filters, rows that the server gives page by page, and what to say when it cannot.

import { Alert, Button } from "antd";
import { useEffect, useRef, useState, type ReactNode } from "react";

import type { Page } from "../api/shapes";
import { useText } from "../i18n/language";
import { failureText } from "./failure";

export interface List<T> {
  readonly items: T[];
  readonly loading: boolean;
  readonly error: unknown;
  /** Fetches the next page, if there is one. */
  readonly more: (() => void) | undefined;
  readonly again: () => void;
}

/** Changes that come in a burst are one new look at the list. */
const CALM_MS = 400;

/** Rows for `key` (everything the filters say); looked at again when `changes` grows. */
export function useList<T>(key: string, changes: number, fetch: (after?: string) => Promise<Page<T>>): List<T> {
  const [state, setState] = useState<{ items: T[]; next: string | null; error?: unknown }>({ items: [], next: null });
  const [loading, setLoading] = useState(true);
  const [round, setRound] = useState(0);
  const current = useRef(0);
  const shown = useRef(key);

  const load = async (after?: string) => {
    const mine = ++current.current;
    setLoading(true);
    try {
      const page = await fetch(after);
      if (mine !== current.current) return;
      setState((old) => ({
        items: after === undefined ? page.items : [...old.items, ...page.items],
        next: page.next,
      }));
    } catch (error) {
      if (mine === current.current) setState((old) => ({ ...old, error }));
    } finally {
      if (mine === current.current) setLoading(false);
    }
  };

  useEffect(() => {
    // Filters act at once; live changes may come many at a time.
    const wait = shown.current === key ? CALM_MS : 0;
    shown.current = key;
    const timer = setTimeout(() => void load(), changes === 0 ? 0 : wait);
    return () => clearTimeout(timer);
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [key, changes, round]);

  const next = state.next;
  return {
    items: state.items,
    loading: loading && state.items.length === 0,
    error: state.error,
    more: next === null ? undefined : () => void load(next),
    again: () => setRound((old) => old + 1),
  };
}

interface FrameProps<T> {
  readonly title: string;
  readonly tools?: ReactNode;
  readonly list: List<T>;
  readonly children: ReactNode;
}

export function ListFrame<T>({ title, tools, list, children }: FrameProps<T>) {
  const text = useText();
  useEffect(() => {
    document.title = `${title} · Voxdesk`;
    return () => {
      document.title = "Voxdesk";
    };
  }, [title]);
  return (
    <div className="page">
      <header className="page-head">
        <h1>{title}</h1>
        <div className="tools">{tools}</div>
      </header>
      {list.error !== undefined && (
        <Alert
          type="error"
          showIcon
          title={failureText(text, list.error)}
          action={<Button onClick={list.again}>{text("error.retry")}</Button>}
        />
      )}
      {children}
      {list.more && (
        <p className="more">
          <Button onClick={list.more} data-testid="more">
            {text("list.more")}
          </Button>
        </p>
      )}
    </div>
  );
}
