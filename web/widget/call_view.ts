// What a call looks like in the bubble's panel: two buttons to begin one, and the call itself instead of the chat.

import { watchFrames } from "../src/media/frames";
import type { Call, CallPicture } from "./call";
import type { Texts } from "./text";

/** What the page's owner wants to offer. */
export interface Offered {
  readonly voice: boolean;
  readonly video: boolean;
}

const icon = (path: string) =>
  `<svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true"><path fill="currentColor" d="${path}"/></svg>`;
const PHONE = icon("M6.600 10.800a15 15 0 0 0 6.600 6.600l2.200-2.200a1 1 0 0 1 1-.25 11.400 11.400 0 0 0 3.600.58 1 1 0 0 1 1 1V20a1 1 0 0 1-1 1A17 17 0 0 1 3 4a1 1 0 0 1 1-1h3.500a1 1 0 0 1 1 1c0 1.250.2 2.450.57 3.570a1 1 0 0 1-.25 1z");
const CAMERA = icon("M17 10.500V7a1 1 0 0 0-1-1H4a1 1 0 0 0-1 1v10a1 1 0 0 0 1 1h12a1 1 0 0 0 1-1v-3.500l4 4v-11z");
const MICROPHONE = icon("M12 14a3 3 0 0 0 3-3V5a3 3 0 0 0-6 0v6a3 3 0 0 0 3 3zm5-3a5 5 0 0 1-10 0H5a7 7 0 0 0 6 6.900V21h2v-3.100A7 7 0 0 0 19 11z");

export const CALL_HTML = `<div class="calls" hidden>
  <button type="button" class="begin-voice" data-testid="call-voice">${PHONE}<span></span></button>
  <button type="button" class="begin-video" data-testid="call-video">${CAMERA}<span></span></button></div>
  <p class="call-trouble" role="alert" hidden></p>
  <section class="call" data-testid="call" hidden>
    <div class="stage"><video class="seen" autoplay playsinline muted data-testid="call-seen"></video><p class="unseen"></p>
      <video class="own" autoplay playsinline muted data-testid="call-own" hidden></video></div>
    <audio autoplay data-testid="call-audio"></audio>
    <button type="button" class="hear" hidden></button>
    <div class="call-buttons">
      <button type="button" class="mute" data-testid="call-mute" aria-pressed="false">${MICROPHONE}</button>
      <button type="button" class="cam" data-testid="call-camera" aria-pressed="false">${CAMERA}</button>
      <button type="button" class="end" data-testid="call-end">${PHONE}</button></div>
  </section>`;

export class CallView {
  private live = false;

  constructor(
    private readonly root: ShadowRoot,
    private readonly call: Call,
    private readonly text: Texts,
    private readonly offered: Offered,
    /** The call begins or ends: the panel shows it, or the chat. */
    private readonly changed: () => void,
  ) {}

  start(): void {
    this.button(".begin-voice", this.text.callVoice, () => void this.call.start(false));
    this.button(".begin-video", this.text.callVideo, () => void this.call.start(true));
    this.part(".begin-voice span").textContent = this.text.callVoice;
    this.part(".begin-video span").textContent = this.text.callVideo;
    this.button(".mute", this.text.mute, () => this.call.mute(!this.call.read().muted));
    this.button(".cam", this.text.camera, () => void this.call.camera(this.call.read().audio.showing === undefined));
    this.button(".end", this.text.hangUp, () => void this.call.hangUp());
    this.button(".hear", this.text.hear, () => this.call.media.play());
    this.part(".hear").textContent = this.text.hear;
    this.part(".call").setAttribute("aria-label", this.text.callTitle);
    this.part(".seen").setAttribute("aria-label", this.text.agent);
    this.part(".own").setAttribute("aria-label", this.text.ownPicture);
    const seen = this.part<HTMLVideoElement>(".seen");
    this.call.media.showOn(seen);
    this.call.media.showOwnOn(this.part<HTMLVideoElement>(".own"));
    this.call.media.playOn(this.part<HTMLAudioElement>("audio"));
    watchFrames(seen, (live) => {
      this.live = live;
      this.draw();
    });
    this.call.subscribe(() => this.draw());
    this.draw();
  }

  /** Whether there is a call to look at. */
  isOn(): boolean {
    const { state } = this.call.read();
    return state !== undefined && state !== "ended";
  }

  /** Where the call stands, in words. */
  status(): string {
    const { state, audio } = this.call.read();
    if (audio.phase === "lost") return this.text.lost;
    if (state === "talking") return this.text.talking;
    return state === "opening" || audio.phase !== "connected" ? this.text.connecting : this.text.waiting;
  }

  private draw(): void {
    const picture = this.call.read();
    const on = this.isOn();
    const { audio } = picture;
    this.part(".calls").hidden = on || !(this.offered.voice || this.offered.video);
    this.part(".begin-voice").hidden = !this.offered.voice;
    this.part(".begin-video").hidden = !this.offered.video;
    const section = this.part(".call");
    section.hidden = !on;
    section.dataset.state = picture.state ?? "none";
    section.dataset.audio = audio.phase;
    const shown = this.live && picture.state === "talking";
    this.part(".stage").hidden = !picture.video;
    this.part(".seen").dataset.live = String(shown);
    this.part(".unseen").hidden = shown;
    this.part(".unseen").textContent = picture.state === "talking" ? this.text.noPicture : this.status();
    this.part(".own").hidden = audio.showing === undefined;
    this.part(".cam").hidden = !picture.video;
    this.press(".mute", picture.muted, picture.muted ? this.text.unmute : this.text.mute);
    const filming = audio.showing !== undefined;
    this.press(".cam", filming, filming ? this.text.cameraOff : this.text.camera);
    this.part(".hear").hidden = !audio.blocked;
    this.drawTrouble(picture);
    this.changed();
  }

  private drawTrouble({ trouble, audio, state }: CallPicture): void {
    const element = this.part(".call-trouble");
    const words = {
      busy: this.text.busy,
      off: this.text.callsOff,
      microphone: this.text.noMicrophone,
      lost: this.text.lost,
    };
    const failed = state !== undefined && state !== "ended" && audio.phase === "failed";
    const text = failed ? this.text.noMicrophone : audio.camera && this.isOn() ? this.text.noCamera : trouble ? words[trouble] : "";
    element.hidden = text === "";
    element.textContent = text;
  }

  private press(selector: string, on: boolean, label: string): void {
    const button = this.part(selector);
    button.setAttribute("aria-pressed", String(on));
    button.setAttribute("aria-label", label);
    button.title = label;
  }

  private button(selector: string, label: string, act: () => void): void {
    const button = this.part<HTMLButtonElement>(selector);
    button.setAttribute("aria-label", label);
    button.title = label;
    button.onclick = act;
  }

  private part<E extends HTMLElement = HTMLElement>(selector: string): E {
    const found = this.root.querySelector<E>(selector);
    if (!found) throw new Error(`the panel has no ${selector}`);
    return found;
  }
}
