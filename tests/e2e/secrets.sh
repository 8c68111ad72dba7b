#!/usr/bin/env bash
# Card numbers said in ten ways by a caller whose call is recorded (recorded human digits, one by one, in groups, with long pauses, in pairs …), keyed in, and typed into a
# chat: afterwards no file, table, frame of the live socket, export or log holds them, and they cannot be heard in the recording. WAYS=10 takes all, 3 by default.
set -uo pipefail
. "$(dirname "$0")/demo.sh"
. "$(dirname "$0")/phone.sh"
WORK=$(mktemp -d)
DATA=$(mktemp -d)
mkdir "$WORK/conf" && cp -r "$ROOT/flows" "$WORK/conf/flows"
sed 's/^name = "support"$/name = "support"\nrecording = "always"/' "$ROOT/gateway/demo/demo.toml" > "$WORK/conf/demo.toml"
CONFIG_FLAGS="--config $WORK/conf/demo.toml"
VOXDESK_LOG=${VOXDESK_LOG:-debug} start_demo || exit 1
trap 'kill ${PHONE_PID:-} ${AGENT_PID:-} ${WATCH:-} 2>/dev/null; stop_demo; [ -n "${KEEP:-}" ] && echo "kept $WORK $DATA" || rm -rf "$WORK" "$DATA"' EXIT
export HTTP API_KEY WORK ROOT DATA
"$PYV" "$ROOT/tests/e2e/cards.py" make "${WAYS:-3}" "$WORK" || exit 1
ALL_FRAMES=1 node "$ROOT/tests/e2e/captions.mjs" > "$WORK/frames" & WATCH=$!
# bob's phone answers by itself and listens.
control=$(free_port); sip=$(free_port)
password=$(demo_value '[u for u in d["users"] if u["name"]=="bob"][0]["sip_password"]')
RTP=$((46000 + RANDOM % 2000 * 2))-$((51000)) "$INTEROP/bin/mkbaresip.sh" "$WORK/agent" "$sip" "$control" "$WORK/silence.wav" \
  "<sip:1102@127.0.0.1:$SIP_PORT;transport=udp>;auth_user=1102;auth_pass=$password;regint=60;answermode=auto;audio_codecs=pcmu/8000/1"
timeout 400 baresip -s -f "$WORK/agent" -t 398 >"$WORK/agent/log" 2>&1 & AGENT_PID=$!
for _ in $(seq 50); do
  api /agents | python3 -c 'import json,sys; sys.exit(not next(a for a in json.load(sys.stdin)["items"] if a["name"]=="bob")["phone"])' && break
  sleep 0.2
done
curl -sS --fail-with-body -X PUT -H "Authorization: Bearer $API_KEY" -H 'Content-Type: application/json' -d '{"ready":true}' "$HTTP/api/v1/agents/bob/ready"
CONTROL=$(free_port); seconds=$(soxi -D "$WORK/caller.wav" | cut -d. -f1)
PHONE_SECONDS=$((seconds + 60)) phone_call "$WORK/phone" "$CONTROL" 1003 "$WORK/caller.wav"
phone_until_established "$CONTROL" || exit 1
sleep $((seconds + 8))
for key in 4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1; do phone_key "$CONTROL" $key; done
# The same typed into a chat.
visitor=$(curl -sS -H 'Content-Type: application/json' -d '{"visitor":"visitor-secret-0001","lang":"en"}' "$HTTP/api/v1/widget/chats")
chat=$(python3 -c 'import json,sys; print(json.loads(sys.argv[1])["conversation"])' "$visitor") || { echo "$visitor"; exit 1; }
token=$(python3 -c 'import json,sys; print(json.loads(sys.argv[1])["token"])' "$visitor")
curl -sS --fail-with-body -H "Authorization: Bearer $token" -H 'Content-Type: application/json' -d '{"text":"my card is 4111 1111-1111 1111, thanks","dedupe":"one"}' \
  "$HTTP/api/v1/widget/chats/$chat/messages" >/dev/null || exit 1
phone_hang_up "$CONTROL"
call=$(api '/conversations' | python3 -c 'import json,sys; print(next(c["id"] for c in json.load(sys.stdin)["items"] if c["channel"]=="voice"))')
for _ in $(seq 60); do
  grep -q "what was hidden is silent in the recording" "$LOG" && break
  sleep 0.5
done
api "/conversations/$call" > "$WORK/record.json"
for format in text srt vtt vcon; do api "/conversations/$call/transcript?format=$format" > "$WORK/export.$format" || exit 1; done
api "/conversations/$call/recording" -o "$WORK/recording.ogg" || exit 1
kill "$WATCH" 2>/dev/null
ffmpeg -v error -y -i "$WORK/recording.ogg" -ar 16000 "$WORK/recording.wav" && sox "$WORK/recording.wav" "$WORK/customer.wav" remix 1
"$VOXDESK" transcribe --models "$MODELS" --model base --language en --json "$WORK/customer.wav" > "$WORK/heard.json" || exit 1
"$PYV" "$ROOT/tests/e2e/cards.py" judge "$WORK" "$DATA"
