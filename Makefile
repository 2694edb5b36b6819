# Every target sets itself up: on a fresh machine, make and Python 3.11 or newer are enough.

PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 \
	&& { echo "$$name"; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq
MANAGE := $(BIN)/python sample_project/manage.py
WORKERS ?= 2
export PHOTOS

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help venv demo run test test-quick test-full lint format types contract screenshots docs tox bench clean

help: ## say what there is
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

# The sample project needs little, development needs everything: two stamps in one environment.
$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; name it: make PYTHON=/path/to/python3" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(PYTHON) is older than Python 3.11; name another: make PYTHON=/path/to/python3" >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) cannot make virtual environments; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	"$(PYTHON)" -m venv --clear $(VENV)

$(VENV)/.sample: pyproject.toml | $(BIN)/python
	$(PIP) install --editable '.[sample]'
	@touch $@

$(VENV)/.dev: pyproject.toml | $(BIN)/python
	$(PIP) install --editable '.[dev]'
	@touch $@ $(VENV)/.sample

venv: $(VENV)/.dev ## make the virtual environment for development

demo: $(VENV)/.sample ## show the library on photos that it draws, or on yours: PHOTOS=folder
	$(MANAGE) migrate --verbosity 0
	$(MANAGE) demo $${PHOTOS:+--photos "$$PHOTOS"}

run: $(VENV)/.sample ## serve the sample site
	$(MANAGE) migrate --verbosity 0
	$(MANAGE) runserver

# The documentation has run the tests in the browser already, for it shows what they saw.
test: lint types contract docs ## everything that must be green: lint, types, contract, docs, tests, coverage
	$(BIN)/pytest -n $(WORKERS) --ignore tests/browser --cov --cov-report=term

test-quick: $(VENV)/.dev ## the tests that are quick and start no server, in a few minutes
	$(BIN)/pytest -n $(WORKERS) -m "not slow and not service"

test-full: export VERSATILE_FULL := 1
test-full: test tox ## everything at full counts, and every Python with every Django

lint: $(VENV)/.dev ## ruff: rules and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(VENV)/.dev ## let ruff repair what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(VENV)/.dev ## mypy
	$(BIN)/mypy

contract: $(VENV)/.dev ## import-linter: the floors of the house
	$(BIN)/lint-imports --no-logo

screenshots: $(VENV)/.dev ## run the tests in the browser, which take the pictures of the documentation
	$(BIN)/pytest tests/browser

docs: screenshots ## build the documentation with screenshots, warnings are errors
	$(BIN)/sphinx-build -W --keep-going -q -D screenshots_are_taken=1 -b html docs docs/_build/html

# Where pyenv keeps several Pythons, all of them are to be found under their names.
tox: export PYENV_VERSION := $(or $(PYENV_VERSION),$(shell pyenv versions --bare 2>/dev/null \
	| grep -E '^3\.1[1-9]\.[0-9]+$$' | paste -sd: -))
tox: $(VENV)/.dev ## the tests for every Python with every Django
	$(BIN)/tox run

bench: $(VENV)/.sample ## measure against django-versatileimagefield and django-imagekit
	$(BIN)/python benchmarks/run.py

clean: ## remove what the tools made
	rm -rf $(VENV) .tox .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	rm -rf .coverage .coverage.* htmlcov build dist docs/_build *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
