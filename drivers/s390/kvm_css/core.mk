# SPDX-License-Identifier: GPL-2.0
#
# The core, which knows a guest only through <kvm_css/guest.h>.  It is linked
# into kvm_css.ko and, together with a fake guest, into the KUnit module and the
# fuzzers.
kvm-css-core := image/css.o image/crw.o image/vmm.o image/number_map.o
kvm-css-core += image/migration.o
kvm-css-core += instructions/ioinst.o instructions/ioinst_css.o
kvm-css-core += instructions/chsc.o
kvm-css-core += subchannel/subchannel.o subchannel/function.o
kvm-css-core += subchannel/irb.o subchannel/migration.o
kvm-css-core += subchannel/backend.o subchannel/news.o
kvm-css-core += subchannel/pending.o subchannel/runner.o subchannel/present.o
kvm-css-core += subchannel/ending.o
kvm-css-core += subchannel/measurement.o subchannel/states.o
kvm-css-core += subchannel/status.o
kvm-css-core += chanprog/chanprog.o chanprog/transfer.o
kvm-css-core += chanprog/span.o chanprog/ahead.o chanprog/budget.o
kvm-css-core += chanprog/peek.o chanprog/follow.o
kvm-css-core += devices/control_unit.o devices/registry.o
kvm-css-core += devices/backing.o devices/backing_file.o devices/blocks.o
kvm-css-core += devices/access_time.o
kvm-css-core += devices/test.o devices/test_backend.o devices/fba.o
kvm-css-core += devices/user.o devices/user_chain.o devices/user_unit.o
kvm-css-core += devices/passthrough/program.o devices/passthrough/program_walk.o
kvm-css-core += devices/passthrough/program_data.o devices/passthrough/program_host.o devices/passthrough/program_parts.o
kvm-css-core += devices/passthrough/program_spare.o
kvm-css-core += devices/eckd/eckd.o devices/eckd/extent.o devices/eckd/orient.o
kvm-css-core += devices/eckd/read.o devices/eckd/write.o devices/eckd/medium.o devices/eckd/layout.o
kvm-css-core += devices/eckd/subsystem.o devices/eckd/sense.o
kvm-css-core += devices/eckd/state.o devices/eckd/track.o devices/eckd/image.o
kvm-css-core += devices/eckd/geometry.o

# What stands on <kvm_css/host_sch.h>, too
kvm-css-lent := devices/passthrough/device.o
kvm-css-lent += devices/passthrough/backend.o devices/passthrough/kept.o
kvm-css-lent += devices/passthrough/status.o devices/passthrough/run.o
kvm-css-lent += devices/passthrough/part.o devices/passthrough/reset.o

# Since Linux 6.8, vfs_iocb_iter_write() itself keeps the file system from being
# frozen during the write.  On older kernels its caller has to.
ifneq ($(filter $(VERSION).$(PATCHLEVEL),$(addprefix 6.,1 2 3 4 5 6 7)),)
ccflags-y += -DKVM_CSS_START_WRITE
endif

# Since Linux 6.13 there is hrtimer_setup(), and soon after that no other way to
# make a timer; <kvm_css/timer.h>
ifneq ($(shell grep -s hrtimer_setup $(srctree)/include/linux/hrtimer.h),)
ccflags-y += -DKVM_CSS_HRTIMER_SETUP
endif
