#!/usr/bin/env bash
# A customer's phone, two agents and a supervisor in headless Chromium, each with a voice of their own: consultation, conference, attended and blind
# transfer, listening, whispering. Judged by what each of them received.
set -uo pipefail
. "$(dirname "$0")/demo.sh"
. "$(dirname "$0")/phone.sh"
[ -f "$INTEROP/media/caller_long_16000.wav" ] || "$INTEROP/make_media.sh" >/dev/null || exit 1
WORK=$(mktemp -d)
say() { # say NAME VOICE TEXT: $WORK/NAME.wav, and NAME_long.wav for a browser's microphone
  espeak-ng -v "$2" -s 150 --stdout "$3" >"$WORK/$1_raw.wav"
  sox -q "$WORK/$1_raw.wav" -r 48000 -c 1 -b 16 "$WORK/$1.wav" norm -6
  sox -q "$WORK/$1.wav" "$WORK/$1_long.wav" pad 0 0.4 repeat 12
}
say alice en-gb "Thank you for waiting. My name is Alice, and I am happy to help. Could you give me the number of the order, and tell me which of the lamps was damaged?"
say bob en-us+m3 "Good morning, this is the workshop. We repaired seventeen bicycles yesterday, and every wheel turns quietly again. Shall I put your name on the list?"
say sue en-029 "Supervisor speaking into the ear. Offer them a voucher of twenty pounds, apologise once more, and then close the ticket before lunch, please."
# A phone hangs up when its recording ends.
sox -q "$INTEROP/media/caller_long_8000.wav" "$WORK/caller_long.wav" repeat 2
start_demo || exit 1
trap 'kill ${PHONE_PID:-} 2>/dev/null; stop_demo; [ -n "${KEEP:-}" ] && echo "kept $WORK $DATA" || rm -rf "$WORK" "$DATA"' EXIT
export WORK HTTP API_KEY ROOT SCREENSHOTS=${SCREENSHOTS:-$ROOT/out/screenshots}
passwords alice bob sue
CONTROL=$(free_port)
(
  until [ -e "$WORK/dial" ]; do sleep 0.1; done
  PHONE_SECONDS=170 phone_call "$WORK/phone" "$CONTROL" 1003 "$WORK/caller_long.wav"
  phone_until_established "$CONTROL"; date +%s.%N >"$WORK/established"
  until [ -e "$WORK/hangup" ]; do sleep 0.1; done
  phone_hang_up "$CONTROL"; sleep 0.5; kill "$PHONE_PID" 2>/dev/null; touch "$WORK/gone"
) &
timeout 170 node "$ROOT/tests/e2e/transfer.mjs"
result=$?
until [ -e "$WORK/gone" ]; do sleep 0.1; done
[ $result = 0 ] || { tail -n 15 "$LOG"; exit $result; }
failed=0
audible() { # audible WHO FILE NAME yes|no: whether the voice of NAME is in what WHO received
  local reference=$WORK/$3.wav said
  [ "$3" = caller ] && reference=$INTEROP/media/caller_8000.wav
  if [ "$4" = yes ]; then
    said=$("$PYV" "$INTEROP/bin/audiochk.py" "$2" "$reference" --min 0.54) || failed=1
  else
    said=$("$PYV" "$INTEROP/bin/audiochk.py" "$2" "$reference" --min 0.56 | sed 's/^FAIL/absent/; s/^PASS/FAIL, PRESENT/')
    case $said in FAIL*) failed=1 ;; esac
  fi
  echo "  $1 hears $3 ($4): $said"
}
heard=$(phone_heard "$WORK/phone")
established=$(cat "$WORK/established")
customer() { # customer STEP NAME yes|no: what the customer's phone received during a step
  read -r from to <"$WORK/$1.time"
  sox -q "$heard" "$WORK/customer_$1.wav" trim "$(awk "BEGIN{print $from-$established+0.5}")" "$(awk "BEGIN{print $to-$from-0.8}")"
  audible "the customer ($1)" "$WORK/customer_$1.wav" "$2" "$3"
}
customer talk alice yes
customer aside alice no; customer aside bob no
audible "bob, asked aside," "$WORK/bob_aside.wav" alice yes; audible "bob, asked aside," "$WORK/bob_aside.wav" caller no
audible "alice, asking," "$WORK/alice_aside.wav" bob yes
customer conference alice yes; customer conference bob yes
audible "alice in the conference" "$WORK/alice_conference.wav" caller yes; audible "alice in the conference" "$WORK/alice_conference.wav" bob yes
audible "alice in the conference" "$WORK/alice_conference.wav" alice no
customer watched bob yes; customer watched alice no; customer watched sue no
audible "sue, listening," "$WORK/sue_watched.wav" caller yes; audible "sue, listening," "$WORK/sue_watched.wav" bob yes
audible "bob, listened to," "$WORK/bob_watched.wav" sue no
customer whispered sue no
audible "bob, whispered to," "$WORK/bob_whispered.wav" sue yes; audible "bob, whispered to," "$WORK/bob_whispered.wav" caller yes
customer back alice yes; customer back bob no
grep -aE 'panicked' "$LOG" && failed=1
exit $failed
