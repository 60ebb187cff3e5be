#!/bin/sh
# Whether anything but prose has changed since the commit $1: "code=true", or "code=false".
#
# Prose is what the commentary and the text hold, and what people are told.  Where it can't be
# found out what has changed, all has.
set -eu

prose='^(commentary/.*\.(md|bib|png|jpg|svg)|article/.*\.(md|txt)|changelog\.d/.*|index\.md|(README|CHANGELOG|CONTRIBUTING)\.md|tools/spelling\.txt)$'

if ! files=$(git diff --name-only "$1" HEAD 2>/dev/null); then
    echo code=true
elif printf '%s\n' "$files" | grep -v '^$' | grep -qvE "$prose"; then
    echo code=true
else
    echo code=false
fi
