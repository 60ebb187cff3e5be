# The annotated edition: build it, check it, test it.  `make` lists the targets.
#
# Everything runs in a virtual environment of its own (.venv), made when first
# needed.  PYTHON chooses the interpreter: make test PYTHON=python3.12

PYTHON ?=
VENV ?= .venv
PORT ?= 8000
# Of `make check`: text, or github for annotations in a workflow.
FORMAT ?= text
# Parallel workers; --maxprocesses keeps big machines from starting dozens.
PYTEST_FLAGS ?= -n auto --maxprocesses 8

RUN = $(VENV)/bin/python
COMMAND = PYTHONPATH=_ext $(RUN) -m annotated_edition
# A variable's value as one word of the shell, whatever it holds.
quoted = '$(subst ','\'',$(value $(1)))'
SPHINX = $(RUN) -m sphinx -W --keep-going
# What `make quick` runs: tests that build nothing, and those of the core in small projects.
QUICK = advice anchoring answers assemble bidi collation control credit_rules documents domain \
	editorial_checks edtf extras frontmatter git_history index_of_names kinds placing sorting \
	suggest suite terms weaving
# What codespell reads; pyproject.toml has its settings.
SPELLING = $(RUN) tools/spelling.py --format $(FORMAT) README.md CONTRIBUTING.md CHANGELOG.md index.md article commentary docs

# What Sphinx's LaTeX needs on Debian and Ubuntu, with xeCJK for Chinese; and what TeX only warns
# of: letters that no font has, and links that lead nowhere.
TEX_PACKAGES = latexmk texlive-xetex texlive-latex-extra texlive-fonts-recommended \
	texlive-lang-chinese fonts-freefont-otf
TEX_FAULTS = "^Missing character|Warning:.*(undefined|multiply.defined)"

# Of `make mutants`: one module or package, or all.
MODULE ?=

# Of `make preview`: the folder of the other version, and a file to add a summary to.
BEFORE ?=
SUMMARY ?=

# Of `make release`.
VERSION ?=

# Of `make site`: a folder of archives, as `make pack` makes them.
RELEASES ?= _build/releases

# Of `make note`; asked for where they aren't given.
QUOTE ?=
KIND ?=
ID ?=

export PYTHON VENV
# What Python has compiled stays: hundreds of processes of the tests begin with it.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
# Builders share their doctrees.
.NOTPARALLEL:
.PHONY: help edition html pdf latexpdf epub tei docs check check-commentary preview note release pack site hooks \
	linkcheck spelling test test-edition quick nox serve \
	watch bench benchmarks lighthouse mutants clean lock words venv venv-test

help:
	@echo "The annotated edition. Targets:"
	@echo
	@echo "  make edition   build the edition: PDF, EPUB, and HTML pages that lead to both"
	@echo "  make html      the HTML pages alone   _build/html/index.html"
	@echo "  make pdf       the PDF alone          _build/pdf/annotated-edition.pdf"
	@echo "  make epub      an EPUB                _build/epub/annotated-edition.epub"
	@echo "  make tei       TEI P5, for other software   _build/tei/annotated-edition.xml"
	@echo "  make latexpdf  a PDF by LaTeX, for a house style of your own (needs TeX)"
	@echo "  make docs      the documentation of the extension   _build/docs/index.html"
	@echo "  make watch     the same pages, built again and shown anew after each change"
	@echo "  make serve     show the HTML pages on http://127.0.0.1:$(PORT)/ (PORT=$(PORT))"
	@echo
	@echo "  make check     look for mistakes in the commentary (before a pull request)"
	@echo "  make preview   show what a change does: BEFORE=DIR, the folder of the other version"
	@echo "  make note      begin a note: QUOTE=\"exact words\" KIND=history ID=my-note"
	@echo "  make hooks     have git check each commit, and merge registers and glossary by entries"
	@echo "  make release   prepare a version: VERSION=0.2.0"
	@echo "  make site      released versions beside the latest: RELEASES=DIR, their archives"
	@echo "  make test      all tests: style, types, extension, pages in a browser"
	@echo "  make nox       the extension's tests on each Python and Sphinx that it is for"
	@echo "  make quick     a first answer in a minute: style, layers, types, the core's tests"
	@echo "  make linkcheck  visit every link of the edition (needs the network)"
	@echo "  make bench     measure what the extension costs"
	@echo "  make benchmarks  measure large books, and other programs, for BENCHMARKS.md"
	@echo "  make mutants   mutation testing (an hour; MODULE=annotated_edition.text.folding)"
	@echo "  make lighthouse  Lighthouse's scores of the pages (needs npm)"
	@echo "  make words     renew the catalogues of what readers see, after a change of words"
	@echo "  make lock      renew requirements.lock: newer versions of what the edition is built with"
	@echo "  make clean     delete what was built (not $(VENV))"

# The pages come last: they lead to what is there.
edition: pdf epub html
	@echo "==> The edition is ready:"
	@echo "    _build/html/index.html"
	@echo "    _build/pdf/annotated-edition.pdf"
	@echo "    _build/epub/annotated-edition.epub"

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
		echo "error: no TeX here: apt-get install $(TEX_PACKAGES) (or make pdf, which needs none)" >&2; \
		exit 1; }
	@echo "==> Building the PDF with LaTeX"
	@$(SPHINX) -q -b latex -d _build/doctrees . _build/latex
	@max_print_line=1000 $(MAKE) -s -C _build/latex LATEXMKOPTS="-silent -halt-on-error" || { \
		grep -h -A 4 "^!" _build/latex/annotated-edition.log >&2; exit 1; }
	@! grep -hE $(TEX_FAULTS) _build/latex/annotated-edition.log >&2 || { \
		echo "error: TeX leaves out what these lines say" >&2; exit 1; }
	@echo "==> PDF: _build/latex/annotated-edition.pdf"

epub: venv
	@echo "==> Building the EPUB"
	@$(SPHINX) -q -b epub -D epub_basename=annotated-edition -d _build/doctrees . _build/epub
	@echo "==> EPUB: _build/epub/annotated-edition.epub"

tei: venv
	@echo "==> Building the TEI file"
	@SOURCE_DATE_EPOCH=$${SOURCE_DATE_EPOCH:-$$(git log -1 --format=%ct 2>/dev/null || date +%s)} \
		$(SPHINX) -q -b tei -d _build/doctrees . _build/tei
	@echo "==> TEI: _build/tei/annotated-edition.xml"

docs: venv
	@echo "==> Building the documentation of the extension"
	@$(SPHINX) -q -j auto -b html -d _build/docs-doctrees docs _build/docs
	@echo "==> Documentation: _build/docs/index.html"

check: venv
	@echo "==> Checking the commentary"
	@failed=; \
	$(COMMAND) check --format $(FORMAT) || failed=1; \
	$(SPELLING) || failed=1; \
	test -z "$$failed" || \
		{ echo "==> Please mend what the lines above say (CONTRIBUTING.md explains them)"; exit 1; }

preview: venv
	@$(COMMAND) preview --before $(call quoted,BEFORE) --output _build/preview.html \
		$(if $(value SUMMARY),--summary $(call quoted,SUMMARY))

# Of the hooks: without the spelling, which has a hook of its own.
check-commentary: venv
	@$(COMMAND) check

note: venv
	@$(COMMAND) note $(if $(value QUOTE),$(call quoted,QUOTE)) \
		$(if $(value KIND),--kind $(call quoted,KIND)) $(if $(value ID),--id $(call quoted,ID))

# Sets the version, closes the changelog, and keeps what the version holds: old addresses lead on
# by that. A tag then has the workflow publish it.
release: venv
	@test -n "$(value VERSION)" || { echo "error: say which: make release VERSION=0.2.0" >&2; exit 1; }
	@PYTHONPATH=_ext $(RUN) tools/release.py $(call quoted,VERSION)

# What a release consists of, with checksums, of what `make edition tei` built.
pack: venv
	@rm -rf _build/release && mkdir -p _build/release
	@$(RUN) tools/release.py --notes >_build/release/NOTES.md
	@cp _build/pdf/annotated-edition.pdf _build/epub/annotated-edition.epub \
		_build/tei/annotated-edition.xml _build/release/
	@tar -C _build -czf _build/release/annotated-edition-html.tar.gz \
		--exclude=.buildinfo --exclude=.edition.json html
	@cd _build/release && sha256sum annotated-edition* >SHA256SUMS
	@echo "==> Packed: _build/release"

# The pages of released versions, each under its number, beside those of now.
site: venv
	@set -- $(call quoted,RELEASES)/*.tar.gz; test -e "$$1" || set --; \
		$(COMMAND) site --latest _build/html --output _build/site "$$@"

# .gitattributes says which files the driver merges.
hooks:
	@tools/venv.sh requirements.lock requirements-hooks.txt
	@git config merge.lists.name "registers, glossary and bibliography, entry by entry"
	@git config merge.lists.driver "$(RUN) tools/lists.py merge %O %A %B"
	@$(RUN) -m pre_commit install >/dev/null
	@echo "==> git merges registers, glossary and bibliography by entries, and checks each commit"

# Words that are right, but look wrong, stand in tools/spelling.txt.
spelling:
	@echo "==> Spelling: codespell"
	@$(SPELLING)

test: venv-test
	@$(MAKE) --no-print-directory spelling
	@echo "==> Style: ruff"
	@$(RUN) -m ruff check
	@$(RUN) -m ruff format --check
	@echo "==> Workflows: zizmor"
	@$(VENV)/bin/zizmor --offline --persona=auditor --quiet .github
	@echo "==> Layers: import-linter"
	@PYTHONPATH=_ext $(VENV)/bin/lint-imports --no-cache >/dev/null || PYTHONPATH=_ext $(VENV)/bin/lint-imports --no-cache
	@echo "==> Types: mypy"
	@$(RUN) -m mypy
	@command -v firefox-esr >/dev/null || command -v firefox >/dev/null || \
		tools/need-package.sh "tests in Firefox, which are skipped without it" firefox-esr || true
	@browser=$$(tools/need-browser.sh) && \
		echo "==> Tests: pytest, with $$browser" && \
		CHROMIUM="$$browser" $(RUN) -m pytest $(PYTEST_FLAGS)

# What a change of the prose can break, and the merging of what many write.
test-edition: venv-test
	@browser=$$(tools/need-browser.sh) && \
		echo "==> Tests of the edition: pytest, with $$browser" && \
		CHROMIUM="$$browser" $(RUN) -m pytest $(PYTEST_FLAGS) -m edition

quick: venv-test
	@echo "==> Style: ruff"
	@$(RUN) -m ruff check
	@$(RUN) -m ruff format --check
	@echo "==> Layers: import-linter"
	@PYTHONPATH=_ext $(VENV)/bin/lint-imports >/dev/null || PYTHONPATH=_ext $(VENV)/bin/lint-imports
	@echo "==> Types: mypy"
	@$(RUN) -m mypy
	@echo "==> Tests of the core: pytest"
	@$(RUN) -m pytest $(PYTEST_FLAGS) -m "not browser and not edition and not package" \
		$(QUICK:%=tests/test_%.py)

nox: venv-test
	@echo "==> Tests of the wheel on each Python and Sphinx (many minutes)"
	@$(RUN) -m nox

linkcheck: venv
	@echo "==> Visiting all links (minutes)"
	@$(RUN) -m sphinx -q -b linkcheck -d _build/doctrees . _build/linkcheck || true
	@$(RUN) tools/broken_links.py _build/linkcheck/output.json _build/linkcheck/broken.md

serve:
	@test -f _build/html/index.html || { echo "error: nothing is built yet: make html" >&2; exit 1; }
	@$(RUN) tools/serve.py --port $(call quoted,PORT) _build/html

# Pages of their own: those that are shown to others have a policy that lets nothing reload them.
# Files for other software, such as the feed, are those of the first build.
watch:
	@tools/venv.sh requirements.lock requirements-watch.txt
	@echo "==> Watching: http://127.0.0.1:$(PORT)/ (Ctrl-C ends it)"
	@$(RUN) -m sphinx_autobuild -q --host 127.0.0.1 --port $(call quoted,PORT) -t edition_watch \
		--watch _ext --ignore "*/_build/*" --ignore "*/.git/*" --ignore "*/.venv/*" --ignore "*/__pycache__/*" \
		-b html -d _build/watch-doctrees . _build/watch

bench: venv
	@echo "==> Measuring (several minutes)"
	@$(RUN) tests/bench/run.py

benchmarks: venv
	@echo "==> Measuring large books here and with other programs (half an hour)"
	@$(RUN) tests/bench/compare.py

mutants:
	@tools/venv.sh requirements.txt requirements-test.txt requirements-mutation.txt
	@echo "==> Mutation testing"
	@$(RUN) tools/mutants.py $(if $(value MODULE),$(call quoted,MODULE))

lighthouse: html
	@echo "==> Lighthouse"
	@$(RUN) tests/lighthouse/run.py

clean:
	@rm -rf _build .nox .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find _ext tests tools -name __pycache__ -type d -prune -exec rm -rf {} +
	@echo "==> Clean ($(VENV) stays: rm -rf $(VENV) deletes that, too)"

# Nothing younger than a week: most releases with something bad in them are found within days.
words: venv
	@echo "==> Renewing the catalogues of what readers see"
	@$(RUN) tools/words.py

lock: venv
	@echo "==> Locking what the edition is built with"
	@$(RUN) -m pip install -qq --disable-pip-version-check "$$(grep '^uv' requirements-test.txt)"
	@$(RUN) -m uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes \
		--exclude-newer "7 days" --no-emit-index-url --no-emit-find-links \
		--no-emit-package annotated-edition --custom-compile-command "make lock" \
		-o requirements.lock requirements.txt
	@git --no-pager diff --stat requirements.lock || true

venv:
	@tools/venv.sh requirements.lock

venv-test:
	@tools/venv.sh requirements.lock requirements-test.txt
