"""Whether somebody's voice is in a recording, also under another voice: `voice.py RECORDING SPOKEN MINIMUM` says how alike they are and ends with 1 below it.
Looks for pieces of the spoken wave itself, where audiochk.py compares loudness in bands: two voices at once have a loudness of their own, but each is still a part of the sum."""
import sys

import numpy as np
from scipy.signal import fftconvolve, resample_poly

from audiochk import rd

RATE = 8000
# Seconds: short enough that a jitter buffer which stretches time does not tear a piece apart.
PIECE = 1.5
# What is less than this (RMS of 16-bit samples) is heard by nobody.
AUDIBLE = 30


def wave(file):
    rate, samples = rd(file)
    return resample_poly(samples, RATE, rate) if rate != RATE else samples


def flat(samples):
    """The tilt of speech taken away: its low tones, alike in everybody, do not decide."""
    return np.diff(samples, prepend=0.0)


def energies(samples, n):
    """Of all pieces of n samples."""
    total = np.concatenate([[0.0], np.cumsum(samples**2)])
    return total[n:] - total[:-n]


def alike(heard, spoken):
    n = int(RATE * PIECE)
    if len(heard) < n:
        return 0.0, 0.0
    quiet = energies(heard, n) < n * AUDIBLE**2
    heard, spoken = flat(heard), flat(spoken)
    energy = energies(heard, n)
    floor = np.sqrt(np.mean(spoken**2))
    best = (0.0, 0.0)
    for start in range(0, len(spoken) - n, n // 2):
        piece = spoken[start : start + n]
        # Mostly a pause: says nothing.
        if np.sqrt(np.mean(piece**2)) < floor / 2:
            continue
        match = np.abs(fftconvolve(heard, piece[::-1], "valid")) / np.sqrt(energy * np.sum(piece**2) + 1)
        match[quiet] = 0
        at = int(match.argmax())
        best = max(best, (float(match[at]), at / RATE))
    return best


score, at = alike(wave(sys.argv[1]), wave(sys.argv[2]))
enough = score >= float(sys.argv[3])
print("PASS" if enough else "FAIL", f"alike={score:.2f} at {at:.2f} s")
sys.exit(not enough)
