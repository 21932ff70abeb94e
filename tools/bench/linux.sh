# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# Runs on the host, in the lab: a Linux guest under an unmodified QEMU measures the kernel's disk and QEMU's own.
# Sourced by demo.sh; the module is loaded.

# shellcheck source=../lab/init/vm
. /lab/vm

BACKING=/tmp/backing
SIZE=${BENCH_SIZE:-16M}

css() {
	echo "# cssctl $*"
	./cssctl "$@"
}

# A line of the table, from what the guest said: line NAME TEXT
line() {
	sed -n "s/\r//; s/^guest: bench $1 //p" "$VM/linux/console" | awk -v name="$2" '
		{ for (i = 2; i <= NF; i++) { split($i, pair, "="); value[$1 "." pair[1]] = pair[2] } }
		END {
			if (!("write64k.mbs" in value)) { print name ": the guest said nothing of it"; exit 1 }
			printf "%-44s %8.0f %8.0f %8.0f %8.0f %7.1f %7.1f\n", name,
				value["randread4k.p50"] / 1000, value["randread4k.p99"] / 1000,
				value["randwrite4k.p50"] / 1000, value["randwrite4k.p99"] / 1000,
				value["read64k.mbs"], value["write64k.mbs"]
		}'
}

# From bench's report: 4 KiB of the same model without Linux: bare PATH TEXT
bare() {
	sed -n "s/^    \"$1\": {\"p50\": \([0-9]*\), \"p99\": \([0-9]*\),.*/\1 \2/p; s/^    \"${1%.*}-write.${1##*.}\": {\"p50\": \([0-9]*\), \"p99\": \([0-9]*\),.*/\1 \2/p" \
		"$RESULTS/latency.json" | awk -v name="$2" '
		{ p50[NR] = $1; p99[NR] = $2 }
		END { printf "%-44s %8.0f %8.0f %8.0f %8.0f\n", name, p50[1] / 1000, p99[1] / 1000,
			p50[2] / 1000, p99[2] / 1000 }'
}

truncate -s "$SIZE" $BACKING.kernel $BACKING.virtio
# No machine checks: all is there when the guest boots, and interruptions cost what they cost.
VM_NO_MCIC=1 vm_host
vm_initrd ./guest/guest /tmp/initrd ./guest
vm_start linux /tmp/initrd "guest.do=bench guest.seconds=$GUEST_SECONDS guest.bench=kernel=0.3.0200,virtio=0.0.0100" -S \
	-drive "if=none,id=own,format=raw,file=$BACKING.virtio,cache=writethrough" \
	-device virtio-blk-ccw,drive=own,devno=fe.0.0100
vm_stopped linux
pid=$(cat "$VM/linux/pid")
css attach --pid "$pid"
css add --pid "$pid" --backing $BACKING.kernel --no-report
vm_cont linux
vm_wait linux '^guest: off' 400
vm_end linux 60
echo
printf "%-44s %8s %8s %8s %8s %7s %7s\n" "" "4K read" "" "4K write" "" "64K rd" "64K wr"
printf "%-44s %8s %8s %8s %8s %7s %7s\n" "" "p50, us" "p99" "p50, us" "p99" "MB/s" "MB/s"
line kernel "Linux, dasd-fba, served by the kernel"
line virtio "Linux, virtio-blk-ccw, served by QEMU"
bare fba4k.kernel "no Linux, FBA served by the kernel"
bare fba4k.vmm "no Linux, FBA served by a VMM in userspace"
rm $BACKING.kernel $BACKING.virtio
