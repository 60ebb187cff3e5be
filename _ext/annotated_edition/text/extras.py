"""What to install where a library is missing that only some projects need.

The names are those of the extras in ``pyproject.toml``; which library an extra brings in, in which
versions, is said there alone.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import Literal

#: What a project may do without.
Extra = Literal["bibliography", "history", "html", "math", "pdf"]

#: The modules that each brings in.
_MODULES: dict[Extra, tuple[str, ...]] = {
    "bibliography": ("sphinxcontrib.bibtex", "pybtex"),
    "history": ("dulwich",),
    "html": ("rcssmin", "rjsmin"),
    "math": ("latex2mathml",),
    "pdf": ("typst", "pikepdf"),
}


def is_installed(extra: Extra) -> bool:
    """Whether all modules of *extra* can be imported; none of them is."""
    try:
        return all(find_spec(module) is not None for module in _MODULES[extra])
    except ModuleNotFoundError:  # the package that a module is in
        return False


def command_for(extra: Extra) -> str:
    """The command that installs *extra*."""
    return f"pip install 'annotated-edition[{extra}]'"
