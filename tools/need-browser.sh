#!/bin/sh
# Print the path of the Chromium that the browser tests drive: CHROMIUM if set,
# else the first one found, else Debian's, installed on the spot where that can
# be done.  Without a browser the tests can't pass, so this fails, in one line.
set -eu

# The driver that Playwright brings along needs a library that a bare Debian lacks.
if ! "${VENV:-.venv}/bin/python" -m playwright --version >/dev/null 2>&1; then
    tools/need-package.sh "Playwright, for the browser tests" libatomic1
fi

# A command that only tells how to install the browser doesn't start, and so
# doesn't count.
starts() {
    command -v "$1" >/dev/null 2>&1 && "$1" --version >/dev/null 2>&1
}

if [ -n "${CHROMIUM:-}" ]; then
    if ! starts "$CHROMIUM"; then
        echo "error: CHROMIUM=$CHROMIUM isn't a browser that starts" >&2
        exit 1
    fi
    command -v "$CHROMIUM"
    exit 0
fi

find_browser() {
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        if starts "$name"; then
            command -v "$name"
            return
        fi
    done
    return 1
}

if find_browser; then
    exit 0
fi
tools/need-package.sh "browser tests (or set CHROMIUM to one)" chromium
find_browser || {
    echo "error: browser tests: chromium is installed but doesn't start" >&2
    exit 1
}
