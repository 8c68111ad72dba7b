#!/usr/bin/env bash
# Channels against stand-ins that keep to the letter of each protocol, with alice in headless Chromium: a signed web hook (SMS), a company's own app, a WeChat official
# account in safe mode. Messages are doubled, cut off and repeated, the process is killed in between: all arrive once and in order, both ways. Screenshots go to out/screenshots.
set -uo pipefail
. "$(dirname "$0")/demo.sh"
WORK=$(mktemp -d)
mkdir -p "$WORK/flows" && cp "$ROOT/flows/main.toml" "$WORK/flows/"
STANDIN=$(free_port)
export GUIDE_PORT; GUIDE_PORT=$(free_port)
export SMS_SECRET=s3cret-of-sms
sed 's/^model = "base"$/enabled = false/' "$ROOT/gateway/demo/demo.toml" > "$WORK/center.toml"
cat >> "$WORK/center.toml" <<TOML

[http]
hosts = ["127.0.0.1:$STANDIN", "127.0.0.1:$GUIDE_PORT"]

[[channels]]
name = "sms"
kind = "webhook"
entry = "chat"
secret = "env:SMS_SECRET"
url = "http://127.0.0.1:$STANDIN/sms"

[[channels]]
name = "shop"
kind = "app"
entry = "chat"
secret = "secret-of-the-app"
url = "http://127.0.0.1:$STANDIN/push"
link = "shop://chat/{conversation}"

[[channels]]
name = "gzh"
kind = "wechat"
entry = "chat"
lang = "zh"
token = "token-of-gzh"
app_id = "wx0123456789"
secret = "secret-of-gzh"
aes_key = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
api = "http://127.0.0.1:$STANDIN"
TOML
CONFIG_FLAGS="--config $WORK/center.toml"
start_demo || exit 1
# The browser asks for a kill by a file, and is told of the restart by another.
( while [ -d "$WORK" ]; do
    [ -f "$WORK/kill" ] && { rm "$WORK/kill"; kill -KILL "$(cat "$WORK/pid")"; sleep 0.3; start_demo && echo $VOXDESK_PID > "$WORK/pid" && touch "$WORK/restarted"; }
    sleep 0.1
  done ) &
WATCHER=$!
echo $VOXDESK_PID > "$WORK/pid"
trap 'kill $WATCHER 2>/dev/null; VOXDESK_PID=$(cat "$WORK/pid"); kill -TERM $VOXDESK_PID; sleep 0.5; kill -INT $VOXDESK_PID 2>/dev/null; [ -n "${KEEP:-}" ] && echo "kept $WORK $DATA" || rm -rf "$WORK" "$DATA"' EXIT
export HTTP API_KEY ROOT WORK STANDIN
export SCREENSHOTS=${SCREENSHOTS:-$ROOT/out/screenshots}
passwords alice admin
timeout 120 node "$ROOT/tests/e2e/channels.mjs" || { tail -n 15 "$LOG"; exit 1; }
failed=0
grep -aE 'panicked' "$LOG" && failed=1
# What customers write is in no log, and neither is a token.
grep -aE 'Where is my order|订单|TOKEN-|\+49301234567' "$LOG" && { echo "personal data in the log"; failed=1; }
exit $failed
