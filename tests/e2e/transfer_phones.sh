#!/usr/bin/env bash
# A customer and two agents, all on real SIP phones, each with a voice of their own: consultation, conference, attended and blind transfer by the API's
# orders. Judged by what the phones received during each step.
set -uo pipefail
. "$(dirname "$0")/demo.sh"
. "$(dirname "$0")/phone.sh"
[ -f "$INTEROP/media/caller_long_8000.wav" ] || "$INTEROP/make_media.sh" >/dev/null || exit 1
WORK=$(mktemp -d)
say() { # say NAME VOICE TEXT
  espeak-ng -v "$2" -s 150 --stdout "$3" >"$WORK/$1_raw.wav"
  sox -q "$WORK/$1_raw.wav" -r 8000 -c 1 -b 16 "$WORK/$1.wav" norm -6
  sox -q "$WORK/$1.wav" "$WORK/$1_long.wav" pad 0 0.4 repeat 12
}
say alice en-gb "Thank you for waiting. My name is Alice, and I am happy to help. Could you give me the number of the order, and tell me which of the lamps was damaged?"
say bob en-us+m3 "Good morning, this is the workshop. We repaired seventeen bicycles yesterday, and every wheel turns quietly again. Shall I put your name on the list?"
# baresip 1.0 gives up when it is offered two digests: alice's account offers one here.
mkdir "$WORK/flows"; cp "$ROOT/flows/main.toml" "$WORK/flows/"
sed 's/^algorithms = .*/algorithms = ["MD5"]/' "$ROOT/gateway/demo/demo.toml" >"$WORK/center.toml"
CONFIG_FLAGS="--config $WORK/center.toml" start_demo || exit 1
PIDS=""
# shellcheck disable=SC2086
trap 'kill ${PHONE_PID:-} $PIDS 2>/dev/null; stop_demo; [ -n "${KEEP:-}" ] && echo "kept $WORK $DATA" || rm -rf "$WORK" "$DATA"' EXIT
failed=0
fail() { echo "  FAIL $*"; failed=1; }
order() { # order AGENT JSON
  curl -sS --fail-with-body -H "Authorization: Bearer $API_KEY" -H 'Content-Type: application/json' -d "$2" "$HTTP/api/v1/conversations/$CALL/commands?agent=$1" || fail "$1 $2"
}
state() { api /agents | python3 -c 'import json,sys; print(next(a for a in json.load(sys.stdin)["items"] if a["name"]==sys.argv[1])["state"])' "$1"; }
until_is() { for _ in $(seq 60); do [ "$(state "$1")" = "$2" ] && return 0; sleep 0.1; done; fail "$1 is $(state "$1"), not $2"; }
agent_phone() { # agent_phone NAME EXTENSION
  local password; password=$(demo_value "[u for u in d['users'] if u['name']=='$1'][0]['sip_password']")
  RTP=$((44000 + RANDOM % 3000 * 2))-$((52000)) "$INTEROP/bin/mkbaresip.sh" "$WORK/$1" "$(free_port)" "$(free_port)" "$WORK/$1_long.wav" \
    "<sip:$2@127.0.0.1:$SIP_PORT;transport=udp>;auth_user=$2;auth_pass=$password;regint=60;answermode=auto;audio_codecs=pcmu/8000/1"
  timeout 110 baresip -s -f "$WORK/$1" -t 108 >"$WORK/$1/log" 2>&1 &
  PIDS="$PIDS $!"
  for _ in $(seq 50); do
    api /agents | python3 -c 'import json,sys; sys.exit(not next(a for a in json.load(sys.stdin)["items"] if a["name"]==sys.argv[1])["phone"])' "$1" && return
    sleep 0.2
  done
  fail "$1's phone does not register"
}
agent_phone alice 1101; agent_phone bob 1102
curl -sS --fail-with-body -X PUT -H "Authorization: Bearer $API_KEY" -H 'Content-Type: application/json' -d '{"ready":true}' "$HTTP/api/v1/agents/alice/ready"
CONTROL=$(free_port)
# A phone hangs up when its recording ends.
sox -q "$INTEROP/media/caller_long_8000.wav" "$WORK/caller_long.wav" repeat 1
phone_call "$WORK/phone" "$CONTROL" 1003 "$WORK/caller_long.wav"
phone_until_established "$CONTROL" || exit 1
until_is alice talking
CALL=$(api '/conversations?open=true' | python3 -c 'import json,sys; print(json.load(sys.stdin)["items"][0]["id"])')
# Each step ends at a time; what the customer received is cut there, counted back from the end of the call.
times=""
during() { sleep 0.7; local from; from=$(date +%s.%N); sleep "$2"; times="$times $1:$from:$(date +%s.%N)"; }
during talk 5
order alice '{"command":"consult","to":{"agent":"bob"}}'; until_is bob talking
during aside 5
order alice '{"command":"join"}'
during conference 9
order alice '{"command":"complete"}'; until_is alice wrapup
during handed 5
order bob '{"command":"transfer","to":{"agent":"alice"}}'; until_is alice talking
during back 5
order alice '{"command":"transfer","to":{"number":"nobody-there"}}'
sleep 1
phone_hang_up "$CONTROL"; ended=$(date +%s.%N); sleep 1
# shellcheck disable=SC2086
kill "$PHONE_PID" $PIDS 2>/dev/null; sleep 0.5
heard=$(phone_heard "$WORK/phone"); lasts=$(soxi -D "$heard")
cut() { # cut STEP: what the customer received during it
  local entry; for entry in $times; do
    case $entry in "$1":*) IFS=: read -r _ from to <<<"$entry" ;; esac
  done
  sox -q "$heard" "$WORK/customer_$1.wav" trim "$(awk "BEGIN{print $lasts-($ended-$from)}")" "$(awk "BEGIN{print $to-$from}")"
}
customer() { # customer STEP NAME yes|no
  [ -f "$WORK/customer_$1.wav" ] || cut "$1"
  if [ "$3" = yes ]; then hears "$1: the customer" "$WORK/customer_$1.wav" "$WORK/$2.wav"; else hears_not "$1: the customer" "$WORK/customer_$1.wav" "$WORK/$2.wav"; fi
}
customer talk alice yes; customer talk bob no
customer aside alice no; customer aside bob no
customer conference alice yes; customer conference bob yes
customer handed bob yes; customer handed alice no
customer back alice yes; customer back bob no
agent_heard() { # agent_heard NAME VOICE-FILE WHAT
  local file said; for file in "$WORK/$1"/rec/*dec.wav; do
    said=$("$PYV" "$INTEROP/bin/voice.py" "$file" "$2" $ALIKE) && { echo "  $1 heard $3: $said"; return; }
  done
  fail "$1 did not hear $3: $said"
}
agent_heard bob "$WORK/alice.wav" "alice, who asked"; agent_heard bob "$INTEROP/media/caller_8000.wav" "the customer"
agent_heard alice "$WORK/bob.wav" "bob, who was asked"
for _ in $(seq 30); do api "/conversations/$CALL" >"$WORK/call.json"; grep -q '"ended_at":"' "$WORK/call.json" && break; sleep 0.2; done
python3 - "$WORK/call.json" <<'PY' || failed=1
import json, sys
call = json.load(open(sys.argv[1]))
events = [e for e in call["entries"] if e["kind"] == "event"]
handed = ["%(by)s to %(to)s, %(how)s" % e["detail"] for e in events if e["text"] == "transferred"]
assert handed == ["alice to bob, attended", "bob to alice, blind", "alice to nobody-there, blind"], handed
assert any(e["text"] == "transfer_failed" for e in events), "a number that is nowhere brings the customer back"
assert call["queue"] == "support" and call["ticket_id"]
quality = next(e["detail"] for e in events if e["text"] == "quality" and e["leg"] == 0)
print("  the record:", "; ".join(handed), "| the customer's line: MOS", quality["mos"], "lost", quality["lost_percent"], "%")
PY
grep -aE 'panicked' "$LOG" && failed=1
exit $failed
