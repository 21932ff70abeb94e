// SPDX-License-Identifier: GPL-2.0
/*
 * The host's half of the tests of single-stepping and PER over intercepted I/O
 * instructions: what a gdbstub does, and a page of guest storage that is
 * withheld.  The tests are in guest/per_step.c and guest/per_event.c.
 */
#include <assert.h>
#include <linux/userfaultfd.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "theme.h"
#include "withhold.h"
#include "guest/per.h"

static_assert(PER_EXIT_BREAK == KVM_HW_BP, "KVM_HW_BP");
static_assert(PER_EXIT_STEP == KVM_SINGLESTEP, "KVM_SINGLESTEP");

#define PSW_PER			0x4000000000000000ul
#define FAULT_MS		20000

/* --- the gdbstub --- */

static struct per_log *per_log;

static void debug(struct vmm_vcpu *vcpu)
{
	struct kvm_run *run = vcpu->run;
	struct per_exit *exit;

	if (per_log->nr < PER_EXITS) {
		exit = &per_log->exits[per_log->nr];
		exit->mask = run->psw_mask;
		exit->addr = run->psw_addr;
		exit->type = run->debug.arch.type;
	}
	per_log->nr++;
}

static void set_debug(struct vmm_vcpu *vcpu, struct kvm_guest_debug *arg)
{
	if (ioctl(vcpu->fd, KVM_SET_GUEST_DEBUG, arg))
		die("KVM_SET_GUEST_DEBUG");
}

/*
 * KVM makes SIE recognize PER events whatever the guest's PSW says.  Hercules'
 * SIE goes by the PSW alone, so PER is also set in the PSW here, and in the
 * guest's new PSWs.
 */
static void begin(struct vmm_vcpu *vcpu, struct kvm_guest_debug *arg, u64 addr)
{
	per_log = vmm_pointer(vcpu->vmm, addr, sizeof(*per_log));
	if (!per_log)
		die("no room for the exits at %lx", addr);
	set_debug(vcpu, arg);
	vcpu->run->psw_mask |= PSW_PER;
}

static void begin_steps(struct vmm_vcpu *vcpu, u64 addr)
{
	struct kvm_guest_debug arg = {
		.control = KVM_GUESTDBG_ENABLE | KVM_GUESTDBG_SINGLESTEP,
	};

	begin(vcpu, &arg, addr);
}

static void begin_breakpoint(struct vmm_vcpu *vcpu, u64 addr, u64 where)
{
	struct kvm_hw_breakpoint breakpoint = {
		.type = KVM_HW_BP,
		.addr = where,
		.len = 1,
	};
	struct kvm_guest_debug arg = {
		.control = KVM_GUESTDBG_ENABLE | KVM_GUESTDBG_USE_HW_BP,
		.arch.nr_hw_bp = 1,
		.arch.hw_bp = &breakpoint,
	};

	begin(vcpu, &arg, addr);
}

static void stop(struct vmm_vcpu *vcpu)
{
	struct kvm_guest_debug arg = { 0 };

	set_debug(vcpu, &arg);
	vcpu->run->psw_mask &= ~PSW_PER;
}

/* --- the page that is withheld --- */

static struct {
	int uffd;
	void *page;
	volatile u32 *turn;
	pthread_t thread;
	bool running;
	bool provided;
} withheld = { .uffd = -1 };

/*
 * Wait for a vCPU to fault on the page, let the other vCPU work, and provide
 * the page when that one is done.
 */
static void *provider(void *arg)
{
	static const u8 zeros[PER_PAGE_SIZE];
	struct pollfd pollfd = { .fd = withheld.uffd, .events = POLLIN };
	struct uffdio_copy copy = {
		.dst = (u64)withheld.page,
		.src = (u64)zeros,
		.len = PER_PAGE_SIZE,
	};
	struct uffd_msg msg;
	unsigned int ms;

	(void)arg;
	if (poll(&pollfd, 1, FAULT_MS) != 1 ||
	    read(withheld.uffd, &msg, sizeof(msg)) != sizeof(msg) ||
	    msg.event != UFFD_EVENT_PAGEFAULT)
		return NULL;
	*withheld.turn = PER_TURN_OTHER;
	for (ms = 0; *withheld.turn != PER_TURN_DONE && ms < FAULT_MS; ms++)
		usleep(1000);
	withheld.provided = *withheld.turn == PER_TURN_DONE;
	if (ioctl(withheld.uffd, UFFDIO_COPY, &copy))
		die("UFFDIO_COPY");
	return NULL;
}

static bool withhold_page(struct vmm *vmm)
{
	if (withheld.uffd >= 0)
		return true;
	withheld.uffd = withhold_open();
	if (withheld.uffd < 0)
		return false;
	withheld.page = vmm_pointer(vmm, PER_PAGE, PER_PAGE_SIZE);
	withhold(withheld.uffd, withheld.page);
	return true;
}

static bool withhold_for(struct vmm *vmm, u64 turn)
{
	if (!withhold_page(vmm))
		return false;
	if (madvise(withheld.page, PER_PAGE_SIZE, MADV_REMOVE))
		die("MADV_REMOVE");
	withheld.turn = vmm_pointer(vmm, turn, sizeof(*withheld.turn));
	withheld.provided = false;
	if (pthread_create(&withheld.thread, NULL, provider, NULL))
		die("pthread_create");
	withheld.running = true;
	return true;
}

static bool provided(void)
{
	if (withheld.running)
		pthread_join(withheld.thread, NULL);
	withheld.running = false;
	return withheld.provided;
}

/* --- the theme --- */

static u64 call(struct machine *machine, const u64 *args)
{
	struct vmm_vcpu *vcpu = &machine->vmm.vcpu[0];

	switch (args[0]) {
	case PER_CALL_STEP:
		begin_steps(vcpu, args[1]);
		return 0;
	case PER_CALL_BREAK:
		begin_breakpoint(vcpu, args[1], args[2]);
		return 0;
	case PER_CALL_STOP:
		stop(vcpu);
		return 0;
	case PER_CALL_WITHHOLD:
		return withhold_for(&machine->vmm, args[1]);
	case PER_CALL_PROVIDED:
		return provided();
	}
	return 0;
}

static u64 setup(struct machine *machine)
{
	machine_add_test(machine, PER_SID, 0x5000, 0);
	machine->vmm.debug = debug;
	if (machine->served_by == SERVED_BY_VMM)
		return PER_BY_VMM;
	return machine->theme->kernel == THEME_ALONE ? PER_BY_ALONE :
						       PER_BY_KERNEL;
}

static void teardown(struct machine *machine)
{
	(void)machine;
	provided();
	if (withheld.uffd >= 0)
		close(withheld.uffd);
}

int main(int argc, char **argv)
{
	struct theme theme = {
		.name = "per",
		.nr_vcpus = 2,
		.setup = setup,
		.call = call,
		.teardown = teardown,
	};

	/*
	 * With --alone all fifteen I/O instructions are tested.  Otherwise the
	 * other themes' "--served-by" applies, and the instructions are those
	 * that it serves.
	 */
	if (argc == 2 && !strcmp(argv[1], "--alone")) {
		theme.kernel = THEME_ALONE;
		argc = 1;
	}
	return theme_main(&theme, argc, argv);
}
