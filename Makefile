# Everything a person or a build server does with Allies. `make` alone shows what there is.

# The first of these that starts and is new enough; any other with: make run PYTHON=/path/to/python
CANDIDATES = .venv/bin/python python3.14 python3.13 python3.12 python3.11 python3
IS_NEW_ENOUGH = import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(or $(shell for p in $(CANDIDATES); do \
	"$$p" -c "$(IS_NEW_ENOUGH)" 2>/dev/null && echo "$$p" && break; done),python3)

IN = .venv/bin/python -m
OWN_PYTHON = app.py $(wildcard allies bench deploy migrations tests)
DUTCH = allies/translations/nl/LC_MESSAGES/messages.po

.DEFAULT_GOAL := help
.PHONY: help run test bench lint format screens lock messages clean dev browser

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1|\2/p' Makefile | \
		while IFS='|' read -r name text; do printf '%-13s %s\n' "$$name" "$$text"; done

run: ## Start Allies on http://localhost:8000 (other place: PORT=8001, HOST=0.0.0.0)
	@exec $(PYTHON) deploy/bootstrap.py run

test: lint browser ## Everything: packages, browser, lint, types and all tests
	@$(IN) pytest

bench: dev ## Measure speed, weight and memory beside their yardsticks, in two minutes
	@$(IN) bench

lint: dev ## Style, types and templates, without the tests
	@$(IN) ruff check $(OWN_PYTHON)
	@$(IN) ruff format --check $(OWN_PYTHON)
	@$(IN) mypy
	@$(IN) djlint templates --lint --quiet

format: dev ## Write the Python files the way ruff wants them
	@$(IN) ruff check --fix $(OWN_PYTHON)
	@$(IN) ruff format $(OWN_PYTHON)

screens: browser ## Take the pictures of docs/screens anew
	@$(IN) tests.tooling.screens

lock: dev ## Pin the packages of requirements*.in anew, with their hashes
	@$(IN) pip --disable-pip-version-check install --quiet uv
	@for name in requirements requirements-dev; do \
		$(IN) uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
			--no-header --no-annotate --output-file $$name.txt $$name.in || exit 1; done

messages: dev ## Bring the Dutch texts up to date with the code, to be translated by hand
	@$(IN) babel.messages.frontend --quiet extract --no-location --sort-output \
		-F allies/translations/babel.cfg -k _l -k N_ -k _n:1,2 -o allies/translations/messages.pot .
	@$(IN) babel.messages.frontend --quiet update --no-fuzzy-matching --ignore-obsolete \
		--ignore-pot-creation-date --no-wrap -l nl -i allies/translations/messages.pot -d allies/translations
	@rm allies/translations/messages.pot
	@sed -i.old -E -e '/^"(Report-Msgid|POT-|PO-Rev|Last-T|Language-T|Generated-)/d' -e '/^"Project-/s/:  /: /' $(DUTCH)
	@rm $(DUTCH).old

clean: ## Remove what was installed or generated; instance/ with its data stays
	@rm -rf .venv .venv.lock .pytest_cache .mypy_cache .ruff_cache test-results
	@find allies bench deploy tests migrations -name __pycache__ -prune -exec rm -rf {} +
	@find allies -name '*.mo' -delete

dev:
	@$(PYTHON) deploy/bootstrap.py dev

browser: dev
	@$(IN) tests.tooling.browser
