"""A note's gist, copied from its page into another.

The copy must mean the same there: relative targets are made absolute against the
note first, and what would be a second copy of an id, a name or an index entry
is dropped.
"""

from __future__ import annotations

from urllib.parse import urljoin

from docutils import nodes
from docutils.utils import get_source_line
from sphinx import addnodes
from sphinx.builders import Builder
from sphinx.errors import NoUri
from sphinx.util import docname_join
from sphinx.util.osutil import relative_uri

from annotated_edition.domain.text_nodes import again
from annotated_edition.text.addresses import split
from annotated_edition.weave.links import link
from annotated_edition.weave.lookups import Lookups

#: What a gist may not bring along.
_DROPPED = (nodes.footnote_reference, nodes.substitution_definition, addnodes.index, nodes.comment)


class Gists:
    """Fetches the gists of notes from their doctrees."""

    def __init__(self, lookups: Lookups, builder: Builder) -> None:
        self.lookups = lookups
        self.builder = builder

    def copy(self, docname: str, onto: str) -> list[nodes.Node]:
        """The content of the gist of note *docname*, ready to stand on page *onto*."""
        copy = self.lookups.gist(docname)
        if copy is None:
            return []
        self.relocate(copy, docname, onto)
        return list(copy.children)

    def relocate(self, copy: nodes.Element, note: str, onto: str) -> None:
        """Make what was copied from page *note* mean the same on page *onto*."""
        for node in list(copy.findall(nodes.Element)):
            if isinstance(node, _DROPPED):
                node.parent.remove(node)
                continue
            if isinstance(node, addnodes.pending_xref) and not node.line:
                # What is wrong with it is told where it was written, and once.
                node.source, node.line = get_source_line(node)
            node["ids"], node["names"], node["dupnames"] = [], [], []
            if isinstance(node, nodes.problematic):
                # Its complaint stays on the note's page.
                node.replace_self(nodes.literal("", "", again(node)))
            elif isinstance(node, nodes.target):
                node.replace_self(node.children)
            elif isinstance(node, addnodes.pending_xref):
                self._relocate_pending(node, note, onto)
            elif isinstance(node, nodes.reference):
                self._relocate_reference(node, note, onto)

    def _relocate_pending(self, node: addnodes.pending_xref, note: str, onto: str) -> None:
        local = node.get("reflocalid")
        if local and node["reftype"] == "myst":
            # MyST's last resort for [x](#id), an id of the same document.
            content = nodes.inline("", "", *[child.deepcopy() for child in node.children])
            node.replace_self(link(self.builder, onto, note, local, content))
            return
        # Only targets that are documents depend on where they are named.
        target = docname_join(note, node["reftarget"])
        if node["reftype"] == "doc" and not self.lookups.is_document(target):
            node["refdoc"] = note  # it leads nowhere, and is told in the same words
            return
        if node["reftype"] == "doc" or (
            node["reftype"] in ("any", "myst")
            and node.get("refdomain") != "doc"
            and self.lookups.is_document(target)
        ):
            node["reftarget"] = f"/{target}"
        node["refdoc"] = onto

    def _relocate_reference(self, node: nodes.reference, note: str, onto: str) -> None:
        if "refid" in node:
            there = link(self.builder, onto, note, node["refid"], nodes.Text(""))
            del node["refid"]
            node["internal"] = True
            # In one-document builders the target may be on this very page.
            for attribute in ("refuri", "refid"):
                if attribute in there:
                    node[attribute] = there[attribute]
        elif not node.get("internal") and "refuri" in node:
            uri = node["refuri"]
            parts = split(uri)
            # One without any parts is no address.
            if parts.path and not parts.scheme and not uri.startswith(("#", "/")):
                try:
                    absolute = urljoin(self.builder.get_target_uri(note), uri)
                    node["refuri"] = relative_uri(self.builder.get_target_uri(onto), absolute)
                except NoUri:  # the note's page is no part of what is built
                    node.replace_self(nodes.inline("", "", *node.children))
