"""Whether somebody's voice is in a recording, also under another voice: `voice.py RECORDING SPOKEN MINIMUM` says how alike they are and ends with 1 below it.
Looks for pieces of the spoken wave itself, where audiochk.py compares loudness in bands: two voices at once have a loudness of their own, but each is still a part of the sum."""
import sys

import numpy as np
from scipy.signal import fftconvolve, resample_poly

from audiochk import rd

RATE = 8000
# Seconds: short enough that a jitter buffer which stretches time does not tear a piece apart.
PIECE = 1.0


def wave(file):
    rate, samples = rd(file)
    samples = resample_poly(samples, RATE, rate) if rate != RATE else samples
    # The tilt of speech taken away: its low tones, alike in everybody, do not decide.
    return np.diff(samples, prepend=0.0)


def alike(heard, spoken):
    n = int(RATE * PIECE)
    energy = np.convolve(heard**2, np.ones(n), "valid")
    floor = np.sqrt(np.mean(spoken**2))
    best = (0.0, 0.0)
    for start in range(0, len(spoken) - n, n // 2):
        piece = spoken[start : start + n]
        # Mostly a pause: says nothing.
        if np.sqrt(np.mean(piece**2)) < floor / 2:
            continue
        match = np.abs(fftconvolve(heard, piece[::-1], "valid")) / np.sqrt(energy * np.sum(piece**2) + 1)
        at = int(match.argmax())
        best = max(best, (float(match[at]), at / RATE))
    return best


score, at = alike(wave(sys.argv[1]), wave(sys.argv[2]))
enough = score >= float(sys.argv[3])
print("PASS" if enough else "FAIL", f"alike={score:.2f} at {at:.2f} s")
sys.exit(not enough)
