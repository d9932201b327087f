#!/bin/sh
# Prove that service $1 stands alone, in the environment $2/$1 that holds its lock and no more.
set -eu
service=$1
python=$PWD/$2/$1/bin/python
pip() { .venv/bin/python -m pip --python "$python" --disable-pip-version-check -qq "$@"; }

pip install --no-index --no-deps --force-reinstall \
    "$2"/wheels/coproduce_shared-*.whl "$2"/wheels/coproduce_"$service"-*.whl
pip check

# -I: neither the working directory nor the environment lends it anything.
"$python" -I - "$service" <<'PYTHON'
import sys
from importlib import import_module
from importlib.util import find_spec

service = sys.argv[1]
import_module(f"{service}.app")
others = {"membership", "notifications", "registration", "standalone"} - {service}
present = sorted(filter(find_spec, others))
sys.exit(f"{service} is not alone: {present}" if present else None)
PYTHON
echo "$service stands alone"
