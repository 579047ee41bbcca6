# make demo    renders the lecture's examples into out/
# make test    installs everything and runs every check
# make help    lists the rest
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
SHELL  := /bin/bash

# how many processes run the tests; each has its own browser
JOBS   ?= $(shell $(PYTHON) -c 'import os; print(min(os.cpu_count() or 1, 4))')
# a file stays in one process, since its tests share what they have made
PARALLEL := --numprocesses=$(JOBS) --dist=loadfile

.PHONY: help demo lecture venv test check lint types notebooks unit package test-min test-python docs pictures bench mutants hooks clean

help: ## this list
	@grep -E '^[a-z-]+:.* ## ' $(MAKEFILE_LIST) | sed -E 's/:.* ## /\t/' | expand -t 13

demo: .demo/installed ## the lecture's examples as pictures and steps, in out/
	.demo/bin/python examples/demo.py

# the command as a user types it, with what the extra `slides` installs
lecture: .demo/slides ## the whole lecture as decks in all formats, in out/lecture/
	for lang in en ru; do .demo/bin/graphstep deck examples/lecture/$$lang.md \
	    -o out/lecture/$$lang.html -o out/lecture/$$lang.pdf -o out/lecture/$$lang.pptx -o out/lecture/$$lang.tex || exit; \
	  .demo/bin/graphstep deck examples/lecture/$$lang.md --handout -o out/lecture/$$lang-handout.pdf || exit; done

venv: $(VENV)/installed ## the environment .venv, with graphstep in place and everything the checks use

test: $(VENV)/installed ## every check; what the system lacks is installed first
	tools/system-packages
	$(MAKE) --no-print-directory check

check: lint types notebooks unit ## every check, with what the system has

lint: $(VENV)/installed ## ruff
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/installed ## mypy, strict
	$(BIN)/mypy

notebooks: $(VENV)/installed ## every notebook, run from top to bottom
	$(BIN)/pytest -p nbmake --nbmake $(PARALLEL) notebooks

unit: $(VENV)/installed ## pytest: tests, doctests, documents, browser, the built package
	$(BIN)/pytest $(PARALLEL)

package: $(VENV)/installed ## wheel and sdist in dist/, tried in empty environments with each extra
	rm -rf dist
	$(BIN)/python -m build --installer uv
	$(BIN)/twine check --strict dist/*
	$(BIN)/pytest tests/house/test_package.py

# bounds are promises: each one is installed, and all tests but the browser's run with it
test-min: $(VENV)/installed ## tests with the oldest allowed version of every dependency
	$(BIN)/uv venv --quiet --clear --python 3.11 .venvs/oldest
	$(BIN)/uv pip install --quiet --python .venvs/oldest --resolution lowest-direct -e '.[test]'
	.venvs/oldest/bin/python tools/bounds.py
	.venvs/oldest/bin/pytest $(PARALLEL) -m "not browser"

test-python: $(VENV)/installed ## tests with another Python: make test-python PYTHON=python3.13
	$(BIN)/uv venv --quiet --clear --python $(PYTHON) .venvs/other
	$(BIN)/uv pip install --quiet --python .venvs/other -e '.[test]'
	.venvs/other/bin/pytest $(PARALLEL) -m "not browser"

docs: $(VENV)/installed ## the documentation with its notebooks, in out/docs/; any warning is an error
	$(BIN)/python -m sphinx -q -W --keep-going -n -b html docs out/docs

pictures: $(VENV)/installed ## the pictures and tables of README and documents, made again
	$(BIN)/python tools/house.py
	$(BIN)/python tools/pictures.py
	$(BIN)/python tools/gatetable.py
	$(BIN)/python tools/errortable.py
	$(BIN)/python tools/shots.py

bench: $(VENV)/installed ## speed, as ratios to named peers
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[bench]'
	$(BIN)/python benchmarks/bench.py
	$(BIN)/python benchmarks/decks.py

# OF="graph calculus/shapes.py", SAMPLE=300, SEED=1, AGAIN=1: see tools/mutants.py
mutants: $(VENV)/installed ## what the tests of the core would not notice; SAMPLE=300 for a part of it
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[mutants]'
	nice $(BIN)/python tools/mutants.py $(OF) $(SAMPLE:%=--sample %) $(SEED:%=--seed %) $(AGAIN:%=--again)

hooks: $(VENV)/installed ## lint, types and stripped notebooks before each commit, through pre-commit
	$(BIN)/pre-commit install

clean: ## remove what the other targets made
	rm -rf $(VENV) .venvs .demo out build dist .mypy_cache .ruff_cache .hypothesis

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
