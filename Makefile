# SPDX-License-Identifier: GPL-2.0
#
# kvm-css: an in-kernel channel subsystem for KVM guests on s390x.
#
# On an s390x host, "make" builds kvm_css.ko against the running kernel, and
# the kernel's own build files do the rest.  Anywhere else it builds for the
# stock kernels of the lab (tools/lab), with a cross compiler.

LAB	:= $(CURDIR)/tools/lab/lab
ARCH_HERE := $(shell uname -m)
KVER	?= $(shell uname -r)
KDIR	?= /lib/modules/$(KVER)/build
HOSTS	?= debian13 debian12
HOST	?= debian13
GUEST	?= guest
QEMU	?= debian12

# The release, and the kernels that the module is for, as they are written down there
VERSION := $(shell sed -n 's/^.define KVM_CSS_RELEASE.*"\(.*\)"/\1/p' include/kvm_css/version.h)
$(eval $(shell grep '^kvm_css_kernels :=' drivers/s390/kvm_css/Kbuild))
prefix	?= /usr/local
includedir ?= $(prefix)/include
# Where DKMS looks for modules, which no prefix changes
dkms_dir := /usr/src/kvm-css-$(VERSION)

.PHONY: all modules modules_install tools tools_install clean
.PHONY: headers_install dkms_install packages packages-check
.PHONY: check fuzz demo bench perf flame lent lab linux kunit coverage help

all: modules tools

ifeq ($(ARCH_HERE),s390x)
modules:
	@echo "kvm_css.ko for $(KVER), with $(KDIR)"
	@test -e $(KDIR)/Makefile || { \
	  echo "expected the headers of kernel $(KVER) at $(KDIR), found none;" \
	       "install them (Debian: apt install linux-headers-$(KVER))," \
	       "or name another kernel: make KVER=..." >&2; exit 2; }
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules

modules_install:
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules_install

tools:
	$(MAKE) -C tools/selftests O=$(CURDIR)/build/selftests
	$(MAKE) -C tools/libcss-user O=$(CURDIR)/build/libcss-user
	$(MAKE) -C tools/cssctl O=$(CURDIR)/build/cssctl
	$(MAKE) -C tools/css-tape O=$(CURDIR)/build/css-tape
	$(MAKE) -C tools/css-3270 O=$(CURDIR)/build/css-3270
else
modules:
	@for host in $(HOSTS); do $(LAB) build $$host || exit; done

modules_install:
	@echo "expected to run on the s390x host, found $(ARCH_HERE);" \
	      "copy the tree there, or build with KDIR= there" >&2; exit 2

tools:
	@$(LAB) build selftests
	$(MAKE) -C tools/libcss-user O=$(CURDIR)/build/libcss-user
	$(MAKE) -C tools/cssctl O=$(CURDIR)/build/cssctl
	$(MAKE) -C tools/css-tape O=$(CURDIR)/build/css-tape LIBRARIES=$$($(LAB) libraries)
	$(MAKE) -C tools/css-3270 O=$(CURDIR)/build/css-3270
endif

# cssctl and libcss-user with their manuals, css-tape and css-3270; prefix=, sysconfdir= and DESTDIR= as usual
tools_install:
	$(MAKE) -C tools/libcss-user O=$(CURDIR)/build/libcss-user install
	$(MAKE) -C tools/cssctl O=$(CURDIR)/build/cssctl install
	$(MAKE) -C tools/css-tape O=$(CURDIR)/build/css-tape install
	$(MAKE) -C tools/css-3270 O=$(CURDIR)/build/css-3270 install

# The user ABI, for programs that open /dev/kvm-css
headers_install:
	install -d $(DESTDIR)$(includedir)/linux
	install -m 644 include/uapi/linux/*.h $(DESTDIR)$(includedir)/linux

# The module's sources, with what DKMS has to know; then: dkms install kvm-css/VERSION
dkms_install:
	@test -n "$(VERSION)" -a -n "$(dkms_kernels)"
	install -d $(DESTDIR)$(dkms_dir)
	tar c --mode=u=rwX,go=rX --owner=0 --group=0 --exclude='*.mod.c' --exclude='.*' \
	  --exclude='cio_layout_found.h' Kbuild $$(find drivers include -name '*.[ch]' -o \
	  -name Kbuild -o -name '*.mk' -o -name '*.sh') | tar x -C $(DESTDIR)$(dkms_dir)
	sed 's/@VERSION@/$(VERSION)/; s/@KERNELS@/$(dkms_kernels)/' tools/packages/dkms.conf.in \
	  > $(DESTDIR)$(dkms_dir)/dkms.conf
	chmod 644 $(DESTDIR)$(dkms_dir)/dkms.conf

# The Debian packages, cross; on an s390x host "dpkg-buildpackage -us -uc" makes them
packages:
	@$(LAB) packages

# apt installs, upgrades and purges them in a root directory; see Documentation/testing.rst
packages-check:
	@$(CURDIR)/tools/check/check packages

# As a regular expression, "6.1" is 6[.]1, and the names are separated by |
dkms_kernels = $(subst $(space),|,$(strip $(subst .,[.],$(kvm_css_kernels))))
empty :=
space := $(empty) $(empty)

# All of the project's tests; see Documentation/testing.rst
check:
	@$(CURDIR)/tools/check/check

# The fuzzers, FUZZ_SECONDS together; a later run goes on from there
fuzz:
	@FUZZ_SECONDS=$(FUZZ_SECONDS) $(CURDIR)/tools/fuzz/fuzz

# On an emulated mainframe, a stock host and its guests: a disk in the kernel,
# latencies, tracepoints, a flame graph, and what vfio-ccw takes for the same;
# SHORT=1 only shows that these tools work
demo bench perf flame lent:
	@$(CURDIR)/tools/bench/measure --host $(HOST) $(if $(SHORT),--short )$(measured)

demo perf flame lent: measured = $@
# bench itself, and disks of a Linux guest
bench: measured = bench disks eckd

# Linux guests under Debian's QEMU, on disks that the kernel serves; GUEST is their kernel: the
# lab's own small one, debian13 or debian12. QEMU is the release that QEMU is from.
linux:
	@$(LAB) linux $(HOST) --kernel $(GUEST) --qemu $(QEMU)

# A shell on that host, with the module and the selftests
lab:
	@$(LAB) shell $(HOST)

kunit:
	@$(LAB) kunit uml
	@$(LAB) kunit guest
	@$(LAB) kunit debug

# Which lines of the core the suites run; in build/coverage/ those they don't
coverage:
	@$(LAB) coverage

clean:
	rm -rf build
	find . -name '*.ko' -o -name '*.o' -o -name '*.mod' -o -name '*.mod.c' \
	  -o -name '.*.cmd' -o -name 'modules.order' -o -name Module.symvers | \
	  xargs rm -f

help:
	@echo "make              the module and the tools: the two goals that follow"
	@echo "make modules      kvm_css.ko: on s390x for the running kernel, elsewhere for $(HOSTS)"
	@echo "make tools        cssctl, css-tape, css-3270, libcss-user and the selftests"
	@echo "make modules_install  the module, on s390x for the running kernel"
	@echo "make tools_install  cssctl, its manual, completion and systemd unit; css-tape; css-3270; libcss-user (prefix=/usr/local)"
	@echo "make headers_install  the user ABI, <linux/kvm_css.h>"
	@echo "make dkms_install the module's sources for DKMS, in /usr/src/kvm-css-$(VERSION)"
	@echo "make packages     the Debian packages for s390x, in build/packages"
	@echo "make packages-check  install, upgrade and purge them in a root directory with Debian"
	@echo "make check        all tests; the last line is 'N passed, N failed, N skipped'"
	@echo "make fuzz         the fuzzers, FUZZ_SECONDS=60 together"
	@echo "make demo         a real KVM guest and its disk, in the kernel and in userspace"
	@echo "make bench        latencies as a table and build/bench/latency.json"
	@echo "make perf         per instruction and ending, recorded by perf on the host"
	@echo "make flame        where the host's time goes while a guest reads: build/bench/flame.svg"
	@echo "make lent         a disk of the host's, passed through by the module and by vfio-ccw"
	@echo "make linux        Linux guests under QEMU on the kernel's disks; GUEST=guest|debian13|debian12"
	@echo "make lab          a shell on the host"
	@echo "make kunit        the KUnit suites only"
	@echo "make coverage     lines of the core that the KUnit suites run; fails below 95 %"
	@echo "make clean        remove what was built here"
	@echo "HOST=debian13|debian12|debug   where demo, bench, perf, flame, lent and lab run ($(HOST))"
	@echo "SHORT=1           demo, bench, perf, flame, lent: a minute at most, with figures that mean nothing"
	@echo "KVM_CSS_CACHE=DIR what was fetched and built is kept there (~/.cache/kvm-css)"
