#!/usr/bin/env bash
# A supervisor draws a new flow in the studio (headless Chromium): a broken one is refused with its reasons on the drawing, the mended one is published and called by
# baresip and sipp, who hear its prompts (measured in received audio). A call in progress keeps the version it began with while a new one is published; a new call gets
# the new one; a restart keeps it. The draft is called from the page itself before it is published, and axe-core finds nothing serious. An agent reaches none of it. Screenshots go to out/screenshots, or where SCREENSHOTS says.
set -uo pipefail
. "$(dirname "$0")/demo.sh"
. "$(dirname "$0")/phone.sh"
[ -f "$INTEROP/media/caller_long_16000.wav" ] || "$INTEROP/make_media.sh" >/dev/null || exit 1
WORK=$(mktemp -d)
start_demo || exit 1
trap 'kill ${PHONE_PID:-} ${EAR:-} ${BROWSER:-} 2>/dev/null; stop_demo; [ -n "${KEEP:-}" ] && echo "kept $WORK $DATA" || rm -rf "$WORK" "$DATA"' EXIT
export WORK HTTP API_KEY ROOT INTEROP
export SCREENSHOTS=${SCREENSHOTS:-$ROOT/out/screenshots}
passwords sue alice
failed=0
wait_for() { for _ in $(seq 900); do [ -e "$WORK/$1" ] && return 0; kill -0 "$BROWSER" 2>/dev/null || return 1; sleep 0.1; done; echo "no $1 within 60 s"; return 1; }
prompt() { curl -sS --fail-with-body -H "Authorization: Bearer $API_KEY" "$HTTP/api/v1/flows/night/prompts/$1/en" -o "$2"; }
expect_audio() { # expect_audio WHAT RECORDING REFERENCE
  local said; said=$("$PYV" "$INTEROP/bin/audiochk.py" "$2" "$3" --min 0.6) || failed=1
  echo "  $1: $said"
}
refuse_audio() { "$PYV" "$INTEROP/bin/audiochk.py" "$2" "$3" --min 0.6 >/dev/null && { echo "  $1"; failed=1; }; }
call() { # call DIR: dials 1500; CONTROL
  CONTROL=$(free_port)
  phone_call "$WORK/$1" "$CONTROL" 1500 "$INTEROP/media/caller_long_8000.wav"
  phone_until_established "$CONTROL"
}
sipp_calls() { # sipp_calls DIR: two callers who press 1
  mkdir -p "$WORK/$1"
  python3 "$ROOT/tests/e2e/ear.py" "$WORK/$1" > "$WORK/$1.ear" & EAR=$!
  until [ -s "$WORK/$1.ear" ]; do sleep 0.05; done
  sed -e 's/sip:1000@/sip:1500@/' -e 's/Signal=2/Signal=1/' "$ROOT/tests/e2e/sipp_menu.xml" > "$WORK/night.xml"
  (cd "$WORK" && timeout 40 sipp "127.0.0.1:$SIP_PORT" -sf "$WORK/night.xml" -i 127.0.0.1 -key ear "$(cat "$WORK/$1.ear")" -m 2 -r 2 -l 2 -nostdin >/dev/null 2>&1)
  kill -TERM "$EAR"; wait "$EAR" 2>/dev/null
}

for what in "/flows" "/flow-kinds" "/flows/main"; do
  token=$(curl -sS -H 'Content-Type: application/json' -d "{\"name\":\"alice\",\"password\":\"$ALICE_PASSWORD\"}" "$HTTP/api/v1/session" | python3 -c 'import json,sys; print(json.load(sys.stdin)["token"])')
  status=$(curl -s -o /dev/null -w '%{http_code}' -H "Authorization: Bearer $token" "$HTTP/api/v1$what")
  [ "$status" = 403 ] || { echo "an agent got $status from $what"; failed=1; }
done
echo "  an agent is refused flows by the server"

timeout 240 node "$ROOT/tests/e2e/studio.mjs" & BROWSER=$!
wait_for published || { tail -n 15 "$LOG"; exit 1; }
prompt welcome "$WORK/welcome.wav" && prompt goodbye "$WORK/goodbye1.wav" || exit 1
expect_audio "the supervisor's page heard the draft's menu" "$WORK/test_welcome.wav" "$WORK/welcome.wav"
expect_audio "and what its key led to" "$WORK/test_goodbye.wav" "$WORK/goodbye1.wav"
call first || exit 1
touch "$WORK/calling"
wait_for published-again || { tail -n 15 "$LOG"; exit 1; }
prompt goodbye "$WORK/goodbye2.wav" || exit 1
phone_key "$CONTROL" 1; sleep 6
kill "$PHONE_PID" 2>/dev/null; wait "$PHONE_PID" 2>/dev/null
heard=$(phone_heard "$WORK/first")
expect_audio "baresip heard the new flow's menu" "$heard" "$WORK/welcome.wav"
expect_audio "the call in progress kept version 1" "$heard" "$WORK/goodbye1.wav"
refuse_audio "the call in progress heard version 2" "$heard" "$WORK/goodbye2.wav"
call second || exit 1
phone_key "$CONTROL" 1; sleep 6
kill "$PHONE_PID" 2>/dev/null; wait "$PHONE_PID" 2>/dev/null
expect_audio "a new call got version 2" "$(phone_heard "$WORK/second")" "$WORK/goodbye2.wav"
touch "$WORK/called"
wait "$BROWSER" || { echo "the studio failed"; tail -n 15 "$LOG"; exit 1; }

stop_demo || failed=1
start_demo || exit 1
api /flows/night | python3 -c '
import json, sys
flow = json.load(sys.stdin)
assert flow["published"]["version"] == 2 and flow["published"]["author"] == "sue", flow["published"]
assert flow["numbers"] == ["1500"], flow["numbers"]
print("  version 2 serves after a restart:", flow["published"]["note"])' || failed=1
sipp_calls after
callers=0
for heard in "$WORK"/after/*.wav; do
  callers=$((callers + 1))
  expect_audio "sipp's caller $callers heard the menu" "$heard" "$WORK/welcome.wav"
  expect_audio "sipp's caller $callers heard version 2 after the restart" "$heard" "$WORK/goodbye2.wav"
done
[ "$callers" = 2 ] || { echo "$callers callers of sipp heard something, two were expected"; failed=1; }
grep -aE 'panicked' "$LOG" && failed=1
exit $failed
