# make demo    the whole loop on the bundled sample plan, results in output/demo/
# make test    every check: style, types, layers, tests
# Both set themselves up: they need Python 3.11 or newer and make, nothing else.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

.PHONY: help demo test bench render-deps clean

help:
	@sed -n 's/^# //p' Makefile

demo: $(READY)
	$(BIN)/taskkit demo --out output/demo

test: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -n 2

bench: $(READY)
	$(BIN)/python -m benchmarks.ratios
	$(BIN)/python -m benchmarks.reading
	$(BIN)/python -m benchmarks.damaged
	$(BIN)/python -m benchmarks.odd
	$(BIN)/python -m benchmarks.filling
	$(BIN)/python -m benchmarks.issuing
	$(BIN)/python -m benchmarks.collecting
	$(BIN)/python -m benchmarks.annotating
	$(BIN)/python -m benchmarks.killed
	$(BIN)/python -m benchmarks.assessing
	$(BIN)/python -m benchmarks.long_tables

# LibreOffice, poppler, Chromium and a Chinese font, for the tests that look at documents and pages as a person does.
render-deps:
	@if command -v soffice >/dev/null && command -v pdftoppm >/dev/null && command -v chromium >/dev/null \
	  && fc-list :lang=zh-cn | grep -q .; then \
	  echo "LibreOffice, poppler, Chromium and a Chinese font are there"; \
	else \
	  run=""; [ "$$(id -u)" = 0 ] || run=sudo; \
	  $$run apt-get update -qq && \
	  $$run env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
	    libreoffice-calc libreoffice-writer poppler-utils chromium fontconfig fonts-noto-cjk; \
	fi

$(READY): setup.cfg pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "需要 Python 3.11 或更新的版本；可用 make PYTHON=python3.12 指定。"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	@touch $@

clean:
	rm -rf $(VENV) build dist ./*.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
