# Everything a developer runs, by one name each. CI runs the same targets (.ci/run).
PYTHON ?= python3.11
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
HOST ?= 127.0.0.1
PORT ?= 7860
EXAMPLE := 临湘市污水管网已经建了多少公里？

.PHONY: install chat test timing check format lint types imports bench eval gate lock bundle bundle-check screenshots clean

install: $(STAMP)

$(STAMP): requirements.lock requirements-dev.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@# The fast form of the bundled model goes into the user's cache; where that fails a slower engine does the work.
	$(BIN)/python -m vectorstore.embedding.prepare || true
	@touch $@

chat: install
	$(BIN)/zhenggai ingest seeds
	@echo; echo "问：$(EXAMPLE)"
	@$(BIN)/zhenggai ask "$(EXAMPLE)"
	@echo
	$(BIN)/zhenggai chat --host $(HOST) --port $(PORT)

test: install
	$(BIN)/python -m pytest

timing: install
	$(BIN)/python -m pytest -m timing

format: install
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lint: install
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: install
	$(BIN)/mypy

imports: install
	$(BIN)/lint-imports

check: lint types imports test

bench: install
	$(BIN)/python -m evals.bench $(BENCH)

eval: install
	$(BIN)/zhenggai eval --no-llm

# Against the blessed baselines: a regression fails.
gate: install
	$(BIN)/zhenggai eval --no-llm --baseline blessed

# Exact versions, resolved anew by pip: first what the program needs, then what developing it needs.
lock:
	rm -rf build/lock && $(PYTHON) -m venv build/lock
	build/lock/bin/pip install --quiet . && $(call frozen,requirements.lock)
	build/lock/bin/pip install --quiet '.[dev,gguf,gemma]' && $(call frozen,requirements-dev.lock)
	rm -rf build/lock

# The local part of a version (+cpu) names a build that another machine may not have.
frozen = (echo "$(LOCK_NOTE)"; build/lock/bin/pip freeze --all --exclude zhenggai --exclude pip | sed 's/+[a-z0-9]*$$//' | tr A-Z a-z) > $(1)
LOCK_NOTE := \# Exact versions for Python 3.11, resolved from pyproject.toml by "make lock".

# All wheels and the model in dist/bundle, for an office without a network, which runs its install.sh.
bundle: install
	$(BIN)/python scripts/bundle.py dist/bundle

# Installs the bundle cut off from every network, takes the five notices in, asks.
bundle-check: bundle
	$(BIN)/python -m pytest -m bundle

# The pictures of the READMEs, from the real page; needs Chromium and Chinese fonts.
screenshots: install
	$(BIN)/python scripts/screenshots.py docs/images

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
