# SPDX-License-Identifier: GPL-2.0
#
# What stands in for the kernel and for a guest, where the core runs natively.
# The guest is that of the KUnit suites; what is in kunit/ comes from there.
fuzz-shim := shim.o work.o xarray.o file.o fuzz_guest.o kunit/fake_guest.o \
	kunit/fake_host_memory.o kunit/fake_workers.o no_host.o
