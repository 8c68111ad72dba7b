// What a page shows of itself: its camera or its screen, one at a time. Asked for when it is to be shown, given back after.

import { DeviceError, deviceTrouble } from "./device_error";

export type Showing = "camera" | "screen";

/** Why there is no picture. */
export class CameraError extends DeviceError {
  override readonly name = "CameraError";
}

const CAMERA: MediaStreamConstraints = {
  audio: false,
  video: { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 25, max: 30 }, facingMode: "user" },
};
const SCREEN: DisplayMediaStreamOptions = { audio: false, video: { frameRate: { ideal: 10, max: 15 } } };

export class Camera {
  private track: MediaStreamTrack | undefined;

  constructor(private readonly devices: MediaDevices | undefined = navigator.mediaDevices) {}

  /** A live picture; the one before it ends. */
  async open(what: Showing): Promise<MediaStreamTrack> {
    // Browsers leave `mediaDevices` out on pages that are neither https nor local, phones leave the screen out.
    if (!this.devices || (what === "screen" && !this.devices.getDisplayMedia)) {
      throw new CameraError("insecure", `no ${what}`);
    }
    try {
      const stream = await (what === "camera"
        ? this.devices.getUserMedia(CAMERA)
        : this.devices.getDisplayMedia(SCREEN));
      const track = stream.getVideoTracks()[0];
      if (!track) throw new CameraError("missing", `no ${what}`);
      // Letters on a screen must be readable; a face must move.
      track.contentHint = what === "screen" ? "detail" : "motion";
      this.close();
      this.track = track;
      return track;
    } catch (cause) {
      if (cause instanceof CameraError) throw cause;
      throw new CameraError(...deviceTrouble(cause));
    }
  }

  /** Gives the device back: its light goes off. */
  close(): void {
    this.track?.stop();
    this.track = undefined;
  }
}
