#!/bin/busybox sh
# SPDX-License-Identifier: GPL-2.0
#
# Runs on the host, in the lab: host.sh demo|bench ROUNDS PASSES
set -eu
cd "$(dirname "$0")"

modprobe kvm
modprobe loop || true
insmod ./kvm_css.ko
if [ "$1" = demo ]; then
	echo "== a guest and its disk, served by the kernel"
	./demo --served-by kernel
	echo "== the same guest program and disk, served by the VMM in userspace"
	./demo --served-by vmm
fi
echo "== what it costs the guest"
./bench --rounds "$2" --passes "$3" --json "$RESULTS/latency.json" 2>"$PROGRESS"
if [ "$1" = demo ]; then
	echo "== a Linux guest under Debian's QEMU, and a disk that the kernel serves"
	set +u
	. ./linux.sh 3
fi
rmmod kvm_css
