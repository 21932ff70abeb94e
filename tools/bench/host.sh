#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Runs on the host, in the lab: host.sh TOOL ROUNDS PASSES [TOOL ROUNDS PASSES...]
#
# Each tool is a script TOOL.sh.  What it prints and leaves in its $RESULTS is in
# a directory of its own there, with its exit status.
set -eu
cd "$(dirname "$0")"

# shellcheck source=modules.sh
. ./modules.sh
all=$RESULTS
while [ $# -ge 3 ]; do
	export RESULTS="$all/$1"
	mkdir "$RESULTS"
	# insn counts without the module, too.
	[ "$1" = insn ] || [ -d /sys/module/kvm_css ] || insmod ./kvm_css.ko
	echo "$1" > "$PROGRESS"
	status=0
	"./$1.sh" "$2" "$3" > "$RESULTS/output" 2>&1 || status=$?
	echo "$status" > "$RESULTS/status"
	shift 3
done
[ ! -d /sys/module/kvm_css ] || rmmod kvm_css
