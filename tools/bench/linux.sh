# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# Runs on the host, in the lab: a Linux guest under an unmodified QEMU measures disks that the kernel serves and disks of
# QEMU's own. Sourced by demo.sh, disks.sh and eckd.sh; the module is loaded.
#
#	linux_disks LIST MS KINDS DEPTHS ROUNDS RESULTS
#
# LIST is a file. Each line is a group of measurements: NAME COUNT BACKING SERVER [OPTION]. COUNT disks are loaded at a
# time. BACKING says what their files are: tmpfs, ext4 or block, see backing(). SERVER is kernel, an FBA disk; kernel-3390;
# host-3390, a disk of the host's own that is passed through, without a file of another BACKING than block; or virtio.
# OPTION is one of cssctl's add, or of QEMU's -drive. Each line has its turn in each of ROUNDS. RESULTS gets the lines that
# watch.c prints.

# shellcheck source=../lab/init/vm
. /lab/vm

LINUX=/tmp/linux-disks
SIZE_MB=4

# The file system is put together from its blocks that aren't zeros: benchhost.py has written them.
make_ext4() {
	truncate -s 96M $LINUX/ext4.img
	from=0
	while read -r to; do
		dd if=ext4.blocks of=$LINUX/ext4.img bs=4k skip=$from seek="$to" count=1 conv=notrunc 2>/dev/null
		from=$((from + 1))
	done < ext4.index
	loop=$(losetup -f)
	losetup "$loop" $LINUX/ext4.img
	mkdir $LINUX/ext4
	mount -t ext4 "$loop" $LINUX/ext4
	echo "$loop" > $LINUX/loop
}

# The next of the host's own FBA disks that benchhost.py has given it: sets $file to its block device
next_dasd() {
	dasd=/sys/bus/ccw/devices/0.0.$(printf %04x $((0x400 + dasds)))
	dasds=$((dasds + 1))
	modprobe dasd_fba_mod || true
	echo 1 > "$dasd/online"
	for _ in $(seq 100); do
		for file in "$dasd"/block/*; do
			file=/dev/${file##*/}
			[ ! -b "$file" ] || return 0
		done
		usleep 100000
	done
	echo "linux.sh: expected a block device of $dasd within 10 s, found none"
	return 1
}

# backing KIND NUMBER: make a file of this kind, and set $file
backing() {
	case $1 in
	# a file on ext4, on a loop device
	ext4)
		[ -d $LINUX/ext4 ] || make_ext4
		file=$LINUX/ext4/disk$2
		;;
	# a block device
	block) next_dasd || return ;;
	# a file on tmpfs
	*) file=$LINUX/disk$2 ;;
	esac
	dd if=/dev/zero of="$file" bs=1M count=$SIZE_MB 2>/tmp/dd || {
		echo "linux.sh: expected $file to take $SIZE_MB MB: $(cat /tmp/dd)"
		return 1
	}
}

# make_disk KIND SERVER OPTION: make the next disk, and set $id to what the guest calls it
make_disk() {
	devno=$(printf %04x $((0x200 + number)))
	id=0.3.$devno
	file=
	[ "$2" = host-3390 ] || backing "$1" "$number" || return
	case $2 in
	kernel) echo "--backing $file --devno $devno $3" >> $LINUX/kernel ;;
	kernel-3390)
		# The image has tracks with blocks of zeros.
		cp formatted.ckd "$file" || return
		echo "--type eckd --backing $file --devno $devno $3" >> $LINUX/kernel
		;;
	host-3390) echo "--type passthrough --host 0.0.0500 --devno $devno $3" >> $LINUX/kernel ;;
	virtio)
		id=0.0.$devno
		printf '%s\n' -object "iothread,id=io$number" \
			-drive "if=none,id=disk$number,format=raw,file=$file,$3" \
			-device "virtio-blk-ccw,drive=disk$number,iothread=io$number,devno=fe.0.$devno" >> $LINUX/args
		;;
	*)
		echo "linux.sh: expected a server of disks, found $2"
		return 1
		;;
	esac
	number=$((number + 1))
}

# Make the disks of the list: kernel has what cssctl adds, loads is for the guest, and args is for QEMU.
make_disks() {
	number=0
	dasds=0
	while read -r name count kind server option; do
		ids=
		while [ "$count" -gt 0 ]; do
			count=$((count - 1))
			make_disk "$kind" "$server" "$option" || return
			ids="$ids $id"
		done
		echo "$name$ids" >> $LINUX/guest/loads
	done < "$1"
	sync
}

add_kernel_disks() {
	./cssctl attach --pid "$1" || return
	while read -r options; do
		# shellcheck disable=SC2086
		./cssctl add --pid "$1" --no-report $options || return
	done < $LINUX/kernel
}

linux_end() {
	vm_quit linux
	[ ! -d $LINUX/ext4 ] || umount $LINUX/ext4
	[ ! -e $LINUX/loop ] || losetup -d "$(cat $LINUX/loop)"
	umount $LINUX/cgroup
	rm -r $LINUX
	# Only QEMU needs it, see "Traps" in lab.rst.
	rmmod esop
}

linux_disks() {
	mkdir -p $LINUX/cgroup
	: > $LINUX/kernel
	: > $LINUX/args
	mount -t cgroup2 none $LINUX/cgroup
	cp -r guest $LINUX/guest
	make_disks "$1" || return
	# No machine checks: all is there when the guest boots, and interruptions cost what they cost.
	# shellcheck disable=SC2034
	VM_NO_MCIC=1
	vm_host && vm_initrd guest/guest $LINUX/initrd $LINUX/guest || return
	vm_linux "guest.do=load guest.ms=$2 guest.kinds=$3 guest.depths=$4 guest.rounds=$5" "$6"
	linux_status=$?
	[ $linux_status = 0 ] || tail -n 20 "$VM/linux/console"
	linux_end
	return $linux_status
}

vm_linux() {
	linux_cmdline=$1 linux_results=$2
	set --
	while read -r word; do
		set -- "$@" "$word"
	done < $LINUX/args
	vm_start linux $LINUX/initrd "$linux_cmdline" -S "$@" || return
	vm_stopped linux
	add_kernel_disks "$(cat "$VM/linux/pid")" || return
	./watch "$VM/linux/console" $LINUX/cgroup/cpu.stat > "$linux_results" 2> "$PROGRESS" &
	vm_cont linux
	vm_wait linux '^guest: off' 1200 && vm_end linux 60
}
