#!/usr/bin/env bash
# What callers get at the edges of a call: an INVITE without an offer is answered with one, and the prompt is heard; 1007's goodbye is heard before it hangs up; who calls an
# agent that talks gets 486; who is one too many gets 503 with Retry-After, until there is room again.
set -uo pipefail
. "$(dirname "$0")/demo.sh"
WORK=$(mktemp -d)
ALICE=$(free_port)
mkdir "$WORK/flows" && cp "$ROOT/flows/main.toml" "$WORK/flows/"
# Room for two calls; alice's phone is always there: answers.py is it.
python3 - "$ROOT/gateway/demo/demo.toml" "$WORK/center.toml" "$ALICE" <<'PY' || exit 1
import sys
text = open(sys.argv[1]).read()
made = text.replace('name = "alice"\n', f'name = "alice"\ncontact = "sip:alice@127.0.0.1:{sys.argv[3]}"\n') + "\n[sip]\nmax_calls = 2\n"
assert "contact" in made and "\n[sip]\n" not in text
open(sys.argv[2], "w").write(made)
PY
CONFIG_FLAGS="--config $WORK/center.toml" start_demo || exit 1
trap 'stop_demo; [ -n "${KEEP:-}" ] && echo "kept $WORK $DATA" || rm -rf "$WORK" "$DATA"' EXIT
failed=0
HOST=127.0.0.1 PORT=$SIP_PORT ALICE=$ALICE WORK=$WORK timeout 90 python3 "$ROOT/tests/e2e/answers.py" || failed=1
prompt menu 1000; prompt goodbye 1007
hears "who made no offer" "$WORK/late.wav" "$WORK/menu.wav"; hears_not "who made no offer" "$WORK/late.wav" "$WORK/goodbye.wav"
hears "who called 1007" "$WORK/heard_goodbye.wav" "$WORK/goodbye.wav"; hears_not "who called 1007" "$WORK/heard_goodbye.wav" "$WORK/menu.wav"
said=$("$PYV" "$INTEROP/bin/audiochk.py" "$WORK/from_alice.wav" --tone 440) || failed=1
echo "  who called alice hears her tone: $said"
grep -aE 'panicked' "$LOG" && failed=1
exit $failed
