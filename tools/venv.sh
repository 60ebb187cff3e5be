#!/bin/sh
# Make the virtual environment, or bring it up to date.
#
#     tools/venv.sh FILE.lock [REQUIREMENTS.txt ...]
#
# Of a lock, only files with the hashes in it are installed; what other requirements
# need besides comes on top and changes no version of the lock's.
#
# VENV is its folder (.venv).  PYTHON is the interpreter to make it with; unset,
# an environment that works is kept, and a new one gets the first Python found
# that is new enough.  A copy of each file installed stays in the
# environment: while it equals the file there is nothing to do.
set -eu

venv=${VENV:-.venv}
python=${PYTHON:-}
stamps=$venv/installed

# "3.11" for the interpreter $1, or nothing where it is missing or too old.
version() {
    "$1" -c 'import sys
if sys.version_info >= (3, 11): print("%d.%d" % sys.version_info[:2])' 2>/dev/null || true
}

# Whether the environment works, and is the wanted Python's.
usable() {
    [ -x "$venv/bin/python" ] || return 1
    have=$(version "$venv/bin/python")
    [ -n "$have" ] || return 1
    [ -z "$python" ] || [ "$have" = "$(version "$python")" ] || return 1
    "$venv/bin/python" -c 'import pip' 2>/dev/null
}

current() {
    for file; do
        cmp -s "$file" "$stamps/${file##*/}" || return 1
    done
}

install() {
    "$venv/bin/python" -m pip install -qq --disable-pip-version-check --no-input "$@"
}

if [ -n "$python" ] && [ -z "$(version "$python")" ]; then
    echo "error: PYTHON=$python isn't Python 3.11 or later" >&2
    exit 1
fi

if ! usable; then
    if [ -z "$python" ]; then
        for candidate in python3 python3.14 python3.13 python3.12 python3.11; do
            if [ -n "$(version "$candidate")" ]; then
                python=$candidate
                break
            fi
        done
    fi
    if [ -z "$python" ]; then
        tools/need-package.sh "Python 3.11 or later" python3
        python=python3
    fi
    wanted=$(version "$python")
    if [ -z "$wanted" ]; then
        echo "error: Python 3.11 or later is needed, and $python is older: make … PYTHON=…" >&2
        exit 1
    fi
    echo "==> Making the virtual environment $venv (Python $wanted)"
    rm -rf "$venv"
    # Debian's Python makes no environment without a package of its own.
    if ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
        tools/need-package.sh "virtual environments" "python$wanted-venv"
    fi
    if ! "$python" -m venv "$venv"; then
        rm -rf "$venv"
        echo "error: $python -m venv $venv failed: please see the lines above" >&2
        exit 1
    fi
fi

# `python -m annotated_edition` finds the extension where it lies.  Installing it would take tools
# that build packages, which no lock names.
for packages in "$venv"/lib/python3*/site-packages; do
    path=$packages/annotated_edition.pth
    [ "$(cat "$path" 2>/dev/null)" = "$PWD/_ext" ] || echo "$PWD/_ext" >"$path"
done

if ! current "$@"; then
    echo "==> Installing $* into $venv (the first time this takes a while)"
    pins=$venv/pins.txt
    : >"$pins"
    for file; do
        case $file in
        *.lock)
            install --require-hashes -r "$file"
            sed -n 's/^\([^ #][^\\]*\).*/\1/p' "$file" >>"$pins"
            ;;
        *)
            install -c "$pins" -r "$file"
            ;;
        esac
    done
    mkdir -p "$stamps"
    cp "$@" "$stamps/"
fi
