#!/bin/sh
# Install the system libraries that `import bpy` loads, and Python's venv module.
# Usage: install_system_packages.sh PYTHON
set -eu
python=$1

if ! command -v "$python" >/dev/null 2>&1; then
    python_packages="$(basename "$python") $(basename "$python")-venv"
elif ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
    python_packages="$(basename "$python")-venv"
else
    python_packages=""
fi

missing=$python_packages
if ! command -v ldconfig >/dev/null 2>&1 && [ -x /sbin/ldconfig ]; then
    PATH=$PATH:/sbin
fi
installed=$(ldconfig -p 2>/dev/null || true)
while read -r library package; do
    case $installed in
        *"$library"*) ;;
        *) missing="$missing $package" ;;
    esac
done <<'LIBRARIES'
libX11.so.6 libx11-6
libXext.so.6 libxext6
libXrender.so.1 libxrender1
libXfixes.so.3 libxfixes3
libXi.so.6 libxi6
libxkbcommon.so.0 libxkbcommon0
libSM.so.6 libsm6
libICE.so.6 libice6
libGL.so.1 libgl1
LIBRARIES

missing=$(echo $missing)
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null 2>&1; then
    echo "error: missing system packages (Debian names): $missing" >&2
    exit 1
fi
if [ "$(id -u)" = 0 ]; then
    sudo=""
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    sudo="sudo"
else
    echo "error: missing system packages, and no right to install them." >&2
    echo "       Run: sudo apt-get install $missing" >&2
    exit 1
fi
$sudo apt-get update -qq
$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
