#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Started by host.sh.  A Linux guest measures disks that the kernel serves and
# virtio disks of QEMU's, on the same kinds of files: each kind of request for
# $GUEST_MS, with each of $GUEST_DEPTHS requests at a time.  What has been written
# is on stable storage, but for the two with writeback.
set -eu

# With directsync the host's page cache has no part in it; tmpfs can't do that.
# guestdisks.py looks for the names here.
cat > /tmp/disks-list <<END
tmpfs.kernel 1 tmpfs kernel
tmpfs.virtio-threads 1 tmpfs virtio cache=writethrough,aio=threads
tmpfs.virtio-uring 1 tmpfs virtio cache=writethrough,aio=io_uring
ext4.kernel 1 ext4 kernel
ext4.virtio-threads 1 ext4 virtio cache=writethrough,aio=threads
ext4.virtio-uring 1 ext4 virtio cache=writethrough,aio=io_uring
ext4.kernel-directsync 1 ext4 kernel --cache=directsync
ext4.virtio-native 1 ext4 virtio cache=directsync,aio=native
ext4.kernel-writeback 1 ext4 kernel --cache=writeback
ext4.virtio-writeback 1 ext4 virtio cache=writeback,aio=io_uring
block.kernel 1 block kernel
block.virtio-threads 1 block virtio cache=writethrough,aio=threads
block.virtio-uring 1 block virtio cache=writethrough,aio=io_uring
block.kernel-directsync 1 block kernel --cache=directsync
block.virtio-native 1 block virtio cache=directsync,aio=native
ext4x4.kernel 4 ext4 kernel
ext4x4.virtio-uring 4 ext4 virtio cache=writethrough,aio=io_uring
END
# shellcheck source=linux.sh
. ./linux.sh
linux_disks /tmp/disks-list "$GUEST_MS" "$GUEST_DEPTHS" "$RESULTS/disks"
