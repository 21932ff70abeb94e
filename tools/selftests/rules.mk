# SPDX-License-Identifier: GPL-2.0
#
# How static s390x programs that contain a guest program are built.  The
# Makefiles of tools/selftests and tools/bench include this file.  They set:
#
#	top		their own directory
#	O		where to build
#	programs	programs with a guest program; host-NAME and guest-NAME
#			are the objects of the two halves
#	host_programs	programs without one; host-NAME are the objects

makefiles := $(abspath $(MAKEFILE_LIST))
lib_dir := $(abspath $(dir $(lastword $(MAKEFILE_LIST))))
obj := $(O)/obj

ifneq ($(shell uname -m),s390x)
CROSS_COMPILE ?= s390x-linux-gnu-
endif
CC := $(CROSS_COMPILE)gcc
LD := $(CROSS_COMPILE)ld
OBJCOPY := $(CROSS_COMPILE)objcopy

# As the kernel has it: what a row of a table doesn't mention is zero.
warnings := -Wall -Wextra -Wno-missing-field-initializers -Werror \
	-Wmissing-prototypes -Wstrict-prototypes
common := -std=gnu11 -O2 -march=z10 $(warnings) -MMD -MP \
	-fmacro-prefix-map=$(top)/= -fmacro-prefix-map=$(lib_dir)/= \
	-I$(top) -I$(lib_dir)

# The VMM needs page tables with PGSTEs for KVM; this linker option asks for them.
vmm_cflags := $(common) -pthread -I$(lib_dir)/../../include/uapi
vmm_ldflags := -static -pthread -Wl,--s390-pgste

# The guest program has no library and doesn't use floating-point registers.
guest_cflags := $(common) -ffreestanding -fno-builtin -fno-pic -no-pie \
	-msoft-float -fno-asynchronous-unwind-tables -fno-stack-protector \
	-fno-tree-loop-distribute-patterns -I$(lib_dir)/guest

lib := vmm vmm_css vmm_chan vmm_test vmm_fba vmm_kernel unit_calls ktap backing host
runtime := start runtime chan dat

libobjs := $(addprefix $(obj)/,$(addsuffix .o,$(lib)))

vpath %.c $(top) $(lib_dir)

.SECONDARY:

$(obj)/%.o: %.c $(makefiles)
	@mkdir -p $(@D)
	$(CC) $(vmm_cflags) -c -o $@ $<

$(obj)/guest/%.o: guest/%.c $(makefiles)
	@mkdir -p $(@D)
	$(CC) $(guest_cflags) -c -o $@ $<

$(obj)/guest/%.o: $(lib_dir)/guest/%.S $(makefiles)
	@mkdir -p $(@D)
	$(CC) $(guest_cflags) -c -o $@ $<

%.bin: %.elf
	$(OBJCOPY) -O binary $< $@

$(obj)/%.image.o: $(obj)/guest/%.bin $(lib_dir)/guest_image.S
	$(CC) $(common) -DIMAGE='"$<"' -c -o $@ $(lib_dir)/guest_image.S

.SECONDEXPANSION:

objects = $(addprefix $(obj)/,$(addsuffix .o,$(1)))

$(obj)/guest/%.elf: $$(addprefix $(obj)/guest/,$$(addsuffix .o,$(runtime) $$(guest-$$*))) \
		$(lib_dir)/guest/guest.lds
	$(LD) -T $(lib_dir)/guest/guest.lds -z noexecstack \
		--no-warn-rwx-segments --fatal-warnings -o $@ $(filter %.o,$^)

$(addprefix $(O)/,$(programs)): $(O)/%: $$(call objects,$$(host-$$*)) \
		$(obj)/theme.o $(obj)/%.image.o $(libobjs)
	$(CC) $(vmm_ldflags) -o $@ $^

$(addprefix $(O)/,$(host_programs)): $(O)/%: $$(call objects,$$(host-$$*)) \
		$(libobjs)
	$(CC) $(vmm_ldflags) -o $@ $^

clean:
	rm -rf $(O)

-include $(wildcard $(obj)/*.d $(obj)/guest/*.d)

.PHONY: all clean
