#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Which variant of cio_layout.h is that of the kernel for which the module is
# built?  Prints cio_layout_found.h.
#
# Usage: cio_layout.sh SYMVERS GENKSYMS COMMAND...
# SYMVERS is the kernel's Module.symvers, GENKSYMS the program that computes the
# versions of symbols, COMMAND the C preprocessor with the flags of a module.
set -eu
symvers=$1
genksyms=$2
shift 2
here=$(dirname "$0")

from_css='css_driver_register css_driver_unregister css_sched_sch_todo'
from_cio='cio_update_schib cio_enable_subchannel cio_disable_subchannel
	cio_irb stsch hsch csch'

# versions UNIT SYMBOLS FLAGS COMMAND...: the lines that Module.symvers has to have
#
# The flags of a module have -DMODULE, with which per-CPU variables of Linux 6.1 are
# declared differently; cio isn't a module.
versions() {
	unit=$1
	symbols=$2
	flags=$3
	shift 3
	# $flags are split into words here.
	# shellcheck disable=SC2086
	{
		echo "#include <linux/export.h>"
		echo "#include \"$here/cio_layout_$unit.h\""
		for symbol in $symbols; do
			echo "EXPORT_SYMBOL($symbol);"
		done
	} | "$@" -D__GENKSYMS__ -UMODULE $flags -xc - | "$genksyms" -r /dev/null |
		awk '$1 == "#SYMVER" { print $3 "\t" $2 "\t" }'
}

# same SYMBOLS VERSIONS: does the kernel have each of the symbols in its version?
same() {
	for symbol in $1; do
		line=$(printf '%s\n' "$2" | grep "	$symbol	") &&
			grep -qF "$line" "$symvers" || return
	done
}

# fits FLAGS COMMAND...: are the versions of a variant the kernel's?
fits() {
	flags=$1
	shift
	same "$from_cio" "$(versions cio "$from_cio" "$flags" "$@")" &&
		same "$from_css" "$(versions css "$from_css" "$flags" "$@")"
}

echo "/* Written by cio_layout.sh */"
if [ ! -r "$symvers" ] || [ ! -x "$genksyms" ]; then
	exit
fi
for lock in '' KVM_CSS_CIO_LOCK_POINTER; do
	for override in '' KVM_CSS_CIO_OVERRIDE; do
		if fits "${lock:+-D$lock} ${override:+-D$override}" "$@"; then
			for found in KVM_CSS_CIO_KNOWN $lock $override; do
				echo "#define $found"
			done
			exit
		fi
	done
done
