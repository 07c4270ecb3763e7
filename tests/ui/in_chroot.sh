#!/bin/sh
# Run a command in the Debian system that tools/blender_chroot.sh made, beside a virtual
# screen.  Usage: in_chroot.sh SYSTEM REPOSITORY SHARED SIZE COMMAND...
# REPOSITORY (read-only) and SHARED lie at their own paths inside too; the machine's root
# is at /host.  Mounts and processes are in namespaces that end with the command.
set -eu
if [ "${IN_NAMESPACE:-}" != yes ]; then
    exec env IN_NAMESPACE=yes unshare --mount --pid --net --fork --kill-child \
        --propagation private sh "$0" "$@"
fi
unset IN_NAMESPACE
system=$1 repository=$2 shared=$3 size=$4
shift 4

mkdir -p "$system/host" "$system$repository"
mount --rbind / "$system/host"  # before the other mounts, which it must not contain
mount -t proc proc "$system/host/proc"
mount -t proc proc "$system/proc"
mount --rbind /dev "$system/dev"
mount --rbind /sys "$system/sys"
mount --bind "$repository" "$system$repository"
mount -o remount,bind,ro "$system$repository"
mount -t tmpfs tmpfs "$system/tmp"
mkdir -p "$system$shared"
mount --bind "$shared" "$system$shared"

exec chroot "$system" sh -eu -c '
    size=$1
    shift
    mkdir -m 1777 /tmp/.X11-unix
    Xvfb :9 -screen 0 "${size}x24" -nolisten tcp >/dev/null 2>&1 &
    until [ -e /tmp/.X11-unix/X9 ]; do sleep 0.1; done
    "$@"
' sh "$size" "$@"
