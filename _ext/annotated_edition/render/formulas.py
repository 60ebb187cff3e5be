"""Formulas: from TeX to MathML when pages are built, so that readers need neither script nor host.

Sphinx's own renderer has every reader load MathJax from a host.  Browsers and e-readers show MathML
by themselves.  latex2mathml reads the TeX; what it makes is checked here by lists of what is
allowed, since it passes addresses, classes and styles on.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from functools import lru_cache
from html import unescape
from typing import Any
from xml.etree.ElementTree import Element

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.config import Config
from sphinx.locale import _ as sphinx_words
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number
from sphinx.writers.html5 import HTML5Translator

from annotated_edition.model.records import Subtype
from annotated_edition.text.control import brief
from annotated_edition.text.extras import command_for, is_installed

logger = logging.getLogger(__name__)

#: What ``html_math_renderer`` calls this.
RENDERER = "mathml"

#: https://www.w3.org/TR/MathML3/: elements of presentation, without those that lead elsewhere.
_ELEMENTS = frozenset(
    "math mi mn mo ms mtext mspace mrow mfrac msqrt mroot mstyle mpadded mphantom menclose msub "
    "msup msubsup munder mover munderover mtable mtr mtd".split()
)
_ATTRIBUTES = frozenset(
    "accent accentunder columnlines columnspacing depth display displaystyle fence form height "
    "largeop linethickness lspace mathcolor mathvariant maxsize minsize movablelimits notation "
    "rowlines rowspacing rspace scriptlevel separator stretchy voffset width".split()
)
#: How many parts these have.
_PARTS = {"mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "munder": 2, "mover": 2}
_PARTS |= {"msubsup": 3, "munderover": 3}
#: Environments that latex2mathml knows; of others it leaves out the name, and sets the rest.
_ENVIRONMENTS = frozenset(
    "align aligned array Bmatrix bmatrix cases equation gather gathered matrix multline pmatrix "
    "smallmatrix split Vmatrix vmatrix".split()
)
_ENVIRONMENT = re.compile(r"\\begin\{(\w*)\*?\}")
#: Those that number their lines by themselves, in which Sphinx's numbers are doubled.
_NUMBERED = re.compile(r"\\(begin|end)\{(align|equation|gather|multline)\}")
#: An environment that latex2mathml doesn't align.
_ALIGNED = re.compile(r"\\(begin|end)\{aligned\}")
#: Says of a line that it has no number, or what it is called: nothing that is printed.
_UNPRINTED = re.compile(r"\\(?:label\{[^{}]*\}|nonumber\b|notag\b)")
#: Longer formulas are no formulas.
_LONGEST = 10_000


class FormulaError(ValueError):
    """A formula that can't be read: the message says why."""


@lru_cache(maxsize=512)
def read(tex: str, block: bool) -> Element:
    """The MathML of a formula in TeX (without ``$``); don't change what is returned.

    Raises:
        FormulaError: it can't be read.
    """
    if len(tex) > _LONGEST:
        raise FormulaError(f"it has more than {_LONGEST:,} letters")
    for name in _ENVIRONMENT.findall(tex):
        if name not in _ENVIRONMENTS:
            raise FormulaError(f"the environment {brief(repr(name))} isn't known")
    if not is_installed("math"):
        raise FormulaError(f"{command_for('math')} brings what reads it")
    from latex2mathml.converter import convert_to_element

    try:
        plain = _NUMBERED.sub(r"\\\1{\2*}", _UNPRINTED.sub("", tex))
        plain = _ALIGNED.sub(r"\\\1{split}", plain)
        root = convert_to_element(plain, display="block" if block else "inline")
    except Exception as error:  # its exceptions have no base, and it raises others, too
        raise FormulaError(str(error) or "something is missing in it") from None
    root = _checked(root)
    root.set("alttext", " ".join(tex.split()))
    return root


def _checked(element: Element) -> Element:
    """A copy of *element* with what is allowed alone, and with lines where TeX has them."""
    if element.tag not in _ELEMENTS:
        raise FormulaError(f"there is a {element.tag!r} in it")
    if len(element) != _PARTS.get(element.tag, len(element)):
        raise FormulaError("something is missing in it")
    copy = Element(
        element.tag,
        {name: value for name, value in element.attrib.items() if name in _ATTRIBUTES},
    )
    # Browsers have given the attribute up; the style sheet has these.
    if align := {"left": "math-left", "right": "math-right"}.get(element.get("columnalign", "")):
        copy.set("class", align)
    text = unescape(element.text or "").strip(" \n")
    if element.tag in ("mi", "mo") and re.fullmatch(r"\\[A-Za-z]+\*?", text):
        raise FormulaError(f"the command {brief(text)} isn't known")
    copy.text = text.removeprefix("\\") if len(text) > 1 else text
    copy.extend([_checked(child) for child in element])
    return _in_lines(copy) if any(map(_is_break, copy)) else copy


def _is_break(element: Element) -> bool:
    return element.tag == "mspace" and not element.attrib


def _in_lines(row: Element) -> Element:
    r"""A table of what ``\\`` parts, which browsers don't."""
    table = ElementTree.SubElement(Element("mrow"), "mtable")
    cell = ElementTree.SubElement(ElementTree.SubElement(table, "mtr"), "mtd")
    for child in row:
        if _is_break(child):
            cell = ElementTree.SubElement(ElementTree.SubElement(table, "mtr"), "mtd")
        else:
            cell.append(child)
    row[:] = [table]
    return row


def tex_of(node: nodes.math_block) -> str:
    r"""The TeX of a formula in lines, as Sphinx's ``math`` directive means it.

    Empty lines part equations, and ``\\`` lines of an equation, which ``&`` aligns.
    """
    if node.get("no-wrap", node.get("nowrap", False)):
        return str(node.astext())
    parts = [part for part in node.astext().split("\n\n") if part.strip()]
    rows = [rf"\begin{{split}}{part}\end{{split}}" if r"\\" in part else part for part in parts]
    return rows[0] if len(rows) == 1 else r"\begin{aligned}" + r"\\".join(rows) + r"\end{aligned}"


def warn(node: nodes.Node, error: FormulaError) -> None:
    """Say that a formula stands as it was typed."""
    logger.warning(
        "this formula can't be read (%s), and stands as it is typed: write it in the TeX that "
        "latex2mathml knows",
        error,
        type="edition",
        subtype=Subtype.FORMULA.value,
        location=node,
    )


# ---- HTML --------------------------------------------------------------------------------------


def register(app: Sphinx, config: Config) -> None:
    """Make the renderer known where it is named, in any theme (``config-inited``)."""
    if config.html_math_renderer == RENDERER:
        visitors = (visit_inline, None), (visit_block, None)
        app.add_html_math_renderer(RENDERER, *visitors)


def writes(builder: Builder) -> bool:
    """Whether *builder*, writing in a theme of ours, makes MathML of formulas itself.

    It does where the project has chosen no other renderer.  Sphinx's setting is left alone: to
    change it by builder would have every page read again.
    """
    if not isinstance(builder, StandaloneHTMLBuilder) or builder.math_renderer_name != "mathjax":
        return False
    return builder.config.html_math_renderer is None and is_installed("math")


def leave_mathjax_out(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Have Sphinx load no MathJax for pages with MathML (``html-page-context``)."""
    translator = app.builder.get_translator_class()
    if getattr(translator, "makes_mathml", False):
        context["has_maths_elements"] = False


class MathMLTranslator(HTML5Translator):
    """Writes formulas as MathML, whatever renderer Sphinx has."""

    makes_mathml = True

    def visit_math(self, node: nodes.math, math_env: str = "") -> None:
        """Write a formula among words."""
        visit_inline(self, node)

    def visit_math_block(self, node: nodes.math_block, math_env: str = "") -> None:
        """Write a formula in lines of its own."""
        visit_block(self, node)


def visit_inline(self: HTML5Translator, node: nodes.math) -> None:
    """Write a formula among words, or its TeX if it can't be read."""
    try:
        self.body.append(_written(read(node.astext(), block=False)))
    except FormulaError as error:
        warn(node, error)
        self.body.append(f"{self.starttag(node, 'code', '')}{self.encode(node.astext())}</code>")
    raise nodes.SkipNode


def visit_block(self: HTML5Translator, node: nodes.math_block) -> None:
    """Write a formula in lines of its own, with its number."""
    self.body.append(self.starttag(node, "div", CLASS="formula"))
    try:
        formula = _written(read(tex_of(node), block=True))
    except FormulaError as error:
        warn(node, error)
        formula = f"<pre>{self.encode(node.astext())}</pre>"
    if node["number"]:
        self.body.append(f'<span class="eqno">({get_node_equation_number(self, node)})')
        self.add_permalink_ref(node, sphinx_words("Link to this equation"))
        self.body.append("</span>")
    self.body.append(f"{formula}</div>\n")
    raise nodes.SkipNode


def _written(root: Element) -> str:
    root.set("xmlns", "http://www.w3.org/1998/Math/MathML")  # an e-book is XML
    return ElementTree.tostring(root, encoding="unicode")
