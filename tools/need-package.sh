#!/bin/sh
# Install Debian packages where that can be done without asking (as root, with
# apt); else say in one line what to install, and fail.
#
#     tools/need-package.sh "what they are for" PACKAGE ...
set -eu

purpose=$1
shift

if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "error: $purpose: please install $* (on Debian and Ubuntu: sudo apt install $*)" >&2
    exit 1
fi

echo "==> Installing $* with apt ($purpose)" >&2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
export DEBIAN_FRONTEND=noninteractive
if ! {
    apt-get update &&
        apt-get install --yes --no-install-recommends "$@"
} >"$log" 2>&1 </dev/null; then
    tail -n 20 "$log" >&2
    echo "error: $purpose: apt could not install $*" >&2
    exit 1
fi
