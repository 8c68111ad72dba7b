// Of all tabs of this browser, one carries the call's audio. A Web Lock decides: a reloaded or crashed tab lets go of it at once.

const NAME = "voxdesk-call-audio";
/** A lock that is not ours after this long (ms) is held by another tab. */
const GRANT_MS = 400;

export interface TabLock {
  /** Asks for the lock; `got` and `elsewhere` are told as it goes. */
  ask(steal: boolean): void;
  /** Lets go, or stops asking. */
  release(): void;
}

export interface LockNews {
  readonly got: () => void;
  readonly elsewhere: () => void;
}

export function tabLock(news: LockNews, locks: LockManager | undefined = navigator.locks, name = NAME): TabLock {
  if (!locks) return { ask: () => news.got(), release: () => undefined };
  return new WebLock(news, locks, name);
}

class WebLock implements TabLock {
  private letGo: (() => void) | undefined;
  private round = 0;

  constructor(
    private readonly news: LockNews,
    private readonly locks: LockManager,
    private readonly name: string,
  ) {}

  ask(steal: boolean): void {
    this.release();
    const round = ++this.round;
    const waiting = new AbortController();
    const slow = setTimeout(() => this.isCurrent(round) && this.news.elsewhere(), GRANT_MS);
    this.letGo = () => {
      clearTimeout(slow);
      waiting.abort();
    };
    const options: LockOptions = steal ? { steal: true } : { signal: waiting.signal };
    this.locks
      .request(this.name, options, () => {
        clearTimeout(slow);
        if (!this.isCurrent(round)) return undefined;
        return new Promise<void>((resolve) => {
          this.letGo = resolve;
          this.news.got();
        });
      })
      .catch(() => {
        clearTimeout(slow);
        // Not our own release: another tab took the lock over. Say so, and stand in line should that tab go away.
        if (!this.isCurrent(round)) return;
        this.news.elsewhere();
        this.ask(false);
      });
  }

  release(): void {
    this.round += 1;
    this.letGo?.();
    this.letGo = undefined;
  }

  private isCurrent(round: number): boolean {
    return this.round === round;
  }
}
