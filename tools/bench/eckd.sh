#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Started by host.sh: eckd.sh ROUNDS PASSES.  A Linux guest measures a 3390 that the
# kernel serves, and beside it an FBA disk that the kernel serves, virtio disks of
# QEMU's, and a 3390 of the host's own that is passed through: each kind of request
# for $GUEST_MS, one request at a time, and all disks again in each of PASSES.
#
# eckd.list has them, see linux.sh and eckddisks.py.
set -eu

# shellcheck source=linux.sh
. ./linux.sh
linux_disks eckd.list "$GUEST_MS" "$ECKD_KINDS" 1 "$2" "$RESULTS/disks"
