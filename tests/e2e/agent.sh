#!/usr/bin/env bash
# A phone calls 1000 and presses 2; alice takes the call in headless Chromium with a spoken wav as her microphone. Both must hear each other
# (measured in received audio), both sides' words must be on the page and in the API, first as they are said and then settled; there must be a ticket with a note.
# Mute, hold and the keypad do what they say to the caller's ear; the page is reloaded, and its tab crashes, in mid-call: the caller hears music and then the agent
# again. The phone goes silent: the page and the record say whose audio is missing. A chat from /demo comes to the same agent. Its screenshots go to out/screenshots,
# or where SCREENSHOTS says: `make screenshots` takes those of the README.
set -uo pipefail
. "$(dirname "$0")/demo.sh"
. "$(dirname "$0")/phone.sh"
[ -f "$INTEROP/media/caller_long_16000.wav" ] || "$INTEROP/make_media.sh" >/dev/null || exit 1
WORK=$(mktemp -d)
start_demo || exit 1
trap 'kill ${PHONE_PID:-} 2>/dev/null; stop_demo; [ -n "${KEEP:-}" ] && echo "kept $WORK $DATA" || rm -rf "$WORK" "$DATA"' EXIT
export WORK HTTP API_KEY SIP_PORT ROOT INTEROP
export SCREENSHOTS=${SCREENSHOTS:-$ROOT/out/screenshots}
passwords alice
CONTROL=$(free_port); export CONTROL
# A phone hangs up when its recording ends.
sox -q "$INTEROP/media/caller_long_8000.wav" "$WORK/caller_long.wav" repeat 4
phone_start() { PHONE_SECONDS=200 phone_call "$WORK/phone" "$CONTROL" 1000 "$WORK/caller_long.wav"; }
# Stops the phone in its tracks, or lets it go on: its network, as far as anybody can tell.
phone_signal() { kill "-$1" "$(pgrep -P "$PHONE_PID")"; }
# The browser script asks for the phone by creating files: a directory is the whole protocol between the two.
(
  signal_of dial
  phone_start
  phone_until_established "$CONTROL" && sleep 2.2 && phone_key "$CONTROL" 2 && touch "$WORK/dialled"
  signal_of freeze; phone_signal STOP
  signal_of thaw; phone_signal CONT
  signal_of hangup
  phone_hang_up "$CONTROL"; sleep 0.5; kill "$PHONE_PID" 2>/dev/null; touch "$WORK/gone"
) &
timeout 300 node "$ROOT/tests/e2e/agent.mjs"
result=$?
[ $result = 0 ] || { tail -n 15 "$LOG"; tail -n 5 "$WORK/phone/log" 2>/dev/null; exit $result; }
failed=0
signal_of gone
"$PYV" "$INTEROP/bin/music.py" "$WORK/music.wav"
caller=$INTEROP/media/caller_8000.wav agent=$INTEROP/media/agent_8000.wav music=$WORK/music.wav
part() { read -r from to <"$WORK/$1.time"; phone_part "$WORK/phone" "$WORK/phone_$1.wav" "$from" "$to"; }
heard=$(phone_heard "$WORK/phone")
prompt menu 1000; prompt support 1000 2; prompt sales 1000 1
hears "the caller" "$heard" "$WORK/menu.wav"; hears "the caller" "$heard" "$WORK/support.wav"; hears_not "the caller" "$heard" "$WORK/sales.wav"
for step in talk muted unmuted held resumed reloaded crashed returned; do part $step; done
for step in talk unmuted resumed reloaded returned; do
  hears "the caller ($step)" "$WORK/phone_$step.wav" "$agent"
  hears_not "the caller ($step)" "$WORK/phone_$step.wav" "$music"
done
echo "  the caller (muted): $("$PYV" "$INTEROP/bin/audiochk.py" "$WORK/phone_muted.wav" --silent)"
"$PYV" "$INTEROP/bin/audiochk.py" "$WORK/phone_muted.wav" --silent >/dev/null || failed=1
for step in held crashed; do
  hears "the caller ($step)" "$WORK/phone_$step.wav" "$music"
  hears_not "the caller ($step)" "$WORK/phone_$step.wav" "$agent"
done
hears_not "the agent (held)" "$WORK/agent_held.wav" "$caller"
for step in talk resumed reloaded returned; do
  hears "the agent ($step)" "$WORK/agent_$step.wav" "$caller"
  hears_not "the agent ($step)" "$WORK/agent_$step.wav" "$agent"
done
# RTP events (RFC 4733), which the phone tells as the keys that they are.
keys=$(sed -n "s/.*received event: '\(.\)' (end=0).*/\1/p" "$WORK/phone/log" | tr -d '\n')
echo "  the phone got the keys: $keys"
[ "$keys" = "47#" ] || failed=1
grep -aE 'panicked' "$LOG" && failed=1
exit $failed
