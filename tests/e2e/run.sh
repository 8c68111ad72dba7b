#!/usr/bin/env bash
# Every end-to-end test against the built program, one after the other (side by side, phones on two cores hear each other's load), one line of
# result each. Ends with `N passed, N failed`. TESTS="agent.sh desk.sh" runs some.
set -uo pipefail
cd "$(dirname "$0")"
[ -x ../../target/release/voxdesk ] || { echo "build first: make build" >&2; exit 1; }
[ -f ../interop/media/caller_long_16000.wav ] || ../interop/make_media.sh >/dev/null || exit 1
phones="interop.sh answers.sh command_line.sh run_command.sh transports.sh turn.sh sipp_menu.sh trunks.sh transfer_phones.sh flows.sh recording.sh observed.sh compete.sh scanner.sh contract.sh"
browsers="agent.sh transfer.sh video.sh studio.sh desk.sh reports.sh channels.sh keys.sh mail.sh killed.sh"
speech="captions.sh"
passed=0; failed=0
for test in ${TESTS:-$phones $browsers $speech}; do
  began=$SECONDS
  echo "-- $test"
  if "./$test"; then passed=$((passed + 1)); result=PASS; else failed=$((failed + 1)); result=FAIL; fi
  echo "$result $test: $((SECONDS - began)) s"
done
echo "$passed passed, $failed failed"
[ $failed = 0 ]
