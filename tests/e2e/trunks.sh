#!/usr/bin/env bash
# An agent calls a number from the page. The way out is a trunk that is known by name only: dnsmasq answers SRV with two servers, of which the first has nobody listening
# (ICMP), the second is carrier.py. It wants a proof for registration and call, is heard before it answers (early media), and answers twice: the second must be ended. Both sides
# must hear each other (measured in received audio); a forbidden number, and a sip: address of a host that nobody allowed, are refused; what the call cost is on the trunks page.
set -uo pipefail
. "$(dirname "$0")/demo.sh"
. "$(dirname "$0")/phone.sh"
[ -f "$INTEROP/media/caller_long_8000.wav" ] || "$INTEROP/make_media.sh" >/dev/null || exit 1
WORK=$(mktemp -d)
CARRIER=$(free_port); DEAD=$(free_port); NAMES=$(free_port)
python3 "$ROOT/tests/e2e/carrier.py" "$CARRIER" 4930555 s3cret "$INTEROP/media/caller_long_8000.wav" "$WORK/carrier_heard.wav" "$WORK/events" & PEER=$!
dnsmasq --keep-in-foreground --no-resolv --no-hosts --no-daemon --port="$NAMES" --listen-address=127.0.0.1 --bind-interfaces --no-dhcp-interface=lo --pid-file= --user="$(id -un)" \
  --srv-host="_sip._udp.carrier.test,dead.carrier.test,$DEAD,1,0" --srv-host="_sip._udp.carrier.test,live.carrier.test,$CARRIER,2,0" \
  --address=/dead.carrier.test/127.0.0.1 --address=/live.carrier.test/127.0.0.1 >"$WORK/names.log" 2>&1 & DNS=$!
trap 'kill $PEER $DNS 2>/dev/null; stop_demo; [ -n "${KEEP:-}" ] && echo "kept $WORK $DATA" || rm -rf "$WORK" "$DATA"' EXIT
mkdir "$WORK/flows"; cp "$ROOT/flows/main.toml" "$WORK/flows/"
cp "$ROOT/gateway/demo/demo.toml" "$WORK/center.toml"
cat >>"$WORK/center.toml" <<CONFIG

[sip]
resolvers = ["127.0.0.1:$NAMES"]

[[trunks]]
name = "carrier"
uri = "sip:carrier.test;transport=udp"
user = "4930555"
password = "env:CARRIER_PASSWORD"
register = true
codecs = ["PCMU"]
from = "+4930555"
headers = { X-Account = "7-{from}" }
rewrite = [{ begins = "+49", becomes = "0" }]
max_calls = 2

[outbound]
allow = ["+49"]
forbid = ["+49900"]
emergency = ["112"]
home = { country = "49", international = "00", national = "0" }
minutes_per_day = 60
rates = [{ begins = "+49", per_minute = 0.6 }]
CONFIG
export CARRIER_PASSWORD=s3cret
CONFIG_FLAGS="--config $WORK/center.toml" start_demo || exit 1
export WORK HTTP SIP_PORT ROOT INTEROP
export SCREENSHOTS=${SCREENSHOTS:-$ROOT/out/screenshots}
passwords alice admin
export API_KEY
timeout 120 node "$ROOT/tests/e2e/trunks.mjs"
failed=$?
[ $failed = 0 ] || { tail -n 15 "$LOG"; cat "$WORK/events" "$WORK/names.log"; exit 1; }
hears "the agent, before the answer," "$WORK/early.wav" "$INTEROP/media/caller_8000.wav"
hears "the agent" "$WORK/talk.wav" "$INTEROP/media/caller_8000.wav"; hears_not "the agent" "$WORK/talk.wav" "$INTEROP/media/agent_8000.wav"
hears "the customer" "$WORK/carrier_heard.wav" "$INTEROP/media/agent_8000.wav"; hears_not "the customer" "$WORK/carrier_heard.wav" "$INTEROP/media/caller_8000.wav"
expect_event() { grep -qE "$1" "$WORK/events" && echo "  the carrier saw: $1" || { echo "  the carrier did not see: $1"; failed=1; }; }
expect_event '^register proven expires=600'
expect_event '^invite proven uri=sip:0171123456@carrier.test from=<sip:%2B4930555@carrier.test>|^invite proven uri=sip:0171123456@carrier.test from=<sip:\+4930555@carrier.test> account=7-\+4930555'
expect_event '^ack two'; expect_event '^bye two'; expect_event '^bye one'
kill -TERM $VOXDESK_PID
for _ in $(seq 50); do grep -q 'register proven expires=0' "$WORK/events" && break; sleep 0.1; done
expect_event '^register proven expires=0'
grep -aE 'panicked|s3cret' "$LOG" && failed=1
[ $failed = 0 ] || { cat "$WORK/events"; tail -n 15 "$LOG"; }
exit $failed
