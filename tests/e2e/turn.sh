#!/usr/bin/env bash
# A page behind a firewall that lets nothing but TURN through: credentials from the API, audio through coturn (Debian package `coturn`).
set -uo pipefail
. "$(dirname "$0")/demo.sh"
command -v turnserver >/dev/null || { echo "  coturn is not installed: scripts/need.sh test"; exit 1; }
[ -f "$ROOT/tests/interop/media/caller_long_48000.wav" ] || "$ROOT/tests/interop/make_media.sh" >/dev/null || exit 1
js=$ROOT/tests/interop/js
{ [ -d "$js/node_modules" ] || (cd "$js" && npm ci --no-audit --no-fund --loglevel=error); } && (cd "$js" && npm run --silent build) || exit 1
WORK=$(mktemp -d); TURN=$(free_port)
mkdir "$WORK/flows"; cp "$ROOT/flows/main.toml" "$WORK/flows/"; cp "$ROOT/gateway/demo/demo.toml" "$WORK/center.toml"
printf '\n[turn]\nurls = ["turn:127.0.0.1:%s?transport=udp"]\nsecret = "between the two of us"\nlifetime = 600\n' "$TURN" >>"$WORK/center.toml"
CONFIG_FLAGS="--config $WORK/center.toml" start_demo || exit 1
turnserver -n --no-tls --no-dtls --no-cli --use-auth-secret --static-auth-secret="between the two of us" --realm=voxdesk.test --listening-ip=127.0.0.1 --relay-ip=127.0.0.1 \
  --listening-port="$TURN" --allow-loopback-peers --cli-password=unused --pidfile "$WORK/pid" --log-file="$WORK/turn.log" --simple-log --userdb="$WORK/db" >/dev/null 2>&1 & TURN_PID=$!
trap 'kill $TURN_PID 2>/dev/null; stop_demo; rm -rf "$DATA" "$WORK"' EXIT
export HTTP HTTP_PORT API_KEY ROOT WORK DATA
node "$ROOT/tests/e2e/turn.mjs"
result=$?
[ $result = 0 ] || { tail -n 5 "$LOG"; tail -n 12 "$WORK"/turn*.log; }
exit $result
