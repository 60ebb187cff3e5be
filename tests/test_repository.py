"""Which repository pages lead to, and the addresses of its files."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from dulwich import porcelain
from dulwich.repo import Repo
from sphinx.errors import ConfigError

from annotated_edition.contribute.hosts import Host, HostingError, Repository, from_ci, web_address
from support.project import Project

PAGES = ["text/a", "text/b", "commentary/people/her", "terms", "commentary/cross-references/tie"]
SECRET = "ghp_t0ps3cret"


@pytest.fixture
def edition(project: Project) -> Project:
    project.text("The old road.", "The port.")
    project.note("people/her", "old")
    project.write("terms.md", "# Terms\n\n```{glossary}\nport\n  A harbour.\n```\n")
    project.write("commentary/cross-references/tie.md", "---\nquote: [road, port]\n---\n# A tie\n")
    project.index += "\n```{toctree}\nterms\n```\n"
    return project


def committed(project: Project, origin: str = "", folder: Path | None = None) -> Repo:
    """Make the project's folder, or one above it, a clone of *origin*."""
    repo = Repo.init(str(folder or project.folder))
    if origin:
        config = repo.get_config()
        config.set((b"remote", b"origin"), b"url", origin.encode())
        config.write_to_path()
    project.build()
    paths = [path for path in project.folder.rglob("*.*") if "_build" not in path.parts]
    files = [str(path) for path in paths if path.is_file() and ".git" not in path.parts]
    porcelain.add(repo, files)
    porcelain.commit(repo, b"Begin", author=b"A <a@example.org>", committer=b"A <a@example.org>")
    return repo


def addresses(project: Project) -> list[str]:
    """All links to https on all pages."""
    project.build()
    assert project.warnings == ""
    return [
        link["href"]
        for name in PAGES
        for link in project.page(name).select("main a[href^=https], .body a[href^=https]")
    ]


@pytest.mark.parametrize(
    ("address", "web", "host"),
    [
        ("https://github.com/OWNER/NAME", "https://github.com/OWNER/NAME", "github"),
        ("https://github.com/OWNER/NAME.git", "https://github.com/OWNER/NAME", "github"),
        ("https://GitHub.com/OWNER/NAME/", "https://github.com/OWNER/NAME", "github"),
        ("https://www.github.com/OWNER/NAME", "https://github.com/OWNER/NAME", "github"),
        (f"https://me:{SECRET}@github.com/O/N.git", "https://github.com/O/N", "github"),
        (f"https://{SECRET}@github.com/O/N", "https://github.com/O/N", "github"),
        (f"https://github.com/O/N?token={SECRET}#{SECRET}", "https://github.com/O/N", "github"),
        ("git@github.com:OWNER/NAME.git", "https://github.com/OWNER/NAME", "github"),
        ("github.com:OWNER/NAME", "https://github.com/OWNER/NAME", "github"),
        ("ssh://git@github.com:22/OWNER/NAME.git", "https://github.com/OWNER/NAME", "github"),
        ("git://github.com/OWNER/NAME.git", "https://github.com/OWNER/NAME", "github"),
        ("http://codeberg.org/o/n.git", "https://codeberg.org/o/n", "forgejo"),
        ("git@gitlab.com:group/sub/name.git", "https://gitlab.com/group/sub/name", "gitlab"),
    ],
)
def test_addresses_of_known_hosts(address: str, web: str, host: Host) -> None:
    assert web_address(address) == (web, host)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "/srv/git/name.git",
        "../name",
        "file:///srv/git/name.git",
        "C:/git/name",
        r"C:\git\name",
        "c:git/name",
        "https://git.example.org/o/n",
        "git@work-alias:o/n.git",
        "https://github.com/OWNER",
        "https://github.com/OWNER/NAME/tree/main",
        "https://github.com/../NAME",
        "https://github.com/O WNER/NAME",
        'https://github.com/O"><script>/NAME',
        "javascript://github.com/O/N",
        "https://github.com:port/O/N",
        "https://github.com.evil.example/O/N",
    ],
)
def test_what_leads_nowhere_is_no_repository(address: str) -> None:
    with pytest.raises(HostingError) as error:
        web_address(address)
    assert not address or address not in str(error.value)


def test_a_host_of_ones_own_must_be_named() -> None:
    assert web_address("https://git.example.org:8443/o/n", "gitea") == (
        "https://git.example.org:8443/o/n",
        "gitea",
    )
    assert web_address("git@git.example.org:o/n", "gitlab")[0] == "https://git.example.org/o/n"
    # A name that is known says more.
    assert web_address("https://github.com/o/n", "gitlab")[1] == "github"


@pytest.mark.parametrize(
    ("host", "edit", "new"),
    [
        # Whoever may not write there finds no editor, but may see and fork.
        ("forgejo", "/src/branch/a/b%23/d%20x/%C3%A9.md", "/fork#d%20x/k/n.md"),
        (
            "github",
            "/edit/a/b%23/d%20x/%C3%A9.md",
            "/new/a/b%23/d%20x/k?filename=n.md&value=a%26%0A",
        ),
        (
            "gitlab",
            "/-/edit/a/b%23/d%20x/%C3%A9.md",
            "/-/new/a/b%23?file_name=d%20x/k/n.md&content=a%26%0A",
        ),
        (
            "gitea",
            "/_edit/a/b%23/d%20x/%C3%A9.md",
            "/_new/a/b%23/d%20x/k?filename=n.md&value=a%26%0A",
        ),
    ],
)
def test_addresses_of_files(host: Host, edit: str, new: str) -> None:
    repository = Repository("https://h/o/n", "a/b#", host, "d x/")
    assert repository.edit("é.md") == f"https://h/o/n{edit}"
    assert repository.new("k", "n.md", "a&\n") == f"https://h/o/n{new}"


def test_ci_systems() -> None:
    github = {"GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "o/n"}
    assert from_ci(github) == ("https://github.com/o/n", "", "github")
    branch = {"GITHUB_REF_TYPE": "branch", "GITHUB_REF_NAME": "trunk"}
    assert from_ci({**github, **branch}) == ("https://github.com/o/n", "trunk", "github")
    proposal = {"GITHUB_BASE_REF": "trunk", "GITHUB_REF_NAME": "7/merge"}
    assert from_ci({**github, **proposal}) == ("https://github.com/o/n", "trunk", "github")
    tag = {"GITHUB_REF_TYPE": "tag", "GITHUB_REF_NAME": "v1"}
    assert from_ci({**github, **tag}) == ("https://github.com/o/n", "", "github")
    own = {**github, "GITHUB_SERVER_URL": "https://github.example.org"}
    assert from_ci(own) == ("https://github.example.org/o/n", "", "github")
    gitea = {**own, "GITEA_ACTIONS": "true"}
    assert from_ci(gitea) == ("https://github.example.org/o/n", "", "gitea")
    forgejo = {**gitea, "FORGEJO_ACTIONS": "true"}
    assert from_ci(forgejo) == ("https://github.example.org/o/n", "", "forgejo")
    gitlab = {"GITLAB_CI": "true", "CI_PROJECT_URL": "https://git.example.org/g/s/n"}
    assert from_ci({**gitlab, "CI_COMMIT_BRANCH": "trunk"}) == (
        "https://git.example.org/g/s/n",
        "trunk",
        "gitlab",
    )
    assert from_ci({}) is None
    assert from_ci({"GITHUB_SERVER_URL": "https://github.com"}) is None


def test_pages_lead_to_the_configured_repository(edition: Project) -> None:
    edition.configure('edition_repository = "https://codeberg.org/o/n"\nedition_branch = "t/k"\n')
    assert addresses(edition) == [
        "https://codeberg.org/o/n/src/branch/t/k/commentary/people/her.md",
        "https://codeberg.org/o/n/src/branch/t/k/terms.md",
        "https://codeberg.org/o/n/src/branch/t/k/commentary/cross-references/tie.md",
    ]
    link = edition.page("terms").select_one(".suggest-change a")
    assert link is not None
    assert link.get_text() == "Suggest a change"
    assert link["rel"] == ["nofollow"]


def test_pages_lead_to_the_origin(edition: Project) -> None:
    assert addresses(edition) == []
    committed(edition, f"https://x:{SECRET}@github.com/OWNER/NAME.git")
    assert "https://github.com/OWNER/NAME/edit/main/terms.md" in addresses(edition)
    for path in edition.folder.glob("_build/**/*"):
        if path.is_file():
            assert SECRET.encode() not in path.read_bytes(), path
    # The branch that happens to be checked out is this clone's alone.
    porcelain.branch_create(str(edition.folder), "mine")
    porcelain.checkout(str(edition.folder), "mine")
    assert "https://github.com/OWNER/NAME/edit/main/terms.md" in addresses(edition)


def test_a_project_within_a_repository(edition: Project, tmp_path: Path) -> None:
    inner = tmp_path / "repo" / "books and more"
    shutil.copytree(edition.folder, inner, ignore=shutil.ignore_patterns("repo", "_build"))
    project = Project(inner)
    project.index = edition.index
    committed(project, "git@github.com:OWNER/NAME.git", tmp_path / "repo")
    assert "https://github.com/OWNER/NAME/edit/main/books%20and%20more/terms.md" in addresses(
        project
    )


def test_a_clone_of_something_else_is_not_ours(edition: Project) -> None:
    repo = committed(edition, "git@github.com:OWNER/DOTFILES.git")
    porcelain.remove(repo, [str(edition.folder / "conf.py")], cached=True)
    porcelain.commit(repo, b"Ours no more", author=b"A <a@b>", committer=b"A <a@b>")
    assert addresses(edition) == []


@pytest.mark.parametrize("origin", ["/srv/git/n.git", "git@git.example.org:o/n.git"])
def test_no_guess(edition: Project, origin: str) -> None:
    committed(edition, origin)
    assert addresses(edition) == []


def test_ci_comes_before_the_origin_and_the_configuration_before_both(
    edition: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    committed(edition, "git@github.com:FORK/NAME.git")
    monkeypatch.setenv("GITHUB_SERVER_URL", "https://github.com")
    monkeypatch.setenv("GITHUB_REPOSITORY", "OWNER/NAME")
    monkeypatch.setenv("GITHUB_BASE_REF", "trunk")
    assert "https://github.com/OWNER/NAME/edit/trunk/terms.md" in addresses(edition)
    # Every page has been written again.
    assert not any("FORK" in address for address in addresses(edition))
    edition.configure('edition_repository = "https://github.com/THIRD/NAME"\n')
    # Of another repository CI's branch says nothing.
    assert "https://github.com/THIRD/NAME/edit/main/terms.md" in addresses(edition)
    edition.configure('edition_repository = ""\n')
    assert addresses(edition) == []


@pytest.mark.parametrize(
    "address",
    [
        f"https://me:{SECRET}@github.com/O/N",
        "http://github.com/O/N",
        "git@github.com:O/N.git",
        "https://git.example.org/o/n",
        "https://github.com/O",
        "javascript:alert(1)",
    ],
)
def test_a_wrong_setting_says_so_and_tells_no_secret(edition: Project, address: str) -> None:
    edition.configure(f"edition_repository = {address!r}\n")
    # Whatever is built, be it nothing but a check.
    with pytest.raises(ConfigError, match="edition_repository") as error:
        edition.build("dummy")
    assert SECRET not in str(error.value)


def test_every_page_of_the_theme_leads_to_its_file_and_search_does_not_find_the_words(
    edition: Project,
) -> None:
    edition.configure(
        """
        extensions += ["sphinxcontrib.bibtex"]
        bibtex_bibfiles = ["a.bib"]
        html_theme = "edition"
        edition_repository = "https://github.com/OWNER/NAME"
        """
    )
    edition.write("a.bib", "@misc{a, author={A}, title={One}, year={2020}}\n")
    edition.write("sources.md", "# Sources\n\n{cite:p}`a`\n\n```{bibliography}\n```\n")
    edition.note("people/her", "old", "A gist {cite:p}`a`.")
    edition.write("about.md", "# About\n\nHow.\n")
    edition.write("CONTRIBUTING.md", "Welcome.\n")
    edition.configure('exclude_patterns = ["CONTRIBUTING.md", "_build"]\n')
    edition.index += "\n```{toctree}\nsources\nabout\n```\n"
    edition.build()
    assert edition.warnings == ""
    root = "https://github.com/OWNER/NAME"
    for name, file in {
        "about": "about.md",
        "sources": "a.bib",
        "terms": "terms.md",
        "index": "index.md",
        "commentary/people/her": "commentary/people/her.md",
    }.items():
        links = edition.page(name).select(".suggest-change a")
        assert [link["href"] for link in links] == [f"{root}/edit/main/{file}"], name
        assert [link.get_text() for link in links] == ["Suggest a change"]
    # The text isn't corrected.
    page = edition.page("text/a")
    assert page.select(".suggest-change") == []
    footer = {link.get_text(): link["href"] for link in page.select(".edition-footer a")}
    assert footer["Contribute"] == f"{root}/blob/main/CONTRIBUTING.md"
    assert footer["Tell of a mistake"] == f"{root}/issues/new/choose"
    assert footer["Source"] == root
    index = edition.output("searchindex.js").read_text(encoding="utf-8")
    assert '"harbour":' in index or "harbour:" in index
    assert "suggest" not in index


def test_other_builders_have_no_such_links(edition: Project) -> None:
    edition.configure('edition_repository = "https://github.com/OWNER/NAME"\n')
    for builder in ("text", "epub", "latex", "man"):
        edition.build(builder)
        found = [
            path
            for path in edition.output("", builder).rglob("*")
            if path.suffix in (".txt", ".xhtml", ".tex", ".1")
        ]
        assert found
        for path in found:
            assert "OWNER" not in path.read_text(encoding="utf-8"), path
