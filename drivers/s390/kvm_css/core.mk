# SPDX-License-Identifier: GPL-2.0
#
# The core: what knows a guest only through <kvm_css/guest.h>.  Linked into
# kvm_css.ko, and into the KUnit module together with a fake guest.
kvm-css-core := css.o crw.o subchannel.o condition.o function.o present.o
kvm-css-core += status.o
kvm-css-core += measurement.o ioinst.o ioinst_css.o chsc.o chanprog.o
kvm-css-core += ccw.o transfer.o budget.o state.o number_map.o vmm.o
kvm-css-core += devices/control_unit.o devices/backing.o
kvm-css-core += devices/test.o devices/fba.o

# vfs_iocb_iter_write() keeps a file system from being frozen in it since Linux
# 6.8; before, its caller does.
ifneq ($(filter $(VERSION).$(PATCHLEVEL),$(addprefix 6.,1 2 3 4 5 6 7)),)
ccflags-y += -DKVM_CSS_START_WRITE
endif
