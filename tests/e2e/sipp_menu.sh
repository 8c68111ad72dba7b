#!/usr/bin/env bash
# sipp calls the menu and presses 2 (INFO), ten callers at once: each is in the record with the key and the queue, and ended because the caller left.
set -uo pipefail
. "$(dirname "$0")/demo.sh"
start_demo || exit 1
WORK=$(mktemp -d)
trap 'stop_demo; rm -rf "$WORK" "$DATA"' EXIT
cd "$WORK" && timeout 60 sipp "127.0.0.1:$SIP_PORT" -sf "$ROOT/tests/e2e/sipp_menu.xml" -i 127.0.0.1 -m 10 -r 5 -l 10 -nostdin >/dev/null 2>&1 || { echo "sipp failed"; exit 1; }
sleep 1
api '/conversations?limit=50' | python3 -c '
import json, sys
calls = json.load(sys.stdin)["items"]
assert len(calls) == 10, len(calls)
for call in calls:
    assert call["queue"] == "support" and call["state"] == "ended" and call["reason"] == "hangup", call
    assert call["caller"] == "+4930123456", call["caller"]
print("  10 callers pressed 2, waited in support, and left")'
