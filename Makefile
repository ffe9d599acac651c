# Each target does its own set-up: it needs Python 3.11 or newer and make, nothing else.

PYTHON ?= python3
JOBS   ?= 2
ARGS   ?=
UV     ?= uv
BIN    := .venv/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet --no-input

RUN  := .venv/.runs
TEST := .venv/.tests

.PHONY: help setup demo test lint bench fuzz messages lock clean
.DELETE_ON_ERROR:

help:
	@echo "make demo      a sample canteen on http://127.0.0.1:8080/ (PORT=... for another port)"
	@echo "make setup     only .venv, with the command .venv/bin/canteen"
	@echo "make test      all tests, on SQLite and PostgreSQL (ARGS='-k rounds' for some)"
	@echo "make lint      style, types, who may import whom"
	@echo "make bench     the figures"
	@echo "make fuzz      the property tests, at length"
	@echo "make messages  bring the catalogues up to date with the sentences in the code"
	@echo "make lock      resolve the dependencies anew (needs uv)"
	@echo "make clean     remove .venv and what the tools left behind"

setup: $(RUN)

demo: $(RUN)
	exec $(BIN)/canteen demo

# Byte code is kept, whoever asked for none: the tests start the program some hundred times.
test: export PYTHONDONTWRITEBYTECODE :=
# No second chance for a worker that died: pytest-xdist 3.8 waits for ever for the last tests of a replaced one.
test: $(TEST)
	$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup --max-worker-restart 0 $(ARGS)

lint: $(TEST)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(TEST)
	$(BIN)/python -m tests.bench $(ARGS)

fuzz: $(TEST)
	$(BIN)/python -m pytest -n $(JOBS) -m fuzz --hypothesis-profile=fuzz $(ARGS)

messages: $(TEST)
	$(BIN)/python locales/update.py

# Tests' versions first: what runs in production is what was tested.
COMPILE = $(UV) pip compile --quiet --generate-hashes --universal --python-version 3.11 \
	--no-emit-index-url --no-header --no-annotate --extra build pyproject.toml
lock:
	$(COMPILE) --extra test --output-file requirements-dev.txt
	$(COMPILE) --constraint requirements-dev.txt --output-file requirements.txt

clean:
	find bot handlers locales models tests -name __pycache__ -prune -exec rm -rf {} +
	rm -rf .venv build *.egg-info .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; say which with PYTHON=...")'
	$(PYTHON) -m venv .venv

# The lock first, by its hashes; then the project itself, in place.
$(RUN): requirements.txt pyproject.toml | $(BIN)/python
	$(PIP) install --require-hashes --requirement requirements.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	touch $@

$(TEST): requirements-dev.txt requirements.txt pyproject.toml | $(BIN)/python
	$(PIP) install --require-hashes --requirement requirements-dev.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	touch $(RUN) $@
