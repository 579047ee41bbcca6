# make demo    renders the lecture's examples into out/
# make test    installs everything and runs every check
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
SHELL  := /bin/bash

.PHONY: help demo lecture test check lint types unit notebooks bench pictures clean

help:            ## this list
	@grep -E '^[a-z]+: .*##' $(MAKEFILE_LIST) | sed -E 's/: .*## /\t/' | expand -t 12

demo: .demo/installed ## the lecture's examples as pictures and steps, in out/
	.demo/bin/python examples/demo.py

# the same command as a user types it, with what the extra `slides` installs
lecture: .demo/slides ## the whole lecture as decks in all formats, in out/lecture/
	for lang in en ru; do .demo/bin/graphstep deck examples/lecture/$$lang.md \
	    -o out/lecture/$$lang.html -o out/lecture/$$lang.pdf -o out/lecture/$$lang.pptx -o out/lecture/$$lang.tex || exit; \
	  .demo/bin/graphstep deck examples/lecture/$$lang.md --handout -o out/lecture/$$lang-handout.pdf || exit; done

test: $(VENV)/installed ## everything that has to hold: lint, types, tests, doctests, browser
	tools/system-packages
	$(MAKE) --no-print-directory check

check: lint types unit notebooks

lint: $(VENV)/installed ## ruff
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/installed ## mypy, strict
	$(BIN)/mypy

unit: $(VENV)/installed ## pytest: tests, doctests, documents, browser
	$(BIN)/pytest

notebooks: $(VENV)/installed ## runs every notebook from top to bottom
	$(BIN)/pytest --nbmake notebooks

docs: $(VENV)/installed ## the documentation with its notebooks, in out/docs/; any warning is an error
	$(BIN)/python -m sphinx -q -W --keep-going -n -b html docs out/docs

bench: $(VENV)/installed ## speed, as ratios to named peers
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[bench]'
	$(BIN)/python benchmarks/bench.py
	$(BIN)/python benchmarks/decks.py

pictures: $(VENV)/installed ## the pictures of README and docs, made anew
	$(BIN)/python tools/pictures.py
	$(BIN)/python tools/gatetable.py
	$(BIN)/python tools/shots.py

clean:           ## remove what the other targets made
	rm -rf $(VENV) .demo out build dist docs/notebooks .mypy_cache .ruff_cache .hypothesis

# ordinary dependencies only, as a user gets them
.demo/installed: pyproject.toml $(shell find graphstep -name "*.py" -o -name "*.t*ml" -o -name "*.txt")
	$(PYTHON) -m venv .demo
	.demo/bin/python -m pip install --quiet --disable-pip-version-check .
	touch $@

.demo/slides: .demo/installed
	.demo/bin/python -m pip install --quiet --disable-pip-version-check '.[slides]'
	touch $@

$(VENV)/installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test]'
	touch $@
