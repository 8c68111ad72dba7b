"""Recordings for captions.sh, and the judgement: `make LIST RECORDINGS COUNT DIR`, `judge DIR LIMIT`."""
import csv
import json
import re
import subprocess
import sys
import wave
from datetime import datetime

import numpy as np

# Seconds of silence before the first sentence.
LEAD = 1.5


def make(listing, recordings, count, work):
    rows = list(csv.DictReader(open(listing), delimiter="\t"))
    rows = rows[:: max(1, len(rows) // count)][:count]
    parts, spoken, at = [], [], LEAD
    for n, row in enumerate(rows):
        part = f"{work}/{n}.wav"
        subprocess.run(["sox", "-q", f"{recordings}/{row['source']}", "-r", "8000", "-c", "1", "-b", "16", part, "pad", "0", "1.6"], check=True)
        parts.append(part)
        samples = np.frombuffer(wave.open(part).readframes(1 << 30), "<i2")
        first, last = voiced(samples)
        spoken.append({"text": row["text"], "start": at + first, "end": at + last})
        at += len(samples) / 8000
    subprocess.run(["sox", "-q", *parts, f"{work}/caller.wav", "pad", str(LEAD), "3"], check=True)
    # What the line makes of it: G.711 µ-law at 8 kHz.
    subprocess.run(["sox", "-q", f"{work}/caller.wav", "-e", "u-law", f"{work}/line_ulaw.wav"], check=True)
    subprocess.run(["sox", "-q", f"{work}/line_ulaw.wav", "-e", "signed-integer", "-b", "16", f"{work}/line.wav"], check=True)
    with open(f"{work}/said.txt", "w") as said:
        said.write(" ".join(row["text"] for row in rows))
    with open(f"{work}/spoken.json", "w") as times:
        json.dump(spoken, times)


def voiced(samples):
    """First and last second of the recording that is within 35 dB of its loudest 20 ms."""
    frames = samples[: len(samples) // 160 * 160].astype(float).reshape(-1, 160)
    level = 10 * np.log10((frames**2).mean(1) + 1)
    loud = np.flatnonzero(level > level.max() - 35)
    return loud[0] * 0.02, (loud[-1] + 1) * 0.02


NUMBERS = "zero one two three four five six seven eight nine ten".split()


def words(text):
    """The words of a text, or the characters of a Chinese one, as they are compared."""
    text = re.sub(r"([\u4e00-\u9fff])", r" \1 ", text.lower().replace("voicemail", "voice mail").replace("-", " "))
    text = re.sub(r"[^a-z0-9\u4e00-\u9fff' ]", " ", text)
    return [NUMBERS[int(w)] if w.isdigit() and int(w) <= 10 else w for w in text.split()]


def errors(said, heard):
    """Levenshtein distance in words."""
    row = list(range(len(heard) + 1))
    for i, a in enumerate(said, 1):
        diagonal, row[0] = row[0], i
        for j, b in enumerate(heard, 1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (a != b))
    return row[-1]


def millis(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() * 1000


def judge(work, limit):
    said = words(open(f"{work}/said.txt").read())
    record = json.load(open(f"{work}/record.json"))
    speech = [e for e in record["entries"] if e["kind"] == "speech"]
    # Numbers are written as people write them; what was recognised is kept beside it.
    live = words(" ".join((e.get("detail") or {}).get("spoken", e["text"]) for e in speech))
    whole = json.load(open(f"{work}/transcribed.json"))
    offline = words(whole["text"] if "text" in whole else " ".join(s["text"] for s in whole["segments"]))
    rate = lambda heard: 100 * errors(said, heard) / len(said)
    started = millis(record["started_at"]) / 1000
    spoken = json.load(open(f"{work}/spoken.json"))
    # The phone spoke its file from some moment on: the one that puts the recognised utterances, as a whole, where the file has its sentences.
    starts = np.array([s["start"] for s in spoken])
    heard_starts = np.array([e["start_ms"] / 1000 for e in speech])
    shifts = np.arange(0, 10, 0.01)
    offset = shifts[np.argmin([np.median(np.abs(heard_starts[:, None] - shift - starts).min(1)) for shift in shifts])]

    def delays(where):
        """Seconds from the end of what was spoken to its final text, sorted, of the events in which `where` finds a text that is in the record."""
        found = []
        for line in open(f"{work}/events"):
            seen = json.loads(line)
            text = where(seen)
            entry = next((e for e in speech if e["text"] == text), None)
            if entry is None:
                continue
            ends = [s["end"] for s in spoken if abs(s["end"] + offset - entry["end_ms"] / 1000) < 0.6]
            # An utterance that ends in mid-sentence (long talk is cut) has no end in the list: its own one counts.
            end = ends[0] + offset if ends else entry["end_ms"] / 1000
            found.append(seen["seen"] / 1000 - started - end)
        return sorted(found)

    at = lambda found, q: found[min(len(found) - 1, int(q * len(found)))] if found else float("inf")
    print(f"  {len(said)} words or characters: live {rate(live):.1f} % wrong, transcribe {rate(offline):.1f} % wrong")
    socket = delays(lambda seen: said_in(seen.get("message")))
    page = delays(lambda seen: seen.get("page"))
    for place, found in (("told at the live socket", socket), ("drawn on the page", page)):
        print(f"  {len(found)} sentences {place} after the end of what was spoken: p50 {at(found, 0.5):.2f} s, p95 {at(found, 0.95):.2f} s")
    ok = abs(rate(live) - rate(offline)) <= 2.0 or rate(live) <= rate(offline)
    if not ok:
        print("  the live path is more than 2 points from transcribe")
    if at(page, 0.5) > limit:
        print(f"  the median is over {limit} s")
    return ok and at(page, 0.5) <= limit and min(len(page), len(socket)) >= len(speech) * 0.9


def said_in(message):
    """The text of the speech that a frame of the live socket tells of, if it does."""
    entry = ((message or {}).get("change") or {}).get("entry") or {}
    return entry.get("text") if entry.get("kind") == "speech" else None


if sys.argv[1] == "make":
    make(sys.argv[2], sys.argv[3], int(sys.argv[4]), sys.argv[5])
else:
    sys.exit(0 if judge(sys.argv[2], float(sys.argv[3])) else 1)
