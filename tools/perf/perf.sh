#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Started by tools/bench/host.sh: perf.sh ROUNDS PASSES.  perf and the libraries
# that it needs stand in perfroot; the guests are those of the bench.
set -eu

root=$PWD/perfroot
mkdir -p /sys/kernel/debug /sys/kernel/tracing
mount | grep -q 'on /sys/kernel/debug ' || mount -t debugfs debugfs /sys/kernel/debug
mount | grep -q 'on /sys/kernel/tracing ' || mount -t tracefs tracefs /sys/kernel/tracing
for dir in proc sys dev; do
	mount --rbind /$dir "$root/$dir"
done
cp bench "$root/bench"

chroot "$root" /usr/bin/perf --version
chroot "$root" /usr/bin/perf list 'kvm_css:*' 2>&1 | grep kvm_css
# A large buffer: nothing may be lost under the emulator.  What the bench itself
# measures under perf means nothing.
chroot "$root" /usr/bin/perf record -q -a -m 4096 \
	-e kvm_css:ioinst_entry -e kvm_css:ioinst_exit -o /tmp/perf.data -- \
	/bench --rounds "$1" --passes "$2" > "$RESULTS/bench" 2>"$PROGRESS"
chroot "$root" /usr/bin/perf script -i /tmp/perf.data > "$RESULTS/script"
