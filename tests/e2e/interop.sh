#!/usr/bin/env bash
# The interop checks (raw SIP, sipp, baresip) against a demonstration of their own. ONLY="c01_options.py c28_sipp.sh" runs some.
set -uo pipefail
. "$(dirname "$0")/demo.sh"
checks=$ROOT/tests/interop/checks
[ -f "$ROOT/tests/interop/media/caller_long_16000.wav" ] || "$ROOT/tests/interop/make_media.sh" >/dev/null || exit 1
start_demo || exit 1
trap 'stop_demo; rm -rf "$DATA"' EXIT
export HOST=127.0.0.1 PORT=$SIP_PORT DOMAIN=127.0.0.1 DEST=1002 MENU=1000 DIGIT=2 DEST_RING=1005 DEST_EARLY=1006 DEST_ECHO=1001 DEST_HANGUP=1007
export MODES=plain
# c05 reads the messages of RFC 4475 and 5118 that the crate's own tests read; one of them (5118 4.6) announces more than its
# file holds and rightly gets 400. c10 waits for an expiry and a refresh.
export CORPUS=$ROOT/signaling/tests/data MAXDEV=1 LONG=1 METHODS="INVITE ACK CANCEL BYE OPTIONS INFO UPDATE PRACK REFER"
export SIPUSER SIPPASS REF_MENU REF_AFTER
SIPUSER=$(demo_value '[u for u in d["users"] if u["name"]=="alice"][0]["extension"]')
SIPPASS=$(demo_value '[u for u in d["users"] if u["name"]=="alice"][0]["sip_password"]')
REF_MENU=$(demo_value 'd["numbers"]["1000"]["plays"]')
REF_AFTER=$(demo_value 'd["numbers"]["1000"]["after"]["2"]')
failed=0
for check in ${ONLY:-c01_options.py c02_register.py c03_tcp_framing.py c05_torture.py c07_cancel.py c08_lost_ack.py c10_session_timer.py c11_prack.py c14_nat.py c16_dtmf.py c20_errors.py c28_sipp.sh c21_baresip.sh}; do
  case $check in *.py) timeout 240 python3 "$checks/$check" ;; *) timeout 400 "$checks/$check" ;; esac || { echo "  ($check ended with status $?)"; failed=$((failed + 1)); }
done
kill -0 "$VOXDESK_PID" || { echo "voxdesk died"; failed=$((failed + 1)); }
grep -aE 'panicked|ERROR' "$LOG" | head -n 5
[ $failed = 0 ]
