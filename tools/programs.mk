# SPDX-License-Identifier: GPL-2.0
#
# How the programs are built that users start, and the library that they have in common: for
# s390x, natively or cross, and for their tests for this machine with sanitizers.  The
# Makefiles of tools/cssctl, css-tape, css-3270 and libcss-user include this file.  They set:
#
#	top		their own directory
#	O		where to build
#
# before, and may add to cflags, ldflags and test_cflags behind it.  What is given as CPPFLAGS,
# CFLAGS and LDFLAGS comes last, and only in the s390x build.  Objects of the s390x build
# are in $(obj), those of the tests in $(test_obj).  Sources are in $(top), in libcss-user and,
# for tests, in tools/selftests.

makefiles := $(abspath $(MAKEFILE_LIST))
tools_dir := $(abspath $(dir $(lastword $(MAKEFILE_LIST))))
library := $(tools_dir)/libcss-user
selftests := $(tools_dir)/selftests
# One name for each object, however O is given: what it was made from is kept
# under that name.
override O := $(abspath $(O))
obj := $(O)/obj
test_obj := $(O)/test-obj

# A cross build is static, because the host's libc may not fit.
ifneq ($(shell uname -m),s390x)
CROSS_COMPILE ?= s390x-linux-gnu-
STATIC ?= 1
endif
CC := $(CROSS_COMPILE)gcc
AR := $(CROSS_COMPILE)ar
HOSTCC ?= cc

prefix ?= /usr/local
bindir := $(prefix)/bin
sbindir := $(prefix)/sbin
mandir := $(prefix)/share/man
unitdir := $(prefix)/lib/systemd/system
rulesdir := $(prefix)/lib/udev/rules.d
modulesloaddir := $(prefix)/lib/modules-load.d

# As the kernel has it: what a row of a table doesn't mention is zero.
warnings := -Wall -Wextra -Wno-missing-field-initializers -Werror \
	-Wmissing-prototypes -Wstrict-prototypes
common := -std=gnu11 -D_GNU_SOURCE $(warnings) -MMD -MP -fmacro-prefix-map=$(top)/= \
	-I$(tools_dir)/../include/uapi -I$(top) -I$(library)
cflags := $(common) -O2 $(if $(filter s390x%,$(shell $(CC) -dumpmachine)),-march=z10)
ldflags := $(if $(filter 1,$(STATIC)),-static) $(LDFLAGS)
sanitizers := -fsanitize=address,undefined -fno-sanitize-recover=all
test_cflags := $(common) -O1 -g $(sanitizers) -I$(selftests)

define compile_rules
$(obj)/%.o: $(1)/%.c $(makefiles)
	@mkdir -p $$(@D)
	$$(CC) $$(cflags) $$(CPPFLAGS) $$(CFLAGS) -c -o $$@ $$<

$(test_obj)/%.o: $(1)/%.c $(makefiles)
	@mkdir -p $$(@D)
	$$(HOSTCC) $$(test_cflags) -c -o $$@ $$<

endef

# The first goal is that of the Makefile.
all:

$(eval $(call compile_rules,$(top)))
ifneq ($(top),$(library))
$(eval $(call compile_rules,$(library)))
endif
$(eval $(call compile_rules,$(selftests)))

-include $(wildcard $(obj)/*.d $(test_obj)/*.d)

clean:
	rm -rf $(O)

.PHONY: all clean
