"""Texts side by side: each passage of a version moves beside the one that it belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from docutils import nodes

from annotated_edition.domain.parallel import BesideNode, PairNode
from annotated_edition.model.works import Works
from annotated_edition.read import doctree, labels
from annotated_edition.text.suggest import did_you_mean
from annotated_edition.text.words import Token


@dataclass(slots=True)
class Parallel:
    """What stands beside what on a page."""

    #: The work of each passage of a version, and the passage beside which it stands.
    works: dict[nodes.Element, str] = field(default_factory=dict)
    beside: dict[nodes.Element, nodes.Element] = field(default_factory=dict)
    #: Lines (from 1), and what to do.
    faults: list[tuple[nodes.Element, str]] = field(default_factory=list)


def set_beside(document: nodes.document, numbering: str, works: Works) -> Parallel:
    """Move the passages of versions beside those of the text; *numbering* is the page's."""
    found = Parallel()
    versions = list(document.findall(BesideNode))
    if not versions:
        return found
    names = list(dict.fromkeys(version["work"] for version in versions))
    own = [one for one in doctree.find_passages(document) if version_of(one) is None]
    places = _places(own, numbering)
    for number, name in enumerate(names, 1):
        if name not in works.by_name:
            first = next(one for one in versions if one["work"] == name)
            hint = did_you_mean(name, works.by_name, "name it in edition_works (conf.py)")
            found.faults.append((first, f"there is no work {name!r}: {hint}"))
        ours = [
            passage
            for version in versions
            if version["work"] == name
            for passage in doctree.find_passages(version)
        ]
        found.works |= dict.fromkeys(ours, name)
        _align(ours, list(_keys(labels.label_all(ours, numbering))), places, number, found)
    for passage in own:
        _pair_of(passage)  # what has nothing beside it keeps its column, too
    for version in versions:
        if not version.children:
            version.parent.remove(version)
    return found


def version_of(passage: nodes.Node) -> BesideNode | None:
    """The version that a passage is of; None for the text itself."""
    node = passage.parent
    while node is not None:
        if isinstance(node, BesideNode):
            return node
        node = node.parent
    return None


def _places(passages: Sequence[nodes.Element], numbering: str) -> Mapping[str, nodes.Element]:
    """The text's passages by what they are known by, and by the labels within them."""
    labelled = labels.label_all(passages, numbering)
    places = dict(zip(_keys(labelled), passages, strict=True))
    for passage, own in zip(passages, labelled, strict=True):
        for _start, label in own.inner:
            places.setdefault(label, passage)
    return places


def _keys(passages: Iterable[labels.Labelled]) -> Iterator[str]:
    """What each passage is known by to its fellows: its label, or else its place on the page."""
    count = 0
    for labelled in passages:
        label = labelled.label
        if label.isdecimal():
            count = int(label)  # those that follow are counted from there
        elif not label:
            count += 1
            label = str(count)
        yield label


def _align(
    passages: Sequence[nodes.Element],
    keys: Sequence[str],
    places: Mapping[str, nodes.Element],
    number: int,
    found: Parallel,
) -> None:
    for passage, key in zip(passages, keys, strict=True):
        # ``2–3`` stands beside 2, and ``2 ¶2`` beside the first.
        names = (key, key.partition(" ¶")[0], re.split("[–-]", key)[0])
        place = next((places[name] for name in names if name in places), None)
        if place is None:
            message = (
                f"nothing on this page has the label {key!r}, beside which this should stand: "
                "begin it with {edition:label}`…`, the label of what it translates"
            )
            found.faults.append((passage, message))
            continue
        found.beside[passage] = place
        _move(passage, place, number, found.works[passage])


def _pair_of(passage: nodes.Element) -> nodes.Element:
    """The pair that a passage of the text stands in, which is made if need be."""
    parent = passage.parent
    if isinstance(parent, PairNode):
        return parent
    pair = PairNode("", classes=["passage-pair"])
    parent[parent.index(passage)] = pair
    pair += passage
    return pair


def _move(passage: nodes.Element, place: nodes.Element, number: int, work: str) -> None:
    """Put a version's passage beside the text's, in a pair with it."""
    pair = _pair_of(place)
    passage.parent.remove(passage)
    last = pair.children[-1]
    if isinstance(last, BesideNode) and last["work"] == work:
        last += passage
        return
    beside = BesideNode("", work=work, classes=["beside", Token(f"beside-{number}")])
    beside += passage
    pair += beside
