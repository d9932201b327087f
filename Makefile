# Everything a developer or operator of one machine does. Needs git, make and Python 3.11 or newer.
# Versions and hashes come from locks/; our own packages are laid on top, editable.

PYTHON ?= python3
PORT ?= 8000
VAR ?= var

SERVICES := membership notifications registration
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq --no-input
OURS := shared $(SERVICES:%=services/%) deploy/standalone
OWN_INSTALL := --no-deps --no-build-isolation --no-index

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: .venv/.run ## Run all of Coproduce here, without a broker (PORT=8000, data in VAR=var)
	@$(BIN)/standalone serve --port $(PORT) --var '$(VAR)'

.PHONY: test
test: tools lint isolated ## Check everything: style, types, imports, each service alone, all tests
	$(BIN)/pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

.PHONY: verify
verify: .venv/.dev ## Run the tests that take minutes: more people, more faults, more load
	tests/tools.sh verify
	$(BIN)/pytest -m verify -rP

.PHONY: lint
lint: .venv/.dev ## Check style, formatting, import rules and types
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	@$(BIN)/lint-imports --no-logo
	$(BIN)/mypy

.PHONY: format
format: .venv/.dev ## Put style and formatting right where that can be done for you
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

.PHONY: coverage
coverage: .venv/.dev ## Show which lines no test reaches
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

.PHONY: bench
bench: .venv/.dev ## Measure, each figure beside its yardstick from the same run
	@$(BIN)/python -m tests.benchmarks

.PHONY: events
events: .venv/.run ## Render docs/events.md from the contracts
	@text=$$($(BIN)/python -m shared.contracts.catalogue) && printf '%s\n' "$$text" > docs/events.md

.PHONY: render
render: .venv/.run ## Render what deployments need from routes and contracts
	@text=$$($(BIN)/python -m standalone.gateway) && \
		printf '%s\n' "$$text" > deploy/Caddyfile
	@text=$$($(BIN)/python -m shared.messaging.rabbit.definitions) && \
		printf '%s\n' "$$text" > deploy/rabbitmq/definitions.json

.PHONY: secrets
secrets: ## Make .env, the secrets that docker-compose.yml needs; once
	@deploy/secrets.sh .env

.PHONY: release
release: .venv/.run ## Freeze a sample of each new contract
	@$(BIN)/python -m tests.contract.release

.PHONY: mails
mails: .venv/.dev ## Draw docs/mails: how every mail looks (needs Chromium)
	$(BIN)/python -m tests.support.mail_pictures

# One resolution for all: locks/dev.txt holds everything, the others are held to its versions.
# Pins stay where they may; delete locks/ first for the newest versions that are allowed.
COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--custom-compile-command 'make lock' --excludes .venv/ours.txt

.PHONY: lock
lock: ## Pin the versions that the pyproject.toml files ask for
	@test -x $(BIN)/uv || $(MAKE) .venv/.dev
	@printf 'coproduce-%s\n' shared $(SERVICES) > .venv/ours.txt
	@mkdir -p locks
	@$(COMPILE) -o locks/dev.txt --group build --group dev $(OURS:%=%/pyproject.toml)
	@$(COMPILE) -o locks/build.txt -c locks/dev.txt --group build
	@$(COMPILE) -o locks/standalone.txt -c locks/dev.txt $(OURS:%=%/pyproject.toml)
	@for service in $(SERVICES); do \
		$(COMPILE) -o locks/$$service.txt -c locks/dev.txt \
			shared/pyproject.toml services/$$service/pyproject.toml || exit 1; \
	done

# ------------------------------------------------------------------------------ environments

.venv/pyvenv.cfg:
	@PYTHON=$(PYTHON) deploy/standalone/venv.sh .venv

.venv/.run: .venv/pyvenv.cfg locks/build.txt locks/standalone.txt $(OURS:%=%/pyproject.toml)
	@echo 'Installing what Coproduce needs into .venv (once; about half a minute)'
	@$(PIP) install --require-hashes -r locks/build.txt -r locks/standalone.txt
	@$(PIP) install $(OWN_INSTALL) $(OURS:%=-e ./%)
	@touch $@

.venv/.dev: .venv/.run locks/dev.txt
	@echo 'Installing what tests need into .venv'
	@$(PIP) install --require-hashes -r locks/dev.txt
	@touch $@

.PHONY: tools
tools:
	@tests/tools.sh

# Each service alone, as in its image: its own lock, shared and itself, and nobody else.
.PHONY: isolated
isolated: $(SERVICES:%=.venv-isolated/%/.locked)
	@rm -rf .venv-isolated/wheels
	@$(PIP) wheel $(OWN_INSTALL) -w .venv-isolated/wheels ./shared $(SERVICES:%=./services/%)
	@for service in $(SERVICES); do \
		tests/isolated.sh $$service .venv-isolated || exit 1; \
	done

.venv-isolated/%/.locked: locks/%.txt .venv/.dev
	@rm -rf $(@D)
	@$(BIN)/python -m venv --without-pip $(@D)
	@$(PIP) --python $(@D)/bin/python install --require-hashes -r locks/$*.txt
	@touch $@
