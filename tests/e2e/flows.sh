#!/usr/bin/env bash
# One call by a real phone through say, collect, condition, secure_collect, lookup and voicemail: each does its part, a server outside gets the card, and not a digit of
# it is in the record, the log, the database, the recording's name or the credentials. English prompts have the voice of an HTTP service. The message is on disk with its sound, and is a ticket. Afterwards: a callback that keeps its place over `kill -9`.
set -uo pipefail
. "$(dirname "$0")/demo.sh"
. "$(dirname "$0")/phone.sh"
[ -f "$INTEROP/media/caller_long_8000.wav" ] || "$INTEROP/make_media.sh" >/dev/null || exit 1
WORK=$(mktemp -d)
RECEIPT="the red house by the river with nine green windows and a garden"
CARD=4111111111111111
export PAY_PORT; PAY_PORT=$(free_port)
# The server outside: keeps what it was sent, answers with a receipt; it also lends its voice.
python3 - "$WORK/paid" "$PAY_PORT" "$RECEIPT" <<'PY' & SERVER=$!
import http.server, json, subprocess, sys
kept, port = sys.argv[1], int(sys.argv[2])
class Bank(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        if self.path == "/speak":
            assert self.headers["authorization"] == "Bearer t0ken-of-the-bank"
            subprocess.run(["espeak-ng", "-v", "en-us", "-s", "140", "-p", "75", "-w", kept + ".wav", json.loads(body)["input"]], check=True)
            sound = open(kept + ".wav", "rb").read()
            open(kept + ".spoken", "a").write("1")
            self.send_response(200); self.send_header("content-length", str(len(sound))); self.end_headers(); self.wfile.write(sound)
            return
        open(kept, "a").write(self.headers.get("authorization", "") + " " + body + "\n")
        answer = json.dumps({"receipt": sys.argv[3]}).encode()
        self.send_response(200); self.send_header("content-length", str(len(answer))); self.end_headers(); self.wfile.write(answer)
    def log_message(self, *_): pass
http.server.HTTPServer(("127.0.0.1", port), Bank).serve_forever()
PY
cat > "$WORK/flow.toml" <<FLOW
[flow]
name = "e2e"
[entries]
4000 = "hello"
4001 = "wait_for_sales"
[prompts.order]
en = "Which order is it about?"
zh = "哪个订单？"
[prompts.card]
en = "Please enter the number of your card with the keys of your phone, and then the hash key."
zh = "请输入卡号。"
[prompts.message]
en = "Please leave a message after the tone, and hang up when you have said everything."
zh = "请留言。"
[prompts.noted]
en = "We call you back."
zh = "我们会回电。"
[steps.hello]
kind = "say"
text = { en = "You are calling {called.number:digits}, {caller.number}.", zh = "您拨打的是{called.number:digits}。" }
next = "order"
[steps.order]
kind = "collect"
prompts = "order"
into = "order"
next = "is_it_42"
[steps.is_it_42]
kind = "condition"
when = "number(order) == 42"
then = "card"
otherwise = "bye"
[steps.card]
kind = "secure_collect"
what = "card"
prompts = "card"
into = "card"
next = "pay"
[steps.pay]
kind = "lookup"
url = "http://127.0.0.1:$PAY_PORT/pay"
headers = { authorization = "Bearer {secret.bank}" }
body = { card = "{card}", order = "{order}" }
into = { receipt = "\$.receipt" }
next = "paid"
failed = "bye"
[steps.paid]
kind = "say"
text = { en = "Your receipt is {receipt}.", zh = "收据：{receipt}。" }
next = "message"
[steps.message]
kind = "voicemail"
prompts = "message"
[steps.wait_for_sales]
kind = "queue"
queue = "sales"
keys = { 1 = "call_me" }
[steps.call_me]
kind = "callback"
queue = "sales"
number = "'1103'"
prompts = "noted"
[steps.bye]
kind = "hangup"
FLOW
cat > "$WORK/config.toml" <<CONFIG
credentials = "demo.json"
[http]
hosts = ["127.0.0.1:$PAY_PORT"]
[secrets]
bank = "env:BANK_TOKEN"
[voice.en]
url = "http://127.0.0.1:$PAY_PORT/speak"
headers = { authorization = "Bearer {secret.bank}" }
body = '{"input":"{text}"}'
[[queues]]
name = "sales"
[[queues]]
name = "later"
skills = { sales = 1 }
[[users]]
name = "bob"
role = "agent"
extension = "1102"
skills = { sales = 5 }
[[keys]]
name = "e2e"
role = "admin"
[[numbers]]
number = "4000"
flow = "flow.toml"
[[numbers]]
number = "4001"
flow = "flow.toml"
CONFIG
export BANK_TOKEN=t0ken-of-the-bank
CONFIG_FLAGS="--config $WORK/config.toml"
VOXDESK_LOG=debug start_demo || { kill $SERVER; exit 1; }
trap 'kill ${PHONE_PID:-} $SERVER 2>/dev/null; stop_demo; [ -n "${KEEP:-}" ] && echo "kept $WORK $DATA" || rm -rf "$WORK" "$DATA"' EXIT
CONTROL=$(free_port)
phone_call "$WORK/phone" "$CONTROL" 4000 "$INTEROP/media/caller_long_8000.wav"
phone_until_established "$CONTROL" || exit 1
keys() { local n; for n in $(seq ${#1}); do phone_key "$CONTROL" "${1:n-1:1}"; done; }
call=$(api '/conversations' | python3 -c 'import json,sys; print(json.load(sys.stdin)["items"][0]["id"])')
# Keys count when the step that asks for them is there: until then, texts are spoken that nobody interrupts.
at_step() {
  for _ in $(seq 100); do
    api "/conversations/$call" | python3 -c 'import json,sys
steps = [json.loads(e["detail"])["step"] if isinstance(e["detail"], str) else e["detail"]["step"] for e in json.load(sys.stdin)["entries"] if e["kind"] == "event" and e["text"] == "step"]
sys.exit(steps[-1:] != [sys.argv[1]])' "$1" && return 0
    sleep 0.2
  done
  echo "the call did not come to the step $1"; api "/conversations/$call"; return 1
}
at_step order || exit 1
keys '42#'
at_step card || exit 1
keys "$CARD#"
for _ in $(seq 40); do sleep 0.3; grep -qs "$CARD" "$WORK/paid" && break; done
grep -q "^Bearer t0ken-of-the-bank {\"card\":\"$CARD\",\"order\":\"42\"}$" "$WORK/paid" 2>/dev/null || { echo "the server outside was not asked:"; cat "$WORK/paid" 2>/dev/null; tail -n 5 "$LOG"; exit 1; }
echo "  the server outside got card and order"
at_step message || exit 1
for _ in $(seq 40); do sleep 0.5; ls "$DATA"/recordings/*.part >/dev/null 2>&1 && break; done
sleep 6; phone_hang_up "$CONTROL"
for _ in $(seq 120); do sleep 0.5; api "/conversations/$call" | grep -q '"text":"voicemail"' && api "/conversations/$call" | grep -q '"kind":"speech"' && break; done
api "/conversations/$call" > "$WORK/record.json"
python3 - "$WORK/record.json" "$DATA" <<'PY' || exit 1
import glob, json, os, sys, wave
record = json.load(open(sys.argv[1])); entries = record["entries"]; conversation = record.get("conversation", record)
events = [e["text"] for e in entries if e["kind"] == "event"]
digits = [e["text"] for e in entries if e["kind"] == "digit"]
assert digits == ["4", "2", "#"], digits
assert "secret_input" in events and "voicemail" in events, events
assert any(e["kind"] == "speech" for e in entries), "the message was not transcribed"
assert conversation["ticket_id"], "no ticket"
files = glob.glob(os.path.join(sys.argv[2], "recordings", "*.wav"))
assert len(files) == 1, files
w = wave.open(files[0]); frames = w.readframes(w.getnframes()); seconds = w.getnframes() / w.getframerate()
loud = sum(1 for i in range(0, len(frames) - 1, 2) if abs(int.from_bytes(frames[i:i+2], "little", signed=True)) > 500)
assert seconds >= 3 and loud > 1000, (seconds, loud)
print("  message of %.1f s is on disk, transcribed, and a ticket; the keys of the order are in the record" % seconds)
PY
found=$(grep -rlaE "$CARD|4111111111" "$DATA" "$LOG" "$WORK/record.json" 2>/dev/null); [ -z "$found" ] || { echo "the card is in: $found"; exit 1; }
grep -rla "t0ken-of-the-bank" "$DATA" && { echo "the secret is on disk"; exit 1; }
python3 - "$DATA/voxdesk.db" <<'PY' || exit 1
import sqlite3, sys
rows = [r[0] for r in sqlite3.connect("file:%s?mode=ro" % sys.argv[1], uri=True).execute("select change from events order by seq")]
typed = "".join(__import__("json").loads(r)["entry"]["text"] for r in rows if '"kind":"digit"' in r)
assert typed == "42#", typed
print("  no digit of the card in log (debug), database, record or recordings")
PY
expect_audio() { # expect_audio WHAT REFERENCE
  local said; said=$("$PYV" "$INTEROP/bin/audiochk.py" "$(phone_heard "$WORK/phone")" "$2" --min 0.6) || failed=1
  echo "  $1: $said"
}
failed=0
api "/flows/flow/prompts/message/en" -o "$WORK/message.wav" || exit 1
expect_audio "the caller heard the prompt of the voicemail" "$WORK/message.wav"
api /voice -H 'Content-Type: application/json' -d "{\"text\": \"Your receipt is $RECEIPT.\", \"lang\": \"en\"}" -o "$WORK/receipt.wav" || exit 1
expect_audio "the caller heard what the server answered" "$WORK/receipt.wav"
[ -s "$WORK/paid.spoken" ] && echo "  $(wc -c < "$WORK/paid.spoken") texts were spoken by the HTTP service" || { echo "nothing was spoken by the HTTP service"; failed=1; }
[ "$failed" = 0 ] || exit 1

# A callback: the place outlives the process.
CONTROL=$(free_port)
phone_call "$WORK/phone2" "$CONTROL" 4001 "$INTEROP/media/caller_long_8000.wav"
phone_until_established "$CONTROL" || exit 1
sleep 2; keys 1; sleep 3
waiting() { api /queues | python3 -c 'import json,sys; d=json.load(sys.stdin); d=d.get("items",d) if isinstance(d,dict) else d; print([(w.get("conversation", w.get("work")),w["since"][:19]) for q in d for w in q["waiting"]])'; }
before=$(waiting)
[ "$before" = "[]" ] && { echo "nobody waits for a callback"; api /queues; exit 1; }
kill "$PHONE_PID" 2>/dev/null; kill -KILL "$VOXDESK_PID"; wait "$VOXDESK_PID" 2>/dev/null
VOXDESK_LOG=debug start_demo || exit 1
sleep 1; after=$(waiting)
[ "$before" = "$after" ] && echo "  the callback waits in its place after kill -9" || { echo "before: $before after: $after"; exit 1; }

# The customer wants it elsewhere and later, and then not at all: the place goes with it, and in the end nobody is called.
callback() { api "/conversations/$id/callback" -H 'Content-Type: application/json' -d "$1"; }
in_line() { api /queues | python3 -c 'import json,sys; print([(q["name"], w.get("conversation", w.get("work")), w["since"][:19]) for q in json.load(sys.stdin)["items"] for w in q["waiting"]])'; }
until_line() { # until_line EXPECTED
  for _ in $(seq 100); do [ "$(in_line)" = "$1" ] && return; sleep 0.1; done
  echo "expected $1, found $(in_line)"; exit 1
}
id=$(python3 -c "print($after[0][0])"); since=$(python3 -c "print($after[0][1])")
callback '{"do":"move","queue":"nowhere"}' >/dev/null 2>&1 && { echo "moved to a queue that is none"; exit 1; }
callback '{"do":"move","queue":"later","not_before":"2099-01-01T00:00:00Z"}' || exit 1
until_line "[('later', '$id', '$since')]"
api "/conversations/$id/routing" | grep -q "put off" || { echo "nothing says that it is put off"; api "/conversations/$id/routing"; exit 1; }
callback '{"do":"withdraw"}' || exit 1
until_line "[]"
api "/conversations/$id" | python3 -c 'import json,sys; one=json.load(sys.stdin); assert one["reason"] == "callback_withdrawn", one' || exit 1
callback '{"do":"withdraw"}' >/dev/null 2>&1 && { echo "withdrawn twice"; exit 1; }
echo "  a callback is moved with its place, put off, and withdrawn"
