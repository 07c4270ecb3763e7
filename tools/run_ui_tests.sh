#!/bin/sh
# Test the extension in a Blender with a window: `make test-ui`.
# Usage: run_ui_tests.sh PYTHON SUITE [PYTEST OPTION]...   SUITE: trixie (4.3), sid (5.2)
set -eu
python=$1
suite=$2
shift 2
cd "$(dirname "$0")/.."

if [ "$(id -u)" != 0 ]; then
    echo "error: a Blender with a window runs in a chroot, which needs root:" \
        "run 'sudo make test-ui'" >&2
    exit 1
fi
sh tools/blender_chroot.sh "build/blender-$suite" "$suite"
zip=$("$python" tools/build_addon.py build)
UI_SYSTEM=$PWD/build/blender-$suite UI_ZIP=$(realpath "$zip") \
    exec "$python" -m pytest -m ui tests/ui "$@"
