#!/usr/bin/env bash
# Chats and a call compete for one agent, who takes two chats at once: the third waits and is told its place, a call rings on top of chats, nothing comes on top of
# the call, who has priority goes first; `kill -9` changes neither who is with the agent nor the order of those who wait.
set -uo pipefail
. "$(dirname "$0")/demo.sh"
. "$(dirname "$0")/phone.sh"
[ -f "$INTEROP/media/caller_long_8000.wav" ] || "$INTEROP/make_media.sh" >/dev/null || exit 1
WORK=$(mktemp -d)
cat > "$WORK/flow.toml" <<'FLOW'
[flow]
name = "compete"
[entries]
4000 = "normal"
chat = { step = "how_urgent", text = true }
[prompts.how_urgent]
en = "Write 1 when it is urgent, else 2."
zh = "紧急请回复1，否则回复2。"
[prompts.place]
en = "You are number {queue.place} in line."
zh = "您排在第{queue.place}位。"
[steps.how_urgent]
kind = "menu"
prompts = "how_urgent"
[steps.how_urgent.keys]
1 = "urgent"
2 = "normal"
[steps.urgent]
kind = "queue"
queue = "support"
priority = 5
place = "place"
[steps.normal]
kind = "queue"
queue = "support"
place = "place"
FLOW
cat > "$WORK/config.toml" <<'CONFIG'
credentials = "demo.json"
chat = "chat"
[speech]
enabled = false
[[queues]]
name = "support"
wrapup = 60
[[users]]
name = "bob"
role = "agent"
extension = "1102"
algorithms = ["MD5"]
skills = { support = 5 }
chats = 2
[[keys]]
name = "e2e"
role = "admin"
[[numbers]]
number = "4000"
flow = "flow.toml"
[[numbers]]
number = "chat"
flow = "flow.toml"
CONFIG
CONFIG_FLAGS="--config $WORK/config.toml"
start_demo || exit 1
PAGE=""; PIDS=""
# shellcheck disable=SC2086
trap 'kill ${PHONE_PID:-} $PAGE $PIDS 2>/dev/null; stop_demo; [ -n "${KEEP:-}" ] && echo "kept $WORK $DATA" || rm -rf "$WORK" "$DATA"' EXIT
passwords bob
fail() { echo "  FAIL $*"; api /queues; echo; api /agents; echo; exit 1; }
json() { curl -sS --fail-with-body -H 'Content-Type: application/json' "$@"; }
order() { json -H "Authorization: Bearer $API_KEY" -d "$2" "$HTTP/api/v1/conversations/$1/commands?agent=bob"; }
bob_page() { # bob's page: its live socket, and nothing else
  local token; token=$(json -d "{\"name\":\"bob\",\"password\":\"$BOB_PASSWORD\"}" "$HTTP/api/v1/session" | python3 -c 'import json,sys; print(json.load(sys.stdin)["token"])')
  TOKEN=$token HTTP=$HTTP ROOT=$ROOT node -e '
    const WebSocket = require(process.env.ROOT + "/web/node_modules/ws");
    const socket = new WebSocket(process.env.HTTP.replace("http", "ws") + "/api/v1/events", { headers: { Authorization: "Bearer " + process.env.TOKEN } });
    socket.on("open", () => socket.send(JSON.stringify({ type: "desk" })));
    socket.on("close", () => process.exit(0)); socket.on("error", () => process.exit(1));' & PAGE=$!
  until_bob 'b["desk"]'
}
bob() { api /agents | python3 -c 'import json,sys; b=json.load(sys.stdin)["items"][0]; print(eval(sys.argv[1]))' "$1"; }
until_bob() { for _ in $(seq 80); do [ "$(bob "$1")" = True ] && return 0; sleep 0.1; done; fail "bob: not $1"; }
waiting() { api /queues | python3 -c 'import json,sys; print(" ".join(w["conversation"] for w in json.load(sys.stdin)["items"][0]["waiting"] if w["offered_to"] is None))'; }
until_waiting() { for _ in $(seq 50); do [ "$(waiting)" = "$*" ] && return 0; sleep 0.1; done; fail "waiting: $(waiting), expected: $*"; }
offered() { api /queues | python3 -c 'import json,sys; print(" ".join(w["conversation"] for w in json.load(sys.stdin)["items"][0]["waiting"] if w["offered_to"]))'; }
until_offered() { for _ in $(seq 50); do [ "$(offered)" = "$1" ] && return 0; sleep 0.1; done; fail "offered: $(offered), expected: $1"; }
chat() { # chat NAME KEY: a visitor writes the key; CHAT
  local opened; opened=$(json -d "{\"visitor\":\"visitor-$1-000001\",\"lang\":\"en\"}" "$HTTP/api/v1/widget/chats")
  CHAT=$(python3 -c 'import json,sys; print(json.loads(sys.argv[1])["conversation"])' "$opened") || fail "$opened"
  json -H "Authorization: Bearer $(python3 -c 'import json,sys; print(json.loads(sys.argv[1])["token"])' "$opened")" -d "{\"text\":\"$2\",\"dedupe\":\"one\"}" \
    "$HTTP/api/v1/widget/chats/$CHAT/messages" >/dev/null || fail "the chat $1 cannot write"
}
take() { until_offered "$1"; order "$1" '{"command":"accept"}' >/dev/null || fail "accept"; until_offered ""; }
is_told() { for _ in $(seq 30); do api "/conversations/$1" | grep -q "\"text\":\"$2\"" && return 0; sleep 0.2; done; fail "$1 was not told: $2"; }

bob_page
password=$(demo_value "[u for u in d['users'] if u['name']=='bob'][0]['sip_password']")
RTP=$((44000 + RANDOM % 3000 * 2))-$((52000)) "$INTEROP/bin/mkbaresip.sh" "$WORK/bob" "$(free_port)" "$(free_port)" "$INTEROP/media/agent_long_8000.wav" \
  "<sip:1102@127.0.0.1:$SIP_PORT;transport=udp>;auth_user=1102;auth_pass=$password;regint=60;answermode=auto;audio_codecs=pcmu/8000/1"
timeout 110 baresip -s -f "$WORK/bob" -t 108 >"$WORK/bob/log" 2>&1 & PIDS=$!
until_bob 'b["phone"]'
json -X PUT -H "Authorization: Bearer $API_KEY" -d '{"ready":true}' "$HTTP/api/v1/agents/bob/ready"

chat ann 2; A=$CHAT; take "$A"
chat ben 2; B=$CHAT; take "$B"
chat cat 2; C=$CHAT; until_waiting "$C"; is_told "$C" "You are number 1 in line."
chat dan 1; D=$CHAT; until_waiting "$D" "$C"; is_told "$D" "You are number 1 in line."
[ "$(bob 'len(b["chats"])')" = 2 ] || fail "bob has $(bob 'b["chats"]')"
echo "  two chats are with bob, the third is told its place, the urgent one is before it"

CONTROL=$(free_port)
phone_call "$WORK/phone" "$CONTROL" 4000 "$INTEROP/media/caller_long_8000.wav"
phone_until_established "$CONTROL" || exit 1
until_bob 'b["state"] == "talking"'
echo "  a call came on top of the chats"
order "$A" '{"command":"hangup"}' >/dev/null || fail "bob cannot end a chat in the call"
until_bob 'len(b["chats"]) == 1'; sleep 1
until_waiting "$D" "$C"
# Why: as whoever supervises reads it.
api "/conversations/$C/routing" | grep -q 'busy' || fail "$(api "/conversations/$C/routing")"
echo "  nothing came on top of the call, though there is room for a chat"
phone_hang_up "$CONTROL"
until_bob 'b["state"] == "wrapup"'; sleep 0.5
until_waiting "$D" "$C"
order "$A" '{"command":"wrap_up_done"}' >/dev/null
take "$D"; until_waiting "$C"
echo "  after the call and its wrap-up the urgent chat was first"

chat eve 1; E=$CHAT; until_waiting "$E" "$C"
# shellcheck disable=SC2086
kill $PAGE $PIDS 2>/dev/null; kill -KILL "$VOXDESK_PID"; wait "$VOXDESK_PID" 2>/dev/null
PIDS=""
start_demo || exit 1
until_waiting "$E" "$C"
bob_page
until_bob 'len(b["chats"]) == 2 and not b["offer"]'
until_waiting "$E" "$C"
echo "  after kill -9 bob has his two chats, and the order of those who wait is what it was"
grep -aE 'panicked' "$LOG" && exit 1
exit 0
