"""Write what Sphinx's linkcheck found broken as Markdown, for an issue.

    tools/broken_links.py OUTPUT.json BROKEN.md

Hosts that turn robots away (403, 429 and so on) say nothing about the page: they are
listed apart, and alone make no report, which then is empty.
"""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

#: HTTP's answers of hosts that don't want to be visited by programs, or not now.
_UNWELCOME = {"401", "403", "405", "406", "418", "429", "503"}


def report(results: Iterable[dict[str, Any]]) -> str:
    """The report, empty if nothing is broken; *results* are linkcheck's."""
    broken: dict[str, list[dict[str, Any]]] = defaultdict(list)
    unknown: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for result in results:
        if result["status"] in ("broken", "timeout"):
            code = re.match(r"(\d{3})\b", str(result.get("info", "")))
            sure = result["status"] == "broken" and (not code or code[1] not in _UNWELCOME)
            (broken if sure else unknown)[result["uri"]].append(result)
    if not broken:
        return ""
    parts = ["These addresses no longer answer:", "", *_listed(broken)]
    if unknown:
        parts += ["", "These turned the visitor away, or took too long:", "", *_listed(unknown)]
    return "\n".join(parts) + "\n"


def _listed(results: dict[str, list[dict[str, Any]]]) -> list[str]:
    lines = []
    for uri, found in sorted(results.items()):
        places = sorted({f"{one['filename']}, line {one['lineno']}" for one in found})
        reason = str(found[0].get("info", ""))
        # Whatever they hold, code names nobody and links nowhere.
        uri, reason, place = (_code(text) for text in (uri, reason, "; ".join(places)))
        lines.append(f"- {uri}: {reason} ({place})")
    return lines


def _code(text: str) -> str:
    return f"`` {' '.join(text.replace('`', '%60').split())[:300] or 'unknown'} ``"


if __name__ == "__main__":
    output, markdown = map(Path, sys.argv[1:])
    lines = output.read_text(encoding="utf-8").splitlines()
    text = report(json.loads(line) for line in lines)
    markdown.write_text(text, encoding="utf-8")
    print(text or "==> All links answer")
