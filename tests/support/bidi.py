"""Firefox, asked in WebDriver BiDi itself: for touch, which Playwright's driver leaves out.

Playwright's ``tap`` sends Firefox nothing (seen: 1.63). The protocol has it:
https://w3c.github.io/webdriver-bidi/#command-input-performActions.
"""

from __future__ import annotations

import itertools
import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from websocket import WebSocket, create_connection

from support.browser import FIREFOX

#: Firefox tells where it listens.
_LISTENS = "WebDriver BiDi listening on "
_MIDDLE = """(() => {
  const element = document.querySelector(%s);
  element.scrollIntoView({ block: "center" });
  const { left, right, top, bottom } = element.getClientRects()[0];
  return JSON.stringify([left + right, top + bottom].map((sum) => Math.round(sum / 2)));
})()"""


class Touched:
    """A page in Firefox that a finger taps."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self._send("session.new", capabilities={})
        self._context = self._send("browsingContext.getTree")["contexts"][0]["context"]

    def open(self, path: Path, width: int, height: int) -> None:
        """Open a page in a window of this size in pixels."""
        size = {"width": width, "height": height}
        self._send("browsingContext.setViewport", context=self._context, viewport=size)
        self._send(
            "browsingContext.navigate", context=self._context, url=path.as_uri(), wait="complete"
        )

    def ask(self, expression: str) -> Any:
        """The value of an expression of JavaScript, or of its promise: a string, number or so."""
        answer = self._send(
            "script.evaluate",
            expression=expression,
            target={"context": self._context},
            awaitPromise=True,
        )
        assert answer["type"] == "success", answer
        return answer["result"].get("value")

    def tap(self, selector: str) -> None:
        """Tap the first line of an element."""
        x, y = json.loads(self.ask(_MIDDLE % json.dumps(selector)))
        finger = {
            "type": "pointer",
            "id": "finger",
            "parameters": {"pointerType": "touch"},
            "actions": [
                {"type": "pointerMove", "x": x, "y": y},
                {"type": "pointerDown", "button": 0},
                {"type": "pointerUp", "button": 0},
            ],
        }
        self._send("input.performActions", context=self._context, actions=[finger])

    def _send(self, method: str, **params: object) -> Any:
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            answer = json.loads(self._socket.recv())
            if answer.get("id") == number:
                assert answer["type"] == "success", answer
                return answer["result"]


@contextmanager
def touched(folder: Path) -> Iterator[Touched]:
    """Firefox with an empty profile in *folder*; without Firefox the test is skipped."""
    if not shutil.which(FIREFOX):
        pytest.skip(f"there is no {FIREFOX} (on Debian: sudo apt install firefox-esr)")
    profile = folder / "profile"
    profile.mkdir()
    # As on a machine that has a touch screen.
    (profile / "user.js").write_text(
        'user_pref("dom.w3c_touch_events.enabled", 1);\n', encoding="utf-8"
    )
    command = [
        *(FIREFOX, "--headless", "--no-remote", "--remote-debugging-port=0"),
        *("--profile", str(profile)),
    ]
    with (folder / "log").open("w", encoding="utf-8") as log:
        firefox = subprocess.Popen(command, stdout=log, stderr=subprocess.PIPE, text=True)
        try:
            assert firefox.stderr
            told = next((line for line in firefox.stderr if _LISTENS in line), "")
            assert told, f"Firefox ended: {firefox.wait()}"
            address = told.partition(_LISTENS)[2].strip()
            socket = create_connection(f"{address}/session", timeout=60, suppress_origin=True)
            yield Touched(socket)
            socket.close()
        finally:
            firefox.terminate()
            firefox.communicate()
