#!/usr/bin/env bash
# A customer's page and two agents' pages in three headless Chromiums with cameras, each with a voice of their own: a video call through a queue,
# a transfer in mid-call, pages that are reloaded. Judged by the pictures that were decoded and drawn, and by the audio each of them received.
set -uo pipefail
. "$(dirname "$0")/demo.sh"
WORK=$(mktemp -d)
say() { # say NAME VOICE TEXT: $WORK/NAME.wav, and NAME_long.wav for a browser's microphone
  espeak-ng -v "$2" -s 150 --stdout "$3" >"$WORK/$1_raw.wav"
  sox -q "$WORK/$1_raw.wav" -r 48000 -c 1 -b 16 "$WORK/$1.wav" norm -6
  sox -q "$WORK/$1.wav" "$WORK/$1_long.wav" pad 0 0.4 repeat 12
}
say customer en-us "Hello, I ordered a reading lamp last Monday, and the shade arrived broken. Can you see the crack here at the bottom, close to the switch?"
say alice en-gb "Thank you for waiting. My name is Alice, and I am happy to help. Could you give me the number of the order, and tell me which of the lamps was damaged?"
say bob en-us+m3 "Good morning, this is the workshop. We repaired seventeen bicycles yesterday, and every wheel turns quietly again. Shall I put your name on the list?"
start_demo || exit 1
trap 'stop_demo; [ -n "${KEEP:-}" ] && echo "kept $WORK $DATA" || rm -rf "$WORK" "$DATA"' EXIT
export WORK HTTP API_KEY ROOT SCREENSHOTS=${SCREENSHOTS:-$ROOT/out/screenshots}
passwords alice bob
timeout ${VIDEO_SECONDS:-150} node "$ROOT/tests/e2e/video.mjs"
result=$?
[ $result = 0 ] || { tail -n 15 "$LOG"; exit $result; }
failed=0
hears "the customer" "$WORK/customer_heard.wav" "$WORK/alice.wav"; hears_not "the customer" "$WORK/customer_heard.wav" "$WORK/customer.wav"
hears alice "$WORK/alice_heard.wav" "$WORK/customer.wav"; hears_not alice "$WORK/alice_heard.wav" "$WORK/alice.wav"
hears bob "$WORK/bob_heard.wav" "$WORK/customer.wav"; hears_not bob "$WORK/bob_heard.wav" "$WORK/alice.wav"
grep -aE 'panicked' "$LOG" && failed=1
exit $failed
