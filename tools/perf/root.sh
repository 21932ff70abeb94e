# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# Sourced by perf.sh and flame.sh, on the host: perf and the libraries that it
# needs stand in perfroot; perf_in_root runs it there.

root=$PWD/perfroot

perf_root() {
	mkdir -p /sys/kernel/debug /sys/kernel/tracing
	mount | grep -q 'on /sys/kernel/debug ' || mount -t debugfs debugfs /sys/kernel/debug
	mount | grep -q 'on /sys/kernel/tracing ' || mount -t tracefs tracefs /sys/kernel/tracing
	for dir in proc sys dev; do
		[ -n "$(ls "$root/$dir")" ] || mount --rbind "/$dir" "$root/$dir"
	done
	cp bench "$root/bench"
}

perf_in_root() {
	chroot "$root" /usr/bin/perf "$@"
}
