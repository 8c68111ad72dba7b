# Sourced by end-to-end tests: starts a demonstration of its own on free loopback ports and tells where it is.
#   start_demo [FLAGS...]   sets DATA HTTP SIP_PORT API_KEY VOXDESK_PID; waits for `voxdesk ready`
#   stop_demo               ends it (TERM, then INT) and fails when it does not end by itself
#   demo_value PYTHON       evaluates an expression over the demo.json `d`
#   prompt NAME NUMBER [KEY]  puts what NUMBER plays at first, or after a key, to $WORK/NAME.wav
#   passwords NAME...       exports NAME_PASSWORD of these people of the demonstration
#   api PATH [CURL...]      GETs /api/v1PATH with the API key
#   hears WHO FILE WAV      what WHO received has the spoken WAV in it, else failed=1
#   hears_not WHO FILE WAV  it has not
#   signal_of NAME          waits for the file $WORK/NAME, by which a browser script tells; ends (a subshell) with the script that waits for it

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
INTEROP=$ROOT/tests/interop
VOXDESK=${VOXDESK:-$ROOT/target/release/voxdesk}
MODELS=${VOXDESK_MODELS:-${XDG_CACHE_HOME:-$HOME/.cache}/voxdesk/models}
CONFIG_FLAGS=${CONFIG_FLAGS:---demo}
# The Python that has Debian's numpy and scipy: another one may come first on the path.
PYV=$(for python in /usr/bin/python3 python3; do "$python" -c 'import numpy, scipy' 2>/dev/null && { command -v "$python"; break; }; done)
export PYV=${PYV:-python3}

# A port that is free for UDP and TCP now; the system picks it.
free_port() {
  python3 - <<'PY'
import socket
for _ in range(50):
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); udp.bind(("127.0.0.1", 0)); port = udp.getsockname()[1]
    tcp = socket.socket()
    try: tcp.bind(("127.0.0.1", port))
    except OSError: continue
    print(port); break
PY
}

# Ports for RTP: a thousand in a row of which the first is free now, away from the system's own choices and from those that the phones of the interop checks take.
rtp_range() {
  python3 - <<'PY'
import random, socket
for _ in range(50):
    first = random.choice([first for first in range(10000, 31000, 1000) if first not in (20000, 22000, 26000)])
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try: s.bind(("127.0.0.1", first))
    except OSError: continue
    print(f"127.0.0.1:{first}-{first + 999}"); break
PY
}

start_demo() {
  DATA=${DATA:-$(mktemp -d)}
  SIP_PORT=${SIP_PORT:-$(free_port)}
  local http_port; http_port=${HTTP_PORT:-$(free_port)}
  HTTP_PORT=$http_port
  HTTP=http://127.0.0.1:$http_port
  LOG=$DATA/voxdesk.log
  # A former run of this test must not be taken for this one.
  : >"$LOG.out"
  # shellcheck disable=SC2086
  "$VOXDESK" serve $CONFIG_FLAGS --data-dir "$DATA" --models "$MODELS" --sip "127.0.0.1:$SIP_PORT" --http "127.0.0.1:$http_port" \
    --rtp "$(rtp_range)" "$@" >"$LOG.out" 2>>"$LOG" &
  VOXDESK_PID=$!
  for _ in $(seq 600); do
    grep -qs '^voxdesk ready' "$LOG.out" && break
    kill -0 $VOXDESK_PID 2>/dev/null || { echo "voxdesk did not start:"; cat "$LOG.out"; tail -n 20 "$LOG"; return 1; }
    sleep 0.1
  done
  grep -q '^voxdesk ready' "$LOG.out" || { echo "voxdesk was not ready within 60 s"; tail -n 20 "$LOG"; return 1; }
  [ -f "$DATA/demo.json" ] && API_KEY=$(demo_value 'd["api_key"]')
  return 0
}

stop_demo() {
  kill -TERM "$VOXDESK_PID" 2>/dev/null || return 0
  for n in $(seq 100); do
    kill -0 "$VOXDESK_PID" 2>/dev/null || { wait "$VOXDESK_PID" 2>/dev/null; return 0; }
    [ "$n" = 50 ] && kill -INT "$VOXDESK_PID"
    sleep 0.1
  done
  echo "voxdesk did not stop"; kill -KILL "$VOXDESK_PID"; return 1
}

demo_value() { python3 -c 'import json,sys; d=json.load(open(sys.argv[1])); print(eval(sys.argv[2]))' "$DATA/demo.json" "$1"; }

prompt() { cp "$(demo_value "d['numbers']['$2']['plays']${3:+ and d['numbers']['$2']['after']['$3']}")" "$WORK/$1.wav"; }

passwords() {
  local name
  for name in "$@"; do export "${name^^}_PASSWORD=$(demo_value "[u for u in d['users'] if u['name']=='$name'][0]['password']")"; done
}

api() { local path=$1; shift; curl -sS --fail-with-body -H "Authorization: Bearer $API_KEY" "$HTTP/api/v1$path" "$@"; }

# Measured, on a machine with more to do than it can: who is there is 0.59 to 1.0 alike, over Opus and under another voice too; who is not, 0.05 to 0.30.
ALIKE=0.45
hears() {
  local said; said=$("$PYV" "$INTEROP/bin/voice.py" "$2" "$3" $ALIKE) || failed=1
  echo "  $1 hears $(basename "$3" .wav): $said"
}
hears_not() {
  local said; said=$("$PYV" "$INTEROP/bin/voice.py" "$2" "$3" $ALIKE | sed 's/^FAIL/absent/; s/^PASS/FAIL, PRESENT/')
  case $said in absent*) ;; *) failed=1 ;; esac
  echo "  $1 does not hear $(basename "$3" .wav): $said"
}

signal_of() { until [ -e "$WORK/$1" ]; do kill -0 $$ 2>/dev/null || exit 1; sleep 0.1; done; }
