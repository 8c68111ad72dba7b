"""Card numbers for secrets.sh: `make COUNT DIR` speaks them with recorded digits, `judge DIR DATA` looks for them everywhere."""
import json
import pathlib
import re
import sqlite3
import subprocess
import sys

SOUNDS = "/usr/share/asterisk/sounds/en_US_f_Allison/digits"
VISA, MASTER, AMEX = "4111111111111111", "5555341244441115", "378282246310005"
# Each way: the number, and what is said: digits' recordings, numbers are pauses in seconds.
one_by_one = lambda number, gap: [part for digit in number for part in (digit, gap)]
groups = lambda number, sizes, gap, inner=0.05: [part for size, at in zip(sizes, starts(sizes)) for part in [*one_by_one(number[at : at + size], inner), gap]]


def starts(sizes):
    at, out = 0, []
    for size in sizes:
        out.append(at)
        at += size
    return out


def pairs(number):
    """41 → forty one, 10 → ten, 05 → zero five."""
    out = []
    for at in range(0, len(number), 2):
        pair = number[at : at + 2]
        if pair[0] == "0" or len(pair) == 1:
            out += [*pair]
        elif int(pair) < 20:
            out.append(pair)
        else:
            out.append(pair[0] + "0")
            out += [] if pair[1] == "0" else [pair[1]]
        out.append(0.15)
    return out


WAYS = [
    ("in groups of four", MASTER, groups(MASTER, [4] * 4, 0.6)),
    ("in groups with long pauses", "4929183450127764", groups("4929183450127764", [4] * 4, 2.5)),
    ("in pairs", "4532015112830366", pairs("4532015112830366")),
    ("one by one", "6011000990139424", one_by_one("6011000990139424", 0.08)),
    ("one by one, slowly", "5105105105105100", one_by_one("5105105105105100", 0.6)),
    ("four, six and five", AMEX, groups(AMEX, [4, 6, 5], 0.7)),
    ("in pairs with pauses", "5425233430109903", [part for size, at in zip([4] * 4, starts([4] * 4)) for part in [*pairs("5425233430109903"[at : at + size]), 1.2]]),
    ("in threes", "4263982640269299", groups("4263982640269299", [3, 3, 3, 3, 4], 0.6)),
    ("eight and eight", "4917484589897107", groups("4917484589897107", [8, 8], 1.5)),
    ("in twos, one by one", "4001919257537193", groups("4001919257537193", [2] * 8, 0.5)),
]


def make(count, work):
    def silence(seconds, name):
        subprocess.run(["sox", "-q", "-n", "-r", "8000", "-c", "1", "-b", "16", name, "trim", "0", str(seconds)], check=True)
        return name

    parts = [silence(4, f"{work}/lead.wav")]
    for way, (_, _, said) in enumerate(WAYS[:count]):
        for n, part in enumerate(said):
            name = f"{work}/{way}_{n}.wav"
            if isinstance(part, float):
                parts.append(silence(part, name))
            else:
                subprocess.run(["sox", "-q", f"{SOUNDS}/{part}.wav", "-r", "8000", "-c", "1", "-b", "16", name, "silence", "1", "0.02", "1%", "reverse", "silence", "1", "0.02", "1%", "reverse"], check=True)
                parts.append(name)
        # Digits that follow within a breath are the date and the code: each number stands apart.
        parts.append(silence(6.5, f"{work}/after_{way}.wav"))
    subprocess.run(["sox", "-q", *parts, f"{work}/caller.wav"], check=True)
    # The agent's phone hangs up when its file ends: longer than the call.
    silence(390, f"{work}/silence.wav")
    pathlib.Path(f"{work}/ways").write_text(str(count))


WORDS = {w: str(n) for n, w in enumerate("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split())}
TENS = {w: str(n) for n, w in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}


def digits(text):
    """All digits of a text as they were said, one after the other; anything else that is a word parts them."""
    out, tens = [], None
    for word in re.findall(r"[a-z]+|\d+", text.lower()):
        if tens and (word not in WORDS or not 0 < int(WORDS[word]) < 10):
            out.append(tens + "0")
            tens = None
        if word in TENS:
            tens = TENS[word]
        elif word in WORDS:
            out.append((tens or "") + WORDS[word])
            tens = None
        elif word.isdigit():
            out.append(word)
        elif word not in ("and", "oh", "o"):
            out.append(" ")
        else:
            out.append("0" if word != "and" else "")
    return "".join(out) + (tens + "0" if tens else "")


def leaks(text, numbers, least):
    """Parts of the numbers, `least` digits or longer, that a text holds."""
    said = digits(text)
    return sorted({n[at : at + least] for n in numbers for at in range(len(n) - least + 1) if n[at : at + least] in said})


def strings(value):
    """All texts of a JSON value; words, which follow each other, as one. Times are no text."""
    if isinstance(value, dict):
        return [text for part in value.values() for text in strings(part)]
    if isinstance(value, list):
        words = [one[0] for one in value if isinstance(one, list) and one and isinstance(one[0], str)]
        return [" ".join(words)] if words else [text for part in value for text in strings(part)]
    return [value] if isinstance(value, str) else []


def judge(work, data):
    count = int(pathlib.Path(f"{work}/ways").read_text())
    numbers = [number for _, number, _ in WAYS[:count]] + [VISA]
    record = json.load(open(f"{work}/record.json"))
    speech = [e for e in record["entries"] if e["kind"] == "speech"]
    hidden = [h for e in speech for h in (e["detail"] or {}).get("hidden", [])]
    failed = False

    def look(what, text, least=8):
        nonlocal failed
        found = leaks(text, numbers, least)
        if found:
            failed = True
            print(f"  FAIL {what}: {len(found)} parts of card numbers, such as {found[0]}")

    # Five digits in a row of a number in one line, seven over all lines: less may be part of anything.
    for entry in record["entries"]:
        if entry["kind"] in ("speech", "message", "digit"):
            look("a line of the transcript", " . ".join([entry["text"], *strings(entry["detail"])]), 5)
    look("the transcript as a whole", " ".join(e["text"] for e in speech), 7)
    keys = "".join(e["text"] for e in record["entries"] if e["kind"] == "digit")
    look("the keys", keys, 5)
    for format in ("text", "srt", "vtt", "vcon"):
        look(f"the export as {format}", "".join(re.sub(r"\d\d:\d\d.*-->.*|\[?\d\d:\d\d(:\d\d)?\S*", " . ", open(f"{work}/export.{format}").read())), 8)
    frames = 0
    for line in open(f"{work}/frames"):
        frames += 1
        look("a frame of the live socket", " ".join(re.findall(r'"(?:text|stable|tentative)": ?"([^"]*)"', line)), 5)
    tables = 0
    base = sqlite3.connect(f"file:{data}/voxdesk.db?mode=ro", uri=True)
    # The index of the search is read through the tables in which it lies: Python's SQLite may be older than ours.
    for (table,) in base.execute("SELECT name FROM sqlite_master WHERE type='table' AND sql NOT LIKE 'CREATE VIRTUAL%'").fetchall():
        for row in base.execute(f'SELECT * FROM "{table}"'):
            tables += 1
            look(f"table {table}", " . ".join(str(cell) for cell in row if isinstance(cell, str)), 8)
    files = 0
    for path in pathlib.Path(data).rglob("*"):
        if path.is_file() and path.suffix != ".wav":
            files += 1
            raw = path.read_bytes()
            if any(number.encode() in raw for number in numbers):
                failed = True
                print(f"  FAIL {path.name} holds a card number")
            if ".log" in path.name or path.suffix in (".json", ".txt"):
                for line in raw.decode("utf-8", "replace").splitlines():
                    look(f"the log ({path.name})", re.sub(r"^\S+", "", line), 8)
    heard = json.load(open(f"{work}/heard.json"))["text"]
    look("the recording, as heard", heard, 4)
    if len(hidden) < count:
        failed = True
        print(f"  FAIL only {len(hidden)} numbers were hidden, of {count} that were said")
    print(f"  {count} numbers said, {len(hidden)} moments hidden; {frames} frames, {tables} rows, {files} files, 4 exports searched; heard in the recording: {heard[:160]!r}")
    return not failed


if sys.argv[1] == "make":
    make(int(sys.argv[2]), sys.argv[3])
else:
    sys.exit(0 if judge(sys.argv[2], sys.argv[3]) else 1)
