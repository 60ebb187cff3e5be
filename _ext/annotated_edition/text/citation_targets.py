"""What stands between the backquotes of a citation: keys, with places in their sources."""

from __future__ import annotations

import re

from annotated_edition.text.control import UNSEEN

#: sphinxcontrib-bibtex's own: ``{before}key{after}``.  What repeats gives nothing back.
_TARGET = re.compile(r"\s*+(?:\{[^{}]+\})?\s*+[^{}\s,]++\s*+(?:\{[^{}]+\})?\s*+")
_PARTED = re.compile(r"[,;]\s*+(?![^{}]{0,500}\})")
_LOCATOR = re.compile(
    r"(?:pp?|pages?|vols?|chs?|chapters?|nos?|arts?|fols?|secs?|paras?|col|n|S)\.?\s*\d.*|§.*|\d[\d\s–—-]*",
    re.IGNORECASE,
)


_SEE = re.compile(
    r"\s*(see|cf\.?|vgl\.|siehe|см\.)\s++([^{}\s,;]++(?:\{[^{}]++\})?)\s*", re.IGNORECASE
)
#: What stands for a key where nobody wrote any.
PLACEHOLDER = "key"
#: Words between two keys, which no key is.
_JOINING = frozenset(["", "and", "&", "und", "et", "и", "see", "also"])


def mended(target: str) -> str:
    """*target* as it should be written; the same if nothing is wrong with it.

    A page after a comma goes into braces; keys are parted by commas, and stand without signs.
    Where there is none, it is :data:`PLACEHOLDER`.
    """
    target = UNSEEN.sub("", target)
    if sees := _SEE.fullmatch(target):
        return f"{{{sees[1]}}}{sees[2]}"
    target, written = re.sub(r"\}\s*\{", ", ", target), target
    parts = [part.strip() for part in _PARTED.split(target)]
    if (
        ";" not in target
        and all(_TARGET.fullmatch(part) and not _LOCATOR.fullmatch(part) for part in parts)
        and not re.search(r"[@\[\]]", target)
        and target == written
    ):
        return target
    keys: list[str] = []
    for part in filter(None, parts):
        part = re.sub(r"(?<=\w)\[([^\[\]{}]+)\]\Z", r"{\1}", part)
        key, _space, rest = part.strip("[]@ ").partition(" ")
        if _LOCATOR.fullmatch(part) and keys:
            keys[-1] = f"{keys[-1]}{{{part}}}"
        elif _TARGET.fullmatch(part):
            keys.append(part.strip("[]@ "))
        elif rest and _LOCATOR.fullmatch(rest.strip(" []()")):
            keys.append(f"{key}{{{rest.strip(' []()')}}}")
        else:
            keys += [
                one.strip("[]@{}") for one in part.split() if one.strip("[]@{}") not in _JOINING
            ]
    written = ",".join(re.sub(r"\}\{", ", ", key) for key in keys) or PLACEHOLDER
    sound = all(_TARGET.fullmatch(part) for part in _PARTED.split(written))
    return written if sound else PLACEHOLDER
