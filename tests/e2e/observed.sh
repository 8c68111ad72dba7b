#!/usr/bin/env bash
# Calls that another system carries: announced by the API, their sound brought as Asterisk's AudioSocket does, and by a web socket of PCM. Words are
# told apart by speaker; alice reads hers live at her desk, and can order nothing there; what nobody announced is refused; `kill -9` closes such a call in the record as any.
set -uo pipefail
. "$(dirname "$0")/demo.sh"
WORK=$(mktemp -d)
AUDIOSOCKET=$(free_port)
mkdir "$WORK/flows" && cp "$ROOT/flows/main.toml" "$WORK/flows/"
cat "$ROOT/gateway/demo/demo.toml" - > "$WORK/center.toml" <<TOML

[observe]
number = "1003"

[observe.audiosocket]
listen = "127.0.0.1:$AUDIOSOCKET"
from = ["127.0.0.1"]
TOML
export CONFIG_FLAGS="--config $WORK/center.toml"
start_demo || exit 1
trap 'kill $(jobs -p) 2>/dev/null; stop_demo; rm -rf "$WORK" "$DATA"' EXIT
passwords alice
export HTTP API_KEY WORK ROOT INTEROP SCREENSHOTS=${SCREENSHOTS:-$ROOT/out/screenshots}
brings() { "$PYV" "$ROOT/tests/e2e/observed.py" "$@"; }
announce() { # announce LEGS: sets CALL and UUIDS
  local answer; answer=$(api /observed -H 'Content-Type: application/json' -d "{\"legs\":$1}") || { echo "not announced: $answer"; return 1; }
  CALL=$(python3 -c 'import json,sys; print(json.loads(sys.argv[1])["conversation"])' "$answer")
  mapfile -t UUIDS < <(python3 -c 'import json,sys; [print(leg["uuid"]) for leg in json.loads(sys.argv[1])["legs"]]' "$answer")
}
failed=0
said=$INTEROP/media
for rate in 8000 16000; do
  sox -q "$said/caller_$rate.wav" "$WORK/caller_$rate.wav" pad 0 1
  # The agent answers when the caller has spoken.
  sox -q "$said/agent_$rate.wav" "$WORK/agent_$rate.wav" pad "$(soxi -D "$said/caller_$rate.wav")" 1
done
sox -q -M "$WORK/caller_16000.wav" "$WORK/agent_16000.wav" "$WORK/both.wav"

node "$ROOT/tests/e2e/observed.mjs" & PAGE=$!
signal_of signed_in
announce '[{"speaker":"agent","agent":"1101"},{"speaker":"customer","number":"+493012345","name":"Carla"}]' || exit 1
ALICE=$CALL; echo "$ALICE" > "$WORK/alice"
brings audiosocket "127.0.0.1:$AUDIOSOCKET" "${UUIDS[0]}" "$WORK/caller_8000.wav" & FIRST=$!
brings audiosocket "127.0.0.1:$AUDIOSOCKET" "${UUIDS[1]}" "$WORK/agent_8000.wav" & SECOND=$!
announce '[{"speaker":"customer","number":"+493067890"},{"speaker":"agent","agent":"bob"}]' || exit 1
BOB=$CALL
brings websocket "$HTTP" "$API_KEY" "/api/v1/observed/$BOB/audio?leg=0,1&rate=16000" "$WORK/both.wav" & THIRD=$!
[ "$(brings audiosocket "127.0.0.1:$AUDIOSOCKET" 00000000-0000-4000-8000-000000000000 "$WORK/caller_8000.wav")" = "hung up" ] || { echo "  a UUID that nobody announced is not refused"; failed=1; }
again=$(brings websocket "$HTTP" "$API_KEY" "/api/v1/observed/$BOB/audio?leg=0&rate=16000" "$WORK/both.wav" 2>&1)
case $again in *" 409 "*) ;; *) echo "  a side has two sources: $again"; failed=1 ;; esac
wait $FIRST && wait $SECOND && wait $THIRD || { echo "  a source failed"; failed=1; }
wait $PAGE || failed=1

for call in "$ALICE" "$BOB"; do
  for _ in $(seq 100); do
    api "/conversations/$call" > "$WORK/record.json"
    python3 - "$WORK/record.json" <<'PY' && break
import json, sys
c = json.load(open(sys.argv[1]))
said = {who: " ".join(e["text"].lower() for e in c["entries"] if e["kind"] == "speech" and e["speaker"] == who) for who in ("customer", "agent")}
sys.exit(not (c["state"] == "ended" and min(len(words.split()) for words in said.values()) >= 20))
PY
    sleep 0.2
  done
  python3 - "$WORK/record.json" <<'PY' || failed=1
import json, sys
c = json.load(open(sys.argv[1]))
said = {who: " ".join(e["text"].lower() for e in c["entries"] if e["kind"] == "speech" and e["speaker"] == who) for who in ("customer", "agent")}
for who, words in {"customer": ["calling", "order", "parcel", "monday", "boxes", "lamp", "broken"], "agent": ["waiting", "alice", "happy", "help", "number", "damaged"]}.items():
    missing = [word for word in words if word not in said[who]]
    assert len(missing) <= 2, (who, missing, said[who])
strays = [word for word in ("parcel", "monday", "boxes") if word in said["agent"]] + [word for word in ("waiting", "happy") if word in said["customer"]]
assert not strays, ("on the wrong side", strays)
assert c["state"] == "ended" and c["reason"] == "hangup", (c["state"], c["reason"])
assert c["ticket_id"], "no ticket"
legs = [(leg["speaker"], leg["device"], leg["codec"]) for leg in c["legs"]]
print("  %s: %s, %d lines" % (c["agent"], legs, sum(e["kind"] == "speech" for e in c["entries"])))
PY
done

announce '[{"speaker":"customer"}]' || exit 1
brings audiosocket "127.0.0.1:$AUDIOSOCKET" "${UUIDS[0]}" "$said/caller_long_8000.wav" >/dev/null 2>&1 &
for _ in $(seq 100); do api "/conversations/$CALL" | grep -q '"connected"' && break; sleep 0.1; done
kill -KILL "$VOXDESK_PID"; wait "$VOXDESK_PID" 2>/dev/null
start_demo || exit 1
api "/conversations/$CALL" | python3 -c '
import json, sys
c = json.load(sys.stdin)
assert c["state"] == "ended" and c["reason"] == "restart", (c["state"], c["reason"])
print("  killed in mid-call: closed in the record")' || failed=1
exit $failed
