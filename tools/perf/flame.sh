#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Started by tools/bench/host.sh: flame.sh ROUNDS PASSES.  Samples the stacks of
# the host while a guest of the bench reads 4 KiB of a disk, again and again.
set -eu

# shellcheck source=root.sh
. ./root.sh
perf_root
uname -r > "$RESULTS/release"
# The lab's machine has no PMU, so a timer takes the samples.
perf_in_root record -q -B -N -g -F 250 -m 1024 -e cpu-clock -o /tmp/flame.data -- \
	/bench --only fba4k.ext4.kernel --rounds "$1" --passes "$2" \
	> "$RESULTS/bench" 2>"$PROGRESS"
perf_in_root script -i /tmp/flame.data -F comm,ip,sym,dso > "$RESULTS/script"
