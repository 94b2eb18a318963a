# Comptoir. `make` alone prints what there is. VENV=folder puts the virtual environment somewhere else.

VENV ?= .venv
BIN := $(VENV)/bin
PYTHON := $(BIN)/python
BROWSERS := chromium chromium-headless-shell
SIDE_BY_SIDE := -n 2 --dist worksteal
# Browsers wait for their screens, a third of the time.
IN_BROWSERS := -n 3 --dist worksteal
MAKEFLAGS += --no-print-directory
# Where Python is told to keep nothing of what it has compiled, each of the hundreds of processes of a test run compiles everything.
export PYTHONDONTWRITEBYTECODE :=

# Runs apt-get install where that needs no password; fails quietly where it is not there or not allowed.
APT := apt_install() { \
	command -v apt-get > /dev/null || return 1; \
	if [ "$$(id -u)" = 0 ]; then as=; elif sudo -n true 2> /dev/null; then as="sudo -n"; else return 1; fi; \
	$$as apt-get update -q && $$as env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$$@"; \
}

.NOTPARALLEL:
.PHONY: menu install run test lint unit postgres browser e2e bench lighthouse chaos fmt words lock clean

menu:
	@echo "Comptoir"
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

install: $(VENV)/.installed ## make the virtual environment and install what running needs

run: install ## start it: tables, the demo shop on the very first start, http://localhost:8000
	@$(PYTHON) -m app migrate
	@$(PYTHON) -m app seed --if-empty
	@exec $(PYTHON) -m app serve --links

test: lint unit postgres e2e ## everything: linters, types, tests on SQLite and PostgreSQL, tests in a browser

lint: $(VENV)/.installed-dev ## only the linters and the types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

unit: browser ## only the tests on SQLite
	$(PYTHON) -m pytest tests $(SIDE_BY_SIDE)

# How the files lie has been looked at by then, and what needs no database: it is the same on every one.
postgres: browser ## only the tests on PostgreSQL
	$(PYTHON) -m tests.on_postgres $(PYTHON) -m pytest tests --ignore=tests/test_house.py -m 'not without_database' $(SIDE_BY_SIDE)

e2e: browser ## only the tests in a browser
	$(PYTHON) -m pytest e2e $(IN_BROWSERS)

bench: $(VENV)/.installed-dev ## measure: a table, and var/bench.json
	$(PYTHON) -m tests.benchmarks

lighthouse: $(VENV)/.installed-dev ## Lighthouse's scores of three pages; needs node, lighthouse and Chromium
	$(PYTHON) -m tests.benchmarks.lighthouse

chaos: $(VENV)/.installed-dev ## kill the worker 200 times under load, on SQLite and on PostgreSQL
	CHAOS_KILLS=200 $(PYTHON) -m pytest -s -q tests/commands/test_worker_endurance.py
	CHAOS_KILLS=200 $(PYTHON) -m tests.on_postgres $(PYTHON) -m pytest -s -q tests/commands/test_worker_endurance.py

fmt: $(VENV)/.installed-dev ## put the code into its form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

words: $(VENV)/.installed-dev ## gather the texts into the catalogues of app/locale, to be translated
	$(BIN)/pybabel --quiet extract --mapping-file=pyproject.toml --output-file=app/locale/messages.pot --no-location --sort-output --omit-header .
	$(BIN)/pybabel --quiet update --input-file=app/locale/messages.pot --output-dir=app/locale --no-wrap --ignore-obsolete --no-fuzzy-matching
	@rm app/locale/messages.pot

# One resolution for all platforms from Python 3.11 on. The pins in the files stay unless they must move; UPGRADE=1 moves all.
LOCK := uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-strip-extras --no-emit-index-url --no-emit-find-links $(if $(UPGRADE),--upgrade)
lock: ## pin the dependencies anew in requirements*.txt (needs uv); UPGRADE=1 takes the newest
	@command -v uv > /dev/null || { echo "make lock needs uv" >&2; exit 1; }
	$(LOCK) --output-file requirements.txt
	$(LOCK) --group dev --constraint requirements.txt --output-file requirements-dev.txt

clean: ## remove the virtual environment and what tools leave behind; var/ stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.installed: requirements.txt | $(PYTHON)
	@echo "Installing what running needs …"
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: requirements.txt requirements-dev.txt | $(PYTHON)
	@echo "Installing what tests need …"
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r requirements-dev.txt
	@touch $(VENV)/.installed $@

# Debian keeps ensurepip in a package of its own, and without it `venv` leaves a half-made folder behind.
$(PYTHON):
	@$(APT); \
	for python in python3 python3.14 python3.13 python3.12 python3.11 ""; do \
		[ -z "$$python" ] || "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2> /dev/null && break; \
	done; \
	[ -n "$$python" ] || { echo "Comptoir needs Python 3.11 or newer: apt-get install python3" >&2; exit 1; }; \
	package=$$("$$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'); \
	"$$python" -m venv $(VENV) > /dev/null || { apt_install "$$package" && "$$python" -m venv --clear $(VENV); } || { \
		rm -f $(PYTHON); \
		echo "A virtual environment cannot be made: apt-get install $$package, then run make again" >&2; exit 1; }

# Debian's own, by apt when they are missing and that is allowed; Chromium alone does, slower; else what Playwright downloads.
# What is tried in Firefox is skipped where there is no firefox-esr.
browser: $(VENV)/.installed-dev
	@$(APT); \
	run() { for it in "$$@"; do /usr/bin/$$it --version > /dev/null 2>&1 || return 1; done; }; \
	run $(BROWSERS) || { apt_install $(BROWSERS) && run $(BROWSERS); } || run chromium || $(PYTHON) -m playwright install chromium || { \
		echo "The browser tests need Chromium: apt-get install chromium" >&2; exit 1; }; \
	run firefox-esr || { apt_install firefox-esr && run firefox-esr; } || echo "Nothing will be tried in Firefox: there is no firefox-esr"
