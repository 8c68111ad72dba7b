// Why a microphone, a camera or a screen cannot be had: a stable code and the browser's words.

export type DeviceCode = "missing" | "denied" | "busy" | "insecure" | "unknown";

const CODES: Readonly<Record<string, DeviceCode>> = {
  NotFoundError: "missing",
  DevicesNotFoundError: "missing",
  OverconstrainedError: "missing",
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotReadableError: "busy",
  AbortError: "busy",
};

export class DeviceError extends Error {
  constructor(
    readonly code: DeviceCode,
    message: string,
  ) {
    super(message);
  }
}

/** What a browser threw, as the code and the words of such an error. */
export function deviceTrouble(cause: unknown): [DeviceCode, string] {
  if (!(cause instanceof Error)) return ["unknown", String(cause)];
  return [CODES[cause.name] ?? "unknown", cause.message];
}
