#!/usr/bin/env bash
# sipp calls the menu and presses 2 (INFO), ten callers at once: each hears the menu and then the queue (measured in what ear.py received), and is in the record with
# the key and the queue, ended because the caller left. What SIP the calls were made of is kept: whole for the administrator, masked for an agent, without proofs in the
# database (ladder.py).
set -uo pipefail
. "$(dirname "$0")/demo.sh"
start_demo || exit 1
WORK=$(mktemp -d)
trap 'kill ${EAR:-} 2>/dev/null; stop_demo; rm -rf "$WORK" "$DATA"' EXIT
mkdir "$WORK/heard"
python3 "$ROOT/tests/e2e/ear.py" "$WORK/heard" > "$WORK/ear" & EAR=$!
until [ -s "$WORK/ear" ]; do sleep 0.05; done
cd "$WORK" && timeout 60 sipp "127.0.0.1:$SIP_PORT" -sf "$ROOT/tests/e2e/sipp_menu.xml" -i 127.0.0.1 -key ear "$(cat "$WORK/ear")" -m 10 -r 5 -l 10 -nostdin >/dev/null 2>&1 || { echo "sipp failed"; exit 1; }
sleep 1
kill -TERM "$EAR"; wait "$EAR"
callers=0; failed=0
for heard in "$WORK"/heard/*.wav; do
  callers=$((callers + 1))
  for piece in "$(demo_value 'd["numbers"]["1000"]["plays"]')" "$(demo_value 'd["numbers"]["1000"]["after"]["2"]')"; do
    said=$("$PYV" "$ROOT/tests/interop/bin/audiochk.py" "$heard" "$piece" --min 0.6) || { failed=1; echo "  caller $callers, $(basename "$piece"): $said"; }
  done
done
[ "$callers" = 10 ] && [ "$failed" = 0 ] || { echo "$callers callers heard something, ten were expected to hear the menu and the queue"; exit 1; }
echo "  10 callers heard the menu, pressed 2 and heard the queue"
api '/conversations?limit=50' | python3 -c '
import json, sys
from datetime import datetime
calls = json.load(sys.stdin)["items"]
assert len(calls) == 10, len(calls)
for call in calls:
    assert call["queue"] == "support" and call["state"] == "ended" and call["reason"] == "hangup", call
    answered = datetime.fromisoformat(call["legs"][0]["answered_at"]) - datetime.fromisoformat(call["started_at"])
    assert answered.total_seconds() < 2, ("answered at once, recorded late", call)
    assert call["caller"] == "+4930123456", call["caller"]
print("  10 callers waited in support, and left")' || exit 1
passwords alice; export DATA HTTP API_KEY
python3 "$ROOT/tests/e2e/ladder.py" asked || exit 1
stop_demo || exit 1
python3 "$ROOT/tests/e2e/ladder.py" stored
