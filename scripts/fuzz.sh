#!/usr/bin/env bash
# Coverage-guided fuzzing of everything that reads bytes from outside: fuzz.sh [TARGET...], MINUTES=10 each. Needs cargo-fuzz, which it installs.
# With a nightly compiler where there is one; else the stable one is told to take the instrumentation's flags.
# A target's new finds go to fuzz/out/corpus; KEEP=1 folds what reaches something new into fuzz/corpus, which is kept with the project.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v cargo-fuzz >/dev/null || cargo install --locked cargo-fuzz
if rustup toolchain list 2>/dev/null | grep -q nightly; then
  fuzz() { cargo +nightly fuzz "$@"; }
else
  export RUSTC_BOOTSTRAP=1
  fuzz() { cargo fuzz "$@"; }
fi
seeds() {
  case $1 in
    sip | stream) echo signaling/tests/data/rfc4475 signaling/tests/data/rfc5118 signaling/tests/data/captured ;;
    flow) echo flows ;;
    recording) echo media/tests/data ;;
  esac
}
targets=${*:-$(fuzz list)}
failed=0
for target in $targets; do
  echo "== $target: ${MINUTES:-10} min"
  found=fuzz/out/corpus/$target
  mkdir -p "$found" fuzz/out
  # Only folders that exist: what is found new goes to the first one.
  folders=$(for folder in "fuzz/corpus/$target" $(seeds "$target"); do [ ! -d "$folder" ] || echo "$folder"; done)
  # shellcheck disable=SC2086
  fuzz run "$target" "$found" $folders -- -max_total_time=$((${MINUTES:-10} * 60)) -max_len="${MAX_LEN:-8192}" \
    -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 >"fuzz/out/$target.log" 2>&1 || failed=1
  grep -aE '^(#[0-9]+.*(INITED|DONE)|stat::|SUMMARY|==[0-9]+==|.*panicked)' "fuzz/out/$target.log" | tail -n 12 || true
  ls "fuzz/artifacts/$target"/* 2>/dev/null && failed=1
  if [ -n "${KEEP:-}" ]; then
    mkdir -p "fuzz/corpus/$target"
    fuzz run "$target" "fuzz/corpus/$target" "$found" -- -merge=1 -max_len="${KEEP_LEN:-2048}" >>"fuzz/out/$target.log" 2>&1 || failed=1
  fi
done
exit $failed
