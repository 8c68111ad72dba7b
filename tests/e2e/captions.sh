#!/usr/bin/env bash
# Sentences of recorded human speech, spoken into 1004 by a real SIP phone over G.711: the word error rate of what is in the record against that of `voxdesk
# transcribe` on the same recording (at most 2 points apart), and how long after the end of the spoken sentence (in the recording) it is settled at the live socket (p50 at most 1.5 s; LIMIT sets it).
# SENTENCES=96 takes the whole list; 20 by default.
set -uo pipefail
. "$(dirname "$0")/demo.sh"
. "$(dirname "$0")/phone.sh"
WORK=$(mktemp -d)
"$PYV" "$ROOT/tests/e2e/captions.py" make "$ROOT/tests/data/telephone-96.tsv" "${SENTENCES:-20}" "$WORK" || exit 1
start_demo || exit 1
trap 'kill ${PHONE_PID:-} ${WATCH:-} 2>/dev/null; stop_demo; [ -n "${KEEP:-}" ] && echo "kept $WORK" || rm -rf "$WORK" "$DATA"' EXIT
export HTTP API_KEY WORK ROOT
node "$ROOT/tests/e2e/captions.mjs" > "$WORK/events" & WATCH=$!
seconds=$(soxi -D "$WORK/caller.wav" | cut -d. -f1)
CONTROL=$(free_port)
PHONE_SECONDS=$((seconds + 20)) phone_call "$WORK/phone" "$CONTROL" 1004 "$WORK/caller.wav"
phone_until_established "$CONTROL" || exit 1
sleep $((seconds + 3))
phone_hang_up "$CONTROL"; sleep 3
call=$(api '/conversations' | python3 -c 'import json,sys; print(json.load(sys.stdin)["items"][0]["id"])')
api "/conversations/$call" > "$WORK/record.json"
"$VOXDESK" transcribe --models "$MODELS" --model base --json "$WORK/line.wav" > "$WORK/transcribed.json" 2>/dev/null || { echo "voxdesk transcribe failed"; exit 1; }
"$PYV" "$ROOT/tests/e2e/captions.py" judge "$WORK" "${LIMIT:-1.5}"
