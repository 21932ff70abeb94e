#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Started by tools/bench/host.sh: perf.sh ROUNDS PASSES.  The guests are those of
# the bench.
set -eu

# shellcheck source=root.sh
. ./root.sh
perf_root
perf_in_root --version
perf_in_root list 'kvm_css:*' 2>&1 | grep kvm_css
# A large buffer: nothing may be lost under the emulator.  What the bench itself
# measures under perf means nothing.  With two CPUs, one of them does I/O that
# nobody counts until the other one is ready.
perf_in_root record -q -a -m 4096 \
	-e kvm_css:ioinst_entry -e kvm_css:ioinst_exit -o /tmp/perf.data -- \
	/bench --no-pairs --rounds "$1" --passes "$2" > "$RESULTS/bench" 2>"$PROGRESS"
perf_in_root script -i /tmp/perf.data > "$RESULTS/script"
