#!/usr/bin/env bash
# Reports, search and wallboard in headless Chromium, over traffic that really happened: six callers of sipp wait in support and leave, a caller speaks (recorded human
# speech, recognised), a customer chats in Chinese and alice answers. Then sue sees six abandoned, opens them, and one of them; the file and the rows say the same; she
# finds what was spoken in English and written in Chinese, and lands on that line; the wallboard shows the line as it grows and the alert. Screenshots: out/screenshots.
set -uo pipefail
. "$(dirname "$0")/demo.sh"
. "$(dirname "$0")/phone.sh"
[ -f "$INTEROP/media/caller_long_16000.wav" ] || "$INTEROP/make_media.sh" >/dev/null || exit 1
WORK=$(mktemp -d)
start_demo || exit 1
trap 'kill ${EAR:-} ${PHONE_PID:-} 2>/dev/null; stop_demo; [ -n "${KEEP:-}" ] && echo "kept $WORK $DATA" || rm -rf "$WORK" "$DATA"' EXIT
mkdir "$WORK/heard"
python3 "$ROOT/tests/e2e/ear.py" "$WORK/heard" > "$WORK/ear" & EAR=$!
until [ -s "$WORK/ear" ]; do sleep 0.05; done
export HTTP API_KEY ROOT WORK
export SCREENSHOTS=${SCREENSHOTS:-$ROOT/out/screenshots}
passwords alice sue
CONTROL=$(free_port)
phone_call "$WORK/phone" "$CONTROL" 1004 "$INTEROP/media/caller_long_8000.wav"
# They wait four seconds longer than in sipp_menu.sh: somebody looks at their line.
perl -0pe 's/(.*)milliseconds="5000"/$1milliseconds="9000"/s' "$ROOT/tests/e2e/sipp_menu.xml" > "$WORK/callers.xml"
(until [ -f "$WORK/looking" ]; do sleep 0.2; done; cd "$WORK" && timeout 60 sipp "127.0.0.1:$SIP_PORT" -sf callers.xml -i 127.0.0.1 -key ear "$(cat "$WORK/ear")" -m 6 -r 3 -l 6 -nostdin >/dev/null 2>&1; touch "$WORK/callers-left") &
timeout 150 node "$ROOT/tests/e2e/reports.mjs" & BROWSER=$!
# Enough was said for a word to look for.
for _ in $(seq 500); do sleep 0.2; [ -f "$WORK/spoken" ] && break; done
phone_hang_up "$CONTROL"
wait "$BROWSER" || { tail -n 15 "$LOG"; exit 1; }
! grep -aE 'panicked' "$LOG"
