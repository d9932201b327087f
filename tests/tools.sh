#!/bin/sh
# Install the programs that tests need besides Python; after the word "verify", what validates
# pages as well. Only where CI is set: a laptop is its owner's, and there a test that misses
# something says so and is skipped.
set -eu
[ "${CI:-}" ] || exit 0

missing=
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$missing postgresql"
[ -x /usr/lib/rabbitmq/bin/rabbitmq-server ] || missing="$missing rabbitmq-server"
command -v chromium >/dev/null || missing="$missing chromium fonts-liberation"
# Playwright's own program is linked with it.
ls /usr/lib/*/libatomic.so.1 >/dev/null 2>&1 || missing="$missing libatomic1"
if [ "${1:-}" = verify ]; then
    command -v npm >/dev/null || missing="$missing npm"
    command -v java >/dev/null || missing="$missing default-jre-headless"
fi
[ "$missing" ] || exit 0

echo "Installing$missing"
export DEBIAN_FRONTEND=noninteractive
apt-get -qq update
# shellcheck disable=SC2086 # several words
apt-get -qq install --yes --no-install-recommends $missing >/dev/null
