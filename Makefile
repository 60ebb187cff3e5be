# The annotated edition: build it, check it, test it.  `make` lists the targets.
#
# Everything runs in a virtual environment of its own (.venv), made when first
# needed.  PYTHON chooses the interpreter: make test PYTHON=python3.12

PYTHON ?=
VENV ?= .venv
PORT ?= 8000
# Parallel workers; --maxprocesses keeps big machines from starting dozens.
PYTEST_FLAGS ?= -n auto --maxprocesses 8

RUN = $(VENV)/bin/python
SPHINX = $(RUN) -m sphinx -W --keep-going

export PYTHON VENV

.DEFAULT_GOAL := help
# Builders share their doctrees.
.NOTPARALLEL:
.PHONY: help edition html pdf latexpdf epub check test serve bench lighthouse clean venv venv-test

help:
	@echo "The annotated edition. Targets:"
	@echo
	@echo "  make edition   build the edition: HTML pages and PDF"
	@echo "  make html      the HTML pages alone   _build/html/index.html"
	@echo "  make pdf       the PDF alone          _build/pdf/annotated-edition.pdf"
	@echo "  make epub      an EPUB                _build/epub/annotated-edition.epub"
	@echo "  make latexpdf  a PDF by LaTeX, for a house style of your own (needs TeX)"
	@echo "  make serve     show the HTML pages on http://127.0.0.1:$(PORT)/ (PORT=$(PORT))"
	@echo
	@echo "  make check     look for mistakes in the commentary (before a pull request)"
	@echo "  make test      all tests: style, types, extension, pages in a browser"
	@echo "  make bench     measure what the extension costs"
	@echo "  make lighthouse  Lighthouse's scores of the pages (needs npm)"
	@echo "  make clean     delete what was built (not $(VENV))"

edition: html pdf
	@echo "==> The edition is ready:"
	@echo "    _build/html/index.html"
	@echo "    _build/pdf/annotated-edition.pdf"

html: venv
	@echo "==> Building the HTML pages"
	@$(SPHINX) -q -j auto -b html -d _build/doctrees . _build/html
	@echo "==> HTML: _build/html/index.html"

# The date of the edition is that of its last change, so that the same files give the same bytes.
pdf: venv
	@echo "==> Building the PDF"
	@SOURCE_DATE_EPOCH=$${SOURCE_DATE_EPOCH:-$$(git log -1 --format=%ct 2>/dev/null || date +%s)} \
		$(SPHINX) -q -b edition-pdf -d _build/doctrees . _build/pdf
	@echo "==> PDF: _build/pdf/annotated-edition.pdf"

latexpdf: venv
	@command -v latexmk >/dev/null && command -v xelatex >/dev/null || { \
		echo "error: no TeX here: apt-get install latexmk texlive-xetex texlive-latex-extra" \
			"texlive-lang-chinese fonts-freefont-otf (or make pdf, which needs none)" >&2; exit 1; }
	@echo "==> Building the PDF with LaTeX"
	@$(SPHINX) -q -b latex -D latex_engine=xelatex -d _build/doctrees . _build/latex
	@$(MAKE) -s -C _build/latex
	@echo "==> PDF: $$(ls _build/latex/*.pdf)"

epub: venv
	@echo "==> Building the EPUB"
	@rm -rf _build/epub # everything that lies there goes into the book
	@$(SPHINX) -q -b epub -D epub_basename=annotated-edition -d _build/doctrees . _build/epub
	@echo "==> EPUB: _build/epub/annotated-edition.epub"

check: venv
	@echo "==> Checking the commentary"
	@$(SPHINX) -q -E -n -j auto -b dummy -d _build/check/doctrees . _build/check/out || \
		{ echo "==> Please mend what the lines above say (CONTRIBUTING.md explains them)"; exit 1; }
	@echo "==> No mistakes found"

test: venv-test
	@echo "==> Style: ruff"
	@$(RUN) -m ruff check
	@$(RUN) -m ruff format --check
	@echo "==> Types: mypy"
	@$(RUN) -m mypy
	@browser=$$(tools/need-browser.sh) && \
		echo "==> Tests: pytest, with $$browser" && \
		CHROMIUM="$$browser" $(RUN) -m pytest $(PYTEST_FLAGS)

serve:
	@test -f _build/html/index.html || { echo "error: nothing is built yet: make html" >&2; exit 1; }
	@echo "==> http://127.0.0.1:$(PORT)/ (Ctrl-C stops)"
	@$(RUN) -m http.server --bind 127.0.0.1 --directory _build/html $(PORT)

bench: venv
	@echo "==> Measuring (several minutes)"
	@$(RUN) tests/bench/run.py

lighthouse: html
	@echo "==> Lighthouse"
	@$(RUN) tests/lighthouse/run.py

clean:
	@rm -rf _build .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find _ext tests tools -name __pycache__ -type d -prune -exec rm -rf {} +
	@echo "==> Clean ($(VENV) stays: rm -rf $(VENV) deletes that, too)"

venv:
	@tools/venv.sh requirements.txt

venv-test:
	@tools/venv.sh requirements.txt requirements-test.txt
