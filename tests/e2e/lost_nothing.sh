#!/usr/bin/env bash
# The proof that nothing is lost: 10,000 messages (COUNT) of 300 customers over a signed web hook, an app and a WeChat account, a third of them cut off before the answer, many sent
# twice at once, the process killed twice in between (kill -9). Every customer's messages must be in the record once and in order, and every greeting must have left once.
set -uo pipefail
. "$(dirname "$0")/demo.sh"
WORK=$(mktemp -d)
mkdir -p "$WORK/flows" && cp "$ROOT/flows/main.toml" "$WORK/flows/"
STANDIN=$(free_port)
sed 's/^model = "base"$/enabled = false/' "$ROOT/gateway/demo/demo.toml" > "$WORK/center.toml"
cat >> "$WORK/center.toml" <<TOML

[[channels]]
name = "sms"
kind = "webhook"
entry = "chat"
secret = "s3cret"
url = "http://127.0.0.1:$STANDIN/out"

[[channels]]
name = "shop"
kind = "app"
entry = "chat"
secret = "s3cret"
url = "http://127.0.0.1:$STANDIN/out"

[[channels]]
name = "gzh"
kind = "wechat"
entry = "chat"
token = "s3cret"
app_id = "wx1"
secret = "s3cret"
api = "http://127.0.0.1:$STANDIN"
TOML
CONFIG_FLAGS="--config $WORK/center.toml"
start_demo || exit 1
echo "$VOXDESK_PID" > "$WORK/pid"
( while [ -d "$WORK" ]; do
    [ -f "$WORK/kill" ] && { rm "$WORK/kill"; kill -KILL "$(cat "$WORK/pid")"; start_demo && echo "$VOXDESK_PID" > "$WORK/pid"; }
    sleep 0.1
  done ) 2>/dev/null &
WATCHER=$!
trap 'kill $WATCHER 2>/dev/null; kill -INT $(cat "$WORK/pid"); sleep 1; [ -n "${KEEP:-}" ] && echo "kept $WORK $DATA" || rm -rf "$WORK" "$DATA"' EXIT
export HTTP API_KEY WORK STANDIN COUNT=${COUNT:-10000}
timeout 1200 node "$ROOT/tests/e2e/lost_nothing.mjs" || { tail -n 15 "$LOG"; exit 1; }
