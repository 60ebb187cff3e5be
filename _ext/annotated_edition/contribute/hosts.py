"""Where a repository's files are changed in the browser: GitHub, GitLab, Gitea, Forgejo.

No Sphinx here.  The addresses are those of the hosts' own buttons, and must serve a
stranger, who may not write to the repository.  GitHub, GitLab and Gitea from 1.25
(go-gitea/gitea, pull request 34240) offer a stranger who comes to the editor a fork, and
go on.  Forgejo, which Codeberg runs, and older Giteas answer that there is no such page
(``routers/web/web.go``: ``_edit`` and ``_new`` want ``canEnableEditor``).  There links lead to
the file, beside which the button "Fork" stands, and to the form that forks.

What a new file begins with: GitHub and Gitea read ``filename`` and ``value``.  GitLab reads
``file_name``; that its editor leaves ``content`` unread is a known fault (gitlab-org/gitlab,
issue 594214), so there, and where a fork comes first, a script puts the text on the clipboard.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple, get_args
from urllib.parse import quote, urlsplit

Host = Literal["github", "gitlab", "gitea", "forgejo"]

HOSTS: tuple[Host, ...] = get_args(Host)

#: Hosts known by name.  Which software runs on any other is for the project to say.
_KNOWN: dict[str, Host] = {
    "github.com": "github",
    "gitlab.com": "gitlab",
    "codeberg.org": "forgejo",
    "gitea.com": "gitea",
}


class _Pattern(NamedTuple):
    edit: str
    new: str
    view: str
    issue: str


_PATTERNS: dict[Host, _Pattern] = {
    "github": _Pattern(
        "{url}/edit/{branch}/{path}",
        "{url}/new/{branch}/{folder}?filename={name}&value={value}",
        "{url}/blob/{branch}/{path}",
        "{url}/issues/new/choose",
    ),
    "gitlab": _Pattern(
        "{url}/-/edit/{branch}/{path}",
        "{url}/-/new/{branch}?file_name={folder}/{name}&content={value}",
        "{url}/-/blob/{branch}/{path}",
        "{url}/-/issues/new",
    ),
    "gitea": _Pattern(
        "{url}/_edit/{branch}/{path}",
        "{url}/_new/{branch}/{folder}?filename={name}&value={value}",
        "{url}/src/branch/{branch}/{path}",
        "{url}/issues/new/choose",
    ),
    "forgejo": _Pattern(
        "{url}/src/branch/{branch}/{path}",
        # Without a script, too, the address says what is to be made.
        "{url}/fork#{folder}/{name}",
        "{url}/src/branch/{branch}/{path}",
        "{url}/issues/new/choose",
    ),
}

#: One step of a repository's path.
_STEP = re.compile(r"(?!\.+\Z)[A-Za-z0-9._~-]+\Z")

#: ``git@github.com:OWNER/NAME.git``; two letters at least, or a Windows drive is a host.
_SCP = re.compile(r"(?:[^/@:\s]+@)?(?P<host>[A-Za-z0-9.-]{2,}):(?P<path>[^/].*)\Z")


class HostingError(ValueError):
    """An address that leads to no repository; the message never repeats it."""


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository on the web: its https address, branch, and the host's software.

    ``folder`` is the project's place within it: empty, or ending with a slash.
    """

    url: str
    branch: str
    host: Host
    folder: str = ""

    def edit(self, path: str) -> str:
        """The page on which the file *path* (from the project's folder) is changed."""
        return _PATTERNS[self.host].edit.format(
            url=self.url, branch=quote(self.branch), path=quote(self.folder + path)
        )

    def view(self, path: str) -> str:
        """The page that shows the file *path* (from the repository's root)."""
        return _PATTERNS[self.host].view.format(
            url=self.url, branch=quote(self.branch), path=quote(path)
        )

    @property
    def issue(self) -> str:
        """The page on which a mistake is told; it offers the repository's forms."""
        return _PATTERNS[self.host].issue.format(url=self.url)

    def new_pattern(self) -> str:
        """The page of a new file, with ``{folder}``, ``{name}`` and ``{value}`` to fill in."""
        return _PATTERNS[self.host].new.format(
            url=self.url,
            branch=quote(self.branch),
            folder=quote(self.folder) + "{folder}",
            name="{name}",
            value="{value}",
        )

    def new(self, folder: str, name: str, value: str) -> str:
        """The page of a new file *name* in *folder* that begins with *value*."""
        return self.new_pattern().format(
            folder=quote(folder), name=quote(name, safe=""), value=quote(value, safe="")
        )

    @property
    def takes_text(self) -> bool:
        """Whether the host's editor shows the text that an address carries."""
        return self.host not in ("gitlab", "forgejo")

    @property
    def forks_first(self) -> bool:
        """Whether a stranger must fork the repository before anything can be written."""
        return self.host == "forgejo"


def web_address(address: str, host: Host | None = None) -> tuple[str, Host]:
    """A repository's https address and host, from any address that git knows.

    *host* says what runs where the name doesn't.  A user's name, a password and
    a token are dropped.  Raises HostingError for a local path, an unknown host and
    what is no repository's address.
    """
    scp = None if "://" in address else _SCP.match(address)
    if scp:
        name, port, path = scp["host"], None, scp["path"]
    else:
        try:
            parts = urlsplit(address)
            name, port, path = parts.hostname or "", parts.port, parts.path
        except ValueError:
            raise HostingError("this is no address") from None
        if parts.scheme not in ("https", "http", "ssh", "git", "git+ssh") or not name:
            raise HostingError("this is no address of a repository on the web")
        if parts.scheme != "https":
            port = None  # of another protocol
    name = name.lower()
    if name.removeprefix("www.") in _KNOWN:
        name = name.removeprefix("www.")
    host = _KNOWN.get(name, host)
    if host is None:
        raise HostingError("what runs on this host is unknown")
    steps = path.strip("/").removesuffix(".git").split("/")
    if len(steps) < 2 or (host == "github" and len(steps) > 2) or not all(map(_STEP.match, steps)):
        raise HostingError("the address must end with an owner's name and a repository's")
    return f"https://{name}{f':{port}' if port else ''}/{'/'.join(steps)}", host


def from_ci(environment: Mapping[str, str]) -> tuple[str, str, Host] | None:
    """The repository that a CI system builds: address, branch ("" if unsaid) and host.

    The branch is the one that a change is proposed for, not the change's own.
    See GitHub's "Variables reference" and GitLab's "Predefined CI/CD variables";
    Gitea's and Forgejo's runners set GitHub's variables and one that tells them apart.
    """
    get = environment.get
    if server := get("GITHUB_SERVER_URL"):
        address = f"{server}/{get('GITHUB_REPOSITORY', '')}"
        ours: Host = "gitea" if get("GITEA_ACTIONS") else "github"
        if get("FORGEJO_ACTIONS"):  # whose runner sets Gitea's, too
            ours = "forgejo"
        branch = get("GITHUB_BASE_REF", "")
        if not branch and get("GITHUB_REF_TYPE") == "branch":
            branch = get("GITHUB_REF_NAME", "")
    elif project := get("CI_PROJECT_URL"):
        if not get("GITLAB_CI"):
            return None
        address, ours = project, "gitlab"
        branch = (
            get("CI_MERGE_REQUEST_TARGET_BRANCH_NAME")
            or get("CI_COMMIT_BRANCH")
            or get("CI_DEFAULT_BRANCH", "")
        )
    else:
        return None
    try:
        url, host = web_address(address, ours)
    except HostingError:
        return None
    return url, branch, host
