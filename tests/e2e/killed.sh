#!/usr/bin/env bash
# `kill -9` in mid-call: what was settled is there after a restart, and the call is closed in the record with the reason. A chat in progress goes on.
set -uo pipefail
. "$(dirname "$0")/demo.sh"
. "$(dirname "$0")/phone.sh"
WORK=$(mktemp -d)
start_demo || exit 1
trap 'kill ${PHONE_PID:-} 2>/dev/null; stop_demo; rm -rf "$WORK" "$DATA"' EXIT
CONTROL=$(free_port)
phone_call "$WORK/phone" "$CONTROL" 1004 "$INTEROP/media/caller_long_8000.wav"
phone_until_established "$CONTROL" || exit 1
visitor=$(curl -sS -H 'Content-Type: application/json' -d '{"visitor":"visitor-killed-0001","lang":"en"}' "$HTTP/api/v1/widget/chats")
chat=$(python3 -c 'import json,sys; print(json.loads(sys.argv[1])["conversation"])' "$visitor") || { echo "$visitor"; exit 1; }
token=$(python3 -c 'import json,sys; print(json.loads(sys.argv[1])["token"])' "$visitor")
curl -sS --fail-with-body -H "Authorization: Bearer $token" -H 'Content-Type: application/json' -d '{"text":"Is anybody there?","dedupe":"one"}' \
  "$HTTP/api/v1/widget/chats/$chat/messages" >/dev/null || exit 1
call=""
for _ in $(seq 60); do
  sleep 0.5
  call=$(api '/conversations?open=true' | python3 -c 'import json,sys; print(next((c["id"] for c in json.load(sys.stdin)["items"] if c["channel"]=="voice"), ""))')
  [ -n "$call" ] && api "/conversations/$call" | grep -q '"speech"' && break
done
settled() { api "/conversations/$1" | python3 -c 'import json,sys; print("\n".join("%s %s %s" % (e["seq"], e["kind"], e["text"]) for e in json.load(sys.stdin)["entries"]))'; }
settled "$call" > "$WORK/before"; settled "$chat" > "$WORK/chat_before"
grep -q speech "$WORK/before" || { echo "nothing was transcribed before the kill"; tail -n 5 "$LOG"; exit 1; }
kill -KILL "$VOXDESK_PID"; wait "$VOXDESK_PID" 2>/dev/null
kill "$PHONE_PID" 2>/dev/null
start_demo || exit 1
settled "$call" > "$WORK/after"; settled "$chat" > "$WORK/chat_after"
failed=0
missing=$(grep -vxFf "$WORK/after" "$WORK/before"); [ -z "$missing" ] || { echo "lost: $missing"; failed=1; }
missing=$(grep -vxFf "$WORK/chat_after" "$WORK/chat_before"); [ -z "$missing" ] || { echo "lost from the chat: $missing"; failed=1; }
api "/conversations/$call" | python3 -c '
import json, sys
c = json.load(sys.stdin)
assert c["state"] == "ended" and c["ended_at"] and c["reason"] == "restart", (c["state"], c["reason"])
assert all(leg["ended_at"] for leg in c["legs"]), "a leg is open in the record"
print("  the call is closed in the record:", c["reason"])' || failed=1
curl -sS --fail-with-body -H "Authorization: Bearer $token" -H 'Content-Type: application/json' -d '{"text":"Still here.","dedupe":"two"}' \
  "$HTTP/api/v1/widget/chats/$chat/messages" >/dev/null && echo "  the chat goes on after the restart" || failed=1
api /queues | grep -q "$chat" && echo "  and it is in its queue again" || { echo "the chat is not in its queue"; failed=1; }
exit $failed
