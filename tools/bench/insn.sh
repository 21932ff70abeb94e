#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Started by host.sh: insn.sh ROUNDS PASSES.  Counts instructions without the
# module, with it and no VM attached, beside another VM that is attached, in one
# that is, and under QEMU.
set -eu

cpu1=/sys/devices/system/cpu/cpu1/online
[ ! -e "$cpu1" ] || echo 0 > "$cpu1"
# It answers at once: a request has ended before who made it goes on.
modprobe null_blk nr_devices=1 queue_mode=0 irqmode=0 gb=1 memory_backed=1 || true
# Whoever has booted the host waits for this line, and for "fast", see insn.py.
echo "insn: exact" > "$PROGRESS"
./insn --wait exact
echo "insn: without the module" > "$PROGRESS"
./insn --rounds "$1" --setting vmm --as without > "$RESULTS/insn"
insmod ./kvm_css.ko
for setting in vmm beside kernel; do
	echo "insn: $setting" > "$PROGRESS"
	./insn --rounds "$1" --setting "$setting" >> "$RESULTS/insn"
done
rmmod kvm_css
./qemu.sh /tmp/insn-qemu
./insn --rounds "$1" --setting qemu --qemu /tmp/insn-qemu >> "$RESULTS/insn"
echo "insn: fast" > "$PROGRESS"
./insn --wait fast
[ ! -e "$cpu1" ] || echo 1 > "$cpu1"
