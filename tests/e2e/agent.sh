#!/usr/bin/env bash
# A phone calls 1000 and presses 2; alice takes the call in headless Chromium with a spoken wav as her microphone. Both must hear each other
# (measured in received audio), both sides' words must be on the page and in the API, there must be a ticket; the page is reloaded in mid-call
# and the call goes on; a chat from /demo comes to the same agent. Its screenshots go to out/screenshots, or where
# SCREENSHOTS says: `make screenshots` takes those of the README.
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
phone_start() { phone_call "$WORK/phone" "$CONTROL" 1000 "$INTEROP/media/caller_long_8000.wav"; }
# The browser script asks for the phone by creating files: a directory is the whole protocol between the two.
(
  until [ -e "$WORK/dial" ]; do sleep 0.1; done
  phone_start
  phone_until_established "$CONTROL" && sleep 2.2 && phone_key "$CONTROL" 2 && touch "$WORK/dialled"
  until [ -e "$WORK/hangup" ]; do sleep 0.1; done
  phone_hang_up "$CONTROL"; sleep 0.5; kill "$PHONE_PID" 2>/dev/null; touch "$WORK/gone"
) &
timeout 240 node "$ROOT/tests/e2e/agent.mjs"
result=$?
[ $result = 0 ] || { tail -n 15 "$LOG"; tail -n 5 "$WORK/phone/log" 2>/dev/null; exit $result; }
failed=0
expect_audio() { # expect_audio WHAT RECORDING REFERENCE
  local said; said=$("$PYV" "$INTEROP/bin/audiochk.py" "$2" "$3" --min 0.5) || failed=1
  echo "  $1: $said"
}
until [ -e "$WORK/gone" ]; do sleep 0.1; done
heard=$(phone_heard "$WORK/phone")
expect_audio "the caller heard the menu" "$heard" "$(demo_value 'd["numbers"]["1000"]["plays"]')"
expect_audio "the caller heard the queue" "$heard" "$(demo_value 'd["numbers"]["1000"]["after"]["2"]')"
expect_audio "the caller heard the agent" "$heard" "$INTEROP/media/agent_8000.wav"
expect_audio "the agent heard the caller" "$WORK/agent_heard.wav" "$INTEROP/media/caller_8000.wav"
expect_audio "the agent heard the caller after the reload" "$WORK/agent_heard_again.wav" "$INTEROP/media/caller_8000.wav"
grep -aE 'panicked' "$LOG" && failed=1
exit $failed
