PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
PARTS  := core contracts $(wildcard plugins/*)

demo: $(VENV)/ready
	$(BIN)/tokui demo

test: $(VENV)/ready
	$(BIN)/python -m pytest -m "not torture" -n 2 --dist loadfile

check: $(VENV)/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy $(PARTS:%=%/src) bench
	$(BIN)/lint-imports

torture: $(VENV)/ready
	$(BIN)/python -m pytest -m torture -n 4 --dist worksteal tests/torture tests plugins

bench: $(VENV)/ready
	$(BIN)/python bench/run.py

lock:
	uv export -q -U --all-packages --all-groups --no-emit-workspace --no-annotate --no-header -o requirements/dev.txt

$(VENV)/ready: requirements/dev.txt $(PARTS:%=%/pyproject.toml)
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation $(PARTS:%=-e ./%)
	touch $@

.PHONY: demo test check torture bench lock
