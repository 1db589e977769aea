# The one list of words: CI calls the same.
PYTHON ?= python3
PORT ?= 8600
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
DATA ?= ../shared/data

.DEFAULT_GOAL := help
.PHONY: help demo test check quality bench docs pictures audit lock sbom licenses clean

help:  ## list these words
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/ -/' | sort

$(VENV)/.installed: pyproject.toml
	@test -x $(BIN)/python || { echo "Making a Python environment in $(VENV) ..."; $(PYTHON) -m venv $(VENV); }
	@echo "Installing Dragoman and what it needs (about 150 MB, once) ..."
	@$(PIP) install --quiet --progress-bar off -e . 2>$(VENV)/pip.log || { cat $(VENV)/pip.log; exit 1; }
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	@echo "Installing what the tests need ..."
	@$(PIP) install --quiet --progress-bar off -e '.[dev,docs,ops]' 2>$(VENV)/pip.log || { cat $(VENV)/pip.log; exit 1; }
	@touch $@

demo: $(VENV)/.installed  ## relay the sample press and serve it (PORT=8600; ONCE=1 exits)
	@$(BIN)/dragoman demo --port $(PORT) $(if $(ONCE),--once)

test: $(VENV)/.installed-dev  ## run the tests
	@$(BIN)/python -m pytest -q -n auto --dist loadfile

check: $(VENV)/.installed-dev  ## lint, types, layers, documentation
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@$(MAKE) --no-print-directory docs
	@$(MAKE) --no-print-directory audit

audit: $(VENV)/.installed-dev  ## ask for known holes in what is installed; skipped without a network
	@$(BIN)/python ops/audit.py

lock: $(VENV)/.installed-dev  ## choose the versions of container and CI anew, with hashes
	@for part in "pyproject.toml --extra ctranslate2 --extra postgresql:ops/requirements.txt" "ops/build.in:ops/build.txt"; do \
	  $(BIN)/uv pip compile $${part%%:*} --output-file $${part##*:} --upgrade --universal \
	    --python-version 3.11 --generate-hashes --no-annotate --no-header --quiet; done

sbom: $(VENV)/.installed-dev  ## write the bill of materials of a release to dist/
	@mkdir -p dist
	@$(BIN)/cyclonedx-py requirements --pyproject pyproject.toml --output-reproducible \
	  --output-file dist/dragoman.cdx.json ops/requirements.txt
	@echo "Wrote dist/dragoman.cdx.json"

licenses: $(VENV)/.installed-dev  ## list the licences of what is installed
	@$(BIN)/pip-licenses --from=mixed --order=license --packages $$(sed -nE 's/^([A-Za-z0-9._-]+)==.*/\1/p' ops/requirements.txt)

docs: $(VENV)/.installed-dev  ## build the documentation, warnings are errors
	$(BIN)/zensical build --clean --strict

pictures: $(VENV)/.installed-dev  ## draw the pictures of the documentation
	$(BIN)/python -m tests.e2e.pictures

quality: $(VENV)/.installed-dev  ## measure quality against pinned floors (DATA=../shared/data)
	$(BIN)/python -m quality --data $(DATA)

bench: $(VENV)/.installed-dev  ## speed and memory, as ratios to peers in the same run
	$(BIN)/python -m bench --data $(DATA)

clean:  ## remove the environment and what was built
	rm -rf $(VENV) site .demo build dist .mypy_cache .ruff_cache .pytest_cache
