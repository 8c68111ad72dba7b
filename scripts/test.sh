#!/usr/bin/env bash
# All tests, with progress: format, lints, unit tests, pages, then real phones and browsers. Ends with `N passed, N failed`.
set -uo pipefail
cd "$(dirname "$0")/.."
passed=0; failed=0; names=()
step() { # step NAME COMMAND...
  local name=$1 began=$SECONDS; shift
  printf '\n== %s\n' "$name"
  if "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)); names+=("$name"); fi
  printf -- '-- %s: %d s\n' "$name" $((SECONDS - began))
}
step "pages: build" make --no-print-directory web
step "format" make --no-print-directory check-format
step "program: build" cargo build --release --bin voxdesk
step "speech models" bash -c 'target/release/voxdesk models pull base --models "$VOXDESK_MODELS" && target/release/voxdesk models pull tiny.en --models "$VOXDESK_MODELS"'
step "lints" make --no-print-directory lint
step "unit tests" cargo test --release --workspace --quiet --no-fail-fast
step "pages: tests" bash -c 'cd web && npm test --silent'
step "phones, browsers, databases" tests/e2e/run.sh
printf '\n'
[ $failed = 0 ] || printf 'failed: %s\n' "${names[@]}"
printf '%d passed, %d failed\n' $passed $failed
[ $failed = 0 ]
