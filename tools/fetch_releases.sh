#!/bin/sh
# The pages of all releases on GitHub as archives in the folder $1, each compared with its checksum.
set -eu

mkdir -p "$1"
gh release list --exclude-drafts --limit 1000 --json tagName --jq '.[].tagName' >"$1/tags"
while read -r tag; do
    folder="$1/$tag"
    gh release download "$tag" --dir "$folder" --pattern SHA256SUMS --pattern '*-html.tar.gz' </dev/null
    (cd "$folder" && sha256sum --check --strict --ignore-missing --quiet SHA256SUMS)
    mv "$folder"/*-html.tar.gz "$1/$tag.tar.gz"
    rm -r "$folder"
done <"$1/tags"
rm "$1/tags"
