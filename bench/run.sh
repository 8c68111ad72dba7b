#!/usr/bin/env bash
# Starts the gateway with the harness's dial plan, in a network namespace of its own, runs the cases and prints their table:
#   bench/run.sh [CASE...]     default: ivr50 ivr200 opus sig0; REP=repeats DUR=seconds of each window
set -euo pipefail
cd "$(dirname "$0")"
[ "$(id -u)" = 0 ] || { echo "bench: network namespaces need root: sudo make bench" >&2; exit 1; }
echo "== building the harness"
make -s gwbench
[ -f media/prompt60.wav ] || python3 mkprompt.py media
work=$(mktemp -d)
voxdesk=""
trap '[ -n "$voxdesk" ] && kill -INT $voxdesk 2>/dev/null; rm -rf "$work"' EXIT
config=bench.toml
{
  printf '# Written by bench/run.sh.\n\n[listen]\nsip = ["127.0.0.1:5070"]\nhttp = "127.0.0.1:8070"\nrtp = "127.0.0.1:20000-29999"\n\n'
  printf '[sip]\nmax_calls = 20000\n\n[speech]\nenabled = false\n\n[[queues]]\nname = "q1"\nwrapup = 0\n'
  for n in $(seq 50); do
    printf '\n[[users]]\nname = "a%s"\nrole = "agent"\npassword = "bench"\ncontact = "sip:a%s@127.0.0.1:7000"\nskills = { q1 = 5 }\n' "$n" "$n"
  done
  for number in ivr sig b_ulaw b_alaw b_g722 b_opus q1; do printf '\n[[numbers]]\nnumber = "%s"\nflow = "flow.toml"\n' $number; done
} > $config
./ns.sh ../target/release/voxdesk serve --config $config --data-dir "$work/data" > "$work/out" 2> "$work/log" &
for _ in $(seq 300); do grep -q '^voxdesk ready' "$work/out" && break; sleep 0.2; done
grep -q '^voxdesk ready' "$work/out" || { echo "bench: voxdesk did not start"; tail -n 20 "$work/log"; exit 1; }
voxdesk=$(pgrep -n -f "voxdesk serve --config $config")
echo "== running (voxdesk is process $voxdesk)"
results=$work/results.jsonl
TARGET=127.0.0.1:5070 PID=$voxdesk OUT=$results REP=${REP:-3} DUR=${DUR:-8} ./suite.sh voxdesk ${*:-ivr50 ivr200 opus sig0}
echo; echo "== table"
python3 summarize.py "$results"
