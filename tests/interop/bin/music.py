"""The tune that callers hear while they wait, from its notes: `music.py FILE` writes 24 s of it. So that a test can tell the music from any other sound; if it is changed
(media/src/tones.rs), it is changed here."""
import sys
import wave

import numpy as np

RATE, BEAT, RING = 8000, 0.75, 4.5
# A bar a line, in half-tones from A at 220 Hz; the first note, an octave lower, is its bass.
TUNE = [(3, 7, 10, 15), (0, 3, 7, 12), (-4, 0, 3, 8), (-2, 2, 5, 10), (3, 10, 15, 19), (0, 7, 12, 15), (-4, 3, 8, 12), (-2, 5, 10, 14)]

t = np.arange(int(RATE * RING)) / RATE
fade = np.exp(-t / 0.9) * np.minimum(t / 0.015, 1) * np.minimum((RING - t) / 0.5, 1)
sound = np.zeros(int(RATE * BEAT * 32))
for bar, notes in enumerate(TUNE):
    for beat, note, level in [(0, notes[0] - 12, 1800), *((beat, note, 1500) for beat, note in enumerate(notes))]:
        turn = 2 * np.pi * 220 * 2 ** (note / 12) * t
        at = int(RATE * BEAT * (bar * 4 + beat)) + np.arange(len(t))
        np.add.at(sound, at % len(sound), level * fade * (np.sin(turn) + 0.35 * np.sin(2 * turn) + 0.1 * np.sin(3 * turn)))
with wave.open(sys.argv[1], "wb") as wav:
    wav.setnchannels(1)
    wav.setsampwidth(2)
    wav.setframerate(RATE)
    wav.writeframes(sound.astype("<i2").tobytes())
