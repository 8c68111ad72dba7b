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
export CORPUS=$ROOT/signaling/tests/data MAXDEV=1 LONG=1 METHODS="INVITE ACK CANCEL BYE OPTIONS INFO UPDATE PRACK REFER SUBSCRIBE NOTIFY"
export SIPUSER SIPPASS SIPUSER2 SIPPASS2 REF_MENU REF_AFTER API=$HTTP KEY=$API_KEY
SIPUSER2=$(demo_value '[u for u in d["users"] if u["name"]=="bob"][0]["extension"]')
SIPPASS2=$(demo_value '[u for u in d["users"] if u["name"]=="bob"][0]["sip_password"]')
SIPUSER=$(demo_value '[u for u in d["users"] if u["name"]=="alice"][0]["extension"]')
SIPPASS=$(demo_value '[u for u in d["users"] if u["name"]=="alice"][0]["sip_password"]')
REF_MENU=$(demo_value 'd["numbers"]["1000"]["plays"]')
REF_AFTER=$(demo_value 'd["numbers"]["1000"]["after"]["2"]')
failed=0
# Phones out of PyPI have a Python of their own.
PHONES=$ROOT/tests/interop/py
[[ ${ONLY:-c29 c30} != *c29* && ${ONLY:-c29 c30} != *c30* ]] || [ -x "$PHONES/bin/python" ] || { python3 -m venv "$PHONES" && "$PHONES/bin/pip" -q install -r "$ROOT/tests/interop/phones.txt"; } || exit 1
export WSURL=ws://127.0.0.1:$HTTP_PORT/sip
# LISTEN is seconds here, and an address to the scripts that start baresip.
run() { case $1 in c29*|c30*) LISTEN=5 WAV=$DATA/$1.wav timeout 60 "$PHONES/bin/python" "$checks/$1" ;; *.py) timeout 240 python3 "$checks/$1" ;; *) timeout 400 "$checks/$1" ;; esac || { echo "  ($1 ended with status $?)"; return 1; }; }
# These wait for timers most of their time, with a call each that nobody else looks at: they run beside the others, and are told at the end.
ASIDE=" c05_torture.py c08_lost_ack.py c10_session_timer.py c14_nat.py c29_aiortc.py "
wanted=${ONLY:-c01_options.py c02_register.py c03_tcp_framing.py c05_torture.py c07_cancel.py c08_lost_ack.py c10_session_timer.py c11_prack.py c12_transfer.py c13_baresip_transfer.sh c14_nat.py c16_dtmf.py c20_errors.py c28_sipp.sh c21_baresip.sh c29_aiortc.py c30_pjsua2.py c31_events.py}
mkdir "$DATA/aside"
for check in $wanted; do
  [[ $ASIDE == *" $check "* ]] && { SIPUSER=aside run "$check" >"$DATA/aside/$check" 2>&1; echo $? >"$DATA/aside/$check.status"; } &
done
for check in $wanted; do
  [[ $ASIDE == *" $check "* ]] || run "$check" || failed=$((failed + 1))
done
for check in $wanted; do
  [[ $ASIDE == *" $check "* ]] || continue
  until [ -s "$DATA/aside/$check.status" ]; do sleep 0.2; done
  cat "$DATA/aside/$check"
  [ "$(cat "$DATA/aside/$check.status")" = 0 ] || failed=$((failed + 1))
done
kill -0 "$VOXDESK_PID" || { echo "voxdesk died"; failed=$((failed + 1)); }
grep -aE 'panicked|ERROR' "$LOG" | head -n 5
[ $failed = 0 ]
