# The two commands that matter: `make run` and `make test`. `make help` lists all.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
WORKERS ?= 2
TEST_PROCESSES ?= 2
ORDER ?= new
SAMPLE = $(if $(MUTANTS),--sample $(MUTANTS))
LOCK = $(BIN)/uv pip compile --quiet --upgrade --no-header --generate-hashes --universal --no-strip-extras --python-version 3.11

export PIP_DISABLE_PIP_VERSION_CHECK = 1
# Where compiled modules are not kept, each process of the tests rewrites all assertions anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run test probes shuffled smoke soak mutants lighthouse screenshots bench references lint \
  lint-style lint-imports lint-types lint-templates hooks format lock clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1	\2/p' $(MAKEFILE_LIST)

run: $(VENV)/.run ## set up, load public and sample data, bring 2023 and 2024 to their circular and 2025 to its review, print and issue 2024, serve http://127.0.0.1:8000 with a worker
	@$(BIN)/python tools/port-is-free $(PORT)
	$(BIN)/tracker db upgrade
	$(BIN)/tracker public-data load
	$(BIN)/tracker sample-data --year 2023..2025 --to-date
	TRACKER_DEMO=1 $(BIN)/tracker users demo
	$(BIN)/tracker sample-course --year 2023 --to circular
	$(BIN)/tracker sample-course --year 2024 --to final
	$(BIN)/tracker sample-course --year 2025 --to province
	$(BIN)/tracker report --year 2024
	$(BIN)/tracker issue --year 2024 --reason 示例数据有更新
	$(BIN)/tracker sample-course --year 2024 --to circular
	$(BIN)/tracker trial
	@$(BIN)/python tools/port-is-free $(PORT)
	@echo "http://127.0.0.1:$(PORT)"
	TRACKER_DEMO=1 TRACKER_INSECURE_COOKIES=1 $(BIN)/tracker serve --port $(PORT) --processes $(WORKERS)

test: $(VENV)/.test ## set up, run every check and test, and tell whether enough branches were taken
	tools/system-packages
	$(MAKE) --no-print-directory -j $(TEST_PROCESSES) --output-sync=target lint probes
	PYTHONHASHSEED=0 PYTHONPATH=$(CURDIR)/build/branches$${PYTHONPATH:+:$$PYTHONPATH} $(BIN)/pytest -n $(TEST_PROCESSES) --dist loadscope --no-loadscope-reorder -m "not soak"
	$(BIN)/python -m tools.branches report

probes: $(VENV)/.test
	$(BIN)/python -m tools.branches prepare

shuffled: $(VENV)/.test ## the tests of `make test` in random order; ORDER=N repeats the order that a run printed
	$(BIN)/pytest -n $(TEST_PROCESSES) --dist loadscope --no-loadscope-reorder -m "not soak" --order-seed $(ORDER)

smoke: ## make run in a clean clone of the last commit: use it, stop it, run it again, and after a pull
	$(PYTHON) tools/smoke

soak: $(VENV)/.test ## the long runs, with the full counts
	tools/system-packages
	$(BIN)/pytest -m soak
	EVERY_PAGE=1 $(BIN)/pytest -m "not soak" tests/web
	$(PYTHON) tools/smoke --whole
	$(MAKE) --no-print-directory mutants

mutants: $(VENV)/.test ## whether the tests notice changes of the permissions and of the scoring, all or MUTANTS of each
	$(BIN)/python -m tools.mutate tracker/records/accounts/permissions.py --tests tests/records/test_permissions.py $(SAMPLE)
	$(BIN)/python -m tools.mutate tracker/engine/scoring --tests tests/engine/scoring $(SAMPLE)

lighthouse: $(VENV)/.test ## Lighthouse's points for the main pages (needs Node 18.16 or newer and npm)
	$(BIN)/python -m tools.lighthouse

screenshots: $(VENV)/.test ## save every kind of page at 390, 1280 and 1920 px in build/screenshots/
	$(BIN)/python -m tools.screenshots

bench: $(VENV)/.test ## measure, as ratios side by side
	$(BIN)/python -m benchmarks

references: $(VENV)/.test ## draw the pictures anew that pages of papers are compared with
	$(BIN)/python -m tests.papers.common.references

lint: lint-style lint-imports lint-types lint-templates ## style, import directions, types, templates

lint-style: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

lint-imports: $(VENV)/.test
	$(BIN)/lint-imports

lint-types: $(VENV)/.test
	$(BIN)/mypy

lint-templates: $(VENV)/.test
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/python tools/trim-css --check

hooks: $(VENV)/.test ## let each commit of this clone pass `make lint` first
	$(BIN)/pre-commit install

format: $(VENV)/.test ## put code into the house style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/python tools/trim-css

lock: $(VENV)/.test ## choose the newest allowed versions anew, with the digest of each file
	echo 'setuptools>=68\nwheel' | $(LOCK) --allow-unsafe - -o requirements/build.txt
	$(LOCK) setup.cfg --extra postgres -o requirements/run.txt
	echo 'flask-admin\nflask-sqlalchemy\ndjango\ntypst\nweasyprint\nfpdf2' | $(LOCK) - -o requirements/beside.txt
	$(LOCK) setup.cfg --extra postgres --extra sign --extra test --extra dev -o requirements/dev.txt

clean: ## remove the environment and everything generated, never the instance
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .ruff_cache .mypy_cache .import_linter_cache .hypothesis

$(VENV)/bin/python:
	PYTHON="$(PYTHON)" tools/make-venv $(VENV)

$(VENV)/.run: requirements/run.txt setup.cfg | $(VENV)/bin/python
	$(BIN)/pip install --quiet -r requirements/run.txt
	$(BIN)/pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.test: requirements/dev.txt setup.cfg | $(VENV)/bin/python
	$(BIN)/pip install --quiet -r requirements/dev.txt
	$(BIN)/pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/.run
