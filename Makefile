# Two commands do everything: `make run` and `make test`. Both make the virtual environment first, from the lock file.
PYTHON ?= python3
VENV := .venv
READY := $(VENV)/.ready

.PHONY: run test lint lock clean
.DEFAULT_GOAL := run

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; name one with make PYTHON=/path/to/python3.12")'
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/pip install --disable-pip-version-check --require-hashes --progress-bar on -r requirements.lock
	$(VENV)/bin/pip install --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(READY)

run: $(READY) ## the whole service on embedded parts, with the example municipality
	$(VENV)/bin/energimonitor up

test: $(READY) ## every test; what a machine lacks is skipped with the line that installs it
	$(VENV)/bin/python -m pytest -n 2 --dist loadfile

lint: $(READY) ## style, types and import contracts
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

lock: ## renew requirements.lock after a change of dependencies (needs uv on the machine)
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -o requirements.lock

clean:
	rm -rf $(VENV) *.egg-info
