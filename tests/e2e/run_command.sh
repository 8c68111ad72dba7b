#!/usr/bin/env bash
# What `make run` and `make demo-call` start, as a person does: scripts/run.sh tells where to go, scripts/demo-call.sh calls 1004 and its words are written down, Ctrl-C
# ends both. And which versions of Node scripts/need.sh takes.
set -uo pipefail
. "$(dirname "$0")/demo.sh"
WORK=$(mktemp -d)
DATA=$WORK/data
failed=0
fail() { echo "  FAIL $*"; failed=1; }
trap 'for pid in ${CALL_PID:-} ${RUN_PID:-}; do kill -TERM -- -$pid 2>/dev/null; done; [ -n "${KEEP:-}" ] && echo "kept $WORK" || rm -rf "$WORK"' EXIT

# Ctrl-C goes to all that a terminal runs in the foreground: each command is a group of its own here, and hears INT.
set -m
sip=127.0.0.1:$(free_port) http=127.0.0.1:$(free_port)
: >"$WORK/run"
VOXDESK_DATA=$DATA VOXDESK_MODELS=$MODELS "$ROOT/scripts/run.sh" --sip "$sip" --http "$http" --rtp "$(rtp_range)" >"$WORK/run" 2>"$WORK/log" & RUN_PID=$!
for _ in $(seq 600); do
  grep -q 'Ctrl-C' "$WORK/run" && break
  kill -0 $RUN_PID 2>/dev/null || break
  sleep 0.1
done
API_KEY=$(demo_value 'd["api_key"]') HTTP=http://$http
password() { demo_value "[u for u in d['users'] if u['name']=='$1'][0]['$2']"; }
told() { grep -qF -- "$1" "$WORK/run" && echo "  it tells: $(grep -m 1 -F -- "$1" "$WORK/run" | sed 's/^ *//')" || { fail "it does not tell: $1"; cat "$WORK/run"; tail -n 5 "$WORK/log"; }; }
told "http://$http/          sign in as alice, password $(password alice password)"
told "http://$http/demo"
told "sip:1000@$sip"
told "password $(password alice sip_password), server $sip"
told "$DATA/demo.json"

"$ROOT/scripts/demo-call.sh" 1004 "$sip" >"$WORK/call" 2>&1 & CALL_PID=$!
said=""
for _ in $(seq 120); do
  sleep 0.5
  call=$(api '/conversations' | python3 -c 'import json,sys; print(next((c["id"] for c in json.load(sys.stdin)["items"]), ""))')
  [ -n "$call" ] && said=$(api "/conversations/$call" | python3 -c 'import json,sys; print(" ".join(e["text"] for e in json.load(sys.stdin)["entries"] if e["kind"] == "speech"))')
  [ "$(wc -w <<<"$said")" -ge 3 ] && break
  kill -0 $CALL_PID 2>/dev/null || break
done
[ "$(wc -w <<<"$said")" -ge 3 ] && echo "  1004 heard: $said" || { fail "the transcript is: $said"; cat "$WORK/call"; }
grep -q '^Calling 1004 at' "$WORK/call" || fail "demo-call.sh does not tell what it does"
ended() { # ended NAME PID: Ctrl-C ends it within ten seconds
  kill -INT -- "-$2"
  for _ in $(seq 100); do kill -0 "$2" 2>/dev/null || { echo "  Ctrl-C ends $1"; return; }; sleep 0.1; done
  fail "Ctrl-C does not end $1"
}
ended demo-call.sh $CALL_PID
for _ in $(seq 30); do state=$(api "/conversations/$call" | python3 -c 'import json,sys; print(json.load(sys.stdin)["state"])'); [ "$state" = ended ] && break; sleep 0.1; done
[ "$state" = ended ] || fail "the call goes on after Ctrl-C: $state"
ended run.sh $RUN_PID
curl -s -o /dev/null --max-time 1 "http://$http/healthz" && fail "the program goes on after Ctrl-C"
set +m

# Node, as Vite takes it.
mkdir "$WORK/bin"; printf '#!/bin/sh\necho "v$NODE"\n' >"$WORK/bin/node"; chmod +x "$WORK/bin/node"
for version in 18.20.0:no 20.0.0:no 20.18.3:no 20.19.0:yes 20.20.2:yes 21.7.3:no 22.11.0:no 22.12.0:yes 24.1.0:yes; do
  said=$(NODE=${version%:*} PATH=$WORK/bin:$PATH "$ROOT/scripts/need.sh" run 2>&1) && got=yes || got=no
  [ $got = yes ] || grep -q "^Node ${version%:*} was found; 20.19 or a later 20, or 22.12 or newer, is needed$" <<<"$said" || fail "need.sh says: $said"
  [ $got = "${version#*:}" ] || fail "Node ${version%:*}: $got"
done
[ $failed = 0 ] && echo "  need.sh takes Node 20.19 and later 20s, and 22.12 and newer"
exit $failed
