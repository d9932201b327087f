#!/bin/sh
# Builds what the pages are dressed in and puts it beside the templates; nothing here is needed at run time.
#   build.sh          rebuild shared/web/static
#   build.sh --check  fail if what is committed differs from a fresh build
# Needs node 20 or later. The committed files are what is served: no CDN, no node on a server.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
static="$here/../shared/web/static"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cp "$here/package.json" "$here"/*.scss "$work"
(cd "$work" && npm install --ignore-scripts --no-package-lock --no-audit --no-fund --silent)

# sass writes a byte order mark unless told not to; a stylesheet served as UTF-8 needs none.
(cd "$work" && node_modules/.bin/sass --style=compressed --no-charset --no-source-map \
    --load-path=node_modules coproduce.scss:built/coproduce.css nhs-organisation.scss:built/nhs-organisation.css)

upstream="$work/node_modules/nhsuk-frontend/dist/nhsuk"
mkdir "$work/built/images"
# The minified script ends by naming a source map that is not served.
sed 's,//# sourceMappingURL=.*$,,' "$upstream/nhsuk-frontend.min.js" > "$work/built/nhsuk-frontend.min.js"
for icon in cross arrow-up arrow-down arrow-up-down; do
    cp "$upstream/assets/images/nhsuk-icon-$icon.svg" "$work/built/images/"
done

cd "$work/built"
if [ "${1:-}" = --check ]; then
    find . -type f | while read -r file; do
        cmp "$file" "$static/$file" || { echo "theme: $file is not what build.sh makes: run it and commit" >&2; exit 1; }
    done
else
    mkdir -p "$static"
    cp -R . "$static"
fi
