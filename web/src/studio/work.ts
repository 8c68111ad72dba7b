// The work on one flow: its text, how it is drawn, and the way back.
//
// Promises: the text is the truth; every change is made and checked by the server, one after the other; nothing is lost when
// the server is away or somebody else saved meanwhile.

import { useCallback, useEffect, useRef, useState } from "react";

import { ApiError } from "../api/client";
import { studio } from "./requests";
import type { Edit, FlowDetail, Layout, Problem, Sketch } from "./shapes";

/** What undo brings back. */
interface Moment {
  readonly source: string;
  readonly layout: Layout;
}

export interface Work {
  readonly flow: FlowDetail;
  readonly source: string;
  readonly layout: Layout;
  /** The last sketch of a readable text. */
  readonly sketch: Sketch;
  /** What is wrong with the text as it stands. */
  readonly problems: readonly Problem[];
  readonly readable: boolean;
  readonly dirty: boolean;
  /** What went wrong last, until something goes right. */
  readonly failure: unknown;
}

export interface Working {
  readonly work: Work | undefined;
  readonly failure: unknown;
  readonly edit: (edits: readonly Edit[], layout?: (old: Layout) => Layout) => Promise<boolean>;
  readonly place: (layout: (old: Layout) => Layout) => void;
  readonly write: (source: string) => void;
  readonly undo: (() => void) | undefined;
  readonly redo: (() => void) | undefined;
  readonly save: () => Promise<FlowDetail | undefined>;
  readonly take: (flow: FlowDetail) => void;
  readonly load: () => void;
  readonly wrong: (problems: readonly Problem[]) => void;
}

/** Moments kept for undo: an afternoon's work. */
const MOMENTS = 200;
/** A text that is being typed is looked at after this pause (ms). */
const TYPING_MS = 350;

export function useWork(name: string): Working {
  const [work, setWork] = useState<Work>();
  const [failure, setFailure] = useState<unknown>();
  const [past, setPast] = useState<readonly Moment[]>([]);
  const [future, setFuture] = useState<readonly Moment[]>([]);
  const current = useRef<Work>(undefined);
  const queue = useRef<Promise<unknown>>(Promise.resolve());
  const typing = useRef<ReturnType<typeof setTimeout>>(undefined);
  const asked = useRef(0);
  current.current = work;

  const put = useCallback((change: (old: Work) => Work) => {
    const old = current.current;
    if (!old) return;
    current.current = change(old);
    setWork(current.current);
  }, []);

  const take = useCallback((flow: FlowDetail) => {
    current.current = {
      flow,
      source: flow.source,
      layout: flow.layout,
      sketch: flow.sketch,
      problems: flow.sketch.problems,
      readable: flow.sketch.readable,
      dirty: false,
      failure: undefined,
    };
    setWork(current.current);
    setFailure(undefined);
  }, []);

  const load = useCallback(() => {
    studio.flow(name).then((flow) => {
      setPast([]);
      setFuture([]);
      take(flow);
    }, setFailure);
  }, [name, take]);
  useEffect(load, [load]);

  const remember = useCallback(() => {
    const now = current.current;
    if (!now) return;
    setPast((old) => [...old, { source: now.source, layout: now.layout }].slice(-MOMENTS));
    setFuture([]);
  }, []);

  const drawn = useCallback(
    (source: string, sketch: Sketch) => {
      put((old) => ({
        ...old,
        source,
        sketch: sketch.readable ? sketch : old.sketch,
        problems: sketch.problems,
        readable: sketch.readable,
        failure: undefined,
      }));
    },
    [put],
  );

  const look = useCallback(
    (source: string) => {
      const mine = ++asked.current;
      studio.sketch(name, source).then(
        (sketch) => mine === asked.current && current.current?.source === source && drawn(source, sketch),
        (error: unknown) => mine === asked.current && put((old) => ({ ...old, failure: error })),
      );
    },
    [name, drawn, put],
  );

  const edit = useCallback(
    (edits: readonly Edit[], layout?: (old: Layout) => Layout) => {
      if (edits.length === 0) return Promise.resolve(false);
      // One after the other: each begins with the text that the one before left.
      const next = queue.current.then(async () => {
        const now = current.current;
        if (!now) return false;
        try {
          const { source, sketch } = await studio.edit(name, now.source, edits);
          remember();
          drawn(source, sketch);
          put((old) => ({ ...old, dirty: true, layout: layout ? layout(old.layout) : old.layout }));
          return true;
        } catch (error) {
          put((old) => ({ ...old, failure: error }));
          return false;
        }
      });
      queue.current = next;
      return next;
    },
    [name, remember, drawn, put],
  );

  const place = useCallback(
    (layout: (old: Layout) => Layout) => {
      remember();
      put((old) => ({ ...old, layout: layout(old.layout), dirty: true }));
    },
    [remember, put],
  );

  const write = useCallback(
    (source: string) => {
      const now = current.current;
      if (!now || now.source === source) return;
      if (typing.current === undefined) remember();
      clearTimeout(typing.current);
      put((old) => ({ ...old, source, dirty: true }));
      typing.current = setTimeout(() => {
        typing.current = undefined;
        look(source);
      }, TYPING_MS);
    },
    [remember, put, look],
  );

  const step = (from: readonly Moment[], setFrom: typeof setPast, setTo: typeof setPast) => {
    const moment = from[from.length - 1];
    if (!moment || !work) return undefined;
    return () => {
      setFrom(from.slice(0, -1));
      setTo((old) => [...old, { source: work.source, layout: work.layout }]);
      put((old) => ({ ...old, ...moment, dirty: true }));
      look(moment.source);
    };
  };

  const save = useCallback(async () => {
    await queue.current;
    const now = current.current;
    if (!now) return undefined;
    try {
      const flow = await studio.save(name, now.source, now.layout, now.flow.draft?.revision ?? 0);
      take(flow);
      return flow;
    } catch (error) {
      put((old) => ({ ...old, failure: error }));
      return undefined;
    }
  }, [name, take, put]);

  const wrong = useCallback((problems: readonly Problem[]) => put((old) => ({ ...old, problems })), [put]);

  return {
    work,
    failure,
    edit,
    place,
    write,
    undo: step(past, setPast, setFuture),
    redo: step(future, setFuture, setPast),
    save,
    take,
    load,
    wrong,
  };
}

/** Whether somebody else was quicker. */
export function isStale(error: unknown): boolean {
  return error instanceof ApiError && error.code === "stale";
}
