"""Recordings for captions.sh, and the judgement: `make LIST COUNT DIR`, `judge DIR LIMIT`."""
import csv
import json
import re
import subprocess
import sys
from datetime import datetime


def make(listing, count, work):
    rows = list(csv.DictReader(open(listing), delimiter="\t"))
    rows = rows[:: max(1, len(rows) // count)][:count]
    parts = []
    for n, row in enumerate(rows):
        part = f"{work}/{n}.wav"
        subprocess.run(["sox", "-q", f"/usr/share/{row['source']}", "-r", "8000", "-c", "1", "-b", "16", part, "pad", "0", "1.6"], check=True)
        parts.append(part)
    subprocess.run(["sox", "-q", *parts, f"{work}/caller.wav", "pad", "1.5", "3"], check=True)
    # What the line makes of it: G.711 µ-law at 8 kHz.
    subprocess.run(["sox", "-q", f"{work}/caller.wav", "-e", "u-law", f"{work}/line_ulaw.wav"], check=True)
    subprocess.run(["sox", "-q", f"{work}/line_ulaw.wav", "-e", "signed-integer", "-b", "16", f"{work}/line.wav"], check=True)
    with open(f"{work}/said.txt", "w") as said:
        said.write(" ".join(row["text"] for row in rows))


NUMBERS = "zero one two three four five six seven eight nine ten".split()


def words(text):
    text = re.sub(r"[^a-z0-9' ]", " ", text.lower().replace("voicemail", "voice mail").replace("-", " "))
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
    live = words(" ".join(e["text"] for e in speech))
    whole = json.load(open(f"{work}/transcribed.json"))
    offline = words(whole["text"] if "text" in whole else " ".join(s["text"] for s in whole["segments"]))
    rate = lambda heard: 100 * errors(said, heard) / len(said)
    ends = {e["text"]: millis(record["started_at"]) + e["end_ms"] for e in speech}
    delays = []
    for line in open(f"{work}/events"):
        seen = json.loads(line)
        text = json.dumps(seen["message"], ensure_ascii=False)
        for said_text, end in ends.items():
            if json.dumps(said_text, ensure_ascii=False)[1:-1] in text and '"speech"' in text:
                delays.append((seen["seen"] - end) / 1000)
                break
    delays.sort()
    at = lambda q: delays[min(len(delays) - 1, int(q * len(delays)))] if delays else float("inf")
    print(f"  {len(said)} words: live {rate(live):.1f} % wrong, transcribe {rate(offline):.1f} % wrong")
    print(f"  {len(delays)} sentences settled on the page after their end: p50 {at(0.5):.2f} s, p95 {at(0.95):.2f} s")
    ok = abs(rate(live) - rate(offline)) <= 2.0 or rate(live) <= rate(offline)
    if not ok:
        print("  the live path is more than 2 points from transcribe")
    if at(0.5) > limit:
        print(f"  the median is over {limit} s")
    return ok and at(0.5) <= limit and len(delays) >= len(speech) * 0.9


if sys.argv[1] == "make":
    make(sys.argv[2], int(sys.argv[3]), sys.argv[4])
else:
    sys.exit(0 if judge(sys.argv[2], float(sys.argv[3])) else 1)
