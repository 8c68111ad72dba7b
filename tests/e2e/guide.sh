#!/usr/bin/env bash
# Takes the pictures of docs/guide with a real call and real chats, in English and in Chinese: what a caller, an agent, a supervisor and an administrator see.
# They go to out/screenshots/guide, or where SCREENSHOTS says; `make guide-pictures` puts them into the pages.
set -uo pipefail
. "$(dirname "$0")/demo.sh"
. "$(dirname "$0")/phone.sh"
[ -f "$INTEROP/media/caller_long_16000.wav" ] || "$INTEROP/make_media.sh" >/dev/null || exit 1
WORK=$(mktemp -d)
sox -q "$INTEROP/media/caller_long_8000.wav" "$WORK/caller_long.wav" repeat 2
start_demo || exit 1
trap 'kill ${PHONE_PID:-} 2>/dev/null; stop_demo; [ -n "${KEEP:-}" ] && echo "kept $WORK $DATA" || rm -rf "$WORK" "$DATA"' EXIT
export WORK HTTP API_KEY ROOT INTEROP
export SCREENSHOTS=${SCREENSHOTS:-$ROOT/out/screenshots/guide}
passwords alice bob sue admin
CONTROL=$(free_port)
(
  until [ -e "$WORK/dial" ]; do sleep 0.1; done
  PHONE_SECONDS=170 phone_call "$WORK/phone" "$CONTROL" 1003 "$WORK/caller_long.wav"
  until [ -e "$WORK/hangup" ]; do sleep 0.1; done
  phone_hang_up "$CONTROL"; sleep 0.5; kill "$PHONE_PID" 2>/dev/null
) &
timeout 200 node "$ROOT/tests/e2e/guide.mjs" || { tail -n 15 "$LOG"; exit 1; }
# A page of the guide is read over slow lines too.
large=$(find "$SCREENSHOTS" -name '*.png' -size +150k)
[ -z "$large" ] || { echo "larger than 150 KB: $large"; exit 1; }
