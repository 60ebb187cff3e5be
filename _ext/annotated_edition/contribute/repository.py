"""Which repository the edition's pages lead to: as configured, or found out.

A build is told by ``edition_repository``; else by the CI system that runs it;
else by the clone's ``origin``.  What none of them makes certain is not guessed.
"""

from __future__ import annotations

import os
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError
from sphinx.util import logging

from annotated_edition.anchor.git_history import Clone
from annotated_edition.contribute.hosts import Host, HostingError, Repository, from_ci, web_address
from annotated_edition.text.extras import command_for, is_installed

logger = logging.getLogger(__name__)

_BRANCH = "main"


def find_repository(config: Config, project: Path) -> Repository | None:
    """The repository of the project in the folder *project*, or None.

    Raises ConfigError for an ``edition_repository`` that leads nowhere.
    """
    if config.edition_repository == "":
        return None
    clone = Clone.of(project)
    origin, folder = (clone.origin(), clone.folder) if clone else ("", "")
    if clone:
        clone.close()
    ci = from_ci(os.environ)
    host = config.edition_repository_host
    branch = ""
    if config.edition_repository is not None:
        url, host = _configured(config)
        if ci and ci[0] == url:
            branch = ci[1]
    elif ci:
        url, branch, host = ci
    else:
        try:
            url, host = web_address(origin, host)
        except HostingError:
            return None
    return Repository(url, config.edition_branch or branch or _BRANCH, host, folder)


def validate(app: Sphinx, config: Config) -> None:
    """Refuse a setting that leads nowhere, whatever is built (``config-inited``)."""
    if config.edition_repository:
        _configured(config)


def tell_what_is_missing(app: Sphinx) -> None:
    """Say what a clone would tell if it could be read (``builder-inited``)."""
    config = app.config
    wanted = config.edition_credit_from_history or config.edition_repository is None
    if not wanted or is_installed("history"):
        return
    folders = [Path(app.srcdir), *Path(app.srcdir).parents]
    if any((folder / ".git").exists() for folder in folders):
        logger.info(
            "the clone's history isn't read, for credit and for links to its repository: %s",
            command_for("history"),
        )


def _configured(config: Config) -> tuple[str, Host]:
    # What is written there may be a secret: it is not repeated.
    address = config.edition_repository
    if not address.startswith("https://") or "@" in address:
        raise ConfigError(
            "edition_repository must be an address such as https://github.com/OWNER/NAME, "
            "without a user's name or a password; or empty, for no links to a repository"
        )
    try:
        return web_address(address, config.edition_repository_host)
    except HostingError as error:
        raise ConfigError(
            f"edition_repository leads to no repository ({error}): write an address such as "
            "https://github.com/OWNER/NAME, and for a host of your own set "
            "edition_repository_host to github, gitlab, gitea or forgejo"
        ) from None
