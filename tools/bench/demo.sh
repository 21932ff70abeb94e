#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Started by host.sh: demo.sh ROUNDS PASSES.  A Linux guest measures each kind of
# request for $GUEST_SECONDS.
set -e

echo "== a guest and its disk, served by the kernel"
./demo --served-by kernel
echo "== the same guest program and disk, served by the VMM in userspace"
./demo --served-by vmm
echo "== what it costs the guest"
./bench.sh "$1" "$2"
echo "== a Linux guest under Debian's QEMU, and a disk that the kernel serves"
# shellcheck source=linux.sh
. ./linux.sh
