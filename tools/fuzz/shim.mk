# SPDX-License-Identifier: GPL-2.0
#
# What stands in for the kernel and for a guest, where the core runs natively.
fuzz-shim := shim.o work.o xarray.o file.o fuzz_guest.o
