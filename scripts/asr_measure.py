#!/usr/bin/env python3
"""Measures transcription and prints a table: word error rate, delay, cost, and text out of what is not speech.

  asr_measure.py MEASURE MODEL.bin LIST.tsv [MODE...]

MEASURE is the program of `cargo build --release -p asr-whisper --example measure`. LIST.tsv has a head and lines
`id, wav, seconds, language, transcript`; relative wavs lie under /usr/share (Debian asterisk-core-sounds-en-wav and
pocketsphinx-testdata). Every recording goes through G.711 µ-law at 8 kHz first. MODE: clip, finals, live (all three).

Word error rate: Whisper's English normalizer (pip install whisper-normalizer), digits as single tokens.
Needs nothing else than Python 3.9.
"""
import json
import math
import os
import random
import re
import struct
import subprocess
import sys
import tempfile
import wave


def mu_law(sample):
    """One 16-bit sample through G.711 µ-law and back."""
    sign, size = (-1, -sample) if sample < 0 else (1, sample)
    size = min(size, 32635) + 132
    exponent = max(size.bit_length() - 8, 0)
    mantissa = (size >> (exponent + 3)) & 15
    return sign * ((((mantissa << 3) + 132) << exponent) - 132)


def halved(samples):
    """From 16 to 8 kHz: windowed sinc of 48 taps a side, cut at 3.6 kHz."""
    taps = []
    for k in range(-48, 49):
        x = k * 0.45
        sinc = 1.0 if k == 0 else math.sin(math.pi * x) / (math.pi * x)
        taps.append(0.45 * sinc * (0.5 + 0.5 * math.cos(math.pi * k / 49)))
    padded = [0] * 48 + samples + [0] * 48
    return [int(sum(t * padded[i + k] for k, t in enumerate(taps))) for i in range(0, len(samples), 2)]


def read(path):
    with wave.open(path) as wav:
        assert wav.getnchannels() == 1 and wav.getsampwidth() == 2, f"{path}: 16-bit mono would be right"
        samples = list(struct.unpack(f"<{wav.getnframes()}h", wav.readframes(wav.getnframes())))
        rate = wav.getframerate()
    assert rate in (8000, 16000), f"{path}: {rate} Hz; 8000 or 16000 would be right"
    return halved(samples) if rate == 16000 else samples


def write(path, samples):
    with wave.open(path, "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(8000)
        wav.writeframes(struct.pack(f"<{len(samples)}h", *(mu_law(max(-32768, min(32767, int(s)))) for s in samples)))


def not_speech():
    """Sounds of a line on which nobody speaks, by name."""
    rng = random.Random(1)

    def tone(hz, seconds, level=0.25):
        return [32767 * level * sum(math.sin(2 * math.pi * f * n / 8000) for f in hz) for n in range(int(seconds * 8000))]

    def noise(level, seconds=10):
        return [rng.gauss(0, 32767 * level) for _ in range(seconds * 8000)]

    def brown(seconds):
        level, out = 0.0, []
        for _ in range(seconds * 8000):
            level = 0.98 * level + rng.gauss(0, 300)
            out.append(level)
        return out

    def quiet(seconds):
        return [0] * int(seconds * 8000)

    keys = [(697, 1209), (770, 1336), (852, 1477), (941, 1336), (697, 1477)]
    chords = [(262, 330, 392), (294, 349, 440), (196, 247, 294), (220, 262, 330)]
    return {
        "silence": quiet(10),
        "comfort noise": noise(0.001),
        "noise -40 dB": noise(0.01),
        "noise -20 dB": noise(0.1),
        "hum": tone((50, 150, 250), 10, 0.05),
        "keys": sum((tone(k, 0.1) + quiet(0.1) for k in keys * 8), []),
        "long keys": sum((tone(k, 1) + quiet(0.5) for k in keys), []),
        "ringback US": (tone((440, 480), 2, 0.15) + quiet(4)) * 3,
        "ringback EU": (tone((425,), 1, 0.2) + quiet(4)) * 3,
        "busy": (tone((480, 620), 0.5, 0.15) + quiet(0.5)) * 10,
        "dial tone": tone((350, 440), 10, 0.15),
        "fax calling": (tone((1100,), 0.5, 0.3) + quiet(3)) * 4,
        "fax answer": tone((2100,), 4, 0.3),
        "beeps": (tone((1000,), 0.4, 0.3) + quiet(2)) * 4,
        "chords": sum((tone(c + tuple(2 * f for f in c), 0.5, 0.05) for c in chords * 8), []),
        "special information tones": sum((tone((f,), 0.33, 0.3) for f in (950, 1400, 1800)), []) + quiet(3),
        "busy EU": (tone((425,), 0.5, 0.2) + quiet(0.5)) * 10,
        "siren": [32767 * 0.2 * math.sin(2 * math.pi * (600 * n / 8000 - 200 / 0.5 * math.cos(2 * math.pi * 0.5 * n / 8000) / (2 * math.pi))) for n in range(80000)],
        "clicks": sum(([rng.gauss(0, 9000) for _ in range(40)] + quiet(0.5 + rng.random()) for _ in range(8)), []),
        "brown noise": brown(10),
        "breath": [s * max(0, math.sin(2 * math.pi * 0.3 * n / 8000)) ** 2 for n, s in enumerate(noise(0.05))],
    }


def normalizer():
    try:
        from whisper_normalizer.english import EnglishTextNormalizer
    except ImportError:
        sys.exit("asr_measure: pip install whisper-normalizer (Whisper's own text normalizer) is needed for the score")
    english = EnglishTextNormalizer()
    same = {"zero": "0", "one": "1", "ones": "1"}

    def normalize(text):
        text = english(text)
        for whole, parts in (("voicemail", "voice ?mail"), ("callback", "call ?back"), ("touchtone", "touch ?tone"), ("keypad", "key ?pad")):
            text = re.sub(rf"\b{parts}\b", whole, text)
        text = re.sub(r"(?<=\d)(?=\d)", " ", re.sub(r"\b(\d+)s\b", r"\1", text))
        return [same.get(word, word) for word in text.replace("#", " pound ").split()]

    return normalize


def distance(said, heard):
    row = list(range(len(heard) + 1))
    for i, word in enumerate(said, 1):
        last, row[0] = row[0], i
        for j, other in enumerate(heard, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (word != other))
    return row[-1]


def run(program, model, mode, lines, folder):
    path = os.path.join(folder, "list.tsv")
    with open(path, "w", encoding="utf-8") as out:
        out.writelines("\t".join(line) + "\n" for line in lines)
    done = subprocess.run([program, model, mode, path], check=True, capture_output=True, text=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    program, model, listed = sys.argv[1:4]
    normalize = normalizer()
    with tempfile.TemporaryDirectory() as folder:
        clips = []
        with open(listed, encoding="utf-8") as source:
            for line in source.read().splitlines()[1:]:
                name, wav, seconds, language, said = line.split("\t")[:5]
                target = os.path.join(folder, f"{name}.wav")
                write(target, read(os.path.join("/usr/share", wav)))
                clips.append((name, target, seconds, language, said))
        noises = []
        for name, samples in not_speech().items():
            target = os.path.join(folder, f"{name.replace(' ', '_')}.wav")
            write(target, samples)
            noises.append((name, target, "0", "auto"))
        for mode in sys.argv[4:] or ["clip", "finals", "live"]:
            results = run(program, model, mode, clips, folder)
            said = {clip[0]: normalize(clip[4]) for clip in clips}
            wrong = sum(distance(said[r["id"]], normalize(r["text"])) for r in results)
            words = sum(map(len, said.values()))
            cost = sum(r["cpu"] for r in results) / sum(r["dur"] for r in results)
            delays = sorted(d for r in results for d in r.get("delays", []))
            at = lambda q: f"{delays[int(len(delays) * q)]:.0f}" if delays else "-"
            text = [r["id"] for r in run(program, model, mode, noises, folder) if r["text"]]
            print(
                f"{os.path.basename(model):18} {mode:7} WER {100 * wrong / words:5.2f} % ({wrong}/{words})  "
                f"CPU {cost:.3f} s/s  speech end to final p50 {at(0.5)} p95 {at(0.95)} ms  "
                f"text from {len(text)} of {len(noises)} non-speech clips {' '.join(text)}",
                flush=True,
            )


if __name__ == "__main__":
    main()
