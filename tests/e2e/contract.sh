#!/usr/bin/env bash
# The whole API against its OpenAPI document: schemathesis asks a running demonstration with an administrator's key, with what fits the document and with what does not.
# No 500, and every answer is as the document says. A short look unless PHASES=examples,coverage,fuzzing EXAMPLES=100 (`make contract`); SEED=N repeats a run; what was found is in out/contract.
set -uo pipefail
. "$(dirname "$0")/demo.sh"
TOOL=$ROOT/tests/e2e/contract
OUT=$ROOT/out/contract
[ -x "$TOOL/bin/st" ] || { python3 -m venv "$TOOL" && "$TOOL/bin/pip" -q install -r "$ROOT/tests/e2e/contract.txt"; } || exit 1
WORK=$(mktemp -d)
mkdir -p "$WORK/flows" && cp "$ROOT/flows/main.toml" "$WORK/flows/"
sed 's/^model = "base"$/enabled = false/' "$ROOT/gateway/demo/demo.toml" >"$WORK/center.toml"
printf '[http]\nrequests_per_minute = 0\n' >>"$WORK/center.toml"
CONFIG_FLAGS="--config $WORK/center.toml"
start_demo || exit 1
trap 'stop_demo; rm -rf "$DATA" "$WORK"' EXIT
mkdir -p "$OUT" && cd "$WORK" || exit 1
curl -sS "$HTTP/api/openapi.json" >"$WORK/openapi.json" || exit 1
failed=0
"$TOOL/bin/st" --no-color run "$WORK/openapi.json" --url "$HTTP" --header "Authorization: Bearer $API_KEY" \
  --phases "${PHASES:-fuzzing}" --max-examples "${EXAMPLES:-2}" --seed "${SEED:-1}" --workers 1 --continue-on-failure \
  --checks not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance \
  --request-timeout 20 --suppress-health-check all --warnings off \
  --generation-database none ${ONLY:+--include-path-regex "$ONLY"} >"$OUT/report.txt" 2>&1 || failed=1
if [ $failed = 0 ]; then grep -E '^ +(Seed|API|Test|[0-9]+ generated|.*passed)|=' "$OUT/report.txt" | tail -n 5; else cat "$OUT/report.txt"; fi
kill -0 "$VOXDESK_PID" || { echo "voxdesk is gone"; failed=1; }
grep -aE 'panicked' "$LOG" && failed=1
exit $failed
