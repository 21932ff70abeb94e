# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# Runs on the host, in the lab: a Linux guest under an unmodified QEMU gets a tape drive that css-tape models, and makes a
# backup. Sourced by demo.sh; the module is loaded.
#
#	linux_tape RESULTS
#
# RESULTS gets the tape, backup.aws.

# shellcheck source=../lab/init/vm
. /lab/vm

DRIVES=/run/css-tape

# run COMMAND [ARGUMENT...]: and show it
run() {
	echo "host# $*"
	"$@" 2> "$VM/errors" || {
		cat "$VM/errors"
		return 1
	}
}

start_css_tape() {
	mkdir -p /run && mkdir -m 700 $DRIVES || return
	echo "host# css-tape --listen $DRIVES/units --control $DRIVES/control &"
	css-tape --listen $DRIVES/units --control $DRIVES/control 2> "$VM/css-tape" &
	css_tape=$!
	for _ in $(seq 100); do
		[ ! -S $DRIVES/control ] || return 0
		usleep 100000
	done
	echo "tape.sh: expected css-tape to listen within 10 s"
	cat "$VM/css-tape"
	return 1
}

# The guest has a drive and a tape in it before it boots.
give_tape() {
	run cssctl attach --pid "$1" &&
	run cssctl add --pid "$1" --type user --cu 3490/10 --dev 3490/40 --devno 0300 --serve $DRIVES/units --text tape0 &&
	run touch backup.aws &&
	run cssctl tape load tape0 backup.aws
}

guest_backup() {
	vm_start tape /tmp/backup-initrd "" -S > /tmp/vm-said && vm_stopped tape || return
	give_tape "$(cat "$VM/tape/pid")" || return
	vm_cont tape
	vm_wait tape '^guest: off' 300 > /tmp/vm-said && vm_end tape 60 > /tmp/vm-said || return
	tr -d '\r' < "$VM/tape/console" | sed -n -e 's/^guest: tape: //p' -e 's/^guest: tape# /guest# /p'
	grep -q '^guest: script ended with status 0 ' "$VM/tape/console"
}

linux_tape() (
	PATH=$PWD:$PATH
	vm_host > /tmp/vm-said && vm_initrd ./backup /tmp/backup-initrd || return
	mkdir /tmp/backup && cd /tmp/backup && start_css_tape || return
	guest_backup || {
		tail -n 20 "$VM/tape/console" "$VM/css-tape" /tmp/vm-said
		vm_quit tape
		return 1
	}
	echo "# The VM has ended, and its tape is still in the drive."
	run cssctl tape status tape0 && run cssctl tape unload tape0 && cp backup.aws "$1"
	status=$?
	kill "$css_tape"
	wait "$css_tape"
	# Only QEMU needs it, see "Traps" in lab.rst.
	rmmod esop
	return $status
)
