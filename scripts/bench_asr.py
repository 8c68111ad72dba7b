#!/usr/bin/env python3
"""Transcription measured in one run on one machine: `make bench-asr`. Prints tables; QUICK=1 takes every fourth recording.

  bench_asr.py VOXDESK MODELS LIST

LIST is tests/data/telephone-96.tsv (recordings below /usr/share: Debian asterisk-core-sounds-en-wav, pocketsphinx-testdata); everything goes through G.711
µ-law at 8 kHz. Peer: faster-whisper from PyPI, int8, one thread, the same weights (peer_weights.py). Word errors of both by the same rules (`voxdesk bench asr` has them inside; see asr/src/wer.rs).
"""
import csv
import json
import math
import os
import random
import struct
import subprocess
import sys
import tempfile
import wave

from asr_measure import not_speech, read, write


def flags():
    for line in open("/proc/cpuinfo"):
        if line.startswith("flags"):
            return set(line.split())
    return set()


def bench(program, models, manifest, model, *more):
    command = [program, "bench", "asr", "--models", models, "--manifest", manifest, "--model", model, "--json", *more]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)}: {done.stderr.strip()}")
    return json.loads(done.stdout)


def row(name, one):
    at = lambda delays: "–" if delays["p50"] is None else f"{delays['p50'] / 1000:.2f} / {delays['p95'] / 1000:.2f} / {delays['p99'] / 1000:.2f}"
    print(f"| {name} | {one['wer_percent']:.2f} | {at(one['final_delay_ms'])} | {at(one['interim_delay_ms'])} | {one['cpu_seconds_per_speech_second']:.3f} |", flush=True)


def peer(program, models, manifest, folder, weights):
    """faster-whisper on the same recordings: its texts are scored by our rules, its cost is its process's."""
    try:
        from faster_whisper import WhisperModel
    except ImportError:
        print("faster-whisper is not installed: pip install faster-whisper", file=sys.stderr)
        return None
    import resource
    model = WhisperModel(weights, device="cpu", compute_type="int8", cpu_threads=1)
    rows = list(csv.DictReader(open(manifest), delimiter="\t"))
    spent = lambda: sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    list(model.transcribe(rows[0]["path"], language="en", beam_size=1)[0])
    heard, began, seconds = [], spent(), 0.0
    for one in rows:
        segments, info = model.transcribe(one["path"], language="en", beam_size=1)
        heard.append(" ".join(segment.text.strip() for segment in segments))
        seconds += info.duration
    cost = (spent() - began) / seconds
    scored = os.path.join(folder, "peer.tsv")
    with open(scored, "w") as out:
        out.write("path\ttext\theard\n")
        out.writelines(f"{one['path']}\t{one['text']}\t{text}\n" for one, text in zip(rows, heard))
    done = subprocess.run([program, "bench", "wer", "--heard", scored], capture_output=True, text=True, check=True)
    return {"wer": json.loads(done.stdout)["wer_percent"], "cost": cost}


def main():
    program, models, listed = sys.argv[1:4]
    step = 4 if os.environ.get("QUICK") else 1
    calls = [int(n) for n in os.environ.get("CALLS", "1 4 8 12").split()]
    names = os.environ.get("MODEL_NAMES", "tiny.en base").split()
    have = flags()
    print(f"Processor: {'AVX-512' if 'avx512f' in have else 'no AVX-512'}, {os.cpu_count()} cores; load {os.getloadavg()[0]:.1f} at the beginning.\n")
    with tempfile.TemporaryDirectory() as folder:
        manifest = os.path.join(folder, "telephone.tsv")
        with open(listed) as source, open(manifest, "w") as out:
            out.write("path\ttext\n")
            for one in list(csv.DictReader(source, delimiter="\t"))[::step]:
                target = os.path.join(folder, one["id"] + ".wav")
                write(target, read(os.path.join("/usr/share", one["source"])))
                out.write(f"{target}\t{one['text']}\n")
        sounds = os.path.join(folder, "not_speech.tsv")
        with open(sounds, "w") as out:
            out.write("path\ttext\n")
            kinds = not_speech()
            for name, samples in kinds.items():
                target = os.path.join(folder, name.replace(" ", "_") + ".wav")
                write(target, samples)
                out.write(f"{target}\t\n")
        for name in names:
            print(f"**{name}**\n\n| way | words wrong, % | end of speech → final, s, p50 / p95 / p99 | word → text that stays, s, p50 / p95 / p99 | CPU s for a second of speech |")
            print("| --- | --- | --- | --- | --- |", flush=True)
            row("whole recordings, 30 s window", bench(program, models, manifest, name, "--offline", "full"))
            row("whole recordings, trimmed window", bench(program, models, manifest, name, "--offline", "trimmed"))
            row("live, 4 conversations, finals only", bench(program, models, manifest, name, "--calls", "4", "--finals-only"))
            for count in calls:
                row(f"live, {count} conversations", bench(program, models, manifest, name, "--calls", str(count)))
            weights = os.environ.get("PEER_WEIGHTS_" + name.replace(".", "_"), "")
            if weights:
                other = peer(program, models, manifest, folder, weights)
                if other:
                    print(f"| faster-whisper int8, whole recordings | {other['wer']:.2f} | – | – | {other['cost']:.3f} |")
            heard = os.path.join(folder, "heard.tsv")
            bench(program, models, sounds, name, "--calls", "4", "--heard", heard)
            text = {one["path"] for one in csv.DictReader(open(heard), delimiter="\t") if (one["heard"] or "").strip()}
            named = sorted(os.path.basename(path)[:-4] for path in text)
            print(f"\nText out of {len(text)} of {len(kinds)} kinds of sounds that are no speech{': ' + ', '.join(named) if named else ''}.\n", flush=True)
    print(f"Load {os.getloadavg()[0]:.1f} at the end.")


main()
