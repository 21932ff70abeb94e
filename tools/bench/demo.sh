#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Started by host.sh: demo.sh ROUNDS PASSES.  A Linux guest measures each kind of
# request for $GUEST_MS.  What bench and disks have measured in this boot isn't
# measured again.  Another one writes a tape, which the results have.
set -e

# shellcheck source=linux.sh
. ./linux.sh
# shellcheck source=tape.sh
. ./tape.sh

# A line of the table, from what the guest said of one request at a time:
# line NAME TEXT
line() {
	awk -v name="$1." -v text="$2" '
		index($1, name) == 1 && $1 ~ /\.1$/ {
			split(substr($1, length(name) + 1), part, ".")
			for (i = 2; i <= NF; i++) { split($i, pair, "="); value[part[1] "." pair[1]] = pair[2] }
		}
		END {
			if (!("write64k.mbs" in value)) { print text ": the guest said nothing of it"; exit 1 }
			printf "%-44s %8.0f %8.0f %8.0f %8.0f %7.1f %7.1f\n", text,
				value["randread4k.p50"] / 1000, value["randread4k.p99"] / 1000,
				value["randwrite4k.p50"] / 1000, value["randwrite4k.p99"] / 1000,
				value["read64k.mbs"], value["write64k.mbs"]
		}' "$RESULTS/linux"
}

# From bench's report, 4 KiB of the same model without Linux: bare READS WRITES TEXT
bare() {
	sed -n "s/^    \"\($1\|$2\)\": {\"p50\": \([0-9]*\), \"p99\": \([0-9]*\),.*/\1 \2 \3/p" "$RESULTS/latency.json" |
		awk -v reads="$1" -v text="$3" '
			{ p50[$1 == reads] = $2; p99[$1 == reads] = $3 }
			END { printf "%-44s %8.0f %8.0f %8.0f %8.0f\n", text, p50[1] / 1000, p99[1] / 1000,
				p50[0] / 1000, p99[0] / 1000 }'
}

echo "== a guest and its disk, served by the kernel"
./demo --served-by kernel
echo "== the same guest program and disk, served by the VMM in userspace"
./demo --served-by vmm
echo "== what it costs the guest"
bench=$RESULTS/../bench
if [ -e "$bench/latency.json" ]; then
	cat "$bench/output"
	cp "$bench/latency.json" "$RESULTS"
else
	./bench.sh "$1" "$2"
fi
echo "== a Linux guest under Debian's QEMU, and a disk that the kernel serves"
disks=$RESULTS/../disks/disks
if [ -e "$disks" ]; then
	cp "$disks" "$RESULTS/linux"
else
	grep -E '^(ext4.kernel|ext4.virtio-uring) ' disks.list > /tmp/demo-list
	linux_disks /tmp/demo-list "$GUEST_MS" "$GUEST_KINDS" 1 1 "$RESULTS/linux"
fi
echo
printf "%-44s %8s %8s %8s %8s %7s %7s\n" "" "4K read" "" "4K write" "" "64K rd" "64K wr"
printf "%-44s %8s %8s %8s %8s %7s %7s\n" "" "p50, us" "p99" "p50, us" "p99" "MB/s" "MB/s"
line ext4.kernel "Linux, dasd-fba, served by the kernel"
line ext4.virtio-uring "Linux, virtio-blk-ccw, served by QEMU"
bare fba4k.ext4.kernel fba4k-write.ext4.kernel "no Linux, FBA served by the kernel"
bare fba4k.ext4.vmm.inline fba4k-write.ext4.vmm.inline "no Linux, FBA served by a VMM in userspace"
echo
echo "== a Linux guest under Debian's QEMU, and a tape drive that a process models"
linux_tape "$RESULTS"
