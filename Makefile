# Everything happens in .venv; nothing on the machine is changed.
.DEFAULT_GOAL := help
.PHONY: help demo install test thorough coverage format migration bench vendor clean

# The first Python that is new enough; name another with PYTHON=/path/to/python3.
PYTHON ?= $(shell for each in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$each && break; done)
UV_VERSION := 0.13.9
JOBS ?= 3
BROWSERS ?= 2
STORIES ?= tests/browser

BIN := .venv/bin
TOOLS := .venv/tools/uv-$(UV_VERSION)
UV := $(TOOLS)/bin/uv
TESTS := $(BIN)/python -m pytest -q
READY_TO_RUN := .venv/ready-to-run
READY_TO_TEST := .venv/ready-to-test

export UV_PROJECT_ENVIRONMENT := .venv
export UV_PYTHON_DOWNLOADS := never
export UV_COMPILE_BYTECODE := 1
unexport VIRTUAL_ENV
unexport PYTHONPATH
unexport PYTHONDONTWRITEBYTECODE

help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(READY_TO_RUN) ## Try Ember in a Slack stand-in on this machine: a page opens
	@$(BIN)/ember demo $(args)

install: $(READY_TO_RUN) ## Set up .venv with what Ember needs to run; nothing is started

test: $(READY_TO_TEST) ## Check everything: format, lint, types, arrows, tests on SQLite and PostgreSQL, the page in a browser
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-logo
	@# mypy has one core; meanwhile the tests are compiled, once for all workers
	$(TESTS) --collect-only --ignore tests/browser >/dev/null 2>&1 & $(BIN)/mypy; types=$$?; wait; exit $$types
	$(TESTS) -n $(JOBS) --dist worksteal --ignore tests/browser
	$(TESTS) -n $(BROWSERS) --dist loadfile -rs --no-fold-skipped $(STORIES)

thorough: $(READY_TO_TEST) ## Try the laws (of time, of odd payloads) on many more examples than `make test` does
	$(TESTS) -n $(JOBS) --dist worksteal --ignore tests/browser -m "hypothesis or many_examples" --hypothesis-profile thorough

coverage: $(READY_TO_TEST) ## Measure which branches the tests reach, on SQLite; fails below the floor
	$(TESTS) -n $(JOBS) --dist worksteal --ignore tests/browser -m "not without_coverage" --cov --cov-report term

format: $(READY_TO_TEST) ## Put the code into the house style
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

migration: $(READY_TO_TEST) ## Write a migration from what the code describes: make migration name="promises get a tag"
	@test -n "$(name)" || { echo 'Say what changes: make migration name="promises get a tag"'; exit 2; }
	$(BIN)/python -m migrations.new "$(name)"
	@$(BIN)/ruff format --quiet migrations
	@echo 'Read it, set HEAD in bot/store/schema.py to its number, then: make test'

bench: $(READY_TO_TEST) ## Measure how fast Ember answers, as one table
	$(BIN)/python -m bench.speed $(args)

vendor: $(READY_TO_TEST) ## Fetch the playground page's libraries again, as tools/vendor.toml pins them (needs npm)
	$(BIN)/python -m tools.vendor

clean: ## Remove the environment and every cache; data/ stays
	rm -rf .venv .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage .coverage.* htmlcov dist

# A newer uv.lock or pyproject.toml makes these again; otherwise they take no time.
$(READY_TO_TEST): uv.lock pyproject.toml | $(UV)
	$(UV) sync --quiet --frozen
	@touch $(READY_TO_TEST) $(READY_TO_RUN)

# --inexact: what `make test` has installed stays.
$(READY_TO_RUN): uv.lock pyproject.toml | $(UV)
	$(UV) sync --quiet --frozen --no-default-groups --inexact
	@touch $(READY_TO_RUN)

$(UV):
	@test -n "$(PYTHON)" && "$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo 'Ember needs Python 3.11 or newer. Install it, or name one: make $(or $(MAKECMDGOALS),demo) PYTHON=/path/to/python3'; \
		exit 2; }
	@echo 'Setting up .venv (once; a minute or two)'
	@test -x $(BIN)/python || "$(PYTHON)" -m venv --without-pip .venv
	@"$(PYTHON)" -m venv $(TOOLS)
	@$(TOOLS)/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
