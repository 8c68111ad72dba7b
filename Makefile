# Voxdesk. `make run` starts it, `make test` tests it; both install what they need and work from a fresh clone.
# `make help` lists the rest.

SHELL := /bin/bash
CARGO ?= cargo
VOXDESK := target/release/voxdesk
# Flags for `voxdesk serve --demo`, e.g. make run ARGS="--http 0.0.0.0:8080 --sip 0.0.0.0:5060 --rtp 0.0.0.0:20000-29999"
ARGS ?=
MODELS ?= $(if $(XDG_CACHE_HOME),$(XDG_CACHE_HOME),$(HOME)/.cache)/voxdesk/models
export VOXDESK_MODELS := $(MODELS)

.PHONY: help run test demo-call bench bench-asr bench-desk bench-routing fuzz guide-pictures histories build contract web models check-format lint unit e2e clean-data lost-nothing screenshots secrets wer

help: ## What can be made
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 16

run: ## Install what is missing, build, fetch the speech model, start the demonstration
	@scripts/need.sh run
	@$(MAKE) --no-print-directory build models
	@scripts/run.sh $(ARGS)

test: ## Install what the tests need, then format check, lints as errors, and every test
	@scripts/need.sh test
	@scripts/test.sh

demo-call: ## Place a real SIP call with recorded human speech into the running demonstration (NUMBER=1003)
	@scripts/need.sh call
	@scripts/demo-call.sh $(NUMBER)

bench: ## Load the gateway with the harness in bench/ and print its table (CASES="ivr50 ivr200 opus sig0")
	@scripts/need.sh bench
	@$(MAKE) --no-print-directory build
	@bench/run.sh $(CASES)

bench-routing: ## What a routing decision costs, beside its floor
	@$(CARGO) bench --profile release -p routing

bench-desk: ## Search and reports with a million conversations (some minutes; VOXDESK_DESK_ROWS=100000 for fewer)
	@$(CARGO) test --release -p store --test record search_and_reports_are_fast -- --ignored --nocapture

fuzz: ## Every fuzz target for SECONDS_EACH (600) seconds, one after the other; what is found stays in fuzz/artifacts, corpora in fuzz/corpus (TARGETS="sip sdp")
	@scripts/fuzz.sh

histories: ## 20,000 random histories of the router against the plainest one, and the model two steps deeper
	@VOXDESK_HISTORIES=0-20000 VOXDESK_MODEL=10 $(CARGO) test --release -p routing --test floor --test model -- --nocapture

build: web ## The program, with the pages inside
	@echo "== building voxdesk (the first build takes some ten minutes on two cores)"
	@$(CARGO) build --release --bin voxdesk

web: web/dist/.built ## The pages

web/dist/.built: $(shell find web -type f -not -path 'web/node_modules/*' -not -path 'web/dist/*' 2>/dev/null)
	@echo "== building the pages"
	@cd web && npm ci --no-audit --no-fund --loglevel=error && npm run --silent build
	@touch $@

models: ## The speech model of the demonstration
	@$(VOXDESK) models pull base --models "$(MODELS)"

check-format:
	@$(CARGO) fmt --all -- --check

lint: ## Lints as errors, Rust and TypeScript
	@$(CARGO) clippy --release --workspace --all-targets -- -D warnings
	@cd web && npm run --silent lint

unit: ## Tests of the crates and the pages
	@$(CARGO) test --release --workspace
	@cd web && npm test --silent

e2e: ## Tests with real phones and browsers against the built program
	@scripts/need.sh test
	@tests/e2e/run.sh

contract: ## The whole API against its OpenAPI document, with schemathesis (EXAMPLES=100, SEED=1, ONLY=/api/v1/tickets)
	@scripts/need.sh test
	@$(MAKE) --no-print-directory build
	@PHASES=examples,coverage,fuzzing EXAMPLES=$${EXAMPLES:-100} tests/e2e/contract.sh

lost-nothing: ## 10,000 messages over channels with cut-off connections, repeats and two kills: each once and in order (COUNT=10000)
	@$(MAKE) --no-print-directory build
	@tests/e2e/lost_nothing.sh

wer: ## Word error rate and caption delay of the live path, with recorded human speech
	@scripts/need.sh test
	@tests/e2e/captions.sh

bench-asr: ## Live transcription beside faster-whisper: word errors, delays, cost, what is no speech (QUICK=1, CALLS="1 4", MODEL_NAMES="base")
	@scripts/need.sh test
	@$(MAKE) --no-print-directory build models
	@scripts/bench-asr.sh

secrets: ## Card numbers said in ten ways are found nowhere afterwards
	@scripts/need.sh test
	@WAYS=10 tests/e2e/secrets.sh

screenshots: ## The README's pictures, taken by the tests with phones and browsers
	@scripts/need.sh test
	@TESTS="agent.sh studio.sh" tests/e2e/run.sh
	@cd out/screenshots && cp agent-call.png customer-chat.png flow-studio.png $(CURDIR)/docs/images/

guide-pictures: ## The pictures of docs/guide, taken with a phone and browsers
	@scripts/need.sh test
	@tests/e2e/guide.sh
	@mkdir -p docs/images/guide && cp out/screenshots/guide/*.png docs/images/guide/

clean-data: ## Forget the demonstration's record and passwords
	@rm -rf .voxdesk
