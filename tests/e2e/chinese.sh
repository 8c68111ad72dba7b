#!/usr/bin/env bash
# A caller who speaks Mandarin (a synthesised voice: no package carries recorded people) is transcribed live in Chinese characters, and what they said is found by search.
set -uo pipefail
. "$(dirname "$0")/demo.sh"
. "$(dirname "$0")/phone.sh"
WORK=$(mktemp -d)
mkdir "$WORK/flows" && cp "$ROOT/flows/main.toml" "$WORK/flows/"
{ cat "$ROOT/gateway/demo/demo.toml"; printf '\n[[numbers]]\nnumber = "2004"\nflow = "flows/main.toml"\nentry = "1004"\nlang = "zh"\n'; } > "$WORK/center.toml"
# espeak-ng reads characters as English syllables; pinyin it reads as it is written.
espeak-ng -v cmn-latn-pinyin -s 140 --stdout "nin2 hao3, wo3 xiang3 cha2 xun2 wo3 de5 ding4 dan1." > "$WORK/order.wav"
espeak-ng -v cmn-latn-pinyin -s 140 --stdout "wo3 men5 yi4 qi3 qu4 gong1 yuan2 ba5." > "$WORK/park.wav"
sox -q "$WORK/order.wav" -r 8000 -c 1 -b 16 "$WORK/order8.wav" pad 0.5 1.5 && sox -q "$WORK/park.wav" -r 8000 -c 1 -b 16 "$WORK/park8.wav" pad 0 30
sox -q "$WORK/order8.wav" "$WORK/park8.wav" "$WORK/said.wav"
CONFIG_FLAGS="--config $WORK/center.toml" start_demo || exit 1
trap 'kill ${PHONE_PID:-} 2>/dev/null; stop_demo; [ -n "${KEEP:-}" ] && echo "kept $WORK $DATA" || rm -rf "$WORK" "$DATA"' EXIT
CONTROL=$(free_port)
phone_call "$WORK/phone" "$CONTROL" 2004 "$WORK/said.wav"
phone_until_established "$CONTROL" || exit 1
HTTP=$HTTP API_KEY=$API_KEY python3 - <<'PY'
import difflib, json, os, re, sys, time, urllib.parse, urllib.request
SAID = ["您好我想查询我的订单", "我们一起去公园吧"]
def api(path):
    asked = urllib.request.Request(os.environ["HTTP"] + "/api/v1" + path, headers={"Authorization": "Bearer " + os.environ["API_KEY"]})
    return json.load(urllib.request.urlopen(asked))
for _ in range(60):
    time.sleep(0.5)
    calls = [one for one in api("/conversations")["items"] if one["called"] == "2004"]
    speech = [one for one in api("/conversations/" + calls[0]["id"])["entries"] if one["kind"] == "speech"] if calls else []
    if len(speech) >= 2: break
text = "".join(one["text"] for one in speech)
print("  heard:", text)
han = re.sub(r"[^\u4e00-\u9fff]", "", text)
right = [sum(part.size for part in difflib.SequenceMatcher(None, said, han, autojunk=False).get_matching_blocks()) / len(said) for said in SAID]
print("  characters that are right: " + ", ".join(f"{share:.0%}" for share in right))
failed = min(right, default=0) < 0.6 or re.search("[a-zA-Z]{3,}", text) is not None
found = api("/search?" + urllib.parse.urlencode({"q": "公园"}))["items"]
print("  found by 公园:", len(found))
sys.exit(failed or not found)
PY
failed=$?
phone_hang_up "$CONTROL"
grep -aE 'panicked' "$LOG" && failed=1
exit $failed
