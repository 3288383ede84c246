# Development commands. `make` alone prints them.

PYTHON ?= python3.11
VENV := .venv
PY := $(VENV)/bin/python
BUILD := build
LOCK := $(PY) -m uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header

export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Tests start hundreds of Pythons; each would compile the same modules again.
unexport PYTHONDONTWRITEBYTECODE

# make test-bpy-4.2 EXAMPLES=500: a search among generated scenes, in place of the same few.
export STUDIO3D_TEST_EXAMPLES := $(EXAMPLES)

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:

# How many suites run at a time. They wait for each other's Blenders, so one more than there are cores.
JOBS := $(shell echo $$(($$(nproc) + 1)))
REPORTS := $(BUILD)/reports
# Makes $$tests of a suite: with CHANGED set those that the changes can break, else the folders given.
chosen = tests="$(2)"$(if $(CHANGED),; tests=$$($(PY) -m tests.changed $(1)); \
    if [ -z "$$tests" ]; then echo "$@: nothing that changed can break these"; exit 0; fi)
# pytest's exit code for "no test was selected", which is no failure among the chosen ones.
or_none = $(if $(CHANGED),|| [ $$? = 5 ])
# What each suite of tests writes down about its durations.
REPORT = --junitxml=$(REPORTS)/$@.xml

.DEFAULT_GOAL := help

.PHONY: help
help:  ## show this text
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# ---------------------------------------------------------------- environment

$(VENV)/.complete: requirements/dev.lock
	$(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --require-hashes -r $<
	touch $@

# What the extension brings along.
wheels/.complete: requirements/wheels.lock blender_manifest.toml $(VENV)/.complete
	$(PY) -m scripts.wheels
	touch $@

.PHONY: setup
setup: $(VENV)/.complete wheels/.complete  ## make .venv from the locked requirements, and fetch the wheels

.PHONY: lock
lock: $(VENV)/.complete  ## write requirements/*.lock again from requirements/*.in
	$(LOCK) --python-version 3.11 requirements/dev.in -o requirements/dev.lock
	$(LOCK) --python-version 3.11 requirements/bpy-4.2.in -o requirements/bpy-4.2.lock
	$(LOCK) --python-version 3.11 requirements/bpy-4.5.in -o requirements/bpy-4.5.lock
	$(LOCK) --python-version 3.13 requirements/blender-site.in -o requirements/blender-site.lock
	$(LOCK) --python-version 3.11 --python-platform windows --constraints requirements/dev.lock \
	    requirements/windows.in -o requirements/windows.lock
	$(LOCK) --python-version 3.11 --python-platform windows --constraints requirements/bpy-4.5.lock \
	    requirements/windows-bpy.in -o requirements/windows-bpy.lock
	$(LOCK) --python-version 3.11 requirements/oldest-requests.in -o requirements/oldest-requests.lock
	$(LOCK) --python-version 3.11 requirements/bill-of-materials.in -o requirements/bill-of-materials.lock
	$(LOCK) --python-version 3.11 --constraints requirements/dev.lock \
	    requirements/docs.in -o requirements/docs.lock
	$(LOCK) --python-version 3.11 --no-deps --constraints requirements/dev.lock \
	    requirements/wheels.in -o requirements/wheels.lock

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

# What builds the documentation site.
$(BUILD)/venvs/docs/.complete: requirements/docs.lock
	$(PYTHON) -m venv --clear $(@D)
	$(@D)/bin/python -m pip install --quiet --require-hashes -r $<
	touch $@

# The oldest HTTP library that a supported Blender ships, to be put before the present one.
$(BUILD)/oldest-requests/.complete: requirements/oldest-requests.lock $(VENV)/.complete
	rm -rf $(@D)
	$(PY) -m pip install --quiet --no-deps --require-hashes --target $(@D) -r $<
	touch $@

# ---------------------------------------------------------------- checks

.PHONY: lint
lint: setup  ## check style and format
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .

# What people run on Windows and macOS is read as it is there: each system lacks something of Python.
ELSEWHERE := win32 $(if $(WHOLE),darwin)
SHIPPED := addon scripts/sandbox scripts/batch.py scripts/system_check.py scripts/system_checks

.PHONY: types
types: setup  ## check types
	$(PY) -m mypy
	$(PY) -m mypy scripts/3d_api_client.py
	$(ELSEWHERE:%=$(PY) -m mypy --platform % --cache-dir .mypy_cache/% $(SHIPPED) &&) true

# The glTF validator, which is a Node program.
node_modules/.package-lock.json: package-lock.json
	scripts/get_blender.sh --node
	npm ci --silent

.PHONY: test-plain
test-plain: setup node_modules/.package-lock.json  ## run the tests that need no Blender of their own
	$(call chosen,plain); $(call get_blender,trixie); STUDIO3D_SANDBOX_BLENDER="$$blender" \
	    STUDIO3D_SLICER="$$(scripts/get_blender.sh --slicer | tail -n 1)" \
	    $(PY) -m pytest --numprocesses auto --dist worksteal $(REPORT) $$tests $(or_none)

# Talking to the service, and orders from end to end, with the library a checkout may find in Blender.
OLDEST := $(patsubst %,tests/service/test_%.py,client downloads images multipart redirects) \
    tests/cli/test_submit.py

.PHONY: test-oldest-requests
test-oldest-requests: $(BUILD)/oldest-requests/.complete setup  ## run some of them with the oldest requests that Blender ships
	export PYTHONPATH="$(CURDIR)/$(<D)"; \
	$(PY) -c "import requests; print(requests.__file__)" | grep --quiet oldest-requests; \
	$(PY) -m pytest --numprocesses auto --dist worksteal -W "ignore::DeprecationWarning:certifi.core" \
	    $(REPORT) $(OLDEST)

.PHONY: test-blender
test-blender: $(BPY_VERSIONS:%=test-bpy-%) $(BLENDER_SUITES:%=test-blender-%)  ## run tests/blender in every supported Blender

# tests/blender/versions.py says what runs in those between the oldest and the newest.
test-bpy-4.5 test-blender-trixie: SELECTED := $(if $(WHOLE),,-m "not oldest_and_newest")

.PHONY: $(BPY_VERSIONS:%=test-bpy-%)
$(BPY_VERSIONS:%=test-bpy-%): test-bpy-%: setup $(BUILD)/venvs/bpy-%/.complete
	$(call chosen,blender); \
	$(PY) -m tests.blender.run --bpy-python $(BUILD)/venvs/bpy-$*/bin/python $(REPORT) $(SELECTED) $$tests $(or_none)

.PHONY: $(BLENDER_SUITES:%=test-blender-%)
$(BLENDER_SUITES:%=test-blender-%): test-blender-%: setup $(BUILD)/blender-site/.complete
	$(call chosen,blender); $(call get_blender,$*); \
	$(PY) -m tests.blender.run --blender "$$blender" $(REPORT) $(SELECTED) $$tests $(or_none)

.PHONY: test-window
test-window: $(BLENDER_SUITES:%=test-window-%) test-window-alone  ## use the extension in real windows, by mouse and keyboard

test-window-sid: SELECTED := not alone
test-window-trixie: SELECTED := not alone $(if $(WHOLE),,and not newest)

# Two windows at a time: much of a test is waiting for one. A file's tests share theirs.
.PHONY: $(BLENDER_SUITES:%=test-window-%)
$(BLENDER_SUITES:%=test-window-%): test-window-%: setup
	scripts/get_blender.sh --window-tools
	$(call chosen,window,tests/window); $(call get_blender,$*); \
	$(PY) -m pytest --numprocesses 2 --dist loadfile --blender "$$blender" -m "$(SELECTED)" \
	    $(REPORT) $$tests $(or_none)

# Those that measure time against time, with nothing beside them.
.PHONY: test-window-alone
test-window-alone: $(BLENDER_SUITES:%=test-window-alone-%)

test-window-alone-sid: SELECTED := alone
test-window-alone-trixie: SELECTED := alone $(if $(WHOLE),,and not newest)

.PHONY: $(BLENDER_SUITES:%=test-window-alone-%)
$(BLENDER_SUITES:%=test-window-alone-%): test-window-alone-%: setup
	scripts/get_blender.sh --window-tools
	$(call chosen,window,tests/window); $(call get_blender,$*); \
	$(PY) -m pytest --blender "$$blender" -m "$(SELECTED)" $(REPORT) $$tests $(or_none)

# ---------------------------------------------------------------- Windows

# tests/windows/limits.toml says what is not for Windows, and what Wine gets wrong.
.PHONY: test-windows
test-windows: setup  ## run the plain tests in Windows' own Python, under Wine
	$(call chosen,plain,); python="$$(scripts/get_windows.sh | tail -n 1)"; \
	$(PY) -m tests.windows.run --python "$$python" \
	    --numprocesses auto --dist worksteal $(REPORT) $$tests $(or_none)

# What a Blender on Windows does otherwise: being installed, its processes, their files.
WINDOWS_QUICK := $(addprefix tests/blender/test_,registration.py \
    $(addprefix installation.py::test_,a_child_has_the_libraries_that_came_along a_result_lands_after_an_update) \
    prepare.py::test_a_small_picture_shows_the_model_and_is_not_in_its_file \
    alternatives.py::test_the_comparison_is_rendered_as_one_picture)

.PHONY: test-windows-blender-quick
test-windows-blender-quick: setup  ## a quick part of tests/blender in Windows' own Blender module
	$(call chosen,blender); bpy="$$(scripts/get_windows.sh bpy | tail -n 1)"; \
	$(PY) -m tests.blender.run --windows-bpy "$$bpy" $(REPORT) $(WINDOWS_QUICK)

.PHONY: test-windows-blender
test-windows-blender: setup  ## run tests/blender in Windows' own Blender module: all of it, before a release
	bpy="$$(scripts/get_windows.sh bpy | tail -n 1)"; failed=(); \
	for file in tests/blender/test_*.py; do \
	    $(PY) -m tests.blender.run --windows-bpy "$$bpy" "$$file" || [ $$? = 5 ] || failed+=("$$file"); \
	done; \
	[ $${#failed[@]} = 0 ] || { printf 'failed: %s\n' "$${failed[@]}"; exit 1; }

# ---------------------------------------------------------------- all of them

# The longest first: the last to end has the machine to itself.
SUITES := test-window-sid test-bpy-4.2 test-blender-sid test-plain test-window-trixie \
    test-windows test-blender-trixie test-bpy-4.5 test-windows-blender-quick \
    test-oldest-requests types docs lint

# One after the other: what two of them install at a time would be in each other's way. The slicer
# and Windows find what they need on the machine by then, and take downloads and disk, not the cores.
.PHONY: tools
tools: setup  ## fetch everything that any check or test needs
	scripts/get_blender.sh --window-tools
	scripts/get_windows.sh --wine
	$(BLENDER_SUITES:%=scripts/get_blender.sh % &&) true
	scripts/get_blender.sh --slicer >/dev/null & slicer=$$!; \
	{ scripts/get_windows.sh && scripts/get_windows.sh bpy; } >/dev/null & windows=$$!; \
	$(MAKE) --jobs=1 node_modules/.package-lock.json $(BUILD)/blender-site/.complete \
	    $(BUILD)/oldest-requests/.complete $(BUILD)/venvs/docs/.complete $(BPY_VERSIONS:%=$(BUILD)/venvs/bpy-%/.complete); \
	wait $$slicer; wait $$windows

.PHONY: test
test: tools  ## run every check and every test; with CHANGED=1 those that your changes can break
	rm -rf $(REPORTS)
	$(MAKE) --jobs=$(JOBS) --keep-going --output-sync=target $(SUITES)
	$(MAKE) test-window-alone
	$(PY) -m tests.slowest $(REPORTS)
	$(PY) -m tests.run_table $(REPORTS)
	-$(if $(CHANGED)$(WHOLE),,$(PY) -m tests.window.pictures --compare)
	$(if $(CHANGED)$(WHOLE),,$(PY) -m tests.fault_table $(REPORTS))

# Half an hour more: what the versions between leave out, and all of tests/blender in Windows' module.
.PHONY: test-release
test-release: tools  ## the same with every test in every Blender, Windows' own too: before a release
	$(MAKE) test WHOLE=1
	$(MAKE) test-windows-blender

# As root, which a system within the system takes. It leaves out make test, but for WHOLE=1.
.PHONY: test-newcomer
test-newcomer: setup  ## README.md's commands in a bare Debian, by a fresh user in a fresh clone: before a release
	$(PY) -m tests.newcomer $(if $(WHOLE),--whole)

# Readers of outside bytes against generated ones: EXAMPLES for each test, or again and again for
# MINUTES. What is found is printed with what reproduces it, and ends the search.
.PHONY: fuzz
fuzz: setup  ## search for what breaks a reader of outside bytes: MINUTES=10 or EXAMPLES=5000
	end=$$((SECONDS + 60 * $(or $(MINUTES),0))); \
	while STUDIO3D_TEST_EXAMPLES=$(or $(EXAMPLES),1000) \
	    $(PY) -m pytest --quiet --numprocesses auto --timeout 0 tests/fuzz tests/service/test_any_answer.py; do \
	    [ $$SECONDS -lt $$end ] || exit 0; \
	done; exit 1

.PHONY: soak
soak: setup  ## a thousand jobs through the real worker with faults on; writes docs/long_run.md
	$(PY) -m tests.soak --jobs 1000 --write

BUSY_LOOPS := 4

.PHONY: test-plain-busy
test-plain-busy: setup  ## the plain tests on a busy machine: none may depend on its speed
	loops=(); trap 'kill "$${loops[@]}"' EXIT; \
	for _ in $$(seq $(BUSY_LOOPS)); do while :; do :; done & loops+=($$!); done; \
	$(MAKE) test-plain

FAST := catalog jobs package service worker

.PHONY: check
check: setup  ## lint, types and the fast half of the plain tests: for every commit
	$(MAKE) --jobs --keep-going --output-sync=target lint types test-fast

.PHONY: test-fast
test-fast: setup
	$(PY) -m pytest --numprocesses auto --dist worksteal --quiet $(FAST:%=tests/%)

# ---------------------------------------------------------------- what is written from the code

.PHONY: format
format: setup  ## put the code into the project's format, and order its imports
	$(PY) -m ruff check --select I --fix --quiet .
	$(PY) -m ruff format .

.PHONY: references
references: setup  ## write SKILL.md, references/ and docs/errors.md again from the code
	$(PY) -m scripts.references

.PHONY: faults
faults: setup  ## write docs/faults.md from the run of "make test" before
	$(PY) -m tests.fault_table $(REPORTS) --write

.PHONY: tested
tested: setup  ## write docs/tested.md, what was run where, from the run of "make test" before
	$(PY) -m tests.run_table $(REPORTS) --write

.PHONY: languages
languages: setup  ## mark in the language files what is to be translated; take out what is not said
	$(PY) -m scripts.languages

# Strictly: a link that leads nowhere, a picture that is missing, a page in no menu end it.
.PHONY: docs
docs: $(BUILD)/venvs/docs/.complete  ## build the documentation site into build/site
	NO_MKDOCS_2_WARNING=1 $(BUILD)/venvs/docs/bin/python -m mkdocs build

.PHONY: pictures
pictures: setup  ## write docs/images by the window tests that take the pictures
	scripts/get_blender.sh --window-tools
	$(call get_blender,sid); \
	$(PY) -m pytest --blender "$$blender" $$($(PY) -m tests.window.pictures); \
	$(PY) -m tests.window.pictures --write

# ---------------------------------------------------------------- products

.PHONY: build
build: setup  ## build dist/studio3d-<version>.zip from the tree as it is
	$(call get_blender,trixie); $(PY) -m scripts.build --blender "$$blender"

# Apart from all else: it reads what the extension brings along, and nothing here needs it.
$(BUILD)/bill-of-materials/.complete: requirements/bill-of-materials.lock
	$(PYTHON) -m venv --clear $(@D)
	$(@D)/bin/python -m pip install --quiet --require-hashes -r $<
	touch $@

.PHONY: dist
dist: setup $(BUILD)/bill-of-materials/.complete  ## make what is published, of what is committed; REPOSITORY=what is published already
	$(call get_blender,sid); $(PY) -m scripts.release --blender "$$blender" \
	    --bill-of-materials $(BUILD)/bill-of-materials/bin/python $(if $(REPOSITORY),--repository "$(REPOSITORY)")

.PHONY: demo
demo: setup  ## generate models in a real Blender against the local sandbox
	$(call get_blender,--any); $(PY) -m scripts.demo --blender "$$blender"

.PHONY: bench
bench: setup  ## measure what people wait for, against the direct way; ROWS="placing" for some
	$(call get_blender,sid); $(PY) -m scripts.bench --blender "$$blender" \
		$(if $(ROWS),--rows $(ROWS)) $(if $(QUICK),--quick) $(if $(WRITE),--write)

.PHONY: bench-background
bench-background: setup  ## measure what preparing results costs, against importing and saving them
	$(call get_blender,--any); $(PY) -m scripts.bench.background --blender "$$blender" $(if $(QUICK),--quick)

.PHONY: clean
clean:  ## remove what was built; downloaded Blenders stay in the user's cache
	rm -rf $(BUILD) dist wheels .venv node_modules .mypy_cache .pytest_cache .ruff_cache .hypothesis
