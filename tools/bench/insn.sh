#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Runs on the host, in the lab: insn.sh ROUNDS.  Counts instructions without the
# module, with it and no VM attached, beside another VM that is attached, in one
# that is, and under QEMU.
set -eu
cd "$(dirname "$0")"

# shellcheck source=modules.sh
. ./modules.sh
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
