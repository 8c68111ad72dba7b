#!/usr/bin/env bash
# An administrator in headless Chromium makes a key for a program, which does what its scopes name and nothing else until it is revoked; then tries an import out and
# takes it in twice, in the browser and by `voxdesk import`. Screenshots go to out/screenshots.
set -uo pipefail
. "$(dirname "$0")/demo.sh"
WORK=$(mktemp -d)
mkdir -p "$WORK/flows" && cp "$ROOT/flows/main.toml" "$WORK/flows/"
sed 's/^model = "base"$/enabled = false/' "$ROOT/gateway/demo/demo.toml" >"$WORK/center.toml"
CONFIG_FLAGS="--config $WORK/center.toml"
start_demo || exit 1
trap 'stop_demo; rm -rf "$DATA" "$WORK"' EXIT
printf 'id,name,phone,email\n1,Jo Example,+49 30 1234567,jo@example.com\n2,Li,,nonsense\n3,Al,,al@example.com\n' >"$WORK/customers.csv"
export HTTP API_KEY ROOT WORK
export SCREENSHOTS=${SCREENSHOTS:-$ROOT/out/screenshots}
passwords admin
timeout 150 node "$ROOT/tests/e2e/keys.mjs" || { tail -n 15 "$LOG"; exit 1; }
# The command takes the same road: nothing is new, and the bad row is told by its place.
told=$(VOXDESK_KEY=$API_KEY "$VOXDESK" import customers "$WORK/customers.csv" --server "$HTTP" 2>&1) && { echo "a bad row, and the command ended with 0: $told"; exit 1; }
grep -q "customers.csv:3: email: nonsense; expected a mail address" <<<"$told" && grep -q '^0 new, 2 there already, 1 that cannot be used$' <<<"$told" || { echo "$told"; exit 1; }
grep -aE 'nonsense|vdk_|jo@example' "$LOG" && { echo "personal data or a key in the log"; exit 1; }
! grep -aE 'panicked' "$LOG"
