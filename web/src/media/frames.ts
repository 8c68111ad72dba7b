// Whether pictures really arrive in a video element: a track alone says nothing, its sender may have switched it off.

/** Without a new picture for this long (ms) there is none to be seen. */
const STILL_MS = 2_500;

/** Tells `on` when pictures begin and when they stop; the function that is given back ends it. */
export function watchFrames(video: HTMLVideoElement, on: (live: boolean) => void): () => void {
  let live = false;
  let over = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const turn = (next: boolean) => {
    if (next === live || over) return;
    live = next;
    on(live);
  };
  const seen = () => {
    if (over) return;
    turn(true);
    clearTimeout(timer);
    timer = setTimeout(() => turn(false), STILL_MS);
    ask();
  };
  const ask = () => {
    if ("requestVideoFrameCallback" in video) video.requestVideoFrameCallback(seen);
    else (video as HTMLVideoElement).addEventListener("timeupdate", seen, { once: true });
  };
  ask();
  return () => {
    over = true;
    clearTimeout(timer);
  };
}
