# make app     the page at http://127.0.0.1:8501; the first time it sets up .venv (torch: some minutes)
# make test    all tests, real browser and databases included where they are installed
# make check   lint, format, types, directions between the rooms
# make clean   removes .venv and caches; never ROUNDS_HOME

SHELL := /bin/bash
VENV := .venv
PYTHON := $(VENV)/bin/python
PIP := $(PYTHON) -m pip --disable-pip-version-check --no-input -q
CODE := evalcore pages tests streamlit_app.py

.PHONY: app test check clean

app: $(VENV)/.app
	$(PYTHON) -m streamlit run streamlit_app.py

# A file's tests stay together: they share a server, a browser, a model. Their order is tests/conftest.py's.
test: $(VENV)/.tests
	$(PYTHON) -m pytest -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

check: $(VENV)/.tests
	$(PYTHON) -m ruff check $(CODE)
	$(PYTHON) -m ruff format --check $(CODE)
	$(PYTHON) -m mypy
	$(PYTHON) -m pytest tests/test_architecture.py

clean:
	rm -rf $(VENV) build .mypy_cache .ruff_cache .pytest_cache
	find evalcore pages tests -name __pycache__ -type d -prune -exec rm -rf {} +

# A Python of at least 3.11; name another one with make app PYTHON3=/path/to/python3.
PYTHON3 ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)

$(PYTHON):
	@test -n "$(PYTHON3)" || { echo "Rounds needs Python 3.11 or newer; none was found. Install it, or: make app PYTHON3=/path/to/python3"; exit 1; }
	@$(PYTHON3) -c 'import ensurepip' 2>/dev/null || { echo "$(PYTHON3) has no venv. On Debian or Ubuntu: apt-get install python3-venv"; exit 1; }
	$(PYTHON3) -m venv $(VENV)

# torch first: what depends on it would otherwise choose another build.
$(VENV)/.app: requirements.txt | $(PYTHON)
	@echo "Setting up $(VENV): about 3 GB, a few minutes; pip says nothing until it is done."
	$(PIP) install "$$(grep '^torch==' requirements.txt)"
	$(PIP) install -r requirements.txt
	@touch $@

$(VENV)/.tests: tests/requirements.txt $(VENV)/.app
	$(PIP) install -r requirements.txt -r tests/requirements.txt
	@touch $@
