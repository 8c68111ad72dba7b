#!/usr/bin/env bash
# A recorded call between two real phones, judged by what the recording sounds like: both sides apart, a pause that is silence, ranges, roles, sealed on the
# disk; played in the conversation's page with the spoken line lit. Then `kill -9` in mid-call: the recording plays and lacks less than a second.
set -uo pipefail
. "$(dirname "$0")/demo.sh"
. "$(dirname "$0")/phone.sh"
WORK=$(mktemp -d)
DATA=$(mktemp -d)
# The demonstration, with a recorded queue.
mkdir "$WORK/conf" && cp -r "$ROOT/flows" "$WORK/conf/flows"
python3 - "$ROOT/gateway/demo/demo.toml" "$WORK/conf/demo.toml" <<'PY'
import sys
text = open(sys.argv[1]).read()
made = text.replace('[[queues]]\nname = "support"\n', '[[queues]]\nname = "support"\nrecording = "always"\n')
assert made != text
open(sys.argv[2], "w").write(made)
PY
CONFIG_FLAGS="--config $WORK/conf/demo.toml"
start_demo || exit 1
trap 'kill ${PHONE_PID:-} ${AGENT_PID:-} 2>/dev/null; stop_demo; [ -n "${KEEP:-}" ] && echo "kept $WORK $DATA" || rm -rf "$WORK" "$DATA"' EXIT
failed=0
fail() { echo "  FAIL $*"; failed=1; }
order() { curl -sS --fail-with-body -H "Authorization: Bearer $API_KEY" -H 'Content-Type: application/json' -d "$2" "$HTTP/api/v1$1"; }

# bob's phone: registered, answers by itself, speaks the agent's words.
agent_phone() {
  local control sip password; control=$(free_port); sip=$(free_port)
  password=$(demo_value '[u for u in d["users"] if u["name"]=="bob"][0]["sip_password"]')
  RTP=$((46000 + RANDOM % 2000 * 2))-$((51000)) "$INTEROP/bin/mkbaresip.sh" "$WORK/agent" "$sip" "$control" "$INTEROP/media/agent_long_8000.wav" \
    "<sip:1102@127.0.0.1:$SIP_PORT;transport=udp>;auth_user=1102;auth_pass=$password;regint=60;answermode=auto;audio_codecs=pcmu/8000/1"
  timeout 120 baresip -s -f "$WORK/agent" -t 118 >"$WORK/agent/log" 2>&1 &
  AGENT_PID=$!
  for _ in $(seq 50); do
    api /agents | python3 -c 'import json,sys; sys.exit(not next(a for a in json.load(sys.stdin)["items"] if a["name"]=="bob")["phone"])' && break
    sleep 0.2
  done
  curl -sS --fail-with-body -X PUT -H "Authorization: Bearer $API_KEY" -H 'Content-Type: application/json' -d '{"ready":true}' "$HTTP/api/v1/agents/bob/ready"
}
# call_until_recorded DIR: a customer calls; prints the conversation once its recording has begun.
call_until_recorded() {
  CONTROL=$(free_port)
  phone_call "$1" "$CONTROL" 1003 "$INTEROP/media/caller_long_8000.wav" >/dev/null
  for _ in $(seq 100); do
    sleep 0.2
    CALL=$(api '/conversations?open=true' | python3 -c 'import json,sys; print(next((c["id"] for c in json.load(sys.stdin)["items"] if c["state"]=="talking"), ""))')
    [ -n "$CALL" ] && api "/conversations/$CALL" | grep -q recording_began && return 0
  done
  echo "no recording began"; tail -n 5 "$LOG"; return 1
}
heard() { # heard CALL NAME: fetches the recording and splits its sides
  api "/conversations/$1/recording" -o "$WORK/$2.ogg" || return 1
  ffmpeg -v error -y -i "$WORK/$2.ogg" -ar 16000 "$WORK/$2.wav" || return 1
  sox "$WORK/$2.wav" "$WORK/$2_customer.wav" remix 1; sox "$WORK/$2.wav" "$WORK/$2_staff.wav" remix 2
}
sounds() { # sounds WHAT FILE REFERENCE
  local said; said=$("$PYV" "$INTEROP/bin/audiochk.py" "$2" "$3" --min 0.6) || failed=1
  echo "  $1: $said"
}
level() { sox "$1" -n trim "$2" "$3" stat 2>&1 | awk '/Maximum amplitude/ {a=$3} /Minimum amplitude/ {b=-$3} END {print (a>b?a:b)}'; }
event_s() { # event_s CALL CODE: seconds from the beginning of the recording
  api "/conversations/$1" | python3 -c '
import datetime, json, sys
entries = json.load(sys.stdin)["entries"]
at = lambda code: next(datetime.datetime.fromisoformat(e["at"].replace("Z", "+00:00")).timestamp() for e in entries if e["text"] == code)
print(round(at(sys.argv[1]) - at("recording_began"), 3))' "$2"
}

agent_phone
call_until_recorded "$WORK/phone" || exit 1
sleep 7; order "/conversations/$CALL/commands?agent=bob" '{"command":"record","on":false}' || fail "pause"
sleep 3; order "/conversations/$CALL/commands?agent=bob" '{"command":"record","on":true}' || fail "resume"
sleep 5; phone_hang_up "$CONTROL"; sleep 1; kill "$PHONE_PID" 2>/dev/null
heard "$CALL" first || { echo "no recording"; tail -n 5 "$LOG"; exit 1; }
sounds "left is what the customer said" "$WORK/first_customer.wav" "$INTEROP/media/caller_8000.wav"
sounds "right is what the agent said" "$WORK/first_staff.wav" "$INTEROP/media/agent_8000.wav"
"$PYV" "$INTEROP/bin/audiochk.py" "$WORK/first_customer.wav" "$INTEROP/media/agent_8000.wav" --min 0.6 >/dev/null && fail "the agent is on the customer's side"
from=$(event_s "$CALL" recording_paused); to=$(event_s "$CALL" recording_resumed)
for side in customer staff; do
  peak=$(level "$WORK/first_$side.wav" "$(awk "BEGIN{print $from+0.2}")" "$(awk "BEGIN{print $to-$from-0.4}")")
  around=$(level "$WORK/first_$side.wav" 0 "$from")
  echo "  paused from $from s to $to s, $side: peak $peak (before: $around)"
  awk "BEGIN{exit !($peak < 0.0005 && $around > 0.05)}" || fail "the pause is not silent"
done
ended=$(event_s "$CALL" recording_ended); lasts=$(soxi -D "$WORK/first.wav")
echo "  it lasts $lasts s of $ended s"
awk "BEGIN{d=$lasts-$ended; exit !(d<0.3 && d>-0.3)}" || fail "its length is not that of the talk"
size=$(stat -c %s "$WORK/first.ogg")
api "/conversations/$CALL/recording" -r 1000-4999 -o "$WORK/part" -D "$WORK/head" && grep -qi "^content-range: bytes 1000-4999/$size" "$WORK/head" &&
  cmp -s "$WORK/part" <(tail -c +1001 "$WORK/first.ogg" | head -c 4000) && echo "  a range is that part of it" || fail "range"
grep -rlaq OggS "$DATA/recordings" && fail "the file is not sealed" || echo "  sealed on the disk: $(find "$DATA/recordings" -name '*.sealed' -printf '%s bytes')"
sign_in() { curl -sS -c "$WORK/$1.jar" -H 'X-Voxdesk: 1' -H 'Content-Type: application/json' -d "{\"name\":\"$1\",\"password\":\"$(demo_value "[u for u in d['users'] if u['name']=='$1'][0]['password']")\"}" "$HTTP/api/v1/session" >/dev/null; }
for who in alice:403 bob:200 sue:200; do
  sign_in "${who%:*}"
  got=$(curl -sS -b "$WORK/${who%:*}.jar" -o /dev/null -w '%{http_code}' "$HTTP/api/v1/conversations/$CALL/recording")
  [ "$got" = "${who#*:}" ] && echo "  ${who%:*} gets $got" || fail "${who%:*} gets $got"
done
export HTTP CALL ROOT WORK SCREENSHOTS=${SCREENSHOTS:-$ROOT/out/screenshots}
passwords sue
export API_KEY
timeout 60 node "$ROOT/tests/e2e/recording.mjs" || failed=1

# The crash.
order "/conversations/$CALL/commands?agent=bob" '{"command":"wrap_up_done"}'
call_until_recorded "$WORK/phone2" || exit 1
sleep 6
killed=$(date +%s.%N); kill -KILL "$VOXDESK_PID"; wait "$VOXDESK_PID" 2>/dev/null
kill "$PHONE_PID" "$AGENT_PID" 2>/dev/null
start_demo || exit 1
heard "$CALL" killed || { fail "the recording of the crashed call does not play"; exit 1; }
began=$(api "/conversations/$CALL" | python3 -c '
import datetime, json, sys
print(next(datetime.datetime.fromisoformat(e["at"].replace("Z", "+00:00")).timestamp() for e in json.load(sys.stdin)["entries"] if e["text"] == "recording_began"))')
lasts=$(soxi -D "$WORK/killed.wav")
missing=$(awk "BEGIN{print $killed-$began-$lasts}")
echo "  killed: $lasts s are there, $missing s are missing"
awk "BEGIN{exit !($missing < 1.0 && $lasts > 4)}" || fail "more than a second was lost"
sounds "and they are the customer" "$WORK/killed_customer.wav" "$INTEROP/media/caller_8000.wav"
exit $failed
