.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
PORT ?= 5000
PIP := .venv/bin/python -m pip --quiet --disable-pip-version-check install --require-hashes
INSTALL := .venv/bin/python -m pip --quiet --disable-pip-version-check install --no-deps --no-build-isolation --editable .
VENV := $(PYTHON) -m venv .venv || { echo "Python's venv module is missing; on Debian: apt-get install python3-venv" >&2; exit 1; }

.PHONY: newsletter-seizure newsletter-kill newsletter-uniform newsletter-races newsletter-fuzz newsletter-bench
.PHONY: slow-connections faults help run test check screenshots audit lock i18n setup-git clean

help: ## show these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: .venv/run.ready ## set up what is needed and serve the site at http://127.0.0.1:5000/ (PORT=… for another port)
	CONSTANTA_BASE_URL=$${CONSTANTA_BASE_URL:-http://127.0.0.1:$(PORT)} .venv/bin/flask run --debug --port $(PORT)

test: .venv/test.ready ## set up what is needed and run all checks and tests
	.venv/bin/ruff check --quiet .
	.venv/bin/ruff format --quiet --check .
	.venv/bin/mypy
	.venv/bin/pytest -n auto

# The newsletter's heavy tests at full size; see docs/operating-newsletter.md.
newsletter-seizure newsletter-kill newsletter-uniform newsletter-races newsletter-fuzz: .venv/test.ready
	CONSTANTA_FULL_SIZE=1 .venv/bin/pytest -s tests/newsletter/test_$(@:newsletter-%=%).py

newsletter-bench: .venv/test.ready ## the time of a signup and a confirmation beside one durable commit
	.venv/bin/python -m bench.newsletter

slow-connections: .venv/test.ready ## hold 2,000 connections open that do not go on, and see that everybody else is served
	CONSTANTA_FULL_SIZE=1 .venv/bin/pytest tests/deploy/test_slow_connections.py

faults: .venv/test.ready ## kill publications and switches at random moments, fill disks and damage files, at full size
	CONSTANTA_FULL_SIZE=1 .venv/bin/pytest -s tests/edition/test_faults*.py

screenshots: .venv/test.ready ## take pictures of every kind of page, with contact sheets, in build/screenshots/
	.venv/bin/python -m tests.browser.screenshots

audit: .venv/test.ready node_modules/audit.ready ## hold the pages against axe-core, the Nu HTML checker and Lighthouse
	.venv/bin/python -m tests.browser.audit

node_modules/audit.ready: package-lock.json
	@command -v npm >/dev/null && command -v java >/dev/null || { echo "The audit needs Node and Java; on Debian: apt-get install npm default-jre-headless" >&2; exit 1; }
	npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

i18n: .venv/run.ready ## take new and changed texts into the catalogs
	.venv/bin/flask i18n sync

setup-git: .venv/run.ready ## let git merge and show catalogs message by message (see docs/translating.md)
	git config merge.constanta-po.name "catalogs, message by message"
	git config merge.constanta-po.driver ".venv/bin/flask i18n merge %O %A %B %P"
	git config diff.constanta-po.textconv ".venv/bin/flask i18n textconv"

lock: .venv/test.ready ## write the lock files anew from pyproject.toml
	$(LOCK) pyproject.toml --output-file requirements.lock
	$(LOCK) pyproject.toml --group dev --constraint requirements.lock --output-file requirements-dev.lock

LOCK := .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	--no-emit-index-url --upgrade

clean: ## remove the virtual environment and everything the site made itself
	rm -rf .venv node_modules build instance .mypy_cache .ruff_cache .pytest_cache

.venv/bin/python:
	$(VENV)

.venv/run.ready: requirements.lock pyproject.toml | .venv/bin/python
	$(PIP) --requirement requirements.lock
	$(INSTALL)
	@touch $@

.venv/test.ready: requirements-dev.lock .venv/run.ready
	$(PIP) --requirement requirements-dev.lock
	@touch $@
