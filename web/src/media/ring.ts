// The ring: two soft notes, made with WebAudio, so that no sound file is needed.

const EVERY_MS = 2_400;
const NOTES_HZ = [659.26, 523.25] as const;
const NOTE_S = 0.32;
const LOUDNESS = 0.16;

export class Ring {
  private context: AudioContext | undefined;
  private timer: ReturnType<typeof setInterval> | undefined;

  start(): void {
    if (this.timer !== undefined) return;
    this.chime();
    this.timer = setInterval(() => this.chime(), EVERY_MS);
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private chime(): void {
    try {
      this.context ??= new AudioContext();
    } catch {
      // No sound device: the offer still shows, and screen readers are told.
      return;
    }
    const context = this.context;
    // A page that was never clicked may not make sound yet; then this ring stays silent and the next one tries again.
    if (context.state === "suspended") void context.resume();
    if (context.state === "running") NOTES_HZ.forEach((hz, n) => note(context, hz, n * NOTE_S));
  }
}

function note(context: AudioContext, hz: number, delay: number): void {
  const begin = context.currentTime + delay;
  const tone = context.createOscillator();
  const level = context.createGain();
  tone.type = "sine";
  tone.frequency.value = hz;
  level.gain.setValueAtTime(0, begin);
  level.gain.linearRampToValueAtTime(LOUDNESS, begin + 0.02);
  level.gain.exponentialRampToValueAtTime(0.001, begin + NOTE_S);
  tone.connect(level).connect(context.destination);
  tone.start(begin);
  tone.stop(begin + NOTE_S + 0.05);
}
