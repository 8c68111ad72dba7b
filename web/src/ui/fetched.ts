// Something asked from the server for a component: the answer, the failure, and asking again.

import { useCallback, useEffect, useState } from "react";

export interface Fetched<T> {
  readonly value: T | undefined;
  readonly error: unknown;
  readonly again: () => void;
  readonly put: (value: T) => void;
}

/** Asks whenever `key` changes (`undefined`: not at all). The last answer stays while the next is on its way. */
export function useFetched<T>(key: string | undefined, fetch: () => Promise<T>): Fetched<T> {
  const [state, setState] = useState<{ key?: string; value?: T; error?: unknown }>({});
  const [round, setRound] = useState(0);

  useEffect(() => {
    if (key === undefined) {
      setState({});
      return undefined;
    }
    let current = true;
    fetch().then(
      (value) => current && setState({ key, value }),
      (error: unknown) => current && setState((old) => ({ ...old, key, error })),
    );
    return () => {
      current = false;
    };
    // `key` names everything that `fetch` depends on.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [key, round]);

  const again = useCallback(() => setRound((old) => old + 1), []);
  const put = useCallback((value: T) => setState((old) => ({ ...old, value, error: undefined })), []);
  return { value: state.value, error: state.error, again, put };
}
