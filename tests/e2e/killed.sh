#!/usr/bin/env bash
# `kill -9` in mid-call: what was settled is there after a restart, what was said and had no text yet is written down then, and the call is closed in the record with
# the reason. A chat in progress goes on.
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
# In the middle of a sentence: more than a second of speech lies in the backlog and has no text.
# What was settled is asked before: until an answer came, the text might be there.
for _ in $(seq 200); do
  settled "$call" > "$WORK/before"
  waiting=$(find "$DATA/backlog" -name '*.sealed' -printf '%s\n' 2>/dev/null | sort -n | tail -n 1)
  [ "${waiting:-0}" -gt 40000 ] && break
  sleep 0.1
done
kill -KILL "$VOXDESK_PID"; wait "$VOXDESK_PID" 2>/dev/null
kill "$PHONE_PID" 2>/dev/null
start_demo || exit 1
settled "$call" > "$WORK/after"; settled "$chat" > "$WORK/chat_after"
failed=0
missing=$(grep -vxFf "$WORK/after" "$WORK/before"); [ -z "$missing" ] || { echo "lost: $missing"; failed=1; }
missing=$(grep -vxFf "$WORK/chat_after" "$WORK/chat_before"); [ -z "$missing" ] || { echo "lost from the chat: $missing"; failed=1; }
[ "${waiting:-0}" -gt 40000 ] || { echo "nothing waited in the backlog when the process was killed"; failed=1; }
grep -q speech_behind "$WORK/after" || { echo "the record does not say that text is missing"; failed=1; }
for _ in $(seq 100); do
  api "/conversations/$call" | grep -q speech_caught_up && break
  sleep 0.2
done
api "/conversations/$call" | python3 -c '
import json, sys
c = json.load(sys.stdin)
before = sum(" speech " in line for line in open(sys.argv[1]))
said = sorted((e for e in c["entries"] if e["kind"] == "speech"), key=lambda e: e["start_ms"])
assert len(said) > before, "the last words are not in the record: %d lines before, %d now" % (before, len(said))
assert all(a["end_ms"] <= b["start_ms"] + 400 for a, b in zip(said, said[1:])), "a line is there twice"
print("  %d lines before the kill, %d after the backlog was written down" % (before, len(said)))' "$WORK/before" || failed=1
[ -z "$(find "$DATA/backlog" -type f)" ] || { echo "the backlog is still there"; failed=1; }
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
