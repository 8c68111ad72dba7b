#!/usr/bin/env bash
# Scanners: while a phone (baresip, 127.0.0.1) talks with the echo, somebody looks for names of users from 127.0.0.3 and a guesser answers challenges with wrong passwords from 127.0.0.2. Both are
# banned and listed with their reasons; the guesser's datagrams and connections are turned away, the phone keeps hearing itself. The bans outlive a `kill -9`; one is lifted, which is in the
# audit trail, and its address is served again. Loopback is allowed by default: here the list is empty.
set -uo pipefail
. "$(dirname "$0")/demo.sh"
. "$(dirname "$0")/phone.sh"
[ -f "$INTEROP/media/caller_long_8000.wav" ] || "$INTEROP/make_media.sh" >/dev/null || exit 1
WORK=$(mktemp -d)
mkdir "$WORK/flows" && cp "$ROOT/flows/main.toml" "$WORK/flows/"
cp "$ROOT/gateway/demo/demo.toml" "$WORK/center.toml"
sed -i 's/^\[speech\]/[speech]\nenabled = false/' "$WORK/center.toml"
printf '\n[sip.guard]\nallow = []\nban_s = 900\n' >>"$WORK/center.toml"
CONFIG_FLAGS="--config $WORK/center.toml" start_demo || exit 1
trap 'kill ${PHONE_PID:-} ${NAMES:-} 2>/dev/null; stop_demo; [ -n "${KEEP:-}" ] && echo "kept $WORK $DATA" || rm -rf "$WORK" "$DATA"' EXIT
failed=0
fail() { echo "  FAIL $*"; failed=1; }
from() { local local=$1; shift; LOCAL=$local HOST=127.0.0.1 PORT=$SIP_PORT DOMAIN=127.0.0.1 SIPUSER=1101 PYTHONPATH=$INTEROP/checks timeout 60 python3 "$ROOT/tests/e2e/scanner.py" "$@"; }
# banned ADDRESS REASON: waits until it is listed so.
banned() {
  for _ in $(seq 100); do
    api /sip/bans | python3 -c 'import json,sys; bans=json.load(sys.stdin)["items"]; sys.exit(not any((b["address"],b["reason"])==tuple(sys.argv[1:]) for b in bans))' "$@" 2>/dev/null && { echo "  $1 is banned: $2"; return; }
    sleep 0.1
  done
  fail "$1 is not banned for $2: $(api /sip/bans)"
}
CONTROL=$(free_port)
phone_call "$WORK/phone" "$CONTROL" 1001 "$INTEROP/media/caller_long_8000.wav"
phone_until_established "$CONTROL" || exit 1
attacked=$(date +%s.%N)
from 127.0.0.3 names & NAMES=$!
from 127.0.0.2 guess || fail "the guesser was not stopped"
banned 127.0.0.2 passwords
banned 127.0.0.3 users
wait $NAMES || fail "who looked for names was not stopped, or learned some"
from 127.0.0.2 answered && fail "a banned address is answered"
from 127.0.0.2 connects && fail "a connection of a banned address is served"
from 127.0.0.1 answered || fail "another address is not served"
# Long enough to have said a sentence.
while [ "$(awk "BEGIN{print ($(date +%s.%N)-$attacked < 6)}")" = 1 ]; do sleep 0.2; done
phone_part "$WORK/phone" "$WORK/during.wav" "$attacked" "$(date +%s.%N)"
phone_hang_up "$CONTROL"
hears "the phone, during the attack," "$WORK/during.wav" "$INTEROP/media/caller_8000.wav"
kill -KILL "$VOXDESK_PID"; wait "$VOXDESK_PID" 2>/dev/null
CONFIG_FLAGS="--config $WORK/center.toml" start_demo || exit 1
banned 127.0.0.2 passwords
from 127.0.0.2 answered && fail "a restart forgot the ban"
api /sip/bans/127.0.0.2 -X DELETE || fail "the ban could not be lifted"
from 127.0.0.2 answered || fail "a forgiven address is not served"
from 127.0.0.2 connects || fail "a forgiven address cannot connect"
api '/audit?key=sip_ban:127.0.0.2' | python3 -c '
import json, sys
change = json.load(sys.stdin)["items"][0]
assert change["by"] == "key:demo" and change["after"] is None and json.loads(change["before"])["reason"] == "passwords", change
print("  the audit trail says who lifted the ban")' || failed=1
[ "$(api /sip/bans -X POST -H 'Content-Type: application/json' -d '{"address":"127.0.0.2"}' | python3 -c 'import json,sys; print(json.load(sys.stdin)["reason"])')" = by_hand ] || fail "no ban by hand"
from 127.0.0.2 answered && fail "a ban by hand does not hold"
grep -aE 'panicked|127\.0\.0\.[23]' "$LOG" && fail "the log has an address, or a panic"
[ $failed = 0 ] || tail -n 15 "$LOG"
exit $failed
