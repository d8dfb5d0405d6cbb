# Every target does its own set-up; a second run is quick. `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help demo test sweep check fmt bench lock services stop screenshots gallery clean

PORT ?= 8000
PYTHON := .venv/bin/python
APPS := portal accounts counterparties catalog pricing finance orders documents integrations
WITH_SERVICES := $(PYTHON) -m portal.embedded run --
# Passed on to pytest: make test ARGS="tests/orders -k submit"
ARGS ?=

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## Start the portal with a demonstration company (PORT=8000); Ctrl-C ends it
	@scripts/setup run
	@exec $(WITH_SERVICES) $(PYTHON) -m portal.demo --port $(PORT)

test: ## Run all tests, browser tests included (ARGS="tests/orders -k submit")
	@scripts/setup dev
	@ENVIRONMENT=test $(WITH_SERVICES) $(PYTHON) -m pytest -n 2 --dist loadfile -m "not sweep" $(ARGS)

sweep: ## All that takes long: every address as everybody, races at full size, hostile files; prints what was found
	@scripts/setup dev
	@ENVIRONMENT=test $(WITH_SERVICES) $(PYTHON) -m pytest -n 0 -s -m sweep $(ARGS)

check: ## Lint, format, types, import contracts, migrations, templates
	@scripts/setup dev
	@ENVIRONMENT=test $(WITH_SERVICES) scripts/check $(APPS)

fmt: ## Put the code in order
	@scripts/setup dev
	@$(PYTHON) -m ruff check --fix --exit-zero --quiet .
	@$(PYTHON) -m ruff format .

bench: ## Measure on generated catalogues (one: bench-search, -exchange, -pages, -index, -fresh, -orders); prints a table
	@scripts/setup dev
	@ENVIRONMENT=test $(WITH_SERVICES) $(PYTHON) -m bench $(ARGS)

bench-%:
	@$(MAKE) --no-print-directory bench ARGS="$* $(ARGS)"

lock: ## Pin requirements/*.in and package.json with hashes (ARGS=--upgrade takes the newest)
	@scripts/setup run
	@scripts/lock $(ARGS)

services: ## Start PostgreSQL and Redis under var/embedded and leave them running
	@scripts/setup run
	@$(PYTHON) -m portal.embedded start

stop: ## Stop what `make services` started
	@$(PYTHON) -m portal.embedded stop

screenshots: ## Take pictures of the pages with Chromium into var/screenshots
	@scripts/setup dev
	@ENVIRONMENT=test $(WITH_SERVICES) $(PYTHON) -m pytest tests/browser $(ARGS)
	@ls var/screenshots

gallery: ## Print every form in every case to PDF and PNG into var/gallery (ARGS="--kind upd")
	@scripts/setup dev
	@ENVIRONMENT=test $(WITH_SERVICES) $(PYTHON) manage.py gallery $(ARGS)

clean: ## Remove what set-up and runs made, data of the demonstration included
	@[ ! -x $(PYTHON) ] || $(PYTHON) -m portal.embedded stop
	@rm -rf .venv node_modules static/vendor staticfiles var .mypy_cache .ruff_cache .pytest_cache .hypothesis
