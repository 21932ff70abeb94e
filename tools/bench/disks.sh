#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Started by host.sh.  A Linux guest measures disks that the kernel serves and
# virtio disks of QEMU's, on the same kinds of files: each kind of request for
# $GUEST_MS, with each of $GUEST_DEPTHS requests at a time.
#
# disks.list has them, see linux.sh and guestdisks.py.  What has been written is on
# stable storage, but for the two with writeback.  With directsync the host's page
# cache has no part in it; tmpfs can't do that.
set -eu

# shellcheck source=linux.sh
. ./linux.sh
linux_disks disks.list "$GUEST_MS" "$GUEST_KINDS" "$GUEST_DEPTHS" 1 "$RESULTS/disks"
