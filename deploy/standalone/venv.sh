#!/bin/sh
# Make a virtual environment at $1 with $PYTHON, or say in one line what is missing.
set -eu

fail() {
    echo "$1" >&2
    exit 1
}

command -v "$PYTHON" >/dev/null || fail "Install Python 3.11 or newer: there is no $PYTHON here."
"$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    fail "Coproduce needs Python 3.11 or newer; $PYTHON is $("$PYTHON" -V). Name another: make PYTHON=python3.11"

# Debian and Ubuntu leave ensurepip out of python3.
if ! "$PYTHON" -c 'import ensurepip' 2>/dev/null; then
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null ||
        fail "$PYTHON cannot make virtual environments. On Debian and Ubuntu: sudo apt-get install python3-venv"
    echo "Installing python3-venv"
    export DEBIAN_FRONTEND=noninteractive
    apt-get -qq update && apt-get -qq install --yes --no-install-recommends python3-venv >/dev/null
fi

rm -rf "$1"
"$PYTHON" -m venv "$1"
