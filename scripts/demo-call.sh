#!/usr/bin/env bash
# Places a real SIP call (baresip, G.711) with recorded human speech into the running demonstration: demo-call.sh [NUMBER] [SIP-ADDRESS].
set -euo pipefail
cd "$(dirname "$0")/.."
number=${1:-1003}
server=${2:-${SIP:-127.0.0.1:5060}}
sounds=/usr/share/asterisk/sounds/en_US_f_Allison
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[ -d "$sounds" ] || { echo "demo-call: $sounds is missing; install asterisk-core-sounds-en-wav" >&2; exit 1; }
# Sentences with pauses between them, as a caller would speak.
parts=()
for name in vm-options agent-user conf-adminmenu-18 demo-congrats demo-enterkeywords queue-thankyou; do
  [ -f "$sounds/$name.wav" ] && sox -q "$sounds/$name.wav" -r 8000 -c 1 -b 16 "$work/$name.wav" pad 0.4 1.5 && parts+=("$work/$name.wav")
done
[ ${#parts[@]} -gt 0 ] || { echo "demo-call: no recordings found in $sounds" >&2; exit 1; }
sox -q "${parts[@]}" "$work/caller.wav" pad 2 30
seconds=$(soxi -D "$work/caller.wav" | cut -d. -f1)
port() { python3 -c 'import socket; s=socket.socket(); s.bind(("127.0.0.1",0)); print(s.getsockname()[1])'; }
sip=$(port)
LISTEN=${server%:*} NETIF=${server%:*} tests/interop/bin/mkbaresip.sh "$work/baresip" "$sip" "$(port)" "$work/caller.wav" \
  "<sip:caller@$server>;regint=0;audio_codecs=pcmu/8000/1"
echo "Calling $number at $server: $seconds s of recorded speech. Answer it on the agent's page; Ctrl-C hangs up."
baresip -f "$work/baresip" -t "$seconds" -e "d sip:$number@$server" >"$work/log" 2>&1 || true
grep -aE 'established|closed|terminated' "$work/log" | sed 's/^/  /' || { echo "  the call was not established:"; tail -n 5 "$work/log"; exit 1; }
