#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Started by host.sh: lent.sh ROUNDS PASSES.  Measures a disk of the host's, $LENT_DISK,
# that is passed through by vfio-ccw and by the module in turns.
set -eu

uuid=5f6b7a6c-0000-4000-8000-6b766d637373
css=/sys/bus/css
ccw=/sys/bus/ccw/devices/$LENT_DISK
sch=$(basename "$(dirname "$(readlink -f "$ccw")")")

# wait_for FILE: sysfs and /dev follow what the kernel does.
wait_for() {
	tries=0
	while [ ! -e "$1" ]; do
		tries=$((tries + 1))
		if [ $tries -gt 300 ]; then
			echo "lent.sh: expected $1 within 30 s, found none"
			exit 1
		fi
		usleep 100000
	done
}

give_to_vfio_ccw() {
	[ "$(cat "$ccw/online")" = 0 ] || echo 0 > "$ccw/online"
	echo "$sch" > $css/drivers/io_subchannel/unbind
	echo vfio_ccw > "$css/devices/$sch/driver_override"
	echo "$sch" > $css/drivers/vfio_ccw/bind
	echo $uuid > "$css/devices/$sch/mdev_supported_types/vfio_ccw-io/create"
	group=/dev/vfio/$(basename "$(readlink "$css/devices/$sch/$uuid/iommu_group")")
	wait_for "$group"
}

take_from_vfio_ccw() {
	echo 1 > "$css/devices/$sch/$uuid/remove"
	echo "$sch" > $css/drivers/vfio_ccw/unbind
	echo > "$css/devices/$sch/driver_override"
	echo "$sch" > $css/drivers_probe
	wait_for "$ccw/online"
}

# by_module RESULTS PROGRAM OPTION..., by_vfio_ccw RESULTS PROGRAM OPTION...
by_module() {
	file=$1
	shift
	"$@" --device "$LENT_DISK" >> "$RESULTS/$file"
	wait_for "$ccw/online"
}

by_vfio_ccw() {
	file=$1
	shift
	give_to_vfio_ccw
	"$@" --group "$group" --uuid $uuid >> "$RESULTS/$file"
	take_from_vfio_ccw
}

# passes PROCESSORS ROUNDS PASSES
passes() {
	pass=0
	while [ $pass -lt "$3" ]; do
		pass=$((pass + 1))
		echo "lent: pass $pass of $3, processors: $1" > "$PROGRESS"
		by_vfio_ccw "lent.$1" ./lent --rounds "$2"
		by_module "lent.$1" ./lent --rounds "$2"
	done
}

cpu1=/sys/devices/system/cpu/cpu1/online
modprobe vfio_iommu_type1
insmod ./mdev.ko
insmod ./vfio_ccw.ko
[ ! -e "$cpu1" ] || passes 2 "$1" "$2"
[ ! -e "$cpu1" ] || echo 0 > "$cpu1"
passes 1 "$1" "$2"
# Whoever has booted the host waits for this line, and for "fast", see insn.py.
echo "insn: exact" > "$PROGRESS"
./insn --wait exact
by_vfio_ccw counts ./lent --count --rounds "$1"
by_module counts ./lent --count --rounds "$1"
echo "insn: fast" > "$PROGRESS"
./insn --wait fast
echo "lent: cases" > "$PROGRESS"
# vfio-ccw comes last: it leaves a program behind in Hercules that it has suspended.
by_module cases ./cases
by_vfio_ccw cases ./cases
rmmod vfio_ccw
rmmod mdev
[ ! -e "$cpu1" ] || echo 1 > "$cpu1"
