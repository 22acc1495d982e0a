# Everything is made in .venv from the lock files: exact versions, checked by hash.
SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
COMPILE := uv pip compile --quiet --python-version 3.11.0 --generate-hashes --no-emit-index-url --no-annotate --no-header

.PHONY: up test check bench model clean lock

up: $(VENV)/.run
	KB_HOME=$${KB_HOME:-$(CURDIR)/data} $(BIN)/kb up

test: $(VENV)/.dev
	$(BIN)/python -m pytest

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.dev
	$(BIN)/python -m tests.bench

# Every weight of the encoder again, from DATA (eval/ and nlp/); says first what it needs and what is missing.
model: $(VENV)/.training
	$(BIN)/python -m training $(DATA)

clean:
	rm -rf $(VENV) build .mypy_cache .ruff_cache .pytest_cache .hypothesis

lock:
	$(COMPILE) pyproject.toml -o requirements.lock
	$(COMPILE) --extra dev pyproject.toml -o requirements-dev.lock
	$(COMPILE) --extra training pyproject.toml -o requirements-training.lock

$(VENV)/.python:
	@sh preflight.sh $(VENV)
	@touch $@

$(VENV)/.run: requirements.lock pyproject.toml | $(VENV)/.python
	$(PIP) install --require-hashes -r requirements.lock
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml | $(VENV)/.python
	$(PIP) install --require-hashes -r requirements-dev.lock
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@ $(VENV)/.run

$(VENV)/.training: requirements-training.lock $(VENV)/.dev
	$(PIP) install --require-hashes -r requirements-training.lock
	@touch $@
