# Everything starts here: `make dataset`, `make test`.

PYTHON ?= python3.11
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help setup dataset addon test fuzz test-gpu test-opengl test-ui figures figures-ui lint benchmark fidelity clean

help:  ## Show the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

setup: $(READY)  ## Install system libraries and Python packages into .venv

$(READY): pyproject.toml tools/install_system_packages.sh
	sh tools/install_system_packages.sh $(PYTHON)
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $(READY)

dataset: $(READY)  ## Render the default cities and build the dataset
	$(BIN)/luigi --module pipeline BuildDataset --camera-set all

addon:  ## Pack the Blender add-on into build/dual_pixel-VERSION.zip
	$(PYTHON) tools/build_addon.py build

test: $(READY)  ## Run every test that needs no window and no GPU
	$(BIN)/python -m pytest

FUZZ ?= 200
fuzz: $(READY)  ## Try commands and files at random (FUZZ=examples per test), with counts
	FUZZ_EXAMPLES=$(FUZZ) $(BIN)/python -m pytest -q tests/pipeline/test_fuzz_*.py

test-gpu: $(READY)  ## Run the tests that need a CUDA device
	$(BIN)/python -m pytest -m gpu

test-opengl: $(READY)  ## Run the tests that need OpenGL (EEVEE; Debian: libegl1 libgl1-mesa-dri)
	$(BIN)/python -m pytest -m opengl

test-ui: SUITE ?= trixie
test-ui: $(READY)  ## Test the extension in a Blender with a window (root; SUITE=sid: 5.2)
	sh tools/run_ui_tests.sh $(BIN)/python $(SUITE)

figures: $(READY)  ## Make the pictures of the README and of docs
	$(BIN)/python docs/figures.py docs/images

figures-ui: $(READY)  ## Picture the extension's panels for docs (root)
	UI_FIGURES=docs/images sh tools/run_ui_tests.sh $(BIN)/python trixie -k pictured

lint: $(READY)  ## Check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright

benchmark: $(READY)  ## Measure what the pipeline costs around the renderer, and view synthesis
	$(BIN)/python benchmarks/pipeline_overhead.py
	$(BIN)/python -m benchmarks.view_synthesis

fidelity: $(READY)  ## Measure dp_model against views traced through the lens (docs/fidelity.md)
	$(BIN)/python -m benchmarks.fidelity

clean:  ## Remove intermediate frames and views; datasets stay
	rm -rf work
