# Everything starts here: `make dataset`, `make test`.

PYTHON ?= python3.11
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help setup dataset test test-opengl figures lint benchmark fidelity clean

help:  ## Show the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

setup: $(READY)  ## Install system libraries and Python packages into .venv

$(READY): pyproject.toml tools/install_system_packages.sh
	sh tools/install_system_packages.sh $(PYTHON)
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $(READY)

dataset: $(READY)  ## Render the default streets and build the dataset
	$(BIN)/luigi --module pipeline BuildDataset --camera-set all

test: $(READY)  ## Run every test that needs no window and no GPU
	$(BIN)/python -m pytest

test-opengl: $(READY)  ## Run the tests that need OpenGL (EEVEE; Debian: libegl1 libgl1-mesa-dri)
	$(BIN)/python -m pytest -m opengl

figures: $(READY)  ## Make the pictures of the README and of docs
	$(BIN)/python docs/figures.py docs/images

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
