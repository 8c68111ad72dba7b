#!/usr/bin/env bash
# Runs the fuzz targets, each for SECONDS_EACH (600) seconds, and says how many inputs each took. TARGETS="sip sdp" runs some. Fails with the first finding, which fuzz/artifacts keeps.
set -euo pipefail
cd "$(dirname "$0")/../fuzz"
command -v cargo-fuzz >/dev/null || { echo "fuzz: cargo install cargo-fuzz" >&2; exit 1; }
# The sanitizers are flags of the nightly compiler; the stable one takes them when asked so.
export RUSTC_BOOTSTRAP=1
for target in ${TARGETS:-sip stream sdp rtp rtcp srtp stun flow recording}; do
  [ -f "fuzz_targets/$target.rs" ] && grep -q "fuzz_target!" "fuzz_targets/$target.rs" || continue
  mkdir -p "corpus/$target"
  log=$(mktemp)
  if ! cargo fuzz run "$target" -- -max_total_time="${SECONDS_EACH:-600}" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 >"$log" 2>&1; then
    tail -n 30 "$log"; echo "FAIL $target"; exit 1
  fi
  echo "PASS $target: $(grep -o 'Done [0-9]* runs in [0-9]* second' "$log")s"
  rm "$log"
done
