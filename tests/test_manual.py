"""What Sphinx's and MyST's documentation show works in the theme, in the book and in every builder.

The project ``tests/roots/test-everything`` holds a construct of each sort.  Browsers tell what a
policy stops in their console.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page
from sphinx.errors import ConfigError
from typst import compile as typeset

from annotated_edition.render.formulas import FormulaError, read
from annotated_edition.render.pdf.formulas import formula
from support.browser import ENGINES
from support.edition import ROOT, build
from support.pages import parse, printed
from support.project import Project
from support.shared import folder_of, made_once

PAGES = ("text", "myst", "rest", "objects", "terms", "index", "search", "whole-text")
PAGES += ("commentary/stars/pole",)
#: Builders that share no code with one another, or not all of it.
BUILDERS = ("html", "singlehtml", "epub", "latex", "man", "edition-pdf", "tei")
#: docutils' manual pages know no cell that spans others.
OPTIONS = {"man": ("-D", "suppress_warnings=docutils,myst.strikethrough")}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project, built by all of them without a warning."""

    def make() -> None:
        shutil.copytree(ROOT / "tests/roots/test-everything", folder / "source")
        for builder in BUILDERS:
            build(folder / "source", folder, builder, *OPTIONS.get(builder, ()))

    folder = folder_of(tmp_path_factory, "everything")
    return made_once(folder, make)


def opened(browser: Browser, path: Path) -> tuple[Page, list[str]]:
    """A page, and what the browser said of it."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    said: list[str] = []
    page.on("console", lambda it: said.append(it.text) if it.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(path.as_uri())
    return page, said


WIDTHS = """(selector) => [...document.querySelectorAll(selector)].map(
  (it) => Math.round(it.getBoundingClientRect().width))"""


@pytest.mark.parametrize("browser", ENGINES, indirect=True)
def test_nothing_is_stopped(built: Path, browser: Browser) -> None:
    for name in PAGES:
        page, said = opened(browser, built / f"html/{name}.html")
        assert said == [], name
        if name == "myst":
            assert page.evaluate(WIDTHS, "#fig-dot img") == [200]
            text = page.evaluate(WIDTHS, "main section > p")[0]
            (raw,) = page.evaluate(WIDTHS, "img.raw-image")
            assert raw == pytest.approx(0.4 * text, abs=2)
            one, two, three = page.evaluate(WIDTHS, "#a-list-table thead th")
            assert three > one > two
        if name == "rest":
            table = page.evaluate(WIDTHS, "#rest-table")[0]
            first, second = page.evaluate(WIDTHS, "#rest-table thead th")
            assert first == pytest.approx(0.2 * table, abs=2)
            assert second == pytest.approx(0.8 * table, abs=2)
        page.close()


def test_formulas_need_no_script(built: Path, browser: Browser) -> None:
    page = parse(built / "html/rest.html")
    assert not page.select("script[src*=mathjax]")
    assert [it["alttext"] for it in page.select("math")][:2] == [
        r"\sqrt{2}",
        r"\sum_{n=1}^{\infty} \frac{1}{n^2} = \frac{\pi^2}{6}",
    ]
    assert [it.get_text("", strip=True) for it in page.select(".formula > .eqno")] == ["(3.1)¶"]
    shown, _said = opened(browser, built / "html/rest.html")
    high = "it => it.querySelector('math').getBoundingClientRect().height"
    # Laid out as a fraction below a sum, and not as letters in a row.
    assert shown.locator(".formula").first.evaluate(high) > 35
    shown.close()
    book = parse(built / "epub/rest.xhtml")
    assert len(book.select("math")) == len(page.select("math"))
    assert 'properties="mathml"' in (built / "epub/content.opf").read_text(encoding="utf-8")


def test_the_book_has_the_numbers_that_the_text_cites(built: Path) -> None:
    pages = [page.extract_text() or "" for page in printed(book(built)).pages]
    text = next(page for page in pages if "The pole star" in page and "stands still" in page)
    for cited, given_as in (
        ("Fig. 1.1 shows it", "Fig. 1.1 A dot."),
        ("Section 1.1 says more", "1.1 More"),
        ("As (1.1) says", "(1.1)\n"),
        ("Table 1.1 has numbers", "Table 1.1 Numbers"),
    ):
        assert cited in text
        assert given_as in text
    # A formula is typeset: no TeX is left.
    assert r"\frac" not in "".join(pages)
    assert "2.1 A heading" in next(page for page in pages if page.startswith("Contents"))


def book(built: Path) -> Path:
    return next((built / "edition-pdf").glob("*.pdf"))


def test_task_lists_keep_their_page_in_e_books(built: Path) -> None:
    page = parse(built / "epub/myst.xhtml")
    assert len(page.select("input[type=checkbox]")) == 2
    assert page.select("#a-list-table")


# ---- what is registered, and what isn't --------------------------------------------------------

SCRIPTS = """
html_theme = "edition"
language = "ru"
html_css_files = ["https://styles.example.org/a.css"]
html_js_files = ["https://scripts.example.org/lib@2/a.js", "own.js"]
html_static_path = ["static"]
extensions += ["sphinx_copybutton", "sphinxext.opengraph"]
ogp_site_url = "https://example.org/"
ogp_social_cards = {"enable": False}

def setup(app):
    app.add_js_file(None, body="document.documentElement.dataset.inline = 'ran'")
"""
CODE = "```python\nprint(1)\n```\n"


def policy(project: Project, page: str) -> dict[str, list[str]]:
    meta = project.page(page).select_one("meta[http-equiv=Content-Security-Policy]")
    assert meta
    found = (directive.split() for directive in str(meta["content"]).split(";"))
    return {name: sources for name, *sources in found}


@pytest.fixture
def small(project: Project) -> Project:
    project.configure('html_theme = "edition"\nedition_repository = ""\n')
    project.text("One road.\n\n![Far](https://pictures.example.org/a.png)", index=CODE)
    project.note("h/road", "One road")
    return project


def test_what_the_project_registers_works(small: Project, browser: Browser) -> None:
    small.configure(SCRIPTS)
    small.write("static/own.js", "document.documentElement.dataset.own = typeof Documentation;\n")
    small.build()
    for name in ("index", "text/a"):
        sources = policy(small, name)
        assert "https://styles.example.org/a.css" in sources["style-src"]
        assert "https://scripts.example.org/lib@2/a.js" in sources["script-src"]
    assert "https://pictures.example.org" in policy(small, "text/a")["img-src"]
    assert "https://pictures.example.org" in policy(small, "whole-text")["img-src"]
    assert "https://pictures.example.org" not in policy(small, "index")["img-src"]
    page, said = opened(browser, small.output("index.html"))
    data = page.evaluate("({...document.documentElement.dataset})")
    assert data["inline"] == "ran"
    assert data["own"] == "object"
    assert page.locator("button.copybtn").count() == 1
    page.close()
    # What is on other hosts can't be loaded here.
    assert [it for it in said if "ERR_" not in it] == []
    assert len(small.page("text/a").select("meta[property='og:title']")) == 1


OWN = """
# Own

<p style="color: rgb(1, 2, 3)" id="styled">Raw</p>

<script>document.documentElement.dataset.own = 'ran';</script>

<iframe src="https://video.example.org/1" title="A video"></iframe>

<p onclick="this.textContent = 1">Press</p>
"""


@pytest.mark.parametrize("browser", ENGINES, indirect=True)
def test_pages_of_the_projects_own_may_have_html(small: Project, browser: Browser) -> None:
    small.write("own.md", OWN)
    small.index = small.index.replace("text/a", "own\ntext/a")
    small.build()
    assert "own.md: WARNING: the attribute 'onclick' does nothing" in small.warnings
    assert policy(small, "own")["frame-src"] == ["https://video.example.org"]
    page, _said = opened(browser, small.output("own.html"))
    assert page.evaluate("document.documentElement.dataset.own") == "ran"
    colour = page.locator("#styled").evaluate("it => getComputedStyle(it).color")
    assert colour == "rgb(1, 2, 3)"
    page.close()


def test_html_on_a_page_with_notes_is_the_texts_alone(small: Project) -> None:
    """What a stranger's gist brought along, were it HTML, would have no hash."""
    small.write("text/a.md", "# A\n\nOne road.\n\n<p style='color: red'>Raw</p>\n")
    small.configure(
        """
        def spoil(app, doctree, docname):
            from docutils import nodes
            if docname == "text/a":
                doctree += nodes.raw("", "<p style='color: blue'>x</p>", format="html")

        def setup(app):
            app.connect("doctree-resolved", spoil)
        """
    )
    small.build()
    html = small.output("text/a.html").read_text("utf-8")
    assert "color: blue" in html
    hashes = [it for it in policy(small, "text/a")["style-src"] if it.startswith("'sha256")]
    assert len(hashes) == 1
    assert policy(small, "commentary/h/road")["style-src"] == ["'self'"]


def test_the_policy_has_an_option(small: Project) -> None:
    more = '{"frame-src": "https://v.example.org", "style-src": ["\'unsafe-inline\'"]}'
    small.configure(f'html_theme_options = {{"policy": {more}}}\n')
    small.write("own.md", OWN)
    small.index = small.index.replace("text/a", "own\ntext/a")
    small.build()
    for name in ("index", "text/a", "own"):
        assert "https://v.example.org" in policy(small, name)["frame-src"]
        # Beside a hash, browsers would not take it.
        assert policy(small, name)["style-src"] == ["'self'", "'unsafe-inline'"]
    small.configure('html_theme_options = {"policy": False}\n')
    small.build()
    assert not small.page("index").select("meta[http-equiv]")
    small.configure("html_theme_options = {'policy': {'img-src': 'a;b'}}")
    with pytest.raises(ConfigError, match="policy"):
        small.build(freshenv=True)


def test_mathjax_where_it_is_chosen(small: Project) -> None:
    small.configure('html_math_renderer = "mathjax"\n')
    small.write("text/a.md", "# A\n\nOne road. {math}`x^2`\n")
    small.build()
    assert not small.page("text/a").select("math")
    sources = policy(small, "text/a")
    assert any("cdn.jsdelivr.net" in it for it in sources["script-src"])
    assert "'unsafe-inline'" in sources["style-src"]
    assert "script-src" in policy(small, "index")
    assert policy(small, "index")["script-src"] == ["'self'"]


@pytest.mark.parametrize("builder", ["html", "edition-pdf"])
def test_a_formula_that_cannot_be_read_costs_itself(small: Project, builder: str) -> None:
    small.write("text/a.md", "# A\n\nOne road, {math}`\\nosuch{x}`.\n\n```{math}\n\\frac{1\n```\n")
    small.build(builder)
    path = small.folder / "text/a.md"
    assert f"{path}:3: WARNING: this formula can't be read (the command \\nosuch" in small.warnings
    assert f"{path}:5: WARNING: this formula can't be read (something is" in small.warnings
    if builder == "html":
        assert small.page("text/a").select_one("p code:-soup-contains('nosuch')")
    else:
        words = printed(next(small.output("", builder).glob("*.pdf"))).pages
        assert any(r"\nosuch{x}" in (page.extract_text() or "") for page in words)


# ---- formulas ----------------------------------------------------------------------------------

_SIGNS = "abx129+-=<>,;:!|/()[]'\"#$%&*_^~@αБ中"
_COMMANDS = (
    r"\alpha \sum \int \le \to \{ \} \% \# \& \, \quad \infty \lim \sin \ldots \mathbb{R} \\ \not= "
    r"\mathrm{d} \hbar \prime"
)
_ATOMS = st.sampled_from([*_SIGNS, *_COMMANDS.split(), r"\text{a #b $c}"])


def _larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    one = r"\sqrt{%s} \hat{%s} \overline{%s} \underbrace{%s} \boxed{%s} \mathbf{%s} \phantom{%s}"
    two = [r"\frac{%s}{%s}", "{%s}^{%s}", "{%s}_{%s}", r"\binom{%s}{%s}", r"\overset{%s}{%s}"]
    two += [r"\begin{pmatrix}%s&%s\end{pmatrix}", r"\begin{cases}%s\\%s\end{cases}"]
    two += [r"\begin{align}%s&=%s\end{align}", r"\left(%s\right]%s", "%s %s"]
    return st.one_of(
        st.tuples(st.sampled_from(one.split()), inner).map(lambda it: it[0] % it[1]),
        st.tuples(st.sampled_from(two), inner, inner).map(lambda it: it[0] % it[1:]),
    )


@settings(max_examples=30)
@given(st.recursive(_ATOMS, _larger, max_leaves=8), st.booleans())
def test_every_formula_is_read_or_refused(tex: str, block: bool) -> None:
    """And what is read can be set, and holds no command of Typst's."""
    try:
        root = read(tex, block)
    except FormulaError:
        return
    marked = formula(root, block)
    typeset(f"$ {marked} $".encode(), format="svg")
    commands = re.findall(r"(?<!\\)#([a-z]\w*)", re.sub(r'"(?:[^"\\]|\\.)*"', "", marked))
    assert set(commands) <= {"h", "box", "hide", "true", "none", "center", "left", "right"}


ATTACKS = [
    r"\href{javascript:alert(1)}{x}", r"\style{position:fixed}{x}", r"\class{peek}{x}",
    r"\text{<img src=x onerror=1>}", r"\text{</math><script>1</script>}", '"<b>',
]  # fmt: skip


@pytest.mark.parametrize("tex", ATTACKS)
def test_formulas_bring_no_html(small: Project, tex: str) -> None:
    small.write("text/a.md", f"# A\n\nOne road.\n\n```{{math}}\n{tex}\n```\n")
    small.build()
    page = small.page("text/a")
    assert page.select("math")
    inside = page.select("math *")
    assert not any({"href", "style", "src", "onerror", "id"} & set(it.attrs) for it in inside)
    assert {it.name for it in inside} <= set(_names())


def _names() -> Iterator[str]:
    yield from ("mi", "mo", "mn", "mrow", "mtext", "mstyle")
