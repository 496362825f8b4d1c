# BrandTrace 源标. `make help` lists the targets.
SHELL := /bin/bash
PY := .venv/bin/python
PORT ?= 8000
STAMP := .venv/.ready

.PHONY: help setup demo demo-reset demo-telephone test test-full check format screenshots bench bench-quick lock clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: $(STAMP) ## Make .venv with everything, console script at .venv/bin/brandtrace
$(STAMP): requirements.lock pyproject.toml
	@echo "· making the environment in .venv (about a minute)"
	@test -x $(PY) || python3 -m venv .venv
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes --prefer-binary -r requirements.lock
	@echo "· installing the project"
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(STAMP) ## Load the demo county (once) and serve it on http://127.0.0.1:$(PORT)
	@.venv/bin/brandtrace demo --port $(PORT)

demo-reset: $(STAMP) ## Throw the demo's data away and start over
	@.venv/bin/brandtrace demo --port $(PORT) --reset

demo-telephone: $(STAMP) ## Print a link that makes a browser the demo inspector's telephone
	@.venv/bin/brandtrace demo --port $(PORT) --telephone

test: $(STAMP) ## Every test of the quick tier
	@$(PY) -m pytest -n auto

test-full: $(STAMP) ## The quick tier and the long harnesses
	@BRANDTRACE_TEST_TIER=full $(PY) -m pytest -n auto

check: $(STAMP) ## Format check, lint, types, contracts, tests
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports
	@$(PY) -m pytest -n auto

format: $(STAMP) ## Format the code
	@.venv/bin/ruff format .
	@.venv/bin/ruff check --fix .

screenshots: $(STAMP) ## Main pages as PNG in screenshots/ (360 and 1280 px, light and dark, zh and en)
	@$(PY) -m tests.browser.screenshots

bench: $(STAMP) ## Every path of the bench against its yardstick, one JSON line each
	@$(PY) -m bench

bench-quick: $(STAMP) ## The same in under three minutes
	@$(PY) -m bench --quick

lock: ## Resolve pyproject.toml into requirements.lock (needs uv)
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --quiet -o requirements.lock

clean: ## Remove what is made here, data of the demo included
	rm -rf .venv var keys/private screenshots dist .pytest_cache .mypy_cache .ruff_cache
