#!/bin/bash
# Real softphones: baresip as the agent (registered, answers by itself) transfers its customer, another baresip, to DEST by REFER. Wanted: its call is over, the customer's goes on and hears DEST,
# and the conversation says `transferred`. SIPUSER/SIPPASS the agent, API and KEY of the target.
H=$(cd "$(dirname "$0")"; pwd); R=$H/..; HOST=${HOST:-127.0.0.1}; PORT=${PORT:-5060}; DEST=${DEST:-1002}; NAME=c13_baresip_transfer.sh; D=$(mktemp -d)
free() { python3 -c 'import socket; s=socket.socket(); s.bind(("127.0.0.1",0)); print(s.getsockname()[1])'; }
ctl() { python3 "$R/bin/bctl.py" "$@" 2>/dev/null; }
AC=$(free); CC=$(free)
RTP=26000-26018 "$R/bin/mkbaresip.sh" "$D/agent" "$(free)" "$AC" "$R/media/caller_long_8000.wav" "<sip:$SIPUSER@$HOST:$PORT;transport=udp>;auth_pass=$SIPPASS;regint=60;answermode=auto;audio_codecs=pcma/8000/1"
RTP=26020-26038 "$R/bin/mkbaresip.sh" "$D/customer" "$(free)" "$CC" "$R/media/caller_long_8000.wav" "<sip:caller@$HOST:$PORT;transport=udp>;regint=0;audio_codecs=pcma/8000/1"
timeout 60 baresip -s -f "$D/agent" -t 55 > "$D/agent/log" 2>&1 & A=$!
sleep 3
timeout 60 baresip -s -f "$D/customer" -t 50 -e "d sip:$SIPUSER@$HOST:$PORT" > "$D/customer/log" 2>&1 & C=$!
end() { kill $A $C 2>/dev/null; wait 2>/dev/null; rm -rf "$D"; echo "$1 $NAME: $2"; [ "$1" = PASS ]; exit; }
both=no; for _ in $(seq 20); do sleep .6; ctl "$AC" -w .2 listcalls | grep -q ESTABLISHED && ctl "$CC" -w .2 listcalls | grep -q ESTABLISHED && { both=yes; break; }; done
[ $both = yes ] || end FAIL "the agent's phone and the customer were not connected ($(grep -aE '^SIP/2.0 [3456]' "$D/agent/log" | tail -1))"
sleep 2; ctl "$AC" -w 1 transfer "sip:$DEST@$HOST:$PORT" > "$D/said"
gone=no; for _ in $(seq 20); do sleep .5; ctl "$AC" -w .2 listcalls | grep -q ESTABLISHED || { gone=yes; break; }; done
[ $gone = yes ] || end FAIL "the agent's phone still has its call ($(grep -aE 'REFER|sipfrag|NOTIFY' "$D/agent/log" | tail -3 | tr '\n' ' '))"
sleep 3; ctl "$CC" -w .3 listcalls | grep -q ESTABLISHED || end FAIL "the customer's call ended with the transfer"
notify=$(grep -acE '^NOTIFY ' "$D/agent/log"); frag=$(grep -aoE '^SIP/2.0 (100 Trying|200 OK)' "$D/agent/log" | sort | uniq -c | tr '\n' ' ')
events=$(python3 - "$API" "$KEY" <<'PY'
import json,sys,urllib.request
def api(p): return json.load(urllib.request.urlopen(urllib.request.Request(sys.argv[1]+'/api/v1'+p,headers={'Authorization':'Bearer '+sys.argv[2]}),timeout=5))
for c in api('/conversations?limit=10')['items']:
    if c['ended_at'] is None: print(' '.join(e['text'] for e in api('/conversations/'+c['id'])['entries'] if e['kind']=='event'))
PY
)
ctl "$CC" -w .5 hangup >/dev/null; sleep 1; W=$(ls "$D"/customer/rec/*dec.wav 2>/dev/null | tail -1)
loud=$(sox "$W" -n trim -3 stat 2>&1 | awk '/RMS.*amplitude/{print ($3>0.005)?"heard":"silent"}')
case "$events" in *transferred*) ;; *) end FAIL "no open conversation says transferred: $events" ;; esac
[ "$loud" = heard ] || end FAIL "the customer hears nothing at $DEST"
end PASS "baresip $(dpkg-query -W -f '${Version}' baresip-core 2>/dev/null): $notify NOTIFY, customer goes on and hears $DEST; $frag"
