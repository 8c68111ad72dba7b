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
  signal_of dial
  PHONE_SECONDS=170 phone_call "$WORK/phone" "$CONTROL" 1003 "$WORK/caller_long.wav"
  phone_until_established "$CONTROL"
  signal_of hangup
  phone_hang_up "$CONTROL"; sleep 0.5; kill "$PHONE_PID" 2>/dev/null; touch "$WORK/gone"
) &
timeout 170 node "$ROOT/tests/e2e/transfer.mjs"
result=$?
signal_of gone
[ $result = 0 ] || { tail -n 15 "$LOG"; exit $result; }
failed=0
cp "$INTEROP/media/caller_8000.wav" "$WORK/caller.wav"
audible() { # audible WHO FILE NAME yes|no: whether the voice of NAME is in what WHO received
  if [ "$4" = yes ]; then hears "$1" "$2" "$WORK/$3.wav"; else hears_not "$1" "$2" "$WORK/$3.wav"; fi
}
customer() { # customer STEP NAME yes|no: what the customer's phone received during a step
  read -r from to <"$WORK/$1.time"
  # What was arranged at the beginning of a step takes a moment to be heard.
  phone_part "$WORK/phone" "$WORK/customer_$1.wav" "$(awk "BEGIN{printf \"%.3f\", $from+0.5}")" "$to"
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
