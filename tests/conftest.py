"""Fixtures of all tests; what they are made of stands in ``support``."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from support.edition import Outputs
from support.kept import keep_compiled, keep_entry_points, keep_settings
from support.project import Project
from support.shared import folder_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# Timings live in benchmarks; a slow machine fails no property.
settings.register_profile("edition", deadline=None, derandomize=bool(os.environ.get("CI")))
# Mutants are many, and each must meet the same examples (tools/mutants.py).
settings.register_profile(
    "mutation", deadline=None, derandomize=True, database=None, max_examples=20
)
settings.load_profile("edition")

keep_compiled()
keep_entry_points()
keep_settings()
# Sphinx makes hundreds of records a build that nobody reads.
logging.disable(logging.INFO)

# What a CI system says of its repository would stand on every page.
for _name in [*os.environ]:
    if _name.startswith(("GITHUB_", "GITEA_", "FORGEJO_", "GITLAB_", "CI_")):
        del os.environ[_name]

pytest_plugins = ("sphinx.testing.fixtures",)
collect_ignore = ["roots", "bench", "support"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a browser, and what builds the whole edition, by their fixtures.

    In WebKit, tests are skipped that need what its driver lacks, and say what.
    """
    for item in items:
        for fixture, mark in (("engines", "browser"), ("outputs", "edition")):
            if fixture in getattr(item, "fixturenames", ()):
                item.add_marker(mark)
        lacks = item.get_closest_marker("webkit_lacks")
        if (
            lacks
            and getattr(item, "callspec", None)
            and item.callspec.params["browser"] == "webkit"
        ):
            from support.webkit import LACKS

            item.add_marker(pytest.mark.skip(f"not tested in WebKit: {LACKS[lacks.args[0]]}"))


@pytest.fixture(scope="session")
def rootdir() -> Path:
    """Where sphinx.testing looks for test roots."""
    return Path(__file__).parent / "roots"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """An empty project with the extension and nothing else."""
    return Project(tmp_path)


@pytest.fixture
def progress_told() -> Iterator[None]:
    """Have Sphinx say what it does, which few tests ask for."""
    logging.disable(logging.DEBUG)
    yield
    logging.disable(logging.INFO)


@pytest.fixture
def new_project(tmp_path: Path) -> Iterator[Callable[[], Project]]:
    """Makes fresh projects, for tests that need more than one."""
    count = 0

    def make() -> Project:
        nonlocal count
        count += 1
        folder = tmp_path / str(count)
        folder.mkdir()
        return Project(folder)

    return make


@pytest.fixture(scope="session")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Outputs:
    """The edition's outputs, shared by all tests."""
    return Outputs(folder_of(tmp_path_factory, "edition"))


@pytest.fixture(scope="session")
def engines() -> Iterator[Callable[[str], Browser]]:
    """Browsers by their names, each started once for all tests of a worker."""
    # Tests without a browser start without Playwright.
    from support.browser import engines

    with engines() as engines:
        yield engines


@pytest.fixture
def browser(request: pytest.FixtureRequest, engines: Callable[[str], Browser]) -> Browser:
    """Chromium, or the browser that a test names."""
    return engines(getattr(request, "param", "chromium"))
