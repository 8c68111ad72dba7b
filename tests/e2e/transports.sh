#!/usr/bin/env bash
# SIP over TLS and WebSocket, SRTP, and phones in a browser (JsSIP, SIP.js) against a demonstration of their own. ONLY="srtp web" runs some parts.
set -uo pipefail
. "$(dirname "$0")/demo.sh"
checks=$ROOT/tests/interop/checks
[ -f "$ROOT/tests/interop/media/caller_long_48000.wav" ] || "$ROOT/tests/interop/make_media.sh" >/dev/null || exit 1
WORK=$(mktemp -d)
SIPS=$(free_port); HTTPS=$(free_port)
start_demo --sips "127.0.0.1:$SIPS" --https "127.0.0.1:$HTTPS" || exit 1
trap 'stop_demo; rm -rf "$DATA" "$WORK"' EXIT
export HOST=127.0.0.1 PORT=$SIP_PORT DOMAIN=127.0.0.1 DEST=1002 MENU=1000 DIGIT=2 DEST_RING=1005 TMPDIR=$WORK
export SIPUSER SIPPASS REF_MENU REF_AFTER
SIPUSER=$(demo_value '[u for u in d["users"] if u["name"]=="alice"][0]["extension"]')
SIPPASS=$(demo_value '[u for u in d["users"] if u["name"]=="alice"][0]["sip_password"]')
REF_MENU=$(demo_value 'd["numbers"]["1000"]["plays"]')
REF_AFTER=$(demo_value 'd["numbers"]["1000"]["after"]["2"]')
failed=0
attempt() { timeout 180 "$@" || { echo "  ($* ended with status $?)"; failed=$((failed + 1)); }; }
wanted() { [[ " ${ONLY:-sockets srtp web} " == *" $1 "* ]]; }

if wanted sockets; then
  # Raw checks that pass over UDP and TCP, over each of the others; not those that are about UDP.
  for check in c01_options.py c02_register.py c08_lost_ack.py; do
    OVER=tls PORT=$SIPS CERTIFICATE=$DATA/tls/certificate.pem attempt python3 "$ROOT/tests/interop/over.py" "$checks/$check"
    OVER=ws PORT=$HTTP_PORT attempt python3 "$ROOT/tests/interop/over.py" "$checks/$check"
    OVER=wss PORT=$HTTPS CERTIFICATE=$DATA/tls/certificate.pem attempt python3 "$ROOT/tests/interop/over.py" "$checks/$check"
  done
  OVER=tls PORT=$SIPS CERTIFICATE=$DATA/tls/certificate.pem attempt python3 "$ROOT/tests/interop/over.py" "$checks/c03_tcp_framing.py"
  curl -sS --cacert "$DATA/tls/certificate.pem" "https://localhost:$HTTPS/healthz" >/dev/null || { echo "  HTTPS does not answer"; failed=$((failed + 1)); }
fi
if wanted srtp; then
  MODES="srtp srtp-mand" CODECS="pcma/8000/1" attempt "$checks/c21_baresip.sh"
  MODES=srtp-mand CODECS="opus/48000/2 g722/16000/1" attempt "$checks/c21_baresip.sh"
  MODES=srtp-mand CODECS=pcma/8000/1 PORT=$SIPS TRANSPORT=tls attempt "$checks/c21_baresip.sh"
fi
if wanted web; then
  js=$ROOT/tests/interop/js
  { [ -d "$js/node_modules" ] || (cd "$js" && npm ci --no-audit --no-fund --loglevel=error); } && (cd "$js" && npm run --silent build) || exit 1
  LIB=jssip WSURL=ws://127.0.0.1:$HTTP_PORT/sip attempt node "$checks/c24_browser.mjs"
  LIB=sipjs WSURL=wss://127.0.0.1:$HTTPS/sip attempt node "$checks/c24_browser.mjs"
  # The other way: a phone calls the agent, who answers in JsSIP.
  . "$ROOT/tests/e2e/phone.sh"
  export READY=$WORK/ready SPEAKS=$INTEROP/media/agent_long_48000.wav HEARD=$INTEROP/media/caller_8000.wav WAV=$WORK/web.wav
  LIB=jssip WSURL=ws://127.0.0.1:$HTTP_PORT/sip attempt node "$checks/c25_web_callee.mjs" & callee=$!
  for _ in $(seq 100); do [ -e "$READY" ] && break; sleep 0.1; done
  CONTROL=$(free_port)
  phone_call "$WORK/phone" "$CONTROL" 1101 "$INTEROP/media/caller_long_8000.wav"
  phone_until_established "$CONTROL" || failed=$((failed + 1))
  sleep 11; phone_hang_up "$CONTROL"
  wait "$callee" || failed=$((failed + 1)); kill "$PHONE_PID" 2>/dev/null
  hears "the phone of the caller" "$(phone_heard "$WORK/phone")" "$INTEROP/media/agent_8000.wav"
  hears_not "the phone of the caller" "$(phone_heard "$WORK/phone")" "$INTEROP/media/caller_8000.wav"
fi
kill -0 "$VOXDESK_PID" || { echo "voxdesk died"; failed=$((failed + 1)); }
grep -aE 'panicked|ERROR' "$LOG" | head -n 5
[ $failed = 0 ]
