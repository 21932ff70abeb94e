# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0
#
# Sourced on the host: loads what the tools of this folder need besides kvm_css.
# The loop driver and ext4 may be built in; then modprobe fails.

modprobe kvm
modprobe loop || true
# ext4 asks for this module by an alias, which the initrd has no index of.
modprobe crc32c_generic || true
modprobe ext4 || true
