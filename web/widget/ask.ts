// How the widget asks the server: JSON there and back, with the token of a conversation where there is one, never with cookies.

import type { Browser } from "./chat";

/** The server said no. */
export class Refused extends Error {
  constructor(readonly status: number) {
    super(`HTTP ${status}`);
  }
}

export type Ask = <T>(method: string, path: string, body?: unknown, token?: string) => Promise<T>;

/** Asks the server at `base`. A refusal is a `Refused`; what the network says stays what it is. */
export function asker(browser: Pick<Browser, "fetch">, base: string): Ask {
  return async <T>(method: string, path: string, body?: unknown, token?: string) => {
    const answer = await browser.fetch(base + path, {
      method,
      headers: {
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      },
      credentials: "omit",
      body: body === undefined ? null : JSON.stringify(body),
    });
    if (!answer.ok) throw new Refused(answer.status);
    return (answer.status === 204 ? undefined : await answer.json()) as T;
  };
}
