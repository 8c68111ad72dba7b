#!/usr/bin/env bash
# The command line, as other people's scripts use it: `serve` without a word, as a demonstration, and with flags over a file, on IPv4 and IPv6; its `voxdesk ready` line,
# /readyz, the end by INT; --help, `check`, `flow check`, `models list` and `transcribe` with what they print and how they end.
set -uo pipefail
# In a network of its own the default ports are free whatever else runs; where that is not allowed, they have to be.
if [ -z "${OWN_NETWORK:-}" ] && unshare -rn true 2>/dev/null; then OWN_NETWORK=1 exec unshare -rn "$0" "$@"; fi
[ -z "${OWN_NETWORK:-}" ] || ip link set lo up
. "$(dirname "$0")/demo.sh"
WORK=$(mktemp -d)
trap 'kill ${EAR:-} ${VOXDESK_PID:-} 2>/dev/null; [ -n "${KEEP:-}" ] && echo "kept $WORK" || rm -rf "$WORK"' EXIT
failed=0
fail() { echo "  FAIL $*"; failed=1; }
# Models are looked for in the cache: this one leads to where they are.
mkdir -p "$WORK/cache/voxdesk" && ln -s "$MODELS" "$WORK/cache/voxdesk/models"
export XDG_CACHE_HOME=$WORK/cache
cd "$WORK" || exit 1

# begin NAME HTTP-ADDRESS [FLAGS...]: `voxdesk serve FLAGS` in a folder NAME of its own. /readyz is asked from the first moment on.
begin() {
  local name=$1 http=$2 codes="" code; shift 2
  mkdir -p "$WORK/$name"; cd "$WORK/$name" || exit 1
  : >out
  "$VOXDESK" serve "$@" >out 2>log & VOXDESK_PID=$!
  until grep -q '^voxdesk ready' out; do
    kill -0 $VOXDESK_PID 2>/dev/null || { fail "serve $*"; tail -n 5 log; exit 1; }
    code=$(curl -s -o /dev/null -w '%{http_code}' --max-time 1 "http://$http/readyz")
    codes="$codes $code"
    [ "$code" != 200 ] || { sleep 0.3; grep -q '^voxdesk ready' out || fail "/readyz says ready before it is"; }
    sleep 0.05
  done
  [[ $codes == *503* ]] || fail "/readyz did not answer 503 before it was ready:$codes"
  code=$(curl -s -o /dev/null -w '%{http_code}' "http://$http/readyz")
  [ "$code" = 200 ] && echo "  serve $*: /readyz 200, before:$(tr ' ' '\n' <<<"$codes" | sort | uniq -c | awk 'NF > 1 {printf " %s (%s times)", $2, $1}')" || fail "/readyz is $code when it is ready"
  READY=$(grep '^voxdesk ready' out)
}
# The line is the contract; new words go to its end.
ready_is() { case "$READY " in "$1 "*) echo "  $READY" ;; *) fail "the line is: $READY"; echo "       it should begin: $1" ;; esac; }
owner_only() { [ "$(stat -c %a "$1")" = 600 ] || fail "$1 has mode $(stat -c %a "$1")"; }
# What the program listens on, one ADDRESS:PORT a line.
listening() { ss -H -lntup | grep "pid=$VOXDESK_PID," | awk '{print $5}' | sort -u; }
end() { # end: an idle program is gone within 3 s of an INT
  local began=${EPOCHREALTIME/./}
  kill -INT $VOXDESK_PID
  ( sleep 20; kill -KILL $VOXDESK_PID ) 2>/dev/null & local guard=$!
  wait $VOXDESK_PID; local status=$?
  { kill $guard; wait $guard; } 2>/dev/null
  local took=$(((${EPOCHREALTIME/./} - began) / 1000))
  VOXDESK_PID=
  cd "$WORK" || exit 1
  [ $status = 0 ] && [ $took -lt 3000 ] && echo "  INT: gone after $took ms" || fail "INT: status $status after $took ms"
}

# Without a word: a center without numbers, its record in .voxdesk.
begin default 127.0.0.1:8080
ready_is "voxdesk ready http=http://127.0.0.1:8080/ sip-udp=0.0.0.0:5060 sip-tcp=0.0.0.0:5060 rtp=0.0.0.0:20000-29999 credentials=$WORK/default/.voxdesk/credentials.json"
owner_only .voxdesk/credentials.json
[ -s .voxdesk/voxdesk.db ] || fail "there is no record in .voxdesk"
find .voxdesk -name '*.bin' | grep -q . && fail "models are in the data directory"
curl -sS http://127.0.0.1:8080/ | grep -qi '<!doctype html' || fail "there is no page"
sipsak -s sip:127.0.0.1:5060 >/dev/null 2>&1 || fail "OPTIONS is not answered"
end

# The demonstration listens to this machine alone, and its passwords are for its owner alone.
begin demo 127.0.0.1:8080 --demo
ready_is "voxdesk ready http=http://127.0.0.1:8080/ sip-udp=127.0.0.1:5060 sip-tcp=127.0.0.1:5060 rtp=127.0.0.1:20000-29999 credentials=$WORK/demo/.voxdesk/demo.json"
owner_only .voxdesk/demo.json
elsewhere=$(listening | grep -vE '^(127\.|\[::1\])')
[ -n "$(listening)" ] && [ -z "$elsewhere" ] && echo "  it listens on:" $(listening) || fail "it listens elsewhere too:" $elsewhere
end

# Flags win over the file; a call over IPv6 is heard.
cp -r "$ROOT/flows" . && sed 's/"127.0.0.1:5060"/"127.0.0.1:5999"/; s/"127.0.0.1:8080"/"127.0.0.1:8999"/; s/20000-29999/30000-30999/' "$ROOT/gateway/demo/demo.toml" >center.toml
four=$(free_port) six=$(free_port) http=$(free_port) range=$(rtp_range)
begin flags 127.0.0.1:"$http" --config ../center.toml --data-dir elsewhere --models "$MODELS" --sip 127.0.0.1:"$four" --sip "[::1]:$six" --http 127.0.0.1:"$http" --rtp "$range"
both="127.0.0.1:$four,[::1]:$six"
ready_is "voxdesk ready http=http://127.0.0.1:$http/ sip-udp=$both sip-tcp=$both rtp=$range credentials=$WORK/flags/elsewhere/demo.json"
listening | grep -E ':(5999|8999)$' && fail "it listens on what the file says too"
sipsak -s sip:127.0.0.1:"$four" >/dev/null 2>&1 || fail "OPTIONS over IPv4 is not answered"
mkdir heard
python3 "$ROOT/tests/e2e/ear.py" heard ::1 >ear & EAR=$!
until [ -s ear ]; do sleep 0.05; done
timeout 40 sipp "[::1]:$six" -sf "$ROOT/tests/e2e/sipp_menu.xml" -i ::1 -key ear "$(cat ear)" -m 1 -nostdin >/dev/null 2>&1 || fail "the call over IPv6"
kill -TERM $EAR; wait $EAR 2>/dev/null
DATA=$WORK/flags/elsewhere prompt menu 1000; DATA=$WORK/flags/elsewhere prompt support 1000 2; DATA=$WORK/flags/elsewhere prompt sales 1000 1
hears "the caller over IPv6" heard/*.wav "$WORK/menu.wav"; hears "the caller over IPv6" heard/*.wav "$WORK/support.wav"; hears_not "the caller over IPv6" heard/*.wav "$WORK/sales.wav"
end

# says STATUS WHAT COMMAND...: it ends with the status and prints lines among which one matches WHAT. Kept in `said`.
says() {
  local status=$1 what=$2; shift 2
  "$VOXDESK" "$@" >said 2>&1; local got=$?
  [ $got = "$status" ] && grep -qE -- "$what" said && echo "  $*: $got, $(grep -m 1 -E -- "$what" said | cut -c -110)" || { fail "$*: status $got instead of $status, or without \"$what\":"; head -n 5 said; }
}
for command in serve check flow models transcribe; do says 0 "^  $command " --help; done
for flag in config data-dir models demo sip http rtp; do says 0 "^ +--$flag " serve --help; done
says 2 "unexpected argument" serve --nonsense
says 2 "127.0.0.1:20000-29999" serve --rtp 5

says 0 "^center.toml: ok, 14 numbers, 1 flows" check center.toml
wrong() { # wrong PLACE WHAT SED: the file with a mistake is refused with its place, what was found and what would be right
  sed "$3" center.toml >wrong.toml
  says 1 "^$1: .*$2.*;" check wrong.toml
}
place() { awk -v text="$1" -v nth="${2:-1}" 'index($0, text) && ++seen == nth {print NR; exit}' center.toml; }
wrong "wrong.toml:$(place '[listen]' | awk '{print $1 + 1}'):1" colour '/^\[listen\]/a colour = "red"'
wrong "wrong.toml:$(place 'name = "bob"'):8" alice 's/^name = "bob"/name = "alice"/'
wrong "wrong.toml:$(place 'role = "supervisor"'):8" boss 's/"supervisor"/"boss"/'
wrong "wrong.toml:$(place 'number = "1001"'):10" 1000 's/^number = "1001"/number = "1000"/'
wrong "wrong.toml:$(place 'flow = "flows/main.toml"'):8" nowhere '0,/flows\/main/s//flows\/nowhere/'
wrong "wrong.toml:$(place 'model = "base"'):9" bse 's/^model = "base"/model = "bse"/'
says 1 "^missing.toml:1:1: " check missing.toml
says 0 "^flows/main.toml: ok, " flow check flows/main.toml
sed 's/^next = "now_answer"/next = "now_anser"/' flows/main.toml >flows/wrong.toml
says 1 "^flows/wrong.toml:$(awk '/^next = "now_answer"/ {print NR}' flows/main.toml):8: .*now_anser.*now_answer" flow check flows/wrong.toml

says 0 "^base " models list
says 0 "$WORK/cache/voxdesk/models/.*base.*bin" models list
says 0 "not here" models list --models "$WORK/nothing"
cp "$INTEROP/media/caller_16000.wav" caller.wav
sox -q -n -r 8000 -c 1 -b 16 silent.wav trim 0 3
head -c 3000 /dev/urandom >broken.wav
says 0 '^\[00:00:00\.[0-9]+ - 00:00:[0-9.]+\] .*order' transcribe caller.wav
says 0 '^caller.wav: 12\.[0-9]+ s of audio in [0-9.]+ s \(real-time factor [0-9.]+\), model base$' transcribe caller.wav
says 0 '^silent.wav: 3.00 s of audio' transcribe silent.wav
grep -q '^no speech was found$' said || fail "it is not said that there is no speech"
grep -q '^\[' said && fail "silence was written down as words"
says 1 '^broken.wav: .* file would be right$' transcribe broken.wav
says 1 '^missing.wav: ' transcribe missing.wav
# One that cannot be read does not keep the others from it.
says 1 '^broken.wav: ' transcribe broken.wav caller.wav
grep -q 'order' said || fail "the other recording was not written down"
ffmpeg -v error -y -i caller.wav caller.mp3
"$VOXDESK" transcribe --json caller.mp3 2>/dev/null | python3 -c '
import json, sys
one = json.load(sys.stdin)
assert one["file"] == "caller.mp3" and one["model"] == "base" and one["speakers"] == 1, one
assert "parcel" in one["text"] and 12 < one["audio_seconds"] < 13, one
assert all(s["end_ms"] > s["start_ms"] and s["text"] for s in one["segments"]) and one["real_time_factor"] > 0, one
print("  transcribe --json caller.mp3:", len(one["segments"]), "segments")' || fail "transcribe --json"
exit $failed
