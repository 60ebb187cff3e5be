"""Who wrote and revised a note, and when.  No Sphinx here.

Names come from the note's own front matter (``contributors``), days and further
names from the history of its file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from annotated_edition.model.records import NOTHING, Change, Credit, Revision
from annotated_edition.text.words import Words


def credit(
    contributors: Sequence[Words], changes: Iterable[Change], ignore: Sequence[str] = ()
) -> Credit:
    """The credit for a note from its *contributors* and the *changes* of its file.

    Contributors wrote it, whoever entered it; without any, whoever made the first
    change did.  Names that match a glob of *ignore* (``*`` and ``?``) name nobody,
    but their days count.  A person's revisions count as one, of the last day; one
    of the day when they wrote it is part of the writing.
    """
    ignored = re.compile("|".join(map(_glob, ignore)) or r"\Z.", re.I)
    made = [
        Change(change.when, change.day, NOTHING if ignored.fullmatch(change.name) else change.name)
        for change in sorted(changes)
    ]
    if not made:
        return Credit(tuple(contributors))
    first = [change for change in made if change.when == made[0].when]
    entered = dict.fromkeys(change.name for change in first if change.name)
    writers = tuple(contributors) or tuple(entered)
    # Who entered it for others revised nothing on that day.
    wrote = {name.casefold() for name in (*writers, *entered, "")}
    last: dict[str, Change] = {}
    for change in made:
        if change.day > made[0].day or change.name.casefold() not in wrote:
            last[change.name] = change
    return Credit(
        writers,
        made[0].day,
        tuple(Revision(change.day, change.name) for change in sorted(last.values())),
    )


def _glob(pattern: str) -> str:
    return re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
