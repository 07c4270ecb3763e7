#!/bin/sh
# Make a Debian system with a real Blender and a virtual screen, for `make test-ui`.
# Usage: blender_chroot.sh FOLDER SUITE
# Needs root.  Takes some minutes and 1.5 GB the first time; does nothing afterwards.
set -eu
folder=$1
suite=$2
ready=$folder/.ready

[ ! -e "$ready" ] || exit 0
if [ "$(id -u)" != 0 ]; then
    echo "error: a chroot with Blender needs root: run 'sudo make test-ui'" >&2
    exit 1
fi
if ! command -v debootstrap >/dev/null 2>&1; then
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends debootstrap
fi
# The mirror that this machine's apt is set up for.
mirror=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null |
    sed -nE '/^(deb|URIs:)/s/.*(https?:[^ ]*debian)\/?( .*|$)/\1/p' | head -n 1)

rm -rf "$folder"
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
debootstrap --variant=minbase --include=ca-certificates "$suite" "$folder" "$mirror"
# Package scripts want /proc and /dev; a mount namespace leaves none behind.
unshare --mount --propagation private sh -eu -c '
    mount -t proc proc "$1/proc"
    mount --rbind /dev "$1/dev"
    chroot "$1" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends \
        blender imagemagick libegl1 libgl1-mesa-dri python3-cattr python3-numpy \
        python3-requests xvfb
' sh "$folder"
ln -sf /proc/mounts "$folder/etc/mtab"  # else Blender warns at every start
touch "$folder/.ready"
