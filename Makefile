# One entry for each thing to do; `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
export PORT

.DEFAULT_GOAL := help
.PHONY: help run test check format lock docs messages bench bench-full

help: ## Show what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

# Debian keeps venv in a package of its own; install it where we may, else say what to install.
APT = apt-get
ifneq ($(shell id -u),0)
APT = sudo -n apt-get
endif

$(VENV)/.runtime: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Registry UI needs Python 3.11 or newer: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || \
		{ $(APT) update -qq && $(APT) install -y -qq python3-venv; } >/dev/null 2>&1 || \
		{ echo "Python's venv is missing. Install it: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	touch $@

$(VENV)/.development: requirements.txt requirements-dev.txt $(VENV)/.runtime
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt -r requirements-dev.txt
	touch $@

run: $(VENV)/.runtime ## Start Registry UI at http://127.0.0.1:8000 (PORT), with a sample registry if none is configured
	@exec $(BIN)/python manage.py start --port $(PORT)

test: $(VENV)/.development ## Run every test; installs the real registry, skopeo and Chromium where it may
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m tests.run

check: $(VENV)/.development ## Lint, types, templates, import contracts, migrations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djade --check --target-version 5.2 $$(git ls-files 'templates/*.html')
	$(BIN)/djlint --lint --quiet templates
	$(BIN)/codespell registryui tests templates docs static benchmarks README.md CHANGELOG.md
	$(BIN)/python manage.py makemigrations --check --dry-run
	REGISTRYUI_HTTPS=1 $(BIN)/python manage.py check --deploy --fail-level WARNING

format: $(VENV)/.development ## Put code and templates into form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	-$(BIN)/djade --target-version 5.2 $$(git ls-files 'templates/*.html')

lock: $(VENV)/.development ## Pin each requirements file, with hashes
	$(BIN)/uv pip compile --quiet --no-strip-extras --universal --python-version 3.11 --generate-hashes --no-header requirements.in -o requirements.txt
	$(BIN)/uv pip compile --quiet --no-strip-extras --universal --python-version 3.11 --generate-hashes --no-header requirements-dev.in -o requirements-dev.txt
	$(BIN)/uv pip compile --quiet --no-strip-extras --universal --python-version 3.11 --generate-hashes --no-header requirements-ldap.in -o requirements-ldap.txt

docs: $(VENV)/.development ## Write the documents that are made from the code
	DJANGO_SETTINGS_MODULE=tests.settings $(BIN)/python -m tests.documents

messages: $(VENV)/.development ## Bring the catalogs of translations up to date with the words in the code
	DJANGO_SETTINGS_MODULE=tests.settings $(BIN)/python -m tests.messages

bench: $(VENV)/.development ## Measure in minutes; each figure is a ratio taken within one run
	$(BIN)/python -m benchmarks

bench-full: $(VENV)/.development ## Measure what docs/performance.md tells, in an hour
	$(BIN)/python -m benchmarks full
