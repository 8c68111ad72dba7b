// What a page shows of itself: its camera or its screen, one at a time. Asked for when it is to be shown, given back after.

export type Showing = "camera" | "screen";

/** Why there is no picture: a stable code and the browser's words. */
export class CameraError extends Error {
  override readonly name = "CameraError";

  constructor(
    readonly code: "missing" | "denied" | "busy" | "insecure" | "unknown",
    message: string,
  ) {
    super(message);
  }
}

const CAMERA: MediaStreamConstraints = {
  audio: false,
  video: { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 25, max: 30 }, facingMode: "user" },
};
const SCREEN: DisplayMediaStreamOptions = { audio: false, video: { frameRate: { ideal: 10, max: 15 } } };

const CODES: Readonly<Record<string, CameraError["code"]>> = {
  NotFoundError: "missing",
  DevicesNotFoundError: "missing",
  OverconstrainedError: "missing",
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotReadableError: "busy",
  AbortError: "busy",
};

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
      const name = cause instanceof Error ? cause.name : "";
      throw new CameraError(CODES[name] ?? "unknown", cause instanceof Error ? cause.message : String(cause));
    }
  }

  /** Gives the device back: its light goes off. */
  close(): void {
    this.track?.stop();
    this.track = undefined;
  }
}
