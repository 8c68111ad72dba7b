#!/usr/bin/env bash
# Every end-to-end test against the built program, one line of result each. Ends with `N passed, N failed`.
# Tests with phones mostly wait (for timers, for what is said), so they run beside those with browsers; what is measured against the
# clock runs alone afterwards. TESTS="agent.sh desk.sh" runs some, one after the other.
set -uo pipefail
cd "$(dirname "$0")"
[ -x ../../target/release/voxdesk ] || { echo "build first: make build" >&2; exit 1; }
[ -f ../interop/media/caller_long_16000.wav ] || ../interop/make_media.sh >/dev/null || exit 1
phones="interop.sh answers.sh command_line.sh run_command.sh transports.sh turn.sh sipp_menu.sh trunks.sh transfer_phones.sh flows.sh recording.sh compete.sh"
browsers="agent.sh transfer.sh video.sh studio.sh desk.sh reports.sh channels.sh mail.sh killed.sh"
alone="captions.sh chinese.sh"
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
run() { # run TEST...: one after the other; their results go to $work/results too
  local test began result
  for test in "$@"; do
    began=$SECONDS
    echo "-- $test"
    if "./$test"; then result=PASS; else result=FAIL; fi
    echo "$result $test: $((SECONDS - began)) s" | tee -a "$work/results"
  done
}
if [ -n "${TESTS:-}" ]; then
  # shellcheck disable=SC2086
  run $TESTS
else
  # The pages that the phones' tests need are built once, before two tests want them at the same time.
  (cd ../interop/js && { [ -d node_modules ] || npm ci --no-audit --no-fund --loglevel=error; } && npm run --silent build) || exit 1
  # shellcheck disable=SC2086
  run $phones > "$work/phones" 2>&1 & beside=$!
  # shellcheck disable=SC2086
  run $browsers
  wait $beside; cat "$work/phones"
  # shellcheck disable=SC2086
  run $alone
fi
passed=$(grep -c '^PASS' "$work/results"); failed=$(grep -c '^FAIL' "$work/results")
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
