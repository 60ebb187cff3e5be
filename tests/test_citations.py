"""Author-year citations that would look alike get letters."""

from __future__ import annotations

from pybtex.database import parse_string

from annotated_edition.citations import authors, tell_apart
from conftest import Project

BIB = """
@misc{b2022, author={{Xinhua}}, title={B}, year={2022}}
@misc{a2022, author={{Xinhua}}, title={A}, year={2022}}
@misc{c2021, author={{Xinhua}}, title={C}, year={2021}}
@misc{x, author={{Akorda}}, title={X}, year={n.d.}}
@misc{y, author={{Akorda}}, title={Y}, year={n.d.}}
@misc{many, author={Ab, C. and De, F. and Gh, I.}, title={M}, year={2000}}
@misc{two, author={von Ab, C. and De, F.}, title={T}, year={2000}}
"""


def test_letters_follow_the_keys_and_stay() -> None:
    entries = parse_string(BIB, "bibtex").entries
    for _ in range(2):
        tell_apart(entries)
        years = {key: entry.fields["year"] for key, entry in entries.items()}
        assert years == {
            "a2022": "2022a",
            "b2022": "2022b",
            "c2021": "2021",
            "x": "n.d.-a",
            "y": "n.d.-b",
            "many": "2000",
            "two": "2000",
        }
    assert authors(entries["many"]) == "Ab et al."
    assert authors(entries["two"]) == "von Ab and De"


def test_citation_and_bibliography_agree(project: Project) -> None:
    project.text("A road.", index="```{toctree}\nsources\n```\n")
    project.configure(
        "extensions += ['sphinxcontrib.bibtex']\nbibtex_bibfiles = ['a.bib']\n"
        "bibtex_default_style = bibtex_reference_style = 'author_year'\n"
    )
    project.write("a.bib", BIB)
    project.write("sources.md", "# Sources\n\n```{bibliography}\n```\n")
    project.note("h/road", "road", "A gist {cite:p}`b2022,a2022`.")
    for _ in range(2):
        project.build()
        assert project.warnings == ""
        gist = project.page("text/a").select_one(".gist")
        assert gist is not None
        assert "[Xinhua, 2022a, Xinhua, 2022b]" in gist.get_text()
        labels = [label.get_text() for label in project.page("sources").select(".label")]
        assert labels == ["[Xinhua, 2022a]", "[Xinhua, 2022b]"]
        # A changed note is read with what the last build knew.
        project.note("h/road", "road", "Another gist {cite:p}`b2022,a2022`.")


def test_each_source_names_the_notes_that_rest_on_it(project: Project) -> None:
    project.text("A road. A belt.", index="```{toctree}\nsources\n```\n")
    project.configure(
        "extensions += ['sphinxcontrib.bibtex']\nbibtex_bibfiles = ['a.bib']\n"
        "bibtex_default_style = bibtex_reference_style = 'author_year'\n"
    )
    project.write("a.bib", BIB)
    project.write("sources.md", "# Sources {cite:p}`c2021`\n\n```{bibliography}\n```\n")
    project.note("h/belt", "belt", "A gist {cite:p}`b2022`.")
    project.note("h/road", "road", "A gist {cite:p}`b2022,a2022`.")
    project.build()
    assert project.warnings == ""

    def cited() -> list[str]:
        return [line.get_text() for line in project.page("sources").select(".cited-in")]

    assert cited() == ["In: Road", "In: Road, Belt"]
    links = project.page("sources").select(".cited-in a")
    assert [link["href"] for link in links][:2] == [
        "commentary/h/road.html",
        "commentary/h/road.html",
    ]
    project.note("h/belt", "belt", "A gist {cite:p}`a2022`.")
    project.build()
    assert cited() == ["In: Road, Belt", "In: Road"]
    project.build("latex")
    project.build("text")
    assert project.warnings == ""
