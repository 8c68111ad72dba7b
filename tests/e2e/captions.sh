#!/usr/bin/env bash
# Sentences spoken into 1004 by a real SIP phone over G.711: the error rate of what is in the record against that of `voxdesk transcribe` on the same recording
# (at most 2 points apart), and how long after the end of the spoken sentence (in the recording) its final text is drawn on a supervisor's page (p50 at most 1.5 s; LIMIT
# sets it), and known at the live socket.
# English is recorded human speech, counted in words; SENTENCES=96 takes the whole list, 20 by default. Mandarin is a neural voice (tests/data/README.md), counted
# in characters.
set -uo pipefail
. "$(dirname "$0")/demo.sh"
. "$(dirname "$0")/phone.sh"
ALL=$(mktemp -d)
start_demo || exit 1
passwords sue
trap 'kill ${PHONE_PID:-} ${WATCH:-} 2>/dev/null; stop_demo; [ -n "${KEEP:-}" ] && echo "kept $ALL" || rm -rf "$ALL" "$DATA"' EXIT
hear() { # hear LIST RECORDINGS COUNT: speaks them in one call, and judges
  WORK=$ALL/$(basename "$1" .tsv); mkdir "$WORK"
  export HTTP API_KEY WORK ROOT INTEROP
  "$PYV" "$ROOT/tests/e2e/captions.py" make "$1" "$2" "$3" "$WORK" || return 1
  node "$ROOT/tests/e2e/captions.mjs" > "$WORK/events" & WATCH=$!
  local seconds call; seconds=$(soxi -D "$WORK/caller.wav" | cut -d. -f1)
  CONTROL=$(free_port)
  PHONE_SECONDS=$((seconds + 20)) phone_call "$WORK/phone" "$CONTROL" 1004 "$WORK/caller.wav"
  phone_until_established "$CONTROL" || return 1
  sleep $((seconds + 3))
  phone_hang_up "$CONTROL"; sleep 3
  kill "$WATCH" "$PHONE_PID" 2>/dev/null
  call=$(api '/conversations' | python3 -c 'import json,sys; print(json.load(sys.stdin)["items"][0]["id"])')
  api "/conversations/$call" > "$WORK/record.json"
  "$VOXDESK" transcribe --models "$MODELS" --model base --json "$WORK/line.wav" > "$WORK/transcribed.json" 2>/dev/null || { echo "voxdesk transcribe failed"; return 1; }
  "$PYV" "$ROOT/tests/e2e/captions.py" judge "$WORK" "${LIMIT:-1.5}"
}
failed=0
echo "  English, recorded people:"
hear "$ROOT/tests/data/telephone-96.tsv" /usr/share "${SENTENCES:-20}" || failed=1
echo "  Mandarin, a neural voice:"
hear "$ROOT/tests/data/mandarin.tsv" "$ROOT/tests/data/mandarin" 12 || failed=1
exit $failed
