# Development commands. `make` alone prints them.

PYTHON ?= python3.11
VENV := .venv
PY := $(VENV)/bin/python
BUILD := build
LOCK := $(PY) -m uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header

export PIP_DISABLE_PIP_VERSION_CHECK := 1

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
	$(PYTHON) -m venv --clear $(@D)
	$(@D)/bin/python -m pip install --quiet --require-hashes -r $<
	touch $@

# pytest for the Blender binaries, whose Python has no pip.
$(BUILD)/blender-site/.complete: requirements/blender-site.lock $(VENV)/.complete
	rm -rf $(@D)
	$(PY) -m pip install --quiet --require-hashes --target $(@D) -r $<
	touch $@
