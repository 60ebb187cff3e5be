"""Sifting: the nodes, links and images that strangers' files may leave in a tree."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.nodes import traverse_parent

from annotated_edition.domain import EditionDomain
from annotated_edition.domain.text_nodes import again, text, verbatim
from annotated_edition.model import limits
from annotated_edition.model.documents import Part
from annotated_edition.model.records import Subtype
from annotated_edition.read.doctree import line_of
from annotated_edition.text import addresses
from annotated_edition.text.control import UNSEEN, brief
from annotated_edition.text.words import Words
from annotated_edition.untrusted import allowlists, files
from annotated_edition.untrusted.lookup import TRUSTED, TRUSTED_CLASSES

logger = logging.getLogger(__name__)

#: How the files of each kind of image begin; a builder that looks inside would
#: stop at others.
_BEGINNINGS = {
    ".gif": (b"GIF87a", b"GIF89a"),
    ".jpeg": (b"\xff\xd8\xff",),
    ".jpg": (b"\xff\xd8\xff",),
    ".png": (b"\x89PNG\r\n\x1a\n",),
    ".webp": (b"RIFF",),
}


class GiveBackNames(SphinxTransform):
    """Take from strangers' targets the names that are the edition's own.

    Other pages that link to them mean a passage or a note.  Before Sphinx's
    domains collect citations (619) and names (850).
    """

    default_priority = 600

    def apply(self, **kwargs: object) -> None:
        """Keep such names within the document."""
        docname = self.env.current_document.docname
        domain = EditionDomain.of(self.env)
        if not domain.documents.untrusted(docname):
            return
        for node in list(self.document.findall(nodes.Element)):
            if not isinstance(node, (nodes.citation, nodes.citation_reference)):
                continue
            domain.report(
                Subtype.UNSAFE,
                docname,
                line_of(node),
                "a citation of its own can't be used in commentary: put it into the bibliography",
            )
            _replace(node, _as_code(node, is_inline=isinstance(node, nodes.TextElement)))
        for name, explicit in list(self.document.nametypes.items()):
            if explicit and allowlists.is_reserved(name):
                self.document.nametypes[name] = False
                target = self.document.ids.get(self.document.nameids.get(name) or "")
                domain.report(
                    Subtype.UNSAFE,
                    docname,
                    line_of(target) if target is not None else 1,
                    f"the name {name!r} is the edition's own: give the target another",
                )


class SiftNodes(SphinxTransform):
    """Keep only allowed nodes, links, images and classes of a stranger's file.

    Before titles, images and downloads are collected (880), after everything
    that parsing and reading put into the tree.
    """

    default_priority = 870

    def apply(self, **kwargs: object) -> None:
        """Replace what isn't allowed by its words."""
        self.docname = self.env.current_document.docname
        #: What is to stand in the place of a node, by its parent and its identity: texts are
        #: equal to others of the same words.
        self.others: dict[nodes.Element, dict[int, list[nodes.Node]]] = defaultdict(dict)
        self.domain = EditionDomain.of(self.env)
        if not self.domain.documents.untrusted(self.docname):
            self._sift_pictures()
            return
        self.lists = self.domain.documents.part(self.docname) is Part.OTHER
        self.footnotes = {
            name for footnote in self.document.findall(nodes.footnote) for name in footnote["ids"]
        }
        ahead: list[nodes.Node] = [self.document]
        while ahead:
            node = ahead.pop()
            if isinstance(node, nodes.Element) and self._stays(node):
                ahead += reversed(node.children)
        self._put_others()
        self._clean_text()

    def _sift_pictures(self) -> None:
        """Drop what anybody may have put in the place of a picture of a trusted page."""
        root = Path(self.env.srcdir)
        for image in list(self.document.findall(nodes.image)):
            uri = str(image.get("uri", ""))
            if "://" in uri or uri.startswith("data:"):
                continue
            # Sphinx's own relfn2path follows links at once.
            folder = root if uri.startswith("/") else Path(self.env.doc2path(self.docname)).parent
            path = folder / uri.removeprefix("/")
            # Sphinx looks for pictures of several kinds where there is a star.
            paths = path.parent.glob(path.name) if "*" in path.name else [path]
            found = (files.picture_problem(one, root) for one in paths)
            unfit = next(filter(None, found), None)
            if unfit:
                self._report(image, f"the image {brief(repr(uri))} {unfit}: put the picture there")
                words = text(Words(str(image.get("alt", ""))))
                is_inline = isinstance(image.parent, nodes.TextElement)
                stand_in = nodes.inline if is_inline else nodes.paragraph
                self._replace(image, stand_in("", "", words))
        self._put_others()

    def _stays(self, node: nodes.Element) -> bool:
        """Whether *node* may stay; otherwise it is replaced, without a look inside."""
        if isinstance(node, (nodes.comment, nodes.substitution_definition)):
            self._replace(node)  # nobody sees them
            return False
        if node.attributes.pop(TRUSTED, False):
            return False  # conf.py made it
        refused = self._refusal(node)
        if refused is None:
            self._sift_classes(node)
            self._sift_measures(node)
            self._sift_language(node)
            if isinstance(node, (nodes.title, nodes.rubric)):
                self._sift_heading(node)
            return True
        if isinstance(node, nodes.container) and "container can't" in refused:
            # MyST's, of a fence of colons without a directive.
            refused = (
                "a fence ::: begins here without the name of a directive in braces, such as "
                ":::{note}: write it, or delete the line"
            )
            self._report(node, refused)
        else:
            self._report(node, f"{refused}: leave it out")
        if isinstance(node, (nodes.reference, nodes.target)):
            words_alone = nodes.inline("", "", *node.children)
            self._replace(node, words_alone)
            return self._stays(words_alone)
        words = node.astext()
        is_inline = isinstance(node.parent, nodes.TextElement)
        self._replace(node, *([_as_code(node, is_inline)] if words else []))
        return False

    def _report(self, node: nodes.Element, message: str) -> None:
        self.domain.report(Subtype.UNSAFE, self.docname, line_of(node), message)

    def _sift_heading(self, node: nodes.title | nodes.rubric) -> None:
        words = node.astext()
        if not any(map(str.strip, _titling(node))):
            self._report(node, "this heading is empty: give it words")
            # A heading without any stops the printed book; those of a picture say what it is.
            pictured = " ".join(str(one.get("alt", "")) for one in node.findall(nodes.image))
            node.append(text(Words(pictured.strip() or "…")))
        elif len(words) > limits.HEADING:
            self._report(
                node, f"this heading has more than {limits.HEADING} characters: shorten it"
            )
            beginning = again(node, 0, limits.HEADING)
            node.children = []
            node.extend([beginning, nodes.Text(" …")])

    def _sift_language(self, node: nodes.Element) -> None:
        """Have code coloured by lexers that are known alone, and as much as can't take long."""
        language = node.get("language")
        if not isinstance(node, (nodes.literal_block, nodes.literal)) or language in ("none", ""):
            return
        if language is not None and str(language).lower() not in allowlists.LEXERS:
            self._report(
                node, f"code in {brief(str(language))} isn't coloured in commentary: write none"
            )
            node["language"] = "none"
        elif len(node.astext()) > limits.CODE:
            self._report(
                node, f"code of more than {limits.CODE:,} characters isn't coloured: shorten it"
            )
            node["language"] = "none"

    def _sift_measures(self, node: nodes.Element) -> None:
        """Drop measures that no page has: builders run out of memory, or fail."""
        if isinstance(node, nodes.colspec):
            node["colwidth"] = min(max(int(node.get("colwidth", 1)), 1), 1000)
        for name in allowlists.MEASURES & node.attributes.keys():
            if not allowlists.is_allowed_measure(str(node[name])):
                self._report(node, f"the {name} {brief(str(node[name]))} is beyond measure")
                del node[name]

    def _sift_classes(self, node: nodes.Element) -> None:
        of_role = isinstance(node, (nodes.inline, nodes.literal, nodes.emphasis))
        given = node.attributes.pop(TRUSTED_CLASSES, ())
        for name in list(node["classes"]):
            if name not in given and not allowlists.is_allowed_class(name, of_role):
                node["classes"].remove(name)
                self._report(node, f"the class {name!r} can't be used in commentary: leave it out")

    def _replace(self, node: nodes.Element, *others: nodes.Element) -> None:
        """Have *others* put in the place of *node*; what links to it still finds it."""
        if node.parent is not None:
            heirs = _heirs(node, others)
            for heir in heirs:
                heir.parent = node.parent
            self.others[node.parent][id(node)] = [*heirs]

    def _put_others(self) -> None:
        """Replace all at once: one by one, each would be looked for among all its siblings."""
        for parent, others in self.others.items():
            children = parent.children
            parent.children = []
            for child in children:
                parent.extend(others.get(id(child), [child]))
        self.others.clear()

    def _clean_text(self) -> None:
        """Let text and attributes through the gate: character references bring in controls."""
        for found in list(self.document.findall(nodes.Text)):
            words = found.astext()
            if (clean := Words(words)) != words:
                self.others[found.parent][id(found)] = [text(clean)]
        self._put_others()
        for node in self.document.findall(nodes.Element):
            for name, value in node.attributes.items():
                if not isinstance(value, str):
                    continue
                # What names something is compared, and has no order of its own to keep.
                clean = Words(UNSEEN.sub("", value) if name == "reftarget" else value)
                if clean != value:
                    node[name] = str(clean)

    def _refusal(self, node: nodes.Element) -> str | None:
        """Why *node* may not stay, if so."""
        name = type(node).__name__
        if isinstance(node, nodes.raw) and (node.get("format"), node.astext()) in allowlists.RAW:
            return None
        if isinstance(node, addnodes.download_reference):
            return f"the link {brief(repr(node.get('reftarget', '')))} leads to a file"
        if name not in allowlists.NODES and not (self.lists and name in allowlists.LIST_NODES):
            return f"{name} can't be used in commentary"
        if isinstance(node, nodes.image):
            return self._image_refusal(str(node.get("uri", "")))
        if isinstance(node, nodes.figure):
            # The printed book stops at a figure without its image.
            images = [self._refusal(image) for image in node.findall(nodes.image)]
            return next(filter(None, images), None) if images else "a figure needs an image"
        if isinstance(node, nodes.footnote_reference):
            # LaTeX's builder stops at both.
            if node.get("refid") not in self.footnotes:
                return "a mark without a footnote can't be used in commentary"
            if any(isinstance(parent, nodes.footnote) for parent in traverse_parent(node)):
                return "a footnote in a footnote can't be used in commentary"
        # Sphinx formats the words with the number, as Python does: with two thousand million
        # places, or with the attributes of what is shown.
        is_template = node.get("reftype") == "numref" and node.get("refexplicit")
        if is_template and not allowlists.is_allowed_template(node.astext()):
            words = brief(node.astext())
            return f"{words!r} in the role numref may have no braces but {{number}} and {{name}}"
        if not allowlists.is_strangers_link(str(node.get("refuri", ""))):
            return f"the link {brief(repr(node['refuri']))} isn't http, https or mailto"
        uri = str(node.get("refuri", ""))
        if isinstance(node, nodes.reference) and uri and not uri.startswith("#") and ":" not in uri:
            # Pages are linked as such; this leads to a file, in print to one on the reader's disk.
            return f"the link {brief(repr(uri))} leads to a file"
        return None

    def _image_refusal(self, uri: str) -> str | None:
        """Images lie beside or below the file, and are pictures."""
        shown = brief(repr(uri))
        folder = Path(self.env.doc2path(self.env.current_document.docname)).parent.resolve()
        path = Path(os.path.normpath(folder / uri))
        if ":" in uri or uri.startswith(("/", "\\")) or not path.is_relative_to(folder):
            return f"the image {shown} isn't beside its file"
        if not allowlists.is_allowed_file(uri):
            return f"the image {shown} has signs in its name"
        unfit = files.picture_problem(path, Path(self.env.srcdir))
        if unfit:
            return f"the image {shown} {unfit}"
        # Also if it is refused, or not there yet: then another file may be allowed.
        self.env.note_dependency(path)
        if path.suffix.lower() not in allowlists.IMAGES:
            return f"the image {shown} isn't {', '.join(sorted(allowlists.IMAGES))}"
        try:
            with path.open("rb") as file:
                beginning = file.read(16)
        except OSError:
            beginning = b""
        if not beginning:
            return f"the image {shown} can't be found"
        if not beginning.startswith(_BEGINNINGS[path.suffix.lower()]):
            return f"the image {shown} is of another kind than its name says"
        return None


#: What Sphinx leaves out of a title where it names its page.
_NO_TITLE = (nodes.image, nodes.raw, nodes.footnote_reference, nodes.citation_reference)


def _titling(node: nodes.Element) -> Iterator[str]:
    """The words of a heading that stand for its page elsewhere: not those of a picture."""
    for child in node.children:
        if isinstance(child, nodes.Text):
            yield child.astext()
        elif isinstance(child, nodes.Element) and not isinstance(child, _NO_TITLE):
            yield from _titling(child)


def _as_code(node: nodes.Element, is_inline: bool) -> nodes.Element:
    """The words of a node, which say what it was."""
    return nodes.literal("", "", again(node)) if is_inline else verbatim(Words(node.astext()))


def _heirs(node: nodes.Element, others: tuple[nodes.Element, ...]) -> tuple[nodes.Element, ...]:
    """*others*, of which the first has the ids and names of *node*.

    ``replace_self`` stops at what it can't hand on, such as classes to nothing.
    """
    if node["ids"] and not others:
        others = (nodes.target("", ""),)
    if others:
        others[0]["ids"] += node["ids"]
        others[0]["names"] += node["names"]
    return others


def _replace(node: nodes.Element, *others: nodes.Element) -> None:
    """Put *others* in the place of *node*; what links to it still finds it."""
    if node.parent is not None:
        node.parent.replace(node, list(_heirs(node, others)))


class CheckLinks(SphinxPostTransform):
    """Drop links of other schemes from every page: a bibliography's, for one."""

    default_priority = 900

    def run(self, **kwargs: object) -> None:
        """Keep the words of such a link."""
        for reference in list(self.document.findall(nodes.reference)):
            uri = str(reference.get("refuri", ""))
            if not addresses.is_allowed_link(uri):
                logger.warning(
                    "the link %s isn't http, https or mailto: correct it",
                    brief(repr(uri)),
                    type="edition",
                    subtype=Subtype.UNSAFE.value,
                    location=reference,
                )
                reference.replace_self(nodes.inline("", "", *reference.children))
            elif (host := addresses.shown_host(uri)) and host not in reference.astext():
                # Letters that look like others' lead to others.
                reference.append(text(Words(f" ({host})")))


class MendDeadLinks(SphinxPostTransform):
    """Keep the words of strangers' links that lead nowhere.

    MyST, which has warned of them, leaves links to what isn't there, and one of
    those stops the printed book.  After MyST and Sphinx resolved them (9, 10).
    """

    default_priority = 11

    def run(self, **kwargs: object) -> None:
        """Look in each file's words, also where several are assembled into one."""
        if not any("refid" in node for node in self.document.findall(nodes.reference)):
            return
        documents = EditionDomain.of(self.env).documents
        ids: dict[str, set[str]] = defaultdict(set)
        references: list[tuple[str, nodes.reference]] = []
        ahead: list[tuple[nodes.Node, str, bool]] = [
            (self.document, self.env.current_document.docname, False)
        ]
        while ahead:
            node, docname, strange = ahead.pop()
            if not isinstance(node, nodes.Element):
                continue
            docname = node["docname"] if isinstance(node, addnodes.start_of_file) else docname
            ids[docname] |= {*node["ids"]}
            strange = strange or "edition_note" in node or documents.untrusted(docname)
            if strange and isinstance(node, nodes.reference) and "refid" in node:
                references.append((docname, node))
            ahead += [(child, docname, strange) for child in node.children]
        for docname, node in references:
            if node["refid"] not in ids[docname]:
                node.parent.replace(node, node.children)
