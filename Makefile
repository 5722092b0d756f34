# Two commands do everything on a fresh machine with git and Python 3.11+: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
TEST_STAMP := $(VENV)/.installed-test

.PHONY: demo test check bench mutants clean browser

demo: $(STAMP)
	$(BIN)/phb-audit demo --home data/demo

# Whole files of tests side by side, in the order they are collected: what is dear to set up is shared inside a file.
# Each of them has one core: libraries that take every core for themselves only get in each other's way.
ONE_CORE := POLARS_MAX_THREADS=1 OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1

test: $(TEST_STAMP) browser
	$(ONE_CORE) $(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

check: $(TEST_STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .
	$(BIN)/python -m tests.contract.sizes

bench: $(TEST_STAMP)
	$(BIN)/python -m tests.benchmarks.night
	$(BIN)/python -m tests.benchmarks.classifiers
	$(BIN)/python -m tests.benchmarks.review_app
	$(BIN)/python -m tests.benchmarks.repeats
	$(BIN)/python -m tests.benchmarks.sent_again
	$(BIN)/python -m tests.benchmarks.fuzz

mutants: $(TEST_STAMP)
	$(BIN)/python -m tests.rules.mutants

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	rm -rf data/demo data/bench data/landing data/warehouse data/published data/reports data/quality data/keys data/casebook data/models

# The environment is made with the standard library's venv and installed from the lock, every file checked against its hash.
$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info[:2] <= (3, 13) else "phb_audit needs Python 3.11, 3.12 or 3.13; this is %d.%d. Try: make PYTHON=python3.12 $(MAKECMDGOALS)" % sys.version_info[:2])'
	$(PYTHON) -m venv $(VENV)

$(STAMP): requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing phb_audit into $(VENV) (once; about a minute)"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(STAMP)

$(TEST_STAMP): requirements-test.lock $(STAMP)
	@echo "Installing what the tests need"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-test.lock
	@touch $(TEST_STAMP)

# Browser tests need a real Chromium, one way of reading pictures needs tesseract, and the casebook is tested on PostgreSQL too; on Debian
# and Ubuntu they are installed when we may, and it is said plainly when not.
browser:
	@if command -v chromium >/dev/null 2>&1 && command -v tesseract >/dev/null 2>&1 \
	  && ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then :; \
	elif command -v apt-get >/dev/null 2>&1 && [ "$$(id -u)" = 0 ]; then \
	  echo "Installing chromium, tesseract and postgresql for the tests"; \
	  (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-liberation tesseract-ocr postgresql) >/dev/null 2>&1 \
	    || echo "NOTE: chromium, tesseract or postgresql could not be installed; the tests that need them will be skipped and say so."; \
	else echo "NOTE: chromium, tesseract or postgresql is missing and cannot be installed; the tests that need them will be skipped and say so. On Debian: apt-get install chromium tesseract-ocr postgresql"; fi
