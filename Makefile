# The commands of this repository. `make help` lists them; every target may be run again at any
# time, and does only what is not done yet.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
PIP = .venv/bin/python -m pip --disable-pip-version-check --no-input
# Two at a time, a file's tests together: half of the time goes in waiting for processes.
PYTEST = .venv/bin/python -m pytest --numprocesses=2 --dist=loadfile

# An editable install points at the folder in which it was made: a folder that was moved or
# copied, its .venv with it, is set up again.
ifneq ($(shell cat .venv/.where 2>/dev/null),$(shell pwd -P))
  $(shell rm -f .venv/.python .venv/.runtime .venv/.dev)
endif

.PHONY: help site publish test test-all test-frameworks check format types bundle bench lock clean
.PHONY: shell chromium firefox

WEB_SOURCES = $(shell find staticrun/web -name node_modules -prune -o -name dist -prune -o -type f -print)

help:  ## list these commands
	@sed -nE 's/^([a-z-]+):[^#]*## (.*)/\1\t\2/p' $(MAKEFILE_LIST) \
	  | while IFS=$$'\t' read -r name text; do printf '  make %-16s %s\n' "$$name" "$$text"; done

site: .venv/.bundle  ## build this repository's own site
	@.venv/bin/python -m staticrun build
	@echo "Open it: site/index.html"

publish: .venv/.bundle  ## build this repository's own site and publish it with its versions
	@.venv/bin/python -m staticrun publish

test: check .venv/.web shell  ## check, and run the tests (up to 5 minutes on two cores)
	$(PYTEST) -m "not slow"

test-all: check .venv/.web chromium firefox  ## check, and run every test (up to 40 minutes)
	CHROMIUM="$${CHROMIUM:-chromium}" $(PYTEST)

# One environment for each lock of this name: .ci/requirements-NAME.txt.
test-frameworks: build/examples/.done build/frames/.done  ## other libraries, each in its own environment
	build/examples/bin/python tests/frameworks/scikit_learn.py
	build/frames/bin/python tests/frameworks/data_frames.py

check: .venv/.dev .venv/.bundle  ## formatting, lint, types, layers; changes nothing
	.venv/bin/python -m ruff format --check --quiet . || { echo "Try: make format"; exit 1; }
	.venv/bin/python -m ruff check --quiet .
	.venv/bin/python -m mypy --no-error-summary
	.venv/bin/lint-imports --no-logo
	.venv/bin/python .ci/web_types.py --check
	.ci/node staticrun/web node_modules/.bin/tsc --noEmit
	.ci/node staticrun/web node --test --test-reporter=dot 'tests/*.test.ts'

format: .venv/.dev  ## format the code and mend what ruff can mend
	.venv/bin/python -m ruff check --fix --quiet . || true
	.venv/bin/python -m ruff format .

types:  ## write the browser's types of the data files from the structs that make them
	.venv/bin/python .ci/web_types.py

bundle: .venv/.bundle  ## make the browser's script and styles from staticrun/web

bench: .venv/.dev .venv/.bundle  ## measure writing, reading, figures and builds against their floors
	@for bench in tests/bench/bench_*.py; do \
	  printf '\n%s\n\n' "$$bench"; .venv/bin/python "$$bench"; \
	done

lock: .venv/.python  ## make the lock files again; UPGRADE=--upgrade takes newer versions
	$(PIP) install --quiet 'uv>=0.9'
	@set -- --quiet --universal --generate-hashes --no-emit-index-url --no-header \
	  --python-version 3.11 $(UPGRADE) pyproject.toml --group build; \
	 set -x; \
	 .venv/bin/python -m uv pip compile "$$@" --extra dev --extra examples --extra system \
	   -o .ci/requirements-dev.txt; \
	 .venv/bin/python -m uv pip compile "$$@" --extra examples \
	   -c .ci/requirements-dev.txt -o .ci/requirements-examples.txt; \
	 .venv/bin/python -m uv pip compile "$$@" --extra pandas --extra polars --extra arrow \
	   -c .ci/requirements-dev.txt -o .ci/requirements-frames.txt; \
	 .venv/bin/python -m uv pip compile "$$@" \
	   -c .ci/requirements-dev.txt -o .ci/requirements.txt

clean:  ## remove the environment, the caches and the built site
	rm -rf .venv .staticrun build dist
	rm -rf tests/web/node_modules staticrun/web/node_modules staticrun/web/dist
	rm -rf .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find site -mindepth 1 ! -name .gitignore -delete
	find staticrun tests examples -name __pycache__ -type d -prune -exec rm -rf {} +

# --- what the commands above stand on ---

.venv/.python:
	@.ci/machine python "$(PYTHON)"
	"$(PYTHON)" -m venv --clear .venv
	@pwd -P > .venv/.where
	@touch $@

.venv/.runtime: .venv/.python .ci/requirements.txt pyproject.toml
	$(PIP) install --quiet --require-hashes -r .ci/requirements.txt
	$(PIP) install --quiet --no-deps --no-build-isolation --no-index --editable .
	@touch $@

.venv/.dev: .venv/.runtime .ci/requirements-dev.txt
	$(PIP) install --quiet --require-hashes -r .ci/requirements-dev.txt
	@touch $@

# Node comes from a wheel of the lock, so that no machine needs one; npm lies beside it.
.venv/.web: .venv/.dev tests/web/package.json tests/web/package-lock.json tests/web/.npmrc
	.ci/node tests/web npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

# An editable install makes the bundle, too; this makes it again when its sources change.
.venv/.bundle: .venv/.runtime hatch_build.py $(WEB_SOURCES)
	@.venv/bin/python hatch_build.py
	@touch $@

build/%/.done: .ci/requirements-%.txt pyproject.toml
	@.ci/machine python "$(PYTHON)"
	"$(PYTHON)" -m venv --clear build/$*
	build/$*/bin/python -m pip --disable-pip-version-check --no-input \
	  install --quiet --require-hashes -r .ci/requirements-$*.txt
	build/$*/bin/python -m pip --disable-pip-version-check --no-input \
	  install --quiet --no-deps --no-build-isolation --no-index --editable .
	@touch $@

shell: .venv/.dev
	@.ci/machine shell

chromium: .venv/.dev
	@.ci/machine chromium

firefox:
	@.ci/machine firefox
