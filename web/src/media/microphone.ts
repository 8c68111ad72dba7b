// The agent's microphone: asked for once, kept while a call lasts, with an error a person understands.

import { DeviceError, deviceTrouble } from "./device_error";

/** Why there is no microphone. */
export class MicrophoneError extends DeviceError {
  override readonly name = "MicrophoneError";
}

const WANTED: MediaStreamConstraints = {
  audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 },
  video: false,
};

export class Microphone {
  private stream: MediaStream | undefined;

  constructor(private readonly devices: MediaDevices | undefined = navigator.mediaDevices) {}

  /** A live stream; asks the person only the first time. */
  async open(): Promise<MediaStream> {
    if (this.stream?.getAudioTracks().some((track) => track.readyState === "live")) return this.stream;
    // Browsers leave `mediaDevices` out on pages that are neither https nor local.
    if (!this.devices) throw new MicrophoneError("insecure", "no mediaDevices");
    try {
      this.stream = await this.devices.getUserMedia(WANTED);
      return this.stream;
    } catch (cause) {
      throw new MicrophoneError(...deviceTrouble(cause));
    }
  }

  /** What the browser calls the device. */
  label(): string {
    return this.stream?.getAudioTracks()[0]?.label ?? "";
  }

  /** The caller hears nothing from here (`false`) or does again. Every later track of this microphone begins so, too. */
  enable(on: boolean): void {
    for (const track of this.stream?.getAudioTracks() ?? []) track.enabled = on;
  }

  /** Gives the device back: its light goes off. */
  close(): void {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = undefined;
  }
}
