"""Who is credited with a note, by its front matter and the changes of its file."""

from __future__ import annotations

import pytest

from annotated_edition.anchor.credit import credit
from annotated_edition.model import Change, Credit, Revision

FIRST, SECOND, THIRD = "2026-01-01", "2026-01-02", "2026-01-03"


def test_without_history_only_contributors_are_known() -> None:
    assert credit(["Dee", "Ann"], []) == Credit(("Dee", "Ann"))
    assert credit([], []) == Credit()


def test_who_made_the_first_change_wrote_it() -> None:
    assert credit([], [Change(1, FIRST, "Ann")]) == Credit(("Ann",), FIRST)


def test_two_people_of_the_first_commit_wrote_it() -> None:
    changes = [Change(2, SECOND, "Cy"), Change(1, FIRST, "Bo"), Change(1, FIRST, "Ann")]
    assert credit([], changes) == Credit(("Ann", "Bo"), FIRST, (Revision(SECOND, "Cy"),))


def test_contributors_wrote_it_whoever_entered_it() -> None:
    changes = [Change(1, FIRST, "Ann"), Change(2, FIRST, "Ann"), Change(3, FIRST, "dee")]
    assert credit(["Dee"], changes) == Credit(("Dee",), FIRST)
    later = [*changes, Change(4, SECOND, "Ann")]
    assert credit(["Dee"], later) == Credit(("Dee",), FIRST, (Revision(SECOND, "Ann"),))


def test_another_person_revised_it_on_the_same_day() -> None:
    changes = [Change(1, FIRST, "Ann"), Change(2, FIRST, "Bo")]
    assert credit([], changes) == Credit(("Ann",), FIRST, (Revision(FIRST, "Bo"),))


def test_a_persons_revisions_are_one_of_the_last_day_in_order_of_time() -> None:
    changes = [
        Change(1, FIRST, "Ann"),
        Change(2, SECOND, "Bo"),
        Change(3, SECOND, "Ann"),
        Change(4, THIRD, "Bo"),
    ]
    assert credit([], changes) == Credit(
        ("Ann",), FIRST, (Revision(SECOND, "Ann"), Revision(THIRD, "Bo"))
    )


@pytest.mark.parametrize(
    ("ignore", "name", "ignored"),
    [
        ("*[bot]", "dependabot[bot]", True),
        ("*[bot]", "bot", False),
        ("*[BOT]", "dependabot[bot]", True),
        ("Ann ?", "Ann B", True),
        ("Ann ?", "Ann", False),
        ("Ann", "Ann B", False),
        ("A.n", "Ann", False),
        ("nobody", "Ann", False),
    ],
)
def test_a_glob_takes_names_away_and_leaves_their_days(
    ignore: str, name: str, ignored: bool
) -> None:
    changes = [Change(1, FIRST, name), Change(2, SECOND, "Bo"), Change(3, THIRD, name)]
    shown = () if ignored else (name,)
    assert credit([], changes, ["other", ignore]) == Credit(
        shown, FIRST, (Revision(SECOND, "Bo"), Revision(THIRD, "" if ignored else name))
    )


def test_what_nobody_did_on_the_first_day_is_part_of_the_writing() -> None:
    changes = [Change(1, FIRST, "Ann"), Change(2, FIRST, "x[bot]")]
    assert credit([], changes, ["*[bot]"]) == Credit(("Ann",), FIRST)


def test_nobody_is_ignored_where_nothing_says_so() -> None:
    assert credit([], [Change(1, FIRST, "Ann")], []).writers == ("Ann",)
    assert credit([], [Change(1, FIRST, "")], []) == Credit((), FIRST)
