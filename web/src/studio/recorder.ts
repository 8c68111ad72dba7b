// The microphone as a wav file, 16 bits, one channel: the server reads that whatever the browser.

const WORKLET = "/recorder.js";

export interface Recorder {
  /** Ends the recording. */
  readonly stop: () => Promise<Blob>;
}

export async function record(): Promise<Recorder> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, echoCancellation: false } });
  const context = new AudioContext();
  await context.audioWorklet.addModule(WORKLET);
  const source = context.createMediaStreamSource(stream);
  const tap = new AudioWorkletNode(context, "tap", { numberOfOutputs: 0 });
  const parts: Float32Array[] = [];
  tap.port.onmessage = (event: MessageEvent<Float32Array>) => parts.push(event.data);
  source.connect(tap);
  return {
    stop: async () => {
      source.disconnect();
      for (const track of stream.getTracks()) track.stop();
      const rate = context.sampleRate;
      await context.close();
      return wav(parts, rate);
    },
  };
}

/** Samples from −1 to 1 as a wav file. */
export function wav(parts: readonly Float32Array[], rate: number): Blob {
  const count = parts.reduce((sum, part) => sum + part.length, 0);
  const bytes = new DataView(new ArrayBuffer(44 + count * 2));
  const word = (at: number, text: string) => [...text].forEach((letter, n) => bytes.setUint8(at + n, letter.charCodeAt(0)));
  word(0, "RIFF");
  bytes.setUint32(4, 36 + count * 2, true);
  word(8, "WAVEfmt ");
  bytes.setUint32(16, 16, true);
  bytes.setUint16(20, 1, true);
  bytes.setUint16(22, 1, true);
  bytes.setUint32(24, rate, true);
  bytes.setUint32(28, rate * 2, true);
  bytes.setUint16(32, 2, true);
  bytes.setUint16(34, 16, true);
  word(36, "data");
  bytes.setUint32(40, count * 2, true);
  let at = 44;
  for (const part of parts) {
    for (const sample of part) {
      bytes.setInt16(at, Math.max(-1, Math.min(1, sample)) * 32767, true);
      at += 2;
    }
  }
  return new Blob([bytes.buffer], { type: "audio/wav" });
}
