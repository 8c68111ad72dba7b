#!/usr/bin/env bash
# Starts the demonstration in the foreground and tells a person where to go. Further flags go to `voxdesk serve`.
set -euo pipefail
cd "$(dirname "$0")/.."
data=${VOXDESK_DATA:-.voxdesk}
log=$(mktemp)
target/release/voxdesk serve --demo --data-dir "$data" --models "$VOXDESK_MODELS" "$@" > >(tee "$log") &
voxdesk=$!
trap 'kill -TERM $voxdesk 2>/dev/null; wait $voxdesk; rm -f "$log"' EXIT
trap 'exit 130' INT TERM
until grep -q '^voxdesk ready' "$log"; do
  kill -0 $voxdesk 2>/dev/null || { wait $voxdesk; exit 1; }
  sleep 0.2
done
python3 - "$log" <<'PY'
import json, re, sys
ready = next(line for line in open(sys.argv[1]) if line.startswith("voxdesk ready"))
at = dict(pair.split("=", 1) for pair in ready.split()[2:])
people = {user["name"]: user for user in json.load(open(at["credentials"]))["users"]}
sip = at["sip-udp"].split(",")[0]
print(f"""
  Agent's page      {at['http']}          sign in as alice, password {people['alice']['password']}
                                            (bob {people['bob']['password']}, supervisor sue {people['sue']['password']})
  Customer's page   {at['http']}demo
  A phone           call sip:1000@{sip} without an account (2 for support), or register as
                    user {people['alice']['extension']}, password {people['alice']['sip_password']}, server {sip}
  Without a phone   make demo-call        (in another terminal)
  All passwords     {at['credentials']}

  Ctrl-C stops it.
""", flush=True)
PY
wait $voxdesk
