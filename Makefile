# The commands of the project. `make` alone prints them.
#
# Everything is made inside this folder (.venv, .node, node_modules, .cache, var); the home
# folder is neither read nor written. Stamp files make a second call fast.

BIN := .venv/bin
LIMS := $(BIN)/lims
PYTEST := $(BIN)/python -m pytest
PORT ?= 8000
POSTGRES_AND_REDIS := $(BIN)/python -m tests.servers

UV_CACHE_DIR ?= $(CURDIR)/.cache/uv
PIP_CACHE_DIR ?= $(CURDIR)/.cache/pip
npm_config_cache ?= $(CURDIR)/.cache/npm
NODE_USE_SYSTEM_CA ?= 1
UV_SYSTEM_CERTS ?= 1
export UV_CACHE_DIR PIP_CACHE_DIR npm_config_cache NODE_USE_SYSTEM_CA UV_SYSTEM_CERTS
export UV_PYTHON_DOWNLOADS := never
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help setup ready run full quick test lint check browser chaos bench coverage mutants migration docs lock clean

help: ## print this list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ready ## environment, locked dependencies, front-end assets, database
	@$(SETTINGS) $(LIMS) migrate

run: setup ## the centre on http://127.0.0.1:8000 (PORT=… to change), with a demonstration
	@$(SETTINGS) $(ADDRESS) $(LIMS) demo --if-empty
	@$(SETTINGS) $(ADDRESS) LIMS_DEMO=$${LIMS_DEMO-1} exec $(LIMS) serve --port $(PORT)

test: ready ## the tests: rules, services and workers on both databases, the rest on SQLite
	@$(POSTGRES_AND_REDIS)
	$(PYTEST) -n 2 --dist loadgroup -m "not browser and not chaos and not slow" $(args)
	@$(POSTGRES_AND_REDIS)
	@echo "Left out: all that is slow or on the other database (make full), browser, chaos."

full: ready ## every test on both databases, the slow ones too, at random (seed=… to repeat a run)
	@$(POSTGRES_AND_REDIS)
	$(PYTEST) --full -n 2 --dist loadgroup -m "not browser and not chaos" \
	  --hypothesis-seed=$(or $(seed),$(shell date +%N)) $(args)

quick: ready ## the rules, and the tests of what the change touches
	$(BIN)/python scripts/changed_tests.py | xargs $(PYTEST) -q -n 2 --dist loadgroup \
	  -m "not browser and not chaos and not slow" $(args)

lint: ready ## format, lint, types, import contracts, generated documents
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(LIMS) docs --check

check: lint test full browser ## what CI runs: lint, test, full, browser

browser: ready ## the browser tests in headless Chromium
	$(PYTEST) -m browser $(args)

chaos: ready ## the kill test at full length (kills=… to change)
	$(BIN)/python -m tests.chaos --kills $(or $(kills),50) $(args)

bench: ready ## the benchmarks: one table, also as bench.json
	$(BIN)/python -m tests.benchmarks $(args)

coverage: ready ## the tests once more, with branch coverage
	$(PYTEST) -n 2 --dist loadgroup -m "not browser and not chaos" \
	  --cov=lims --cov=schemas --cov=workers --cov-branch --cov-report=term-missing:skip-covered

mutants: ready ## change a sample of the rules and services: do tests notice? (sample=200 seed=1)
	$(BIN)/python scripts/mutants.py $(or $(sample),200) $(or $(seed),1)

migration: ready ## a new migration: make migration m="what it does"
	@test -n "$(m)" || { echo 'Say what it does: make migration m="…"' >&2; exit 2; }
	$(BIN)/python scripts/new_migration.py "$(m)"

docs: ready ## write the generated documents
	$(LIMS) docs

lock: .venv/uv.stamp ## pin the requirements and the npm packages again (upgrade=--upgrade)
	$(PIN) pyproject.toml -o requirements/prod.txt
	$(PIN) pyproject.toml --group dev -o requirements/dev.txt
	$(PIN) --group pyproject.toml:uv -o requirements/uv.txt
	$(PIN) --group pyproject.toml:node -o requirements/node.txt
	$(NPM) install --package-lock-only
	$(BIN)/python scripts/bare_lock.py

clean: ## remove all that make made, but not the data in var/
	rm -rf .cache .node .venv mutants node_modules lims/static/vendor

# What the targets above stand on.

PIN := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate \
  --python-version 3.11 $(upgrade)
NPM = npm=$$(scripts/find-npm) && PATH="$$(dirname "$$npm"):$$PATH" "$$npm"
ADDRESS := LIMS_PUBLIC_URL=$${LIMS_PUBLIC_URL:-http://127.0.0.1:$(PORT)}
SETTINGS := set -a; if [ -f .env ]; then . ./.env; fi; set +a;

ready: .venv/project.stamp lims/static/vendor/made.stamp

.venv/uv.stamp: requirements/uv.txt
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || { python=$$(scripts/find-python) && \
	  echo "Making .venv with $$python" && "$$python" -m venv --clear .venv; }
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements/uv.txt
	@touch $@

.venv/packages.stamp: .venv/uv.stamp requirements/dev.txt
	@echo "Installing the locked packages"
	@$(BIN)/uv pip sync --quiet --require-hashes --python .venv requirements/dev.txt
	@touch $@

.venv/project.stamp: .venv/packages.stamp pyproject.toml
	@$(BIN)/uv pip install --quiet --no-deps --offline --python .venv --editable .
	@touch $@

node_modules/made.stamp: package.json package-lock.json .npmrc | .venv/uv.stamp
	@echo "Installing the locked front-end packages"
	@$(NPM) ci --silent
	@touch $@

lims/static/vendor/made.stamp: node_modules/made.stamp scripts/assets.py scripts/icons.txt
	@$(BIN)/python scripts/assets.py
	@touch $@
