// SPDX-License-Identifier: GPL-2.0
/*
 * One VM or user never delays another.  The tests measure how long the calls of
 * one user take while another user, who is hostile, does what never ends or
 * takes very long.
 *
 * The hostile user is a child process with another user ID.  Its VMs have no
 * CPU; instead of executing instructions, it restores states in which a program
 * is started or status is pending.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host.h"
#include "ktap.h"
#include "vmm.h"
#include "vmm_kernel.h"
#include "withhold.h"

#define NOBODY		65534
#define STORAGE		(1UL << 20)
#define CCW_ADDR	0x1000
#define DATA_ADDR	0x2000
/*
 * A page that nobody provides, as if it came from a FUSE server that is stuck
 */
#define WITHHELD	0x8000
#define COUNT		16

static bool slow;		/* this kernel checks itself */

/*
 * How many seconds a call of this user may take, and how many the ends of all
 * of them
 */
#define BOUND		(slow ? 60 : 5)
#define PATIENCE	(slow ? 300 : 60)

/*
 * How many channel subsystems cannot end while the calls are measured; the
 * environment variable may have another number.  They share no queue, so any
 * number would show a delay. 520 is more than the 512 that a workqueue runs at
 * a time, but takes a quarter of a minute.
 */
#define ENDINGS		"ENDINGS"
#define ENDINGS_DEFAULT	(slow ? 8 : 40)
/*
 * How many interruptions are pending when their channel subsystem is closed.
 * The stock kernels measure how long that delays others.  On a kernel that
 * checks itself, a few are enough to find what it has to say about locks, and
 * many would take a minute and a half.
 */
#define INTERRUPTIONS	(slow ? 64 : 4608)
/*
 * How often the third test closes and creates, and how many interruptions are
 * pending each time
 */
#define ROUNDS		(slow ? 1 : 6)
#define GENERATION	(slow ? 32 : 256)

static int kvm_fd, dev_fd;
static int endings;

/* --- VMs without a CPU --- */

struct machine {
	int vm_fd, css_fd;
};

/* The storage that all VMs of this process share, with two programs in it */
static char *storage(void)
{
	static char *place;
	struct ccw1 ccw = { .cmd = TEST_READ, .count = COUNT, .cda = DATA_ADDR };

	if (place)
		return place;
	place = vmm_storage(STORAGE, MAP_PRIVATE);
	memcpy(place + CCW_ADDR, &ccw, sizeof(ccw));
	ccw.cda = WITHHELD;
	memcpy(place + CCW_ADDR + 8, &ccw, sizeof(ccw));
	return place;
}

static int create_vm(void)
{
	struct kvm_userspace_memory_region region = {
		.memory_size = STORAGE,
		.userspace_addr = (u64)storage(),
	};
	int vm_fd = ioctl(kvm_fd, KVM_CREATE_VM, 0);

	if (vm_fd < 0)
		die("KVM_CREATE_VM");
	if (ioctl(vm_fd, KVM_SET_USER_MEMORY_REGION, &region))
		die("KVM_SET_USER_MEMORY_REGION");
	return vm_fd;
}

static int attach(int vm_fd)
{
	struct kvm_css_create create = {
		.size = sizeof(create),
		.vm_fd = vm_fd,
	};

	return ioctl(dev_fd, KVM_CSS_CREATE, &create);
}

static void machine_make(struct machine *machine)
{
	machine->vm_fd = create_vm();
	machine->css_fd = attach(machine->vm_fd);
	if (machine->css_fd < 0)
		die("KVM_CSS_CREATE");
}

/* Start a program of one command; a worker runs it. */
static void start_program(int css_fd, u32 sid, u32 ccw)
{
	struct kvm_css_state state;

	if (css_add_test(css_fd, sid, 1, 0) ||
	    css_start_pending(css_fd, sid, ccw, &state))
		die("a test control unit");
	if (css_set_state(css_fd, &state))
		die("KVM_CSS_SET_STATE");
}

/* Make a state in which status is pending and KVM has no interruption yet. */
static struct kvm_css_state status_pending(void)
{
	struct kvm_css_query query = {};
	struct kvm_css_state state;
	struct machine machine;

	machine_make(&machine);
	start_program(machine.css_fd, SID(0, 0), CCW_ADDR);
	while (!query.completed) {
		if (css_query(machine.css_fd, SID(0, 0), 0, &query))
			die("KVM_CSS_QUERY");
		usleep(1000);
	}
	if (css_get_state(machine.css_fd, SID(0, 0), &state))
		die("KVM_CSS_GET_STATE");
	state.state &= ~KVM_CSS_STATE_INTERRUPTION;
	close(machine.css_fd);
	close(machine.vm_fd);
	return state;
}

/*
 * Add a subchannel and restore that state, so that its interruption gets
 * pending.
 */
static void make_pending(int css_fd, u32 sid, struct kvm_css_state *state)
{
	struct schib *schib = (struct schib *)state->schib;
	const u16 devno = SID_SCHID(sid) + 1;

	state->ssid = SID_SSID(sid);
	state->schid = SID_SCHID(sid);
	/* A device number may be used only once in a subchannel set. */
	schib->pmcw.devno = devno;
	if (css_add_test(css_fd, sid, devno, 0) ||
	    css_set_state(css_fd, state))
		die("a subchannel with status pending");
}

/* --- the hostile user --- */

struct hostile {
	pid_t pid;
	/* Ends of two pipes; either process has its own */
	int says, told;
};

static void say(const struct hostile *hostile, u64 what)
{
	if (write(hostile->told, &what, sizeof(what)) != sizeof(what))
		die("tell the other process");
}

static u64 hear(const struct hostile *hostile)
{
	u64 what;

	if (read(hostile->says, &what, sizeof(what)) != sizeof(what))
		die("the other process ended");
	return what;
}

/* True as long as the hostile process has written nothing. */
static bool silent(const struct hostile *hostile)
{
	int nr = 0;

	ioctl(hostile->says, FIONREAD, &nr);
	return !nr;
}

static void start(struct hostile *hostile, void (*fn)(struct hostile *self))
{
	struct hostile self;
	int up[2], down[2];

	if (pipe2(up, O_CLOEXEC) || pipe2(down, O_CLOEXEC))
		die("pipe");
	self = (struct hostile){ .says = down[0], .told = up[1] };
	*hostile = (struct hostile){ .says = up[0], .told = down[1] };
	fflush(stdout);
	hostile->pid = fork();
	if (hostile->pid < 0)
		die("fork");
	if (!hostile->pid) {
		fn(&self);
		_exit(0);
	}
	close(self.says);
	close(self.told);
}

static void end(struct hostile *hostile)
{
	kill(hostile->pid, SIGKILL);
	waitpid(hostile->pid, NULL, 0);
	close(hostile->says);
	close(hostile->told);
}

/* Become the other user.  What root has opened stays open. */
static void become_nobody(void)
{
	if (setresgid(NOBODY, NOBODY, NOBODY) ||
	    setresuid(NOBODY, NOBODY, NOBODY))
		die("setresuid");
}

/* --- the user who is not to be delayed --- */

/* The slowest call, by the name that the test gives it, and how long it took */
struct longest {
	double seconds;
	const char *call;
	unsigned int rounds;
};

static void took(struct longest *longest, double since, const char *call)
{
	double seconds = now() - since;

	if (seconds > longest->seconds) {
		longest->seconds = seconds;
		longest->call = call;
	}
}

static void one_round(struct longest *longest)
{
	int vm_fd = create_vm(), css_fd;
	double since = now();

	css_fd = attach(vm_fd);
	took(longest, since, "CREATE");
	ktap_check(css_fd >= 0, "CREATE: %s", strerror(errno));
	since = now();
	ktap_check(!css_add_test(css_fd, SID(0, 1), 1, 0), "ADD: %s",
		   strerror(errno));
	took(longest, since, "ADD");
	since = now();
	ktap_check(!css_remove(css_fd, SID(0, 1)), "REMOVE: %s",
		   strerror(errno));
	took(longest, since, "REMOVE");
	since = now();
	close(css_fd);
	took(longest, since, "close");
	close(vm_fd);
	longest->rounds++;
}

static void no_references(int but, const char *when)
{
	double until = now() + PATIENCE;

	while (references() > but && now() < until)
		usleep(10000);
	ktap_check(references() <= but, "%s: the module has %d references left",
		   when, references() - but);
}

/* --- ends that never come --- */

static void *close_it(void *arg)
{
	close(*(int *)arg);
	return NULL;
}

/*
 * Close in a thread of its own, because each close waits until the page is
 * provided.
 */
static void close_beside(int fd)
{
	pthread_attr_t small;
	pthread_t thread;
	int *arg = malloc(sizeof(*arg));

	*arg = fd;
	pthread_attr_init(&small);
	pthread_attr_setstacksize(&small, 1 << 16);
	if (pthread_create(&thread, &small, close_it, arg))
		die("pthread_create");
}

static void many_stuck(struct hostile *self)
{
	const struct rlimit files = { 4096, 4096 };
	int uffd = withhold_open(), i;
	struct machine machine[endings];

	if (setrlimit(RLIMIT_NOFILE, &files))
		die("setrlimit");
	become_nobody();
	withhold(uffd, storage() + WITHHELD);
	for (i = 0; i < endings; i++) {
		machine_make(&machine[i]);
		start_program(machine[i].css_fd, SID(0, 0), CCW_ADDR + 8);
		close(machine[i].vm_fd);
	}
	/* Give the last worker time to reach the page. */
	usleep(500000);
	for (i = 0; i < endings; i++)
		close_beside(machine[i].css_fd);
	usleep(500000);
	say(self, 0);
	pause();
}

static void unload_refused(void)
{
	ktap_check(syscall(SYS_delete_module, "kvm_css", O_NONBLOCK) &&
		   errno == EWOULDBLOCK,
		   "unloading: expected EWOULDBLOCK, found %s",
		   strerror(errno));
	ktap_check(!access(KVM_CSS_DEV, F_OK), KVM_CSS_DEV " is still there");
}

static void ends_withheld(void)
{
	struct longest longest = {};
	struct hostile hostile;
	int before = references(), uffd = withhold_open(), i;
	double begin = now();

	if (uffd < 0) {
		ktap_skip("this kernel has no userfaultfd");
		return;
	}
	close(uffd);
	start(&hostile, many_stuck);
	hear(&hostile);
	ktap_note("%.1f s until all of them wait", now() - begin);
	for (i = 0; i < 4; i++)
		one_round(&longest);
	unload_refused();
	ktap_check(longest.seconds < BOUND, "%s took %.2f s", longest.call,
		   longest.seconds);
	/*
	 * Each of them is still there, and holds two references: its file and
	 * its thread.
	 */
	ktap_check(references() >= before + 2 * endings,
		   "expected %d that can't end, found %d", endings,
		   (references() - before) / 2);
	ktap_note("while %d can't end, the slowest call was %s, %.3f s",
		  endings, longest.call, longest.seconds);
	/*
	 * The userfaultfd goes with the process, and so the page is no longer
	 * withheld.
	 */
	end(&hostile);
	no_references(before, "the hostile one has ended");
	ktap_note("%.1f s in all", now() - begin);
}

/* --- an end that takes long --- */

static void many_pending(struct hostile *self)
{
	struct kvm_css_state state = status_pending();
	struct machine machine;
	double since;
	int i;

	become_nobody();
	machine_make(&machine);
	/*
	 * A close withdraws the interruption of subchannel 0 first.  It is made
	 * pending last, so that KVM always finds what it searches for at the
	 * end of its list.
	 */
	for (i = INTERRUPTIONS; i--;)
		make_pending(machine.css_fd, SID(0, (u32)i), &state);
	say(self, 0);
	hear(self);
	since = now();
	close(machine.css_fd);
	say(self, (now() - since) * 1000000);
	pause();
}

static void end_takes_long(void)
{
	struct longest longest = {};
	struct hostile hostile;
	double seconds;

	start(&hostile, many_pending);
	hear(&hostile);
	say(&hostile, 0);
	while (silent(&hostile))
		one_round(&longest);
	seconds = hear(&hostile) / 1e6;
	ktap_note("closing with %d interruptions pending took %.3f s",
		  INTERRUPTIONS, seconds);
	ktap_note("the slowest call of another user was %s, %.3f s; %u rounds",
		  longest.call, longest.seconds, longest.rounds);
	ktap_check(longest.seconds < BOUND, "%s took %.2f s", longest.call,
		   longest.seconds);
	ktap_check(slow || longest.rounds >= 2,
		   "expected several rounds meanwhile, found %u",
		   longest.rounds);
	end(&hostile);
}

/* --- a channel subsystem follows another one --- */

/*
 * Return: how many floating interruptions KVM has; @irq is the first of them.
 */
static int pending_irqs(int flic_fd, struct kvm_s390_irq *irq)
{
	static struct kvm_s390_irq irqs[1024];
	struct kvm_device_attr attr = {
		.group = KVM_DEV_FLIC_GET_ALL_IRQS,
		.addr = (u64)irqs,
		.attr = sizeof(irqs),
	};
	int nr = ioctl(flic_fd, KVM_GET_DEVICE_ATTR, &attr);

	*irq = irqs[0];
	return nr;
}

static void next_generation(struct kvm_css_state *state, int flic_fd,
			    struct machine *machine)
{
	const u32 sid = SID(0, GENERATION - 1u);
	struct kvm_s390_irq irq;
	pthread_t thread;
	int css_fd, nr;
	u32 i;

	for (i = 0; i < GENERATION; i++)
		make_pending(machine->css_fd, SID(0, i), state);
	nr = pending_irqs(flic_fd, &irq);
	ktap_check(nr == GENERATION, "expected %d interruptions, found %d",
		   GENERATION, nr);
	if (pthread_create(&thread, NULL, close_it, &machine->css_fd))
		die("pthread_create");
	/* EBUSY means that the other thread has not yet begun to close. */
	do {
		css_fd = attach(machine->vm_fd);
	} while (css_fd < 0 && errno == EBUSY);
	if (css_fd < 0)
		die("KVM_CSS_CREATE");
	make_pending(css_fd, sid, state);
	pthread_join(thread, NULL);
	nr = pending_irqs(flic_fd, &irq);
	ktap_check(nr == 1,
		   "expected the new one's interruption, found %d", nr);
	ktap_check(nr != 1 || irq.u.io.subchannel_nr == SID_SCHID(sid),
		   "expected it for subchannel %04x, found %04x", SID_SCHID(sid),
		   irq.u.io.subchannel_nr);
	ktap_check(!css_remove(css_fd, sid), "REMOVE: %s", strerror(errno));
	nr = pending_irqs(flic_fd, &irq);
	ktap_check(!nr, "removed: expected none, found %d", nr);
	machine->css_fd = css_fd;
}

static void generations(void)
{
	struct kvm_create_device flic = { .type = KVM_DEV_TYPE_FLIC };
	struct kvm_css_state state = status_pending();
	struct machine machine;
	int i;

	machine_make(&machine);
	if (ioctl(machine.vm_fd, KVM_CREATE_DEVICE, &flic))
		die("KVM_CREATE_DEVICE");
	for (i = 0; i < ROUNDS; i++)
		next_generation(&state, flic.fd, &machine);
	close(machine.css_fd);
	close(flic.fd);
	close(machine.vm_fd);
}

int main(void)
{
	static const struct ktap_case cases[] = {
		{ "many ends that never come delay nobody else's calls",
		  ends_withheld },
		{ "a close with very many interruptions pending delays nobody else's calls",
		  end_takes_long },
		{ "closed and created again: no interruption of the new one is lost",
		  generations },
	};
	struct machine keeper;

	vmm_watchdog();
	slow = checks_itself();
	endings = getenv(ENDINGS) ? atoi(getenv(ENDINGS)) : ENDINGS_DEFAULT;
	kvm_fd = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	dev_fd = open(KVM_CSS_DEV, O_RDWR | O_CLOEXEC);
	if (kvm_fd < 0 || dev_fd < 0)
		die("open /dev/kvm and " KVM_CSS_DEV);
	/*
	 * A VM stays attached, so that KVM's functions needn't be taken over
	 * each time.
	 */
	machine_make(&keeper);
	ktap_plan(ARRAY_SIZE(cases));
	ktap_cases(cases, ARRAY_SIZE(cases));
	close(keeper.css_fd);
	close(keeper.vm_fd);
	return ktap_status();
}
