// SPDX-License-Identifier: GPL-2.0
/* A small virtual machine monitor for s390x over the KVM API */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "vmm.h"
#include "vmm_css.h"

/* Since Linux 6.11, and on s390 since KVM has page tables of its own */
#ifndef KVM_CAP_PRE_FAULT_MEMORY
#define KVM_CAP_PRE_FAULT_MEMORY	236
#endif

#define ICPT_INSTRUCTION	0x04

#define PSW_MASK_START		0x0000000180000000ul	/* 64-bit, disabled */
#define PSW_EA			0x0000000100000000ul
#define PSW_BA			0x0000000080000000ul
#define PSW_CC_SHIFT		44

#define SEGMENT			0x100000ul

#define DEFAULT_SECONDS		300

void die(const char *format, ...)
{
	int error = errno;
	va_list args;

	fflush(stdout);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf(": %s\n", strerror(error));
	fflush(stdout);
	_exit(2);
}

/* The VM whose vCPUs the watchdog shows */
static struct vmm *watched;

/* --- the VM --- */

static void create_vcpu(struct vmm *vmm, int nr)
{
	struct kvm_enable_cap css = { .cap = KVM_CAP_S390_CSS_SUPPORT };
	struct vmm_vcpu *vcpu = &vmm->vcpu[nr];
	int size;

	vcpu->vmm = vmm;
	vcpu->nr = nr;
	vcpu->fd = ioctl(vmm->vm_fd, KVM_CREATE_VCPU, nr);
	if (vcpu->fd < 0)
		die("KVM_CREATE_VCPU %d", nr);
	size = ioctl(vmm->kvm_fd, KVM_GET_VCPU_MMAP_SIZE, 0);
	if (size < 0)
		die("KVM_GET_VCPU_MMAP_SIZE");
	vcpu->run = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED,
			 vcpu->fd, 0);
	if (vcpu->run == MAP_FAILED)
		die("mmap of the run structure of vCPU %d", nr);
	/*
	 * Without this capability KVM itself answers every I/O instruction with
	 * cc 3.
	 */
	if (nr == 0 && ioctl(vcpu->fd, KVM_ENABLE_CAP, &css))
		die("KVM_CAP_S390_CSS_SUPPORT");
	if (ioctl(vcpu->fd, KVM_S390_INITIAL_RESET, 0))
		die("KVM_S390_INITIAL_RESET");
}

void *vmm_storage(size_t size, int sharing)
{
	u8 *map = mmap(NULL, size + SEGMENT, PROT_NONE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	u8 *aligned, *end;

	if (map == MAP_FAILED)
		die("mmap of address space for guest storage");
	aligned = (u8 *)(((u64)map + SEGMENT - 1) & -SEGMENT);
	end = map + size + SEGMENT;
	if (aligned > map)
		munmap(map, aligned - map);
	if (end > aligned + size)
		munmap(aligned + size, end - aligned - size);
	if (mmap(aligned, size, PROT_READ | PROT_WRITE,
		 sharing | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != aligned)
		die("mmap of %zu bytes of guest storage", size);
	return aligned;
}

/*
 * Have KVM map all of the storage as for a store.
 *
 * KVM of Linux 7 maps a page that has only been fetched from so that a store is an
 * exception of the host's, and then maps it once more.  Hercules presents this
 * exception to the guest.  Older kernels map shared storage for stores right away.
 */
static void map_for_stores(struct vmm *vmm)
{
	static char zeros[64 << 10];
	struct kvm_s390_mem_op op = {
		.op = KVM_S390_MEMOP_ABSOLUTE_WRITE,
		.size = sizeof(zeros),
		.buf = (u64)zeros,
	};

	if (ioctl(vmm->vm_fd, KVM_CHECK_EXTENSION, KVM_CAP_PRE_FAULT_MEMORY) <= 0)
		return;
	for (; op.gaddr < vmm->mem_size; op.gaddr += sizeof(zeros))
		if (ioctl(vmm->vm_fd, KVM_S390_MEM_OP, &op))
			die("KVM_S390_MEM_OP for 0x%llx", op.gaddr);
}

void vmm_create(struct vmm *vmm, int nr_vcpus)
{
	struct kvm_userspace_memory_region region = { 0 };
	int nr;

	memset(vmm, 0, sizeof(*vmm));
	vmm->kvm_fd = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	if (vmm->kvm_fd < 0)
		die("open /dev/kvm");
	/*
	 * EINVAL means that the program was not linked with -Wl,--s390-pgste.
	 */
	vmm->vm_fd = ioctl(vmm->kvm_fd, KVM_CREATE_VM, 0);
	if (vmm->vm_fd < 0)
		die("KVM_CREATE_VM");
	vmm->mem_size = VMM_MEMORY;
	vmm->mem = vmm_storage(vmm->mem_size, MAP_SHARED);
	region.memory_size = vmm->mem_size;
	region.userspace_addr = (u64)vmm->mem;
	if (ioctl(vmm->vm_fd, KVM_SET_USER_MEMORY_REGION, &region))
		die("KVM_SET_USER_MEMORY_REGION");
	map_for_stores(vmm);
	vmm->nr_vcpus = nr_vcpus;
	for (nr = 0; nr < nr_vcpus; nr++)
		create_vcpu(vmm, nr);
}

void vmm_destroy(struct vmm *vmm)
{
	int nr;

	if (watched == vmm)
		watched = NULL;
	for (nr = 0; nr < vmm->nr_vcpus; nr++) {
		munmap(vmm->vcpu[nr].run,
		       ioctl(vmm->kvm_fd, KVM_GET_VCPU_MMAP_SIZE, 0));
		close(vmm->vcpu[nr].fd);
	}
	if (vmm->flic_fd)
		close(vmm->flic_fd);
	if (vmm->vm_fd >= 0)
		close(vmm->vm_fd);
	munmap(vmm->mem, vmm->mem_size);
	close(vmm->kvm_fd);
}

static void set_entry(struct vmm_vcpu *vcpu, u64 function, u64 argument)
{
	vcpu->run->psw_mask = PSW_MASK_START;
	vcpu->run->psw_addr = GUEST_IMAGE;
	vcpu->run->s.regs.gprs[2] = vcpu->nr;
	vcpu->run->s.regs.gprs[3] = function;
	vcpu->run->s.regs.gprs[4] = argument;
	vcpu->run->kvm_dirty_regs |= KVM_SYNC_GPRS;
}

void vmm_load(struct vmm *vmm, const void *image, const void *end,
	      u64 argument)
{
	size_t size = (const char *)end - (const char *)image;

	memcpy(vmm->mem + GUEST_IMAGE, image, size);
	set_entry(&vmm->vcpu[0], 0, argument);
}

/* --- guest storage and registers --- */

void *vmm_pointer(struct vmm *vmm, u64 addr, u64 len)
{
	if (addr >= vmm->mem_size || len > vmm->mem_size - addr)
		return NULL;
	return vmm->mem + addr;
}

const char *vmm_string(struct vmm *vmm, u64 addr)
{
	const char *string = vmm_pointer(vmm, addr, 1);

	return string ? string : "(string outside guest storage)";
}

u64 vmm_ipb_address(struct vmm_vcpu *vcpu, u32 ipb, u8 *ar)
{
	u32 base = ipb >> 28;
	u64 addr = ipb >> 16 & 0xfff;

	if (base)
		addr += vcpu->run->s.regs.gprs[base];
	if (ar)
		*ar = base;
	if (!(vcpu->run->psw_mask & PSW_BA))
		return addr & 0xffffff;
	if (!(vcpu->run->psw_mask & PSW_EA))
		return addr & 0x7fffffff;
	return addr;
}

static void set_cc(struct vmm_vcpu *vcpu, int cc)
{
	vcpu->run->psw_mask &= ~(3ul << PSW_CC_SHIFT);
	vcpu->run->psw_mask |= (u64)cc << PSW_CC_SHIFT;
}

void vmm_program_interruption(struct vmm_vcpu *vcpu, u16 code)
{
	struct kvm_s390_irq irq = {
		.type = KVM_S390_PROGRAM_INT,
		.u.pgm.code = code,
		/*
		 * Without KVM_S390_PGM_FLAGS_ILC_VALID KVM sets the length: that
		 * of the instruction it has intercepted, or of the EXECUTE whose
		 * target this one is.
		 */
	};

	if (ioctl(vcpu->fd, KVM_S390_IRQ, &irq))
		die("KVM_S390_IRQ: program interruption %#x", code);
}

void vmm_io_interruption(struct vmm *vmm, u32 sid, u32 intparm, u8 isc)
{
	struct kvm_s390_interrupt irq = {
		.type = KVM_S390_INT_IO(0, 0, SID_SSID(sid), SID_SCHID(sid)),
		.parm = sid,
		.parm64 = (u64)intparm << 32 | (u32)isc << 27 | 0x80000000u,
	};

	while (ioctl(vmm->vm_fd, KVM_S390_INTERRUPT, &irq)) {
		/*
		 * Too many interruptions are pending; the guest will take some
		 * of them.
		 */
		if (errno != EBUSY)
			die("KVM_S390_INTERRUPT for subchannel %08x", sid);
		usleep(1000);
	}
}

/* --- exits --- */

static void *vcpu_thread(void *arg);

static void show(struct vmm_vcpu *vcpu, const char *what)
{
	struct kvm_run *run = vcpu->run;

	printf("# vCPU %d: %s: exit reason %u, PSW %016llx %016llx\n", vcpu->nr,
	       what, run->exit_reason, run->psw_mask, run->psw_addr);
	if (run->exit_reason == KVM_EXIT_S390_SIEIC)
		printf("# intercept %02x, instruction %04x %08x\n",
		       run->s390_sieic.icptcode, run->s390_sieic.ipa,
		       run->s390_sieic.ipb);
	fflush(stdout);
}

static u64 cpu_start(struct vmm *vmm, u64 function, u64 argument)
{
	struct vmm_vcpu *vcpu = &vmm->vcpu[1];

	if (vmm->nr_vcpus < 2)
		return 1;
	if (vcpu->running)
		pthread_join(vcpu->thread, NULL);
	set_entry(vcpu, function, argument);
	vcpu->running = true;
	if (pthread_create(&vcpu->thread, NULL, vcpu_thread, vcpu))
		die("pthread_create for vCPU %d", vcpu->nr);
	return 0;
}

/* Return: false when the guest program has ended. */
static bool hypercall(struct vmm_vcpu *vcpu)
{
	u64 *args = (u64 *)&vcpu->run->s.regs.gprs[2];
	struct vmm *vmm = vcpu->vmm;

	vcpu->exits.diag++;
	switch (args[0]) {
	case HC_EXIT:
		if (vcpu->nr == 0)
			vmm->exit_status = args[1];
		return false;
	case HC_CPU_START:
		args[0] = cpu_start(vmm, args[1], args[2]);
		return true;
	}
	if (!vmm->hypercall) {
		printf("# request %lu of the guest is unknown here\n", args[0]);
		vmm->exit_status = VMM_BROKEN;
		return false;
	}
	args[0] = vmm->hypercall(vcpu, args);
	return true;
}

/* Return: the condition code that a machine without any subchannel sets. */
static int io_without_css(u8 opcode)
{
	switch (opcode) {
	case INSN_TPI & 0xff:
	case INSN_SCHM & 0xff:
	case INSN_SAL & 0xff:
		return CC_DONE;
	case INSN_STCRW & 0xff:
		return 1;		/* TPI: nothing is pending */
	default:
		return CC_NOT_OPERATIONAL;
	}
}

static void io_instruction(struct vmm_vcpu *vcpu, u8 opcode)
{
	struct vmm *vmm = vcpu->vmm;
	int cc;

	vcpu->exits.io++;
	vcpu->exits.io_by_opcode[opcode]++;
	if (vmm->io)
		cc = vmm->io(vcpu);
	else if (vmm->css)
		cc = vmm_css_io(vmm->css, vcpu);
	else
		cc = io_without_css(opcode);
	if (cc != VMM_CC_NONE)
		set_cc(vcpu, cc);
}

/* Return: false when the vCPU has nothing more to do. */
static bool handle_sieic(struct vmm_vcpu *vcpu)
{
	struct kvm_run *run = vcpu->run;

	if (run->s390_sieic.icptcode == ICPT_INSTRUCTION) {
		switch (run->s390_sieic.ipa >> 8) {
		case 0x83:
			if (run->s390_sieic.ipb >> 16 == DIAG_VMM)
				return hypercall(vcpu);
			break;
		case 0xb2:
			io_instruction(vcpu, run->s390_sieic.ipa & 0xff);
			return true;
		}
	}
	show(vcpu, "unexpected intercept");
	vcpu->vmm->exit_status = VMM_BROKEN;
	return false;
}

static void clear_floating_interruptions(struct vmm *vmm)
{
	struct kvm_device_attr clear = { .group = KVM_DEV_FLIC_CLEAR_IRQS };
	struct kvm_create_device flic = { .type = KVM_DEV_TYPE_FLIC };

	if (!vmm->flic_fd) {
		if (ioctl(vmm->vm_fd, KVM_CREATE_DEVICE, &flic))
			die("KVM_CREATE_DEVICE: FLIC");
		vmm->flic_fd = flic.fd;
	}
	if (ioctl(vmm->flic_fd, KVM_SET_DEVICE_ATTR, &clear))
		die("KVM_DEV_FLIC_CLEAR_IRQS");
}

/*
 * The guest has asked for a reset by DIAGNOSE 308, and no other vCPU runs.  Do
 * with KVM what QEMU does then, but let the guest program go on behind the
 * DIAGNOSE.
 */
static void reset(struct vmm_vcpu *vcpu)
{
	bool clear = vcpu->run->s390_reset_flags & KVM_S390_RESET_CLEAR;
	u64 mask = vcpu->run->psw_mask, addr = vcpu->run->psw_addr;
	struct vmm *vmm = vcpu->vmm;
	u64 gprs[16];
	int nr;

	vcpu->exits.resets++;
	memcpy(gprs, vcpu->run->s.regs.gprs, sizeof(gprs));
	for (nr = 0; nr < vmm->nr_vcpus; nr++)
		if (ioctl(vmm->vcpu[nr].fd, clear ? KVM_S390_CLEAR_RESET :
						    KVM_S390_INITIAL_RESET, 0))
			die("reset of vCPU %d", nr);
	clear_floating_interruptions(vmm);
	vcpu->run->psw_mask = mask;
	vcpu->run->psw_addr = addr;
	memcpy(vcpu->run->s.regs.gprs, gprs, sizeof(gprs));
	vcpu->run->kvm_dirty_regs |= KVM_SYNC_GPRS;
}

static void vcpu_loop(struct vmm_vcpu *vcpu)
{
	struct kvm_run *run = vcpu->run;

	for (;;) {
		if (ioctl(vcpu->fd, KVM_RUN, 0)) {
			if (errno == EINTR)
				continue;
			show(vcpu, strerror(errno));
			vcpu->vmm->exit_status = VMM_BROKEN;
			return;
		}
		vcpu->exits.total++;
		vcpu->exits.by_reason[run->exit_reason % VMM_EXIT_REASONS]++;
		switch (run->exit_reason) {
		case KVM_EXIT_S390_SIEIC:
			if (!handle_sieic(vcpu))
				return;
			break;
		case KVM_EXIT_S390_TSCH:
			io_instruction(vcpu, INSN_TSCH & 0xff);
			break;
		case KVM_EXIT_S390_RESET:
			reset(vcpu);
			break;
		case KVM_EXIT_DEBUG:
			if (vcpu->vmm->debug) {
				vcpu->vmm->debug(vcpu);
				break;
			}
			fallthrough;
		default:
			show(vcpu, "unexpected exit");
			vcpu->vmm->exit_status = VMM_BROKEN;
			return;
		}
	}
}

static void *vcpu_thread(void *arg)
{
	vcpu_loop(arg);
	return NULL;
}

static void join_other(struct vmm *vmm)
{
	struct vmm_vcpu *vcpu = &vmm->vcpu[1];

	if (vmm->nr_vcpus > 1 && vcpu->running) {
		pthread_join(vcpu->thread, NULL);
		vcpu->running = false;
	}
}

int vmm_run(struct vmm *vmm)
{
	watched = vmm;
	vcpu_loop(&vmm->vcpu[0]);
	join_other(vmm);
	return vmm->exit_status;
}

void vmm_start(struct vmm *vmm)
{
	struct vmm_vcpu *vcpu = &vmm->vcpu[0];

	watched = vmm;
	vcpu->running = true;
	if (pthread_create(&vcpu->thread, NULL, vcpu_thread, vcpu))
		die("pthread_create for vCPU 0");
}

int vmm_wait(struct vmm *vmm)
{
	struct vmm_vcpu *vcpu = &vmm->vcpu[0];

	pthread_join(vcpu->thread, NULL);
	vcpu->running = false;
	join_other(vmm);
	return vmm->exit_status;
}

void vmm_exits_sum(struct vmm *vmm, struct vmm_exits *sum)
{
	const u64 *from;
	u64 *to = (u64 *)sum;
	size_t i;
	int nr;

	memset(sum, 0, sizeof(*sum));
	for (nr = 0; nr < vmm->nr_vcpus; nr++) {
		from = (const u64 *)&vmm->vcpu[nr].exits;
		for (i = 0; i < sizeof(*sum) / sizeof(*to); i++)
			to[i] += from[i];
	}
}

static void on_alarm(int signal)
{
	int nr;

	(void)signal;
	/*
	 * printf() isn't safe in a signal handler, but the program ends here
	 * anyway.
	 */
	printf("Bail out! no end within the time limit\n");
	for (nr = 0; watched && nr < watched->nr_vcpus; nr++)
		show(&watched->vcpu[nr], "at the time limit");
	_exit(3);
}

void vmm_watchdog(void)
{
	const char *seconds = getenv("SECONDS_EACH");
	int limit = seconds ? atoi(seconds) : DEFAULT_SECONDS;

	/* Let the alarm come before "run" ends this program from outside. */
	signal(SIGALRM, on_alarm);
	alarm(limit > 20 ? limit - 10 : 10);
}
