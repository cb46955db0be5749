# The two commands are `make demo` and `make test`; both do all the set-up themselves.
VENV := .venv
PYTHON := $(VENV)/bin/python
OLDEST := 3.11.2
COMPILE := $(VENV)/bin/uv pip compile --quiet --python-version $(OLDEST) --generate-hashes --no-emit-index-url \
	--custom-compile-command 'make lock'
ONCE ?=

.PHONY: help demo test lint docs lock clean

help:
	@echo "make demo          the whole way on this machine, then the site on http://127.0.0.1:8000"
	@echo "make demo ONCE=1   the same, ending after the table"
	@echo "make test          lint, types, contracts and every test"
	@echo "make docs          draw docs/states.md and take the README's pictures again"
	@echo "make lock          compile requirements*.txt from requirements*.in"
	@echo "make clean         remove the virtual environment and everything a run has left behind"

demo: $(VENV)/.demo
	$(PYTHON) -m demo $(if $(ONCE),--once)

test: $(VENV)/.dev
	sh scripts/test-tools $(PYTHON)
	$(MAKE) --no-print-directory lint
	$(PYTHON) -m pytest -n 2 --dist loadgroup -q

lint: $(VENV)/.dev
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check --quiet .
	$(VENV)/bin/mypy .
	$(VENV)/bin/lint-imports
	DJANGO_SETTINGS_MODULE=config.settings.test $(PYTHON) manage.py makemigrations --check --dry-run

docs: $(VENV)/.dev
	$(PYTHON) manage.py draw_states docs/states.md
	DOCS_IMAGES=docs/images $(PYTHON) -m pytest -q tests/journeys/test_staff.py

lock: $(VENV)/.dev
	for name in requirements requirements-demo requirements-dev; do $(COMPILE) -o $$name.txt $$name.in; done

clean:
	rm -rf $(VENV) var

$(VENV)/bin/python:
	sh scripts/make-venv $(VENV)

$(VENV)/.demo: requirements-demo.txt | $(VENV)/bin/python
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-demo.txt
	touch $@

$(VENV)/.dev: requirements-dev.txt | $(VENV)/bin/python
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	touch $@ $(VENV)/.demo
