# Development commands. `make` alone prints them.

PYTHON ?= python3.11
VENV := .venv
PY := $(VENV)/bin/python
BUILD := build
LOCK := $(PY) -m uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header

export PIP_DISABLE_PIP_VERSION_CHECK := 1

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.NOTPARALLEL:

.DEFAULT_GOAL := help

.PHONY: help
help:  ## show this text
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# ---------------------------------------------------------------- environment

$(VENV)/.complete: requirements/dev.lock
	$(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --require-hashes -r $<
	touch $@

.PHONY: setup
setup: $(VENV)/.complete  ## make .venv from the locked requirements

.PHONY: lock
lock: setup  ## write requirements/*.lock again from requirements/*.in
	$(LOCK) --python-version 3.11 requirements/dev.in -o requirements/dev.lock
	$(LOCK) --python-version 3.11 requirements/bpy-4.2.in -o requirements/bpy-4.2.lock
	$(LOCK) --python-version 3.11 requirements/bpy-4.5.in -o requirements/bpy-4.5.lock
	$(LOCK) --python-version 3.13 requirements/blender-site.in -o requirements/blender-site.lock

# ---------------------------------------------------------------- Blenders

# Blender as a Python module, one environment a version.
$(BUILD)/venvs/%/.complete: requirements/%.lock
	scripts/get_blender.sh --module-libraries
	$(PYTHON) -m venv --clear $(@D)
	$(@D)/bin/python -m pip install --quiet --require-hashes -r $<
	touch $@

# pytest for the Blender binaries, whose Python has no pip.
$(BUILD)/blender-site/.complete: requirements/blender-site.lock $(VENV)/.complete
	rm -rf $(@D)
	$(PY) -m pip install --quiet --require-hashes --target $(@D) -r $<
	touch $@

BPY_VERSIONS := 4.2 4.5
BLENDER_SUITES := trixie sid
# An assignment of its own, so that a Blender that cannot be had ends the recipe.
get_blender = blender="$$(scripts/get_blender.sh $(1) | tail -n 1)"

# ---------------------------------------------------------------- checks

.PHONY: lint
lint: setup  ## check style and format
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .

.PHONY: types
types: setup  ## check types
	$(PY) -m mypy
	$(PY) -m mypy scripts/3d_api_client.py

# The glTF validator, which is a Node program.
node_modules/.package-lock.json: package-lock.json
	npm ci --silent

.PHONY: test-plain
test-plain: setup node_modules/.package-lock.json  ## run the tests that need no Blender of their own
	$(call get_blender,trixie); STUDIO3D_SANDBOX_BLENDER="$$blender" $(PY) -m pytest

.PHONY: test-blender
test-blender: $(BPY_VERSIONS:%=test-bpy-%) $(BLENDER_SUITES:%=test-blender-%)  ## run tests/blender in every supported Blender

.PHONY: $(BPY_VERSIONS:%=test-bpy-%)
$(BPY_VERSIONS:%=test-bpy-%): test-bpy-%: setup $(BUILD)/venvs/bpy-%/.complete
	$(PY) -m tests.blender.run --bpy-python $(BUILD)/venvs/bpy-$*/bin/python

.PHONY: $(BLENDER_SUITES:%=test-blender-%)
$(BLENDER_SUITES:%=test-blender-%): test-blender-%: setup $(BUILD)/blender-site/.complete
	$(call get_blender,$*); $(PY) -m tests.blender.run --blender "$$blender"

.PHONY: test-window
test-window: $(BLENDER_SUITES:%=test-window-%)  ## use the extension in real windows, by mouse and keyboard

.PHONY: $(BLENDER_SUITES:%=test-window-%)
$(BLENDER_SUITES:%=test-window-%): test-window-%: setup
	scripts/get_blender.sh --window-tools
	$(call get_blender,$*); $(PY) -m pytest tests/window --blender "$$blender"

.PHONY: test
test: lint types test-plain test-blender test-window  ## run every check and every test

# ---------------------------------------------------------------- products

.PHONY: build
build: setup  ## build dist/studio3d-<version>.zip and its repository index
	$(call get_blender,trixie); $(PY) -m scripts.build --blender "$$blender"

.PHONY: demo
demo: setup  ## generate models in a real Blender against the local sandbox
	$(call get_blender,--any); $(PY) -m scripts.demo --blender "$$blender"

.PHONY: bench
bench: setup  ## measure what blocks Blender's window, against the direct way
	$(call get_blender,--any); $(PY) -m scripts.bench --blender "$$blender"

.PHONY: clean
clean:  ## remove what was built; downloaded Blenders stay in the user's cache
	rm -rf $(BUILD) dist .venv node_modules .mypy_cache .pytest_cache .ruff_cache .hypothesis
