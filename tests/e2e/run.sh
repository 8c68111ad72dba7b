#!/usr/bin/env bash
# Every end-to-end test against the built program, one line of result each. Ends with `N passed, N failed`.
set -uo pipefail
cd "$(dirname "$0")"
[ -x ../../target/release/voxdesk ] || { echo "build first: make build" >&2; exit 1; }
[ -f ../interop/media/caller_long_16000.wav ] || ../interop/make_media.sh >/dev/null || exit 1
passed=0; failed=0
for test in ${TESTS:-interop.sh transports.sh turn.sh sipp_menu.sh agent.sh transfer.sh transfer_phones.sh recording.sh studio.sh desk.sh killed.sh flows.sh compete.sh captions.sh}; do
  began=$SECONDS
  echo "-- $test"
  if "./$test"; then passed=$((passed + 1)); result=PASS; else failed=$((failed + 1)); result=FAIL; fi
  echo "$result $test: $((SECONDS - began)) s"
done
echo "$passed passed, $failed failed"
[ $failed = 0 ]
