#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# chroot.sh ARCHIVE DIRECTORY SCRIPT [INSIDE=OUTSIDE]...
#
# chroot.py runs this in namespaces of its own.  Unpacks ARCHIVE into memory at DIRECTORY,
# binds directories there, and then goes on with SCRIPT.  It has in_root, which runs a
# command with DIRECTORY as its root, and the variable root.
set -eu
archive=$1
root=$2
script=$3
shift 3

mount -t tmpfs -o mode=755 kvm-css "$root"
tar -x --zstd -f "$archive" -C "$root" --exclude='./dev/*'
for pair in "$@"; do
	mkdir -p "$root${pair%%=*}"
	mount --bind "${pair#*=}" "$root${pair%%=*}"
done
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"

in_root()
{
	chroot "$root" env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin \
		LC_ALL=C.UTF-8 HOME=/root DEBIAN_FRONTEND=noninteractive "$@"
}

# shellcheck source=/dev/null
. "$script"
