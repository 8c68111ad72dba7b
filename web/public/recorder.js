// Hands what the microphone hears to the page, in pieces of a tenth of a second.
class Tap extends AudioWorkletProcessor {
  constructor() {
    super();
    this.piece = new Float32Array(Math.ceil(sampleRate / 10));
    this.filled = 0;
  }

  process([input]) {
    const heard = input && input[0];
    if (!heard) return true;
    for (const sample of heard) {
      this.piece[this.filled++] = sample;
      if (this.filled === this.piece.length) {
        this.port.postMessage(this.piece.slice());
        this.filled = 0;
      }
    }
    return true;
  }
}
registerProcessor("tap", Tap);
