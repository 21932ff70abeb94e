#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Started by host.sh: bench.sh ROUNDS PASSES
set -eu

qemu=/tmp/bench-qemu-$$
./qemu.sh "$qemu"
set -- --rounds "$1" --passes "$2" --qemu "$qemu" --json "$RESULTS/latency.json"
# Most paths are measured on one processor of the host.
if [ -e /sys/devices/system/cpu/cpu1/online ]; then
	set -- "$@" --second-processor 1
fi
# All passes are one program, which takes minutes on a slow machine.
SECONDS_EACH=1800 ./bench "$@" 2>"$PROGRESS"
rm -r "$qemu"
