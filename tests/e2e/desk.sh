#!/usr/bin/env bash
# The desk in headless Chromium, without a phone: an administrator promises answers within a minute (the audit names them), a supervisor writes an article in English
# and one in Chinese and finds both, a customer's chat brings the right article to alice, who puts it into her answer; a ticket goes through its states by the page, two
# are merged, a customer is edited, found, merged with another record and split again, one that nobody answered becomes overdue; after a restart all of it is still there. Screenshots go to out/screenshots, or where SCREENSHOTS says.
set -uo pipefail
. "$(dirname "$0")/demo.sh"
WORK=$(mktemp -d)
start_demo || exit 1
trap 'stop_demo; [ -n "${KEEP:-}" ] && echo "kept $WORK $DATA" || rm -rf "$WORK" "$DATA"' EXIT
export HTTP API_KEY ROOT
export SCREENSHOTS=${SCREENSHOTS:-$ROOT/out/screenshots}
passwords alice bob sue admin
timeout 240 node "$ROOT/tests/e2e/desk.mjs" || { tail -n 15 "$LOG"; exit 1; }
failed=0
grep -q 'tickets are overdue' "$LOG" || { echo "nobody was told of the overdue ticket"; failed=1; }
hashes() { python3 -c 'import json,sys; print(sorted(u["hash"] for u in json.load(open(sys.argv[1]))["users"]))' "$DATA/demo.json"; }
before=$(hashes)

stop_demo || failed=1
start_demo || exit 1
[ "$(hashes)" = "$before" ] || { echo "passwords were hashed again at the second start"; failed=1; }
api '/knowledge/search?q=%E5%A4%9A%E4%B9%85%E9%80%80%E6%AC%BE' | python3 -c '
import json, sys
found = [one["key"] for one in json.load(sys.stdin)["items"]]
assert found[:1] == ["refund-zh"], found
print("  after a restart the article is found by its Chinese words, and no password was hashed anew")' || failed=1
grep -aE 'panicked' "$LOG" && failed=1
exit $failed
