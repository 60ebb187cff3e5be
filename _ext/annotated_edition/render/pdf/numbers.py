"""The numbers that the text cites: of sections, figures, tables, code and equations.

Sphinx gives them when pages are read (``:numbered:``, ``numfig``), and each HTML page shows them; a
printed book must show the same ones, or "Fig. 2" leads nowhere.
"""

from __future__ import annotations

from docutils import nodes
from sphinx.environment import BuildEnvironment


class Numbers:
    """What Sphinx numbered, by documents and ids."""

    def __init__(self, env: BuildEnvironment) -> None:
        self._env = env

    def section(self, docname: str, node: nodes.Element) -> str:
        """The number of a section, ``2.1``; empty if it has none."""
        numbers = self._env.toc_secnumbers.get(docname, {})
        for id_ in node["ids"]:
            if found := numbers.get(f"#{id_}"):
                return _told(found)
        # The page's first section goes by the page alone.
        first = isinstance(node.parent, nodes.Element) and not isinstance(
            node.parent, nodes.section
        )
        return _told(numbers.get("") or ()) if first else ""

    def caption(self, docname: str, node: nodes.Element) -> str:
        """What stands before a caption, ``Fig. 2.1``; empty if there is no number."""
        kind = self._env.domains.standard_domain.get_enumerable_node_type(node)
        config = self._env.config
        if not config.numfig or not kind:
            return ""
        numbers = self._env.toc_fignumbers.get(docname, {}).get(kind, {})
        for id_ in node["ids"]:
            if found := numbers.get(id_):
                form: str = config.numfig_format.get(kind, "")
                return (form % _told(found)).strip() if "%s" in form else _told(found)
        return ""

    def equation(self, docname: str, node: nodes.math_block) -> str:
        """The number of an equation, without brackets; empty if it has none."""
        config = self._env.config
        if not node.get("number"):
            return ""
        if not (config.numfig and config.math_numfig):
            return str(node["number"])
        numbers = self._env.toc_fignumbers.get(docname, {}).get("displaymath", {})
        found = next((numbers[id_] for id_ in node["ids"] if id_ in numbers), ())
        separator: str = config.math_numsep
        return separator.join(_told(found).rsplit(".", 1))


def _told(numbers: tuple[int, ...]) -> str:
    return ".".join(map(str, numbers))
