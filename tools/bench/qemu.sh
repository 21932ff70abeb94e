#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Runs on the host, in the lab: qemu.sh DIR
#
# Starts Debian's unmodified QEMU with the guest program of the bench, and ends
# when that program waits for its first request to be answered.  QEMU goes on.
# qemu.h says what there is in DIR then.
set -eu
dir=$1

# The host is told that it has ESOP only while QEMU asks for it: guests whose
# storage isn't there from the start can't live with that ("Traps" in lab.rst).
# shellcheck disable=SC2034
VM_MEMORY=16M VM_NO_MCIC=1
# shellcheck source=../lab/init/vm
. /lab/vm
vm_host
mkdir "$dir"
mkfifo "$dir/bell"
exec 3<>"$dir/bell"
qemu-system-s390x -name bench -machine s390-ccw-virtio,memory-backend=memory -accel kvm -m 16M \
	-object "memory-backend-file,id=memory,size=16M,mem-path=$dir/memory,share=on,prealloc=on" \
	-nodefaults -display none -chardev "file,id=bell,path=$dir/bell" -device sclpconsole,chardev=bell \
	-device virtio-rng-ccw,devno=fe.0.0001 -kernel ./bench.elf </dev/null > "$dir/output" 2>&1 3<&- &
echo $! > "$dir/pid"
if ! timeout 120 head -c 1 <&3 > "$dir/rung"; then
	echo "qemu.sh: expected a request of the guest program within 120 s, found none; QEMU said:"
	cat "$dir/output"
	exit 1
fi
rmmod esop
