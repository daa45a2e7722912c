# make crawl              crawl the demo newspaper on loopback
# make crawl SOURCE=x     crawl a real publisher (with CONTACT=you@..., unless settings.py has it)
# make test               install the rest and run the tests
# make docs              build the documentation into site/
# make lowest            the quick tests with the lowest versions that pyproject.toml allows
# make slow               the tests that start stores, clusters and browsers
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SOURCE ?=
CONTACT ?=
# Processes that run tests side by side.
WORKERS ?= 2

LOCK := --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header -q

# Extras of the image, and those that are tried in their lowest versions, by the tests that need little else.
SERVER := postgres export alerts store
EXTRAS := postgres,export,alerts,store,cluster
LOWEST_TESTS := tests/test_items.py tests/test_loaders.py tests/test_release.py tests/test_schema.py tests/test_pipelines.py \
	tests/arabic/test_arabic_dates.py tests/extraction/test_zoo.py tests/dedup tests/storage tests/cli tests/commands/test_export.py

# What newscrawl says about CONTACT names its own option, which make does not have.
HINT = || { code=$$?; test $$code -ne 2 || echo "with make: make crawl SOURCE=$(SOURCE) CONTACT=you@..." >&2; (exit $$code); }

# Tests start Python some thousand times; where the environment forbids compiled files, each start compiles the project anew.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: crawl test slow lint types quality docs mutants lowest lock clean

crawl: $(VENV)/.runtime
ifeq ($(SOURCE),)
	$(BIN)/newscrawl demo
else
	$(if $(CONTACT),,@)$(BIN)/newscrawl crawl $(SOURCE) $(if $(CONTACT),-s "CONTACT=$(CONTACT)",$(HINT)); code=$$?; \
	case $$code in 0|3) $(BIN)/newscrawl report --html data/report.html;; esac; exit $$code
endif

test: $(VENV)/.development
	$(BIN)/python -m pytest -m "not slow" -n $(WORKERS) --dist worksteal

slow: $(VENV)/.development
	$(BIN)/python -m pytest -m slow

lint: $(VENV)/.development
	$(BIN)/ruff check .

types: $(VENV)/.development
	$(BIN)/mypy

quality: $(VENV)/.development
	$(BIN)/python benchmarks/quality.py
	$(BIN)/python benchmarks/robustness.py

mutants: $(VENV)/.development
	$(BIN)/python benchmarks/mutants.py --write

docs: $(VENV)/.development
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "newscrawl needs Python 3.11 or newer; set PYTHON=")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.lock requirements-build.lock pyproject.toml | $(VENV)/bin/python
	@echo 'installing into $(VENV), which takes a minute'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock -r requirements-build.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	touch $@

$(VENV)/.development: requirements-dev.lock $(VENV)/.runtime
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@

lock:
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-build.lock
	printf 'setuptools>=77\nuv\n' | $(BIN)/uv pip compile - $(LOCK) -o requirements-build.lock
	$(BIN)/uv pip compile pyproject.toml -c .ci/constraints.txt $(LOCK) -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --extra dev -c requirements.lock $(LOCK) -o requirements-dev.lock
	$(BIN)/uv pip compile pyproject.toml $(SERVER:%=--extra %) -c requirements-dev.lock $(LOCK) -o requirements-server.lock

lowest: $(VENV)/.runtime
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python .venv-lowest
	$(BIN)/uv pip install --quiet --python .venv-lowest/bin/python --resolution lowest-direct -e '.[$(EXTRAS)]'
	$(BIN)/uv pip install --quiet --python .venv-lowest/bin/python pytest hypothesis jsonschema pyyaml 'moto[server,s3]'
	.venv-lowest/bin/python -m pytest -p no:cacheprovider -m "not slow" $(LOWEST_TESTS)

clean:
	rm -rf $(VENV) .venv-lowest .mypy_cache .ruff_cache .pytest_cache .hypothesis build site *.egg-info
