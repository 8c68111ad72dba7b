#!/usr/bin/env bash
# Coverage-guided fuzzing of everything that reads bytes from outside: fuzz.sh [TARGET...], MINUTES=10 each. Needs a nightly compiler and cargo-fuzz.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v cargo-fuzz >/dev/null || cargo install --locked cargo-fuzz
rustup toolchain list | grep -q nightly || rustup toolchain install nightly --profile minimal
seeds() {
  case $1 in
    sip | stream) echo signaling/tests/data/rfc4475 signaling/tests/data/rfc5118 signaling/tests/data/captured ;;
    flow) echo flows ;;
    recording) echo media/tests/data ;;
  esac
}
targets=${*:-$(cargo +nightly fuzz list)}
failed=0
for target in $targets; do
  echo "== $target: ${MINUTES:-10} min"
  mkdir -p "fuzz/corpus/$target"
  # Only folders that exist: what is found new goes to the first one.
  folders=$(for folder in $(seeds "$target"); do [ -d "$folder" ] && echo "$folder"; done)
  # shellcheck disable=SC2086
  cargo +nightly fuzz run "$target" "fuzz/corpus/$target" $folders -- -max_total_time=$((${MINUTES:-10} * 60)) -max_len="${MAX_LEN:-8192}" \
    -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 2>&1 | grep -aE '^(#[0-9]+.*(DONE|pulse)|stat::|SUMMARY|==[0-9]+==|.*panicked)' | tail -n 12 || failed=1
  ls "fuzz/artifacts/$target"/* 2>/dev/null && failed=1
done
exit $failed
