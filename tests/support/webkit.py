"""WebKitGTK's browser, under the names of Playwright's interface that the pages' tests use.

Playwright drives a WebKit of its own only, not the system's, which listens to WebDriver alone. So a
test has the browser as a parameter, and is written once. What WebDriver or WebKitGTK can't do isn't
here: ``LACKS`` says what, and tests that need it are marked ``webkit_lacks``.

Debian has the browser in ``webkit2gtk-driver``, and a screen for it in ``xvfb``.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from selenium.webdriver import WebKitGTK
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.command import Command
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service

#: What WebKitGTK's driver can't do, as docs/reference/theme.md tells it.
LACKS = {
    "print": "print",
    "touch": "touch",
    "clock": "times after which pop-ups open and close",
    "display": "forced colours, other scales of the screen, less motion",
}
#: Seconds after which what was waited for isn't expected any more, as in Playwright.
PATIENCE = 5
#: The window's own tools would have it no narrower than 447 pixels.
SMALL_TOOLS = "* { min-width: 0; min-height: 0; margin: 0; border-width: 0; padding: 0 }"
#: The page has the focus when the screen's pointer, in its middle, is over the window's tools.
SCREEN = "64x16x24"
KEYS = {
    **{name: getattr(Keys, name.upper()) for name in ("Tab", "Escape", "Enter", "Shift")},
    **{f"Arrow{name}": getattr(Keys, name.upper()) for name in ("Left", "Right", "Up", "Down")},
    "Control": Keys.CONTROL,
}
#: Finds elements by the steps of a locator.
_FIND = """const isShown = (it) => it.checkVisibility({ visibilityProperty: true })
  && it.getBoundingClientRect().width > 0 && it.getBoundingClientRect().height > 0;
const flat = (text) => text.replace(/\\s+/g, " ").trim();
const has = (text, part) => flat(text || "").toLowerCase().includes(part.toLowerCase());
const ROLES = { button: "button", link: "a[href]", searchbox: "input[type=search]" };
const STEPS = {
  css: (from, selector) => {
    const all = [...from.querySelectorAll(selector.replaceAll(":visible", ""))];
    return selector.includes(":visible") ? all.filter(isShown) : all;
  },
  parent: (from) => [from.parentElement],
  role: (from, role, name) => [...from.querySelectorAll(ROLES[role])]
    .filter((it) => isShown(it) && has(it.getAttribute("aria-label") || it.innerText, name)),
  label: (from, name) => [...from.querySelectorAll("*")].filter((it) =>
    has(it.getAttribute("aria-label"), name)
    || [...(it.labels || [])].some((label) => has(label.textContent, name))),
};
const find = (steps) => steps.reduce((found, [step, ...what]) => step === "nth"
  ? [found.at(what[0])].filter(Boolean)
  : [...new Set(found.flatMap((from) => STEPS[step](from, ...what)))], [document]);
"""
#: What may be expected of each element.
_SEEN = """(found, about) => found.map((it) => {
  const { left, right, top, bottom } = it.getBoundingClientRect();
  return {
    shown: isShown(it), checked: it.checked, value: it.value, text: flat(it.textContent),
    focused: it === document.activeElement && document.hasFocus(),
    inside: right > 0 && bottom > 0 && left < innerWidth && top < innerHeight,
    class: it.getAttribute("class") || "",
    attribute: it.getAttribute(about), css: getComputedStyle(it).getPropertyValue(about),
  };
})"""
#: Where to point at an element; nothing while something else is there.
_POINT = """(it) => {
  if (!isShown(it)) return null;
  const middle = () => {
    const { left, right, top, bottom } = it.getClientRects()[0];
    return [Math.round((left + right) / 2), Math.round((top + bottom) / 2)];
  };
  const isIn = ([x, y]) => x >= 0 && y >= 0 && x < innerWidth && y < innerHeight;
  if (!isIn(middle())) it.scrollIntoView({ block: "center" });
  const hit = document.elementFromPoint(...middle());
  return hit && (it.contains(hit) || hit.closest("label")?.control === it) ? middle() : null;
}"""
#: What the page says from now on; where it leads is asked when it is left.
_LISTEN = """() => {
  const said = window.saidToTests = [];
  for (const kind of ["log", "info", "warn", "error"])
    console[kind] = (...words) => said.push([kind, words.join(" ")]);
  addEventListener("error", (event) => said.push(
    ["error", event.message || `no ${event.target.src || event.target.href}`]), true);
  addEventListener("unhandledrejection", (event) => said.push(["error", String(event.reason)]));
  document.addEventListener("securitypolicyviolation", (event) => said.push(
    ["error", `the policy stops ${event.blockedURI}`]));
}"""
#: What a page on a disk remembers; others have nothing, and may not look.
_FORGET = """() => { try { localStorage.clear(); sessionStorage.clear(); } catch {} }"""
_SAID = """() => [...(window.saidToTests || []).splice(0),
  ...performance.getEntriesByType("resource").map((it) => ["request", it.name])]"""


def until(seen: Callable[[], Any], right: Callable[[Any], bool] = bool) -> Any:
    """What is *seen* once it is *right*; fails when that takes too long."""
    end = time.monotonic() + PATIENCE
    while not right(last := seen()):
        if time.monotonic() > end:
            raise AssertionError(f"not as expected: {last}")
        time.sleep(0.02)
    return last


class WebKit:
    """The browser: a process for each way to start it, kept for all tests."""

    browser_type = SimpleNamespace(name="webkit")

    def __init__(self) -> None:
        driver = shutil.which("WebKitWebDriver")
        browsers = sorted(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"))
        screen = shutil.which("Xvfb")
        if not (driver and browsers and screen):
            pytest.skip("there is no WebKit (on Debian: apt install webkit2gtk-driver xvfb)")
        self._driver, self._browser = driver, str(browsers[-1])
        self._folder = tempfile.TemporaryDirectory(prefix="webkit-")
        style = Path(self._folder.name, "gtk-3.0/gtk.css")
        style.parent.mkdir()
        style.write_text(SMALL_TOOLS, encoding="utf-8")
        self._screen, self._screens = screen, list[subprocess.Popen[bytes]]()
        self._started: dict[tuple[bool, str], WebKitGTK] = {}
        self._in_use: set[WebKitGTK] = set()

    def new_context(
        self,
        viewport: dict[str, int] | None = None,
        java_script_enabled: bool = True,
        color_scheme: str = "light",
        permissions: list[str] | None = None,
    ) -> Context:
        """A window that remembers nothing; the clipboard is open in all."""
        way = (java_script_enabled, color_scheme)
        if way not in self._started:
            self._started[way] = self._start(*way)
        driver = self._started[way]
        # One window each: two at a time would be one.
        assert driver not in self._in_use
        self._in_use.add(driver)
        size = viewport or {"width": 1280, "height": 720}

        def left(is_sound: bool) -> None:
            self._in_use.remove(driver)
            if not is_sound:
                del self._started[way]
                driver.service.stop()

        return Context(self, driver, size, left)

    def new_page(self, **options: Any) -> Page:
        return self.new_context(**options).new_page()

    def close(self) -> None:
        try:
            for driver in self._started.values():
                driver.quit()
        finally:
            for screen in self._screens:
                screen.terminate()
                screen.wait()
            self._folder.cleanup()

    def said_while_loading(self, *urls: str) -> list[str]:
        """What the console says of pages that are opened: in a window that is driven it is mute."""
        flags = ("--enable-write-console-messages-to-stdout=TRUE", "--exit-after-load")
        environment = self._environment()
        said = [
            subprocess.run(
                [self._browser, *flags, url],
                env=environment,
                capture_output=True,
                text=True,
                check=False,
                timeout=60,
            ).stderr
            for url in urls
        ]
        return [line for text in said for line in text.splitlines() if "CONSOLE" in line]

    def _start(self, script: bool, scheme: str) -> WebKitGTK:
        options = Options()
        options.binary_location = self._browser
        options.add_argument("--automation")
        options.add_argument("--javascript-can-access-clipboard=TRUE")
        options.add_argument(f"--enable-javascript={'TRUE' if script else 'FALSE'}")
        if scheme == "dark":
            options.add_argument("--dark-mode")
        driver = WebKitGTK(options=options, service=Service(self._driver, env=self._environment()))
        driver.set_script_timeout(120)
        return driver

    def _environment(self) -> dict[str, str]:
        """With a screen of its own: of two windows one would be behind the other, without focus."""
        read, write = os.pipe()
        command = [self._screen, "-displayfd", str(write), "-screen", "0", SCREEN]
        self._screens.append(
            subprocess.Popen(
                [*command, "-nolisten", "tcp"], pass_fds=[write], stderr=subprocess.DEVNULL
            )
        )
        os.close(write)
        with os.fdopen(read) as told:
            display = told.readline().strip()
        return {
            **os.environ,
            "DISPLAY": f":{display}",
            "GDK_BACKEND": "x11",
            "GTK_THEME": "Adwaita",
            # At times it aborts while it collects garbage (seen: 2.50.6, between two pages).
            "JSC_useGC": "0",
            "NO_AT_BRIDGE": "1",
            "WEBKIT_DISABLE_COMPOSITING_MODE": "1",
            "XDG_CONFIG_HOME": self._folder.name,
        }


class Context:
    """A window with one page."""

    def __init__(
        self,
        browser: WebKit,
        driver: WebKitGTK,
        size: dict[str, int],
        left: Callable[[bool], None],
    ) -> None:
        self.browser = browser
        self._driver, self._size, self._left = driver, size, left
        self._page: Page | None = None

    def new_page(self) -> Page:
        assert not self._page
        self._page = Page(self, self._driver)
        self._page.set_viewport_size(self._size)
        return self._page

    def close(self) -> None:
        is_sound = False
        try:
            if self._page:
                self._page.leave()
                self._page.evaluate(_FORGET)
            self._driver.get("about:blank")
            is_sound = True
        finally:
            self._left(is_sound)


class Page:
    """A page, its keyboard and its mouse."""

    def __init__(self, context: Context, driver: WebKitGTK) -> None:
        self.context = context
        self.keyboard, self.mouse = Keyboard(driver), Mouse(driver)
        self._driver = driver
        #: How high the window's own tools are, over the page; they leave it its width.
        self._tools = 0
        self._heard: dict[str, list[Callable[[Any], object]]] = {}

    @property
    def url(self) -> str:
        return self._driver.current_url

    def title(self) -> str:
        return self._driver.title

    def on(self, event: str, heard: Callable[[Any], object]) -> None:
        """Tell of what the page says and loads, as Playwright does, but only when it is left."""
        self._heard.setdefault(event, []).append(heard)

    def close(self) -> None:
        self.context.close()

    def goto(self, url: str) -> None:
        self.leave()
        self._driver.get(url)
        self._listen()

    def reload(self) -> None:
        self.leave()
        self._driver.refresh()
        self._listen()

    def leave(self) -> None:
        """Tell what the page has said."""
        for kind, words in self.evaluate(_SAID):
            told = SimpleNamespace(type=kind, text=words, url=words)
            for heard in self._heard.get("request" if kind == "request" else "console", ()):
                heard(told)

    def set_viewport_size(self, size: dict[str, int]) -> None:
        wanted = [size["width"], size["height"]]

        def inside() -> Any:
            return self.evaluate("[innerWidth, innerHeight]")

        if not self._tools:
            outer = self._driver.get_window_size()
            _, height = until(inside, lambda it: bool(it[0] == outer["width"]))
            self._tools = outer["height"] - height
        self._driver.set_window_rect(0, 0, wanted[0], wanted[1] + self._tools)
        until(inside, lambda it: bool(it == wanted))

    def evaluate(self, code: str, about: Any = None) -> Any:
        """The value of an expression, of a function, or of the promise that these give."""
        return self._driver.execute_script(
            f"""{_FIND}
            const code = ({code});
            return typeof code === "function" ? code(arguments[0]) : code;""",
            about,
        )

    def wait_for_function(self, code: str) -> None:
        until(lambda: self.evaluate(code))

    def wait_for_selector(self, selector: str) -> None:
        until(self.locator(selector).first.is_visible)

    def locator(self, selector: str) -> Locator:
        return Locator(self, []).locator(selector)

    def get_by_role(self, role: str, name: str = "") -> Locator:
        return Locator(self, [["role", role, name]])

    def get_by_label(self, name: str) -> Locator:
        return Locator(self, [["label", name]])

    def _listen(self) -> None:
        self.evaluate(_LISTEN)


class Keyboard:
    """Keys by their names."""

    def __init__(self, driver: WebKitGTK) -> None:
        self._driver = driver

    def press(self, keys: str) -> None:
        """Press a key, or several together: ``Shift+Tab``."""
        values = [KEYS.get(key, key) for key in keys.split("+")]
        down = [{"type": "keyDown", "value": value} for value in values]
        up = [{"type": "keyUp", "value": value} for value in reversed(values)]
        _act(self._driver, {"type": "key", "id": "keys", "actions": down + up})


class Mouse:
    """A mouse over the page."""

    def __init__(self, driver: WebKitGTK) -> None:
        self._driver = driver
        self._at = (0.0, 0.0)

    def move(self, x: float, y: float, steps: int = 1) -> None:
        (left, top), self._at = self._at, (x, y)
        parts = [step / steps for step in range(1, steps + 1)]
        self._do(*(_move(left + (x - left) * part, top + (y - top) * part) for part in parts))

    def down(self) -> None:
        self._do({"type": "pointerDown", "button": 0})

    def up(self) -> None:
        self._do({"type": "pointerUp", "button": 0})

    def _do(self, *actions: dict[str, Any]) -> None:
        pointer = {"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}}
        _act(self._driver, {**pointer, "actions": actions})


def _move(x: float, y: float) -> dict[str, Any]:
    return {"type": "pointerMove", "duration": 0, "x": round(x), "y": round(y)}


def _act(driver: WebKitGTK, source: dict[str, Any]) -> None:
    driver.execute(Command.W3C_ACTIONS, {"actions": [source]})


class Locator:
    """Elements of a page, looked for whenever they are asked about."""

    def __init__(self, page: Page, steps: list[list[Any]]) -> None:
        self.page = page
        self._steps = steps

    def locator(self, selector: str) -> Locator:
        return self._then("parent") if selector == "xpath=.." else self._then("css", selector)

    def nth(self, number: int) -> Locator:
        return self._then("nth", number)

    @property
    def first(self) -> Locator:
        return self.nth(0)

    @property
    def last(self) -> Locator:
        return self.nth(-1)

    def all(self) -> list[Locator]:
        return [self.nth(number) for number in range(self.count())]

    def count(self) -> int:
        return len(self.seen())

    def seen(self, about: str = "") -> list[dict[str, Any]]:
        """What may be expected of each, *about* one attribute or property of its style."""
        seen: list[dict[str, Any]] = self.all_of(_SEEN, about)
        return seen

    def all_of(self, code: str, about: Any = None) -> Any:
        """What a function says of all of them as they are now."""
        return self.page.evaluate(
            f"([steps, about]) => ({code})(find(steps), about)", [self._steps, about]
        )

    def evaluate(self, code: str, about: Any = None) -> Any:
        """What a function says of the one element, once it is there."""
        until(self.count, lambda count: bool(count == 1))
        return self.all_of(f"([it], about) => ({code})(it, about)", about)

    def is_visible(self) -> bool:
        return any(it["shown"] for it in self.seen())

    def bounding_box(self) -> dict[str, float] | None:
        box: dict[str, float] | None = self.evaluate(
            """(it) => {
              const { x, y, width, height } = it.getBoundingClientRect();
              return isShown(it) ? { x, y, width, height } : null;
            }"""
        )
        return box

    def get_attribute(self, name: str) -> Any:
        return self.evaluate("(it, name) => it.getAttribute(name)", name)

    def inner_text(self) -> Any:
        return self.evaluate("(it) => it.innerText")

    def text_content(self) -> Any:
        return self.evaluate("(it) => it.textContent")

    def all_inner_texts(self) -> Any:
        return self.all_of("(found) => found.map((it) => it.innerText)")

    def focus(self) -> None:
        self.evaluate("(it) => it.focus()")

    def scroll_into_view_if_needed(self) -> None:
        self.evaluate("(it) => it.scrollIntoViewIfNeeded()")

    def hover(self) -> None:
        self.page.mouse.move(*until(lambda: self.evaluate(_POINT)))

    def click(self) -> None:
        self.hover()
        self.page.mouse.down()
        self.page.mouse.up()

    def check(self) -> None:
        self._set_checked(True)

    def uncheck(self) -> None:
        self._set_checked(False)

    def _set_checked(self, wanted: bool) -> None:
        if self.evaluate("(it) => it.checked") != wanted:
            self.click()
        Expected(self)._is("checked", wanted)

    def _then(self, *step: Any) -> Locator:
        return Locator(self.page, [*self._steps, [*step]])


class Expected:
    """What must become true of the elements of a locator."""

    def __init__(self, of: Locator) -> None:
        self._of = of

    def to_have_count(self, count: int) -> None:
        until(self._of.count, lambda it: bool(it == count))

    def to_be_attached(self) -> None:
        until(self._of.count)

    def to_be_hidden(self) -> None:
        until(lambda: not self._of.is_visible())

    def to_be_visible(self) -> None:
        self._is("shown", True)

    def to_be_focused(self) -> None:
        self._is("focused", True)

    def to_be_in_viewport(self) -> None:
        self._is("inside", True)

    def to_be_checked(self) -> None:
        self._is("checked", True)

    def not_to_be_checked(self) -> None:
        self._is("checked", False)

    def to_have_text(self, text: str) -> None:
        self._is("text", text)

    def to_contain_text(self, text: str, ignore_case: bool = False) -> None:
        self._becomes("text", re.compile(re.escape(text), re.IGNORECASE * ignore_case).search)

    def to_have_value(self, value: re.Pattern[str]) -> None:
        self._becomes("value", value.search)

    def to_have_class(self, name: str | re.Pattern[str]) -> None:
        self._becomes("class", _matches(name))

    def not_to_have_class(self, name: str | re.Pattern[str]) -> None:
        self._becomes("class", lambda it: not _matches(name)(it))

    def to_have_attribute(self, name: str, value: str) -> None:
        self._becomes("attribute", _matches(value), name)

    def to_have_css(self, name: str, value: str) -> None:
        self._becomes("css", _matches(value), name)

    def _is(self, what: str, value: object) -> None:
        self._becomes(what, lambda it: bool(it == value))

    def _becomes(self, what: str, right: Callable[[Any], object], about: str = "") -> None:
        """*what* is *right* of the one element that there is."""
        until(
            lambda: [it[what] for it in self._of.seen(about)],
            lambda seen: len(seen) == 1 and bool(right(seen[0])),
        )


def _matches(wanted: str | re.Pattern[str]) -> Callable[[str], bool]:
    if isinstance(wanted, str):
        return lambda it: it == wanted
    return lambda it: bool(wanted.search(it))
