#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Started by host.sh: bench.sh ROUNDS PASSES
set -eu

./bench --rounds "$1" --passes "$2" --json "$RESULTS/latency.json" 2>"$PROGRESS"
