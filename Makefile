# Fair Passage: `make demo` and `make test` need Python 3.11 and make, and set up what else they need, once.

PYTHON ?= python3.11
VENV   := .venv
BIN    := $(VENV)/bin

# Stamps: a step runs again only when what it is made from has changed.
LOCKED    := $(VENV)/.locked
INSTALLED := $(VENV)/.installed
JARS      := $(VENV)/.jars
MEASURING := $(VENV)/.measuring

# What starts nothing, or ClickHouse's front alone, runs in a process a core. A file stays with one of them, which makes its
# corridors, or starts its front, once, and files go out in their order: the few long ones, of properties, before the many short
# ones of units. A test that hangs ends its process, and with it the run, which says which.
SPREAD := -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder --max-worker-restart 0

.DELETE_ON_ERROR:
.PHONY: help setup demo oflc test unit faults chaos attack fuzz bench found catalogue check lint types format lock clean

help: ## show this
	@awk -F ':.*## ' '/^[a-z][a-z-]*:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(INSTALLED) $(JARS) ## the virtual environment from its hashed lock list, and Kafka's jars

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) is not on PATH: install Python 3.11, or run make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' || { echo "$(PYTHON) cannot make virtual environments: install its venv package" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(LOCKED): infra/locks/requirements.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

$(INSTALLED): pyproject.toml $(LOCKED)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index --editable .
	@touch $@

$(JARS): infra/locks/kafka.lock.toml $(INSTALLED)
	$(BIN)/python -m infra.embedded.jars
	@touch $@

demo: setup ## made-up corridors end to end: what was found against what was planted
	$(BIN)/fairpassage demo

oflc: setup ## real records end to end, what ClickHouse says of them: make oflc OFLC=FOLDER of disclosure files
	@test -n "$(OFLC)" || { echo "name the folder that holds the files: make oflc OFLC=FOLDER" >&2; exit 1; }
	$(BIN)/python -m infra.demo.records $(wildcard $(OFLC)/*.csv $(OFLC)/*.csv.gz $(OFLC)/*.xlsx)

test: setup unit ## every test but long faults and measurements
	$(BIN)/pytest $(SPREAD) -m "integration and together and not long and not bench"
	$(BIN)/pytest -m "integration and not together and not long and not bench"

unit: $(INSTALLED) ## the tests that start nothing, in a process a core
	$(BIN)/pytest $(SPREAD) -m "not integration and not long and not bench"

faults: setup ## the long faults
	$(BIN)/pytest -m long

attack: setup ## what each role may not do, tried on a real broker and a real front: role, attempt, answer
	$(BIN)/python -m tests.attack

chaos: setup ## hurt a whole deployment, and say what was lost: MINUTES=6, SEED=1, ONLY="a,b" some faults, JSON=1; PAGE=1 keeps the table
	$(BIN)/python -m tests.chaos --minutes $(or $(MINUTES),6) --seed $(or $(SEED),1) $(if $(ONLY),--only "$(ONLY)") \
	  $(if $(JSON),--json) $(if $(PAGE),--page tests/chaos/chaos.md)

fuzz: $(INSTALLED) ## bad input at scale: INPUTS=1000000, SEED=1, ONLY="a,b" some readers, KEEP=1, JSON=1; PAGE=1 keeps the table
	$(BIN)/python -m tests.fuzz --inputs $(or $(INPUTS),1000000) --seed $(or $(SEED),1) $(if $(ONLY),--only "$(ONLY)") $(if $(KEEP),--keep) \
	  $(if $(JSON),--json) $(if $(PAGE),--page tests/fuzz/fuzz.md)

$(MEASURING): infra/locks/bench.txt infra/locks/quix.txt $(INSTALLED)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r infra/locks/bench.txt
	rm -rf $(VENV)/quix
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --target $(VENV)/quix -r infra/locks/quix.txt \
	  || { rm -rf $(VENV)/quix; echo "quixstreams cannot be had here: what is measured on it is left out" >&2; }
	@touch $@

bench: setup $(MEASURING) ## measure, under 15 minutes; ONLY=a,b some, FULL=1 whole sizes, KEEP=1 compare later runs with this one
	$(BIN)/python -m tests.bench $(if $(ONLY),--only $(ONLY)) $(if $(FULL),--full) $(if $(KEEP),--keep) $(if $(SECONDS),--seconds $(SECONDS))

found: $(INSTALLED) ## what is found of what is planted, over ten seeds: the table of tests/found/found.md
	$(BIN)/python -m tests.found > $(VENV)/found.md
	mv $(VENV)/found.md tests/found/found.md

catalogue: $(INSTALLED) ## the catalogue page, streams/rules/catalogue.md, from the rules and reports
	$(BIN)/fairpassage rules --markdown > $(VENV)/catalogue.md
	mv $(VENV)/catalogue.md streams/rules/catalogue.md

lint: $(INSTALLED) ## style, with the reason beside each exception in pyproject.toml
	$(BIN)/ruff check .

types: $(INSTALLED) ## mypy --strict over source and tests
	$(BIN)/mypy

check: lint types test ## what .ci/run runs

format: $(INSTALLED) ## sort imports and mend what can be mended by itself
	$(BIN)/ruff check --fix .

COMPILE := $(BIN)/pip-compile --quiet --allow-unsafe --generate-hashes --strip-extras --no-emit-index-url \
  --no-emit-trusted-host --no-emit-find-links
GROUP   := $(BIN)/python -c 'import sys, tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["dependency-groups"][sys.argv[1]], sep="\n")'

lock: $(INSTALLED) ## write the hashed lock lists anew
	$(COMPILE) --extra dev --output-file infra/locks/requirements.txt pyproject.toml
	$(GROUP) bench | CUSTOM_COMPILE_COMMAND="make lock" $(COMPILE) --constraint infra/locks/requirements.txt --output-file infra/locks/bench.txt -
	$(GROUP) quix | CUSTOM_COMPILE_COMMAND="make lock" $(COMPILE) --output-file infra/locks/quix.txt -

clean: ## remove the virtual environment and caches; data in FAIRPASSAGE_HOME stay
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info
