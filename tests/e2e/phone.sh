# Sourced by end-to-end tests: a real softphone (baresip) that speaks a recording and keeps what it heard.
#   phone_call DIR CONTROL-PORT NUMBER WAV [CODEC]   dials; WAV is spoken once answered
#   phone_until_established CONTROL-PORT             waits, fails after 10 s
#   phone_key CONTROL-PORT DIGIT, phone_hang_up CONTROL-PORT
#   phone_heard DIR                                  prints the file with what it heard
#   phone_part DIR OUT FROM TO                       what it heard between two moments (seconds of the clock)

phone_call() {
  local dir=$1 control=$2 number=$3 wav=$4 codec=${5:-pcmu/8000/1} rate=8000
  case $codec in opus*) rate=48000 ;; g722*) rate=16000 ;; esac
  local sip; sip=$(free_port)
  SRATE=$rate RTP=$((32100 + RANDOM % 4000 * 2))-$((42000)) "$INTEROP/bin/mkbaresip.sh" "$dir" "$sip" "$control" "$wav" \
    "<sip:caller@127.0.0.1:$SIP_PORT;transport=udp>;regint=0;audio_codecs=$codec"
  timeout "${PHONE_SECONDS:-120}" baresip -s -f "$dir" -t "${PHONE_SECONDS:-118}" -e "d sip:$number@127.0.0.1:$SIP_PORT" >"$dir/log" 2>&1 &
  PHONE_PID=$!
}

phone_until_established() {
  for _ in $(seq 30); do
    sleep 0.3
    python3 "$INTEROP/bin/bctl.py" "$1" -w 0.2 listcalls 2>/dev/null | grep -q ESTABLISHED && return 0
  done
  echo "the call was not established"; return 1
}

phone_key() { python3 "$INTEROP/bin/bctl.py" "$1" -w 0.3 sndcode "$2" >/dev/null; }
phone_hang_up() { python3 "$INTEROP/bin/bctl.py" "$1" -w 0.3 hangup >/dev/null; }
phone_heard() { ls "$1"/rec/*dec.wav 2>/dev/null | tail -n 1; }

# Its recording begins when its file does.
phone_part() {
  local heard began; heard=$(phone_heard "$1"); began=$(stat -c %.9W "$heard")
  sox -q "$heard" "$2" trim "$(awk "BEGIN{print $3-$began}")" "$(awk "BEGIN{print $4-$3}")"
}
