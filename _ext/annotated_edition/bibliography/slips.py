"""What an entry says that can't be so: a year to come, pages backwards, a number with a slip."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from annotated_edition.text.addresses import lacks_host
from annotated_edition.text.control import brief

_ADDRESSES = ("url", "archiveurl")
#: Of numbers that pages may have: Python makes none of more than 4300 figures.
_RANGE = re.compile(r"\s*(\d{1,9})\s*(-{1,3}|[–—])\s*(\d{1,9})\s*")


def slips(fields: Mapping[str, str], this_year: int) -> Iterator[tuple[str, str]]:
    """Fields and what to do about them."""
    for name, advice in (
        ("date" if fields.get("date") else "year", _year(fields.get("year", ""), this_year)),
        ("pages", _pages(fields.get("pages", ""))),
        ("isbn", _numbers(fields.get("isbn", ""), "ISBN", _is_isbn)),
        ("issn", _numbers(fields.get("issn", ""), "ISSN", _is_issn)),
    ):
        if advice:
            yield name, advice
    for name in _ADDRESSES:
        address = fields.get(name, "").strip()
        if lacks_host(address):
            yield (
                name,
                f"the address {brief(repr(address))} has no host: copy it once more, as in "
                f"{name} = {{https://example.org/page}}",
            )


def _year(written: str, this_year: int) -> str:
    """What to do about a year that hasn't come; publishers are ahead by one."""
    years = [int(one) for one in re.findall(r"(?<!\d)\d{4}(?!\d)", written)]
    if not years or min(years) <= this_year + 1:
        return ""
    return (
        f"the year {years[0]} hasn't come: correct it; of another calendar write both, such as "
        "year = {5784 [2024]}"
    )


def _pages(written: str) -> str:
    """What to do about pages from a higher number to a lower."""
    for part in re.split(r"[,;]", written):
        if not (match := _RANGE.fullmatch(part)):
            continue
        first, dash, last = match.groups()
        # 321-28 is short for 321-328; one hyphen may also part a chapter from its page, 12-3.
        shortened = first[: -len(last)] + last if len(last) < len(first) else last
        is_range = len(dash) > 1 or dash != "-" or (len(first) == len(last) > 2)
        if is_range and int(shortened) < int(first):
            return f"the pages {brief(part.strip())} go backwards: write {last}--{first}"
    return ""


def _numbers(written: str, name: str, is_sound: Callable[[str], bool]) -> str:
    """What to do about an ISBN or ISSN with a slip."""
    # Behind a number may stand which binding or volume it is of.
    for found in re.findall(r"(?<![\w-])\d[\dXx\s‐‑–-]{6,}[\dXx](?![\w-])", written):
        for part in re.split(r"\s{2,}|\s(?=97[89])", found):
            digits = re.sub(r"[^\dXx]", "", part).upper()
            if digits and not is_sound(digits):
                return (
                    f"{part.strip()} is no {name}, for its last figure doesn't fit the others: "
                    "copy it once more, or delete it"
                )
    return ""


def _is_isbn(digits: str) -> bool:
    """Whether the check digit fits: ISO 2108."""
    if re.fullmatch(r"\d{13}", digits):
        return sum(int(one) * (3 if at % 2 else 1) for at, one in enumerate(digits)) % 10 == 0
    return _is_sum_of_eleven(digits, 10)


def _is_issn(digits: str) -> bool:
    """Whether the check digit fits: ISO 3297."""
    return _is_sum_of_eleven(digits, 8)


def _is_sum_of_eleven(digits: str, length: int) -> bool:
    if len(digits) != length or not re.fullmatch(r"\d{7,9}[\dX]", digits):
        return False
    values = [10 if one == "X" else int(one) for one in digits]
    return sum(value * (length - at) for at, value in enumerate(values)) % 11 == 0
