// SPDX-License-Identifier: GPL-2.0
/*
 * What becomes of the device and of the VM when the process is stopped or killed, what
 * another process finds that takes over, and how long a unit lives
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host.h"
#include "user.h"
#include "withhold.h"

#define CHECKED		(DST_ENDED | DST_UNIT_CHECK)
#define CLEARED		(SCSW_FC_CLEAR | SCSW_SC_PENDING)
/* How long anything may take that doesn't wait for a process */
#define SOON_SECONDS	(checks_itself() ? 10 : 3)

/* How far the other process goes before it is killed or stopped */
enum step {
	IDLE, FETCHED, ANSWERED, CHANNEL_END, ANSWER_AND_WAIT,
	/* As the last one, but the answer is in a page for which the call waits. */
	ANSWER_WITHHELD,
};

static struct {
	pid_t pid;
	int socket;		/* to the process */
} other;

/* --- the other process --- */

static void __noreturn answer_withheld(const struct unit *unit)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (page == MAP_FAILED)
		_exit(6);
	withhold(withhold_open(), page);
	if (write(STDIN_FILENO, "", 1) != 1)
		_exit(4);
	ioctl(unit->fd, KVM_CSS_UNIT_EXCHANGE, page);
	_exit(5);
}

/* Do as much as this step says, tell it to the socket, and wait to be killed. */
static void __noreturn run_other(enum step step)
{
	struct kvm_css_answer answer;
	struct unit unit;

	if (unit_map(&unit, USER_KEPT_FD))
		_exit(1);
	do {
		if (unit_exchange(&unit, step == IDLE ? 0 :
						KVM_CSS_EXCHANGE_WAIT, NULL))
			_exit(2);
	} while (step != IDLE && !unit.command.seq);
	memset(unit.area, 0x66, 64);
	if (step == ANSWERED || step == CHANNEL_END) {
		answer = unit_end(unit.command.seq, step == ANSWERED ?
				  UNIT_ENDED : KVM_CSS_STATUS_CHANNEL_END, 64);
		if (unit_exchange(&unit, KVM_CSS_EXCHANGE_ONLY_ANSWER, &answer))
			_exit(3);
	}
	if (step == ANSWER_WITHHELD)
		answer_withheld(&unit);
	if (write(STDIN_FILENO, "", 1) != 1)
		_exit(4);
	if (step == ANSWER_AND_WAIT) {
		answer = unit_end(unit.command.seq, UNIT_ENDED, 64);
		unit_exchange(&unit, KVM_CSS_EXCHANGE_WAIT, &answer);
		_exit(5);
	}
	for (;;)
		pause();
}

/* Start a process that serves the device.  It has the only descriptor. */
static void start_other(enum step step)
{
	int sockets[2], fd;

	fd = css_serve(user_css(), USER_SID, 0);
	if (!ktap_check(fd >= 0, "SERVE: %s", strerror(errno)))
		return;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets))
		die("socketpair");
	fflush(stdout);
	other.pid = fork();
	if (other.pid < 0)
		die("fork");
	if (!other.pid) {
		dup2(sockets[1], STDIN_FILENO);
		user_forget_vm(fd);
		run_other(step);
	}
	close(fd);
	close(sockets[1]);
	other.socket = sockets[0];
}

/* Wait until it has got as far as it goes. */
static bool other_is_there(void)
{
	struct pollfd from = { .fd = other.socket, .events = POLLIN };
	char byte;

	return ktap_check(poll(&from, 1, USER_SOON_MS) == 1 &&
			  read(other.socket, &byte, 1) == 1,
			  "the process didn't get as far");
}

static void kill_other(void)
{
	int status;

	kill(other.pid, SIGKILL);
	waitpid(other.pid, &status, 0);
	close(other.socket);
	ktap_check(WIFSIGNALED(status), "the process had ended, status %x",
		   status);
}

static void stop_other(void)
{
	int status;

	kill(other.pid, SIGSTOP);
	waitpid(other.pid, &status, WUNTRACED);
}

/* Take the device over when nobody serves it, and look whether it works. */
static void serve_again(void)
{
	if (!user_is(unit_open(&user_unit, user_css(), USER_SID, 0), 0,
		     "SERVE by another process"))
		return;
	user_fetch_event(KVM_CSS_EVENT_BEGIN);
	user_works();
}

static void expect_sense(u8 expected)
{
	u8 *sense = user_at(USER_DATA);

	*sense = 0xee;
	user_ccw(0, TEST_SENSE, CCW_SLI, SENSE_SIZE, USER_DATA);
	user_start();
	user_expect_end(DST_ENDED, 0, 0);
	ktap_check(*sense == expected, "sense %02x, expected %02x", *sense,
		   expected);
}

static void start_command(u8 cmd)
{
	memset(user_at(USER_DATA), 0x22, 64);
	user_ccw(0, cmd, CCW_SLI, 64, USER_DATA);
	user_start();
}

/* --- killed at each step --- */

static void killed_idle(void)
{
	user_add();
	user_enable(USER_SID, 0);
	start_other(IDLE);
	other_is_there();
	kill_other();
	start_command(TEST_WRITE);
	user_expect_end(DST_UNIT_CHECK, 0, 64);
	expect_sense(0x40);
	serve_again();
	user_over();
}

static void killed_before_fetch(void)
{
	user_add();
	user_enable(USER_SID, 0);
	start_other(IDLE);
	other_is_there();
	start_command(TEST_WRITE);
	kill_other();
	user_expect_end(DST_UNIT_CHECK, 0, 64);
	expect_sense(0x40);
	serve_again();
	user_over();
}

/* Nobody knows what it has done, so nothing has moved, and the guest is told. */
static void killed_unanswered(enum step step)
{
	user_add();
	user_enable(USER_SID, 0);
	start_other(step);
	start_command(TEST_READ);
	if (other_is_there()) {
		/* Give it time to make its last call, and to wait in it. */
		usleep(USER_QUIET_MS * 1000);
		kill_other();
		user_expect_end(CHECKED, 0, 64);
		ktap_check(*(u8 *)user_at(USER_DATA) == 0x22, "data were moved");
		expect_sense(0x40);
		serve_again();
	}
	user_over();
}

static void killed_with_command(void)
{
	killed_unanswered(FETCHED);
}

/* An answer is taken in one moment; before that, the call has no effect. */
static void killed_before_answer(void)
{
	int uffd = withhold_open();

	if (uffd < 0) {
		ktap_skip("this kernel has no userfaultfd");
		return;
	}
	close(uffd);
	killed_unanswered(ANSWER_WITHHELD);
}

/* What it has answered stands. */
static void killed_answered(void)
{
	unsigned int i;

	user_add();
	user_enable(USER_SID, 0);
	for (i = 0; i < 20; i++) {
		start_other(ANSWERED);
		start_command(TEST_READ);
		if (!other_is_there())
			break;
		kill_other();
		user_expect_end(DST_ENDED, 0, 0);
		ktap_check(*(u8 *)user_at(USER_DATA) == 0x66, "data: %02x",
			   *(u8 *)user_at(USER_DATA));
	}
	serve_again();
	user_over();
}

/*
 * Killed in the call that answers a command and waits for the next one: either the answer
 * has been taken, and stands, or it hasn't.  When it is taken depends on who gets the
 * processor first.  So each of the two has a case of its own, too.
 */
static void killed_answering(void)
{
	unsigned int i, ends[2] = { 0 };
	struct irb irb;
	bool taken;
	u8 data;

	user_add();
	user_enable(USER_SID, 0);
	for (i = 0; i < 40; i++) {
		start_other(ANSWER_AND_WAIT);
		start_command(i & 1 ? TEST_READ : TEST_WRITE);
		if (!other_is_there())
			break;
		usleep(i * 40);
		kill_other();
		if (!user_status(USER_SID, &irb))
			break;
		taken = irb.scsw.dstat == DST_ENDED;
		ends[!taken]++;
		ktap_check(taken ? !irb.scsw.count :
			   irb.scsw.dstat == CHECKED && irb.scsw.count == 64,
			   "status %02x, count %u", irb.scsw.dstat,
			   irb.scsw.count);
		data = *(u8 *)user_at(USER_DATA);
		ktap_check(data == (taken && i & 1 ? 0x66 : 0x22), "data: %02x",
			   data);
		if (!taken)
			expect_sense(0x40);
	}
	ktap_note("%u answers were taken, %u weren't", ends[0], ends[1]);
	serve_again();
	user_over();
}

static void killed_in_operation(void)
{
	user_add();
	user_enable(USER_SID, 0);
	start_other(CHANNEL_END);
	start_command(TEST_WRITE);
	if (other_is_there()) {
		user_expect(SCSW_FC_START | SCSW_AC_DEVICE_ACTIVE | USER_PRIMARY,
			    DST_CHANNEL_END, 0, 0);
		kill_other();
		user_expect(SCSW_SC_SECONDARY | SCSW_SC_ALERT | SCSW_SC_PENDING,
			    DST_DEVICE_END | DST_UNIT_CHECK, 0, 0);
		expect_sense(0x40);
		serve_again();
	}
	user_over();
}

static void killed_in_chain(void)
{
	user_add();
	user_enable(USER_SID, 0);
	start_other(CHANNEL_END);
	user_ccw(1, TEST_WRITE, 0, 64, USER_DATA);
	user_ccw(0, TEST_WRITE, CCW_CC, 64, USER_DATA);
	user_start();
	if (other_is_there()) {
		kill_other();
		user_expect_end(DST_DEVICE_END | DST_UNIT_CHECK, 0, 0);
		serve_again();
	}
	user_over();
}

/* A start function that has found it busy finds nobody. */
static void killed_busy(void)
{
	user_serve();
	user_is(unit_busy(user_unit.fd, KVM_CSS_BUSY_DEVICE), 0, "BUSY");
	start_command(TEST_WRITE);
	user_nothing();
	unit_close(&user_unit);
	user_expect_end(DST_UNIT_CHECK, 0, 64);
	serve_again();
	user_over();
}

/* --- stopped --- */

/* A process that has a command, and is stopped */
static bool stopped_with_command(void)
{
	user_add();
	user_enable(USER_SID, 0);
	start_other(FETCHED);
	start_command(TEST_WRITE);
	if (!other_is_there())
		return false;
	stop_other();
	return true;
}

static void expect_soon(double begin, const char *what)
{
	ktap_check(now() - begin < SOON_SECONDS, "%s took %.1f s", what,
		   now() - begin);
}

static void stopped_clear(void)
{
	double begin;

	if (stopped_with_command()) {
		begin = now();
		user_insn(INSN_CSCH, USER_SID, 0);
		user_expect(CLEARED, 0, 0, USER_ANY_COUNT);
		expect_soon(begin, "CSCH");
		/* The next one waits for the process, and can be cleared, too. */
		start_command(TEST_WRITE);
		user_quiet();
		user_insn(INSN_CSCH, USER_SID, 0);
		user_expect(CLEARED, 0, 0, USER_ANY_COUNT);
		kill_other();
	}
	user_over();
}

static void stopped_halt(void)
{
	double begin;

	if (stopped_with_command()) {
		begin = now();
		user_insn(INSN_HSCH, USER_SID, 0);
		user_expect(SCSW_FC_START | SCSW_FC_HALT | SCSW_SC_ALERT |
			    USER_ALL_ENDED, CHECKED, 0, 64);
		expect_sense(0x10);
		ktap_check(now() - begin < 1 + SOON_SECONDS, "HSCH took %.1f s",
			   now() - begin);
		/* Now halt a command that waits for the area. */
		begin = now();
		start_command(TEST_WRITE);
		user_insn(INSN_HSCH, USER_SID, 0);
		user_expect(SCSW_FC_START | SCSW_FC_HALT | USER_ALL_ENDED,
			    DST_ENDED, 0, USER_ANY_COUNT);
		expect_soon(begin, "HSCH of a command that waits");
		kill_other();
	}
	user_over();
}

static void stopped_reset(void)
{
	double begin;

	if (stopped_with_command()) {
		begin = now();
		ktap_check(!css_reset(user_css()), "RESET: %s", strerror(errno));
		expect_soon(begin, "RESET");
		kill_other();
	}
	user_over();
}

static void stopped_remove(void)
{
	double begin;

	if (stopped_with_command()) {
		begin = now();
		ktap_check(!css_remove(user_css(), USER_SID), "REMOVE: %s",
			   strerror(errno));
		expect_soon(begin, "REMOVE");
		kill_other();
	}
	user_over();
}

/* Taken over from a process that is stopped, in the middle of a command */
static void stopped_taken(void)
{
	double begin;

	if (stopped_with_command()) {
		begin = now();
		user_is(unit_open(&user_unit, user_css(), USER_SID, 0), EBUSY,
			"SERVE");
		user_is(unit_open(&user_unit, user_css(), USER_SID,
				  KVM_CSS_SERVE_TAKE), 0, "TAKE");
		user_expect_end(CHECKED, 0, 64);
		user_fetch_event(KVM_CSS_EVENT_BEGIN);
		user_works();
		expect_soon(begin, "TAKE");
		kill_other();
		/* The end of the process that has served it once changes nothing. */
		user_works();
	}
	user_over();
}

/* --- nobody serves --- */

static void unserved(void)
{
	static const u8 rejected[] = { 0x34, 0xaf, 0x5b };
	u8 *data = user_at(USER_DATA);
	unsigned int i;

	user_add();
	user_enable(USER_SID, 0);
	user_ccw(0, TEST_SENSE_ID, CCW_SLI, 16, USER_DATA);
	user_start();
	user_expect_end(DST_ENDED, 0, 16 - 7);
	ktap_check(data[0] == 0xff && data[1] == 0x34 && data[6] == 0x11,
		   "SENSE ID: %02x %02x .. %02x", data[0], data[1], data[6]);
	user_ccw(0, TEST_NOP, CCW_SLI, 1, USER_DATA);
	user_start();
	user_expect_end(DST_ENDED, 0, 1);
	start_command(TEST_READ);
	user_expect_end(DST_UNIT_CHECK, 0, 64);
	expect_sense(0x40);
	/* Linux gives up a tape whose path group isn't rejected in words. */
	for (i = 0; i < ARRAY_SIZE(rejected); i++) {
		start_command(rejected[i]);
		user_expect_end(DST_UNIT_CHECK, 0, 64);
		expect_sense(0x80);
	}
	serve_again();
	user_over();
}

/* The same bytes when it is served, and nobody is asked */
static void sense_id(void)
{
	u8 *data = user_at(USER_DATA);

	user_serve();
	memset(data, 0xee, 16);
	user_ccw(0, TEST_SENSE_ID, 0, 7, USER_DATA);
	user_start();
	user_expect_end(DST_ENDED, 0, 0);
	ktap_check(data[0] == 0xff && data[1] == 0x34 && data[6] == 0x11 &&
		   data[7] == 0xee, "SENSE ID: %02x %02x .. %02x", data[0],
		   data[1], data[6]);
	user_nothing();
	user_over();
}

/* --- taking over --- */

/* The descriptor of the unit that was taken away */
static void taken_away(void)
{
	struct unit old;
	u64 seq;

	user_serve();
	start_command(TEST_READ);
	if (user_fetch(TEST_READ)) {
		seq = user_unit.command.seq;
		old = user_unit;
		user_is(unit_open(&user_unit, user_css(), USER_SID,
				  KVM_CSS_SERVE_TAKE), 0, "TAKE");
		user_expect_end(CHECKED, 0, 64);
		ktap_check(unit_poll(old.fd, 0) == (POLLIN | POLLHUP),
			   "poll: %x", unit_poll(old.fd, 0));
		user_is(unit_exchange(&old, KVM_CSS_EXCHANGE_WAIT, NULL), ENODEV,
			"EXCHANGE");
		user_is(unit_exchange(&old, 0,
				      &(struct kvm_css_answer){
					      .seq = seq, .status = UNIT_ENDED,
				      }), ENODEV, "an answer");
		user_is(unit_present(old.fd, 0, DST_ATTENTION), ENODEV, "PRESENT");
		memset(old.area, 0x99, old.size);
		user_fetch_event(KVM_CSS_EVENT_BEGIN);
		ktap_check(!user_unit.area[0], "the new area has %02x",
			   user_unit.area[0]);
		user_works();
		unit_close(&old);
		user_works();
	}
	user_over();
}

/*
 * A process passes the descriptor to another one, which goes on with the command: the
 * guest sees nothing of it.
 */
static void passed(void)
{
	struct kvm_css_unit_info info;
	int sockets[2], fd;

	user_serve();
	start_command(TEST_READ);
	if (user_fetch(TEST_READ)) {
		if (socketpair(AF_UNIX, SOCK_STREAM, 0, sockets))
			die("socketpair");
		unit_send(sockets[0], user_unit.fd);
		memset(user_unit.area, 0x31, 32);
		unit_close(&user_unit);
		usleep(USER_QUIET_MS * 1000);
		fd = unit_receive(sockets[1]);
		user_is(unit_map(&user_unit, fd), 0, "map");
		unit_info(fd, &info);
		ktap_check(info.command == 1 && !info.operation,
			   "command %llu, operation %llu", info.command,
			   info.operation);
		ktap_check(!unit_poll(fd, 0), "poll says that there is something");
		user_is(unit_exchange(&user_unit, KVM_CSS_EXCHANGE_AGAIN, NULL),
			0, "AGAIN");
		ktap_check(user_unit.command.seq == 1 &&
			   user_unit.command.code == TEST_READ,
			   "command %02x, number %llu", user_unit.command.code,
			   user_unit.command.seq);
		ktap_check(user_unit.area[0] == 0x31, "the area has %02x",
			   user_unit.area[0]);
		user_answer(UNIT_ENDED, 64);
		user_expect_end(DST_ENDED, 0, 0);
		close(sockets[0]);
		close(sockets[1]);
	}
	user_over();
}

static void passed_operation(void)
{
	struct kvm_css_unit_info info;

	user_serve();
	start_command(TEST_WRITE);
	if (user_fetch(TEST_WRITE)) {
		user_answer(KVM_CSS_STATUS_CHANNEL_END, 64);
		user_is(unit_busy(user_unit.fd, KVM_CSS_BUSY_CONTROL_UNIT), 0,
			"BUSY");
		user_is(unit_info(user_unit.fd, &info), 0, "INFO");
		ktap_check(!info.command && info.operation == 1 &&
			   info.busy == KVM_CSS_BUSY_CONTROL_UNIT,
			   "command %llu, operation %llu, busy %x", info.command,
			   info.operation, info.busy);
	}
	user_over();
}

/* --- how long a unit lives --- */

static void copies(void)
{
	int copy;
	pid_t pid;
	u8 *area;

	user_serve();
	copy = dup(user_unit.fd);
	area = user_unit.area;
	close(user_unit.fd);
	user_unit.fd = copy;
	user_works();
	fflush(stdout);
	pid = fork();
	if (pid < 0)
		die("fork");
	if (!pid) {
		user_forget_vm(copy);
		for (;;)
			pause();
	}
	/* The child has it, and so the device is served, but nobody answers. */
	close(copy);
	user_unit.fd = -1;
	start_command(TEST_WRITE);
	user_quiet();
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	user_expect_end(DST_UNIT_CHECK, 0, 64);
	munmap(area, USER_AREA);
	serve_again();
	user_over();
}

/* A mapping keeps memory, and no more. */
static void mapping(void)
{
	u8 *area;

	user_serve();
	area = user_unit.area;
	close(user_unit.fd);
	user_unit.fd = -1;
	start_command(TEST_WRITE);
	user_expect_end(DST_UNIT_CHECK, 0, 64);
	memset(area, 0x77, USER_AREA);
	serve_again();
	ktap_check(!user_unit.area[USER_AREA - 1],
		   "the next unit has the same area");
	css_remove(user_css(), USER_SID);
	unit_close(&user_unit);
	ktap_check(area[USER_AREA - 1] == 0x77, "the area has %02x", *area);
	munmap(area, USER_AREA);
	user_over();
}

static void polled(void)
{
	struct kvm_css_answer answer;

	user_add();
	user_is(unit_open(&user_unit, user_css(), USER_SID, 0), 0, "SERVE");
	ktap_check(unit_poll(user_unit.fd, 0) == POLLIN, "it begins");
	user_fetch_event(KVM_CSS_EVENT_BEGIN);
	user_enable(USER_SID, 0);
	ktap_check(!unit_poll(user_unit.fd, 0), "there is nothing");
	start_command(TEST_WRITE);
	ktap_check(unit_poll(user_unit.fd, USER_SOON_MS) == POLLIN, "a command");
	if (user_fetch(TEST_WRITE)) {
		ktap_check(!unit_poll(user_unit.fd, 0), "the process has it");
		user_insn(INSN_HSCH, USER_SID, 0);
		ktap_check(unit_poll(user_unit.fd, 0) == POLLIN, "it is halted");
		answer = unit_end(user_unit.command.seq, UNIT_ENDED, 0);
		unit_exchange(&user_unit, KVM_CSS_EXCHANGE_ONLY_ANSWER, &answer);
		ktap_check(!unit_poll(user_unit.fd, 0), "it is answered");
	}
	css_remove(user_css(), USER_SID);
	ktap_check(unit_poll(user_unit.fd, USER_SOON_MS) == (POLLIN | POLLHUP),
		   "it is removed: %x", unit_poll(user_unit.fd, 0));
	user_over();
}

/* --- waiting --- */

static void on_signal(int signal)
{
	(void)signal;
}

struct waiter {
	pthread_t thread;
	struct unit unit;
	int error;
	volatile bool done;
};

static void *wait_for_command(void *arg)
{
	struct waiter *waiter = arg;

	waiter->error = unit_exchange(&waiter->unit, KVM_CSS_EXCHANGE_WAIT, NULL);
	waiter->done = true;
	return NULL;
}

static void begin_waiting(struct waiter *waiter)
{
	*waiter = (struct waiter){ .unit = user_unit };
	if (pthread_create(&waiter->thread, NULL, wait_for_command, waiter))
		die("pthread_create");
	usleep(USER_QUIET_MS * 1000);
	ktap_check(!waiter->done, "it didn't wait: %s", strerror(waiter->error));
}

static void waiting(void)
{
	struct sigaction action = { .sa_handler = on_signal };
	struct kvm_css_answer answer;
	struct waiter waiter;

	sigaction(SIGUSR1, &action, NULL);
	user_serve();
	begin_waiting(&waiter);
	user_is(unit_exchange(&user_unit, 0, NULL), EBUSY, "a second thread");
	pthread_kill(waiter.thread, SIGUSR1);
	pthread_join(waiter.thread, NULL);
	user_is(waiter.error, EINTR, "a signal");
	begin_waiting(&waiter);
	start_command(TEST_WRITE);
	pthread_join(waiter.thread, NULL);
	user_is(waiter.error, 0, "a command");
	ktap_check(waiter.unit.command.code == TEST_WRITE, "command %02x",
		   waiter.unit.command.code);
	/* While one thread waits for the next one, another one answers this one. */
	answer = unit_end(waiter.unit.command.seq, UNIT_ENDED, 64);
	begin_waiting(&waiter);
	user_is(unit_exchange(&user_unit, KVM_CSS_EXCHANGE_ONLY_ANSWER, &answer),
		0, "an answer");
	user_expect_end(DST_ENDED, 0, 0);
	ktap_check(!waiter.done, "the thread that waits has got something");
	css_remove(user_css(), USER_SID);
	pthread_join(waiter.thread, NULL);
	user_is(waiter.error, ENODEV, "REMOVE");
	user_over();
}

static void nonblocking(void)
{
	user_serve();
	fcntl(user_unit.fd, F_SETFL, O_NONBLOCK);
	user_is(unit_exchange(&user_unit, KVM_CSS_EXCHANGE_WAIT, NULL), 0,
		"EXCHANGE that would wait");
	ktap_check(!user_unit.command.seq && !user_unit.events, "nothing");
	user_over();
}

const struct ktap_case user_process_cases[] = {
	{ "killed while there is no command", killed_idle },
	{ "killed before it gets a command", killed_before_fetch },
	{ "killed while it has a command", killed_with_command },
	{ "killed in the call that answers, before that", killed_before_answer },
	{ "killed when it has answered: the answer stands", killed_answered },
	{ "killed in the call that answers and waits", killed_answering },
	{ "killed between channel end and device end", killed_in_operation },
	{ "the same in a chain", killed_in_chain },
	{ "gone while a start function waits", killed_busy },
	{ "stopped: CLEAR doesn't wait", stopped_clear },
	{ "stopped: HALT doesn't wait for longer than it says", stopped_halt },
	{ "stopped: RESET doesn't wait", stopped_reset },
	{ "stopped: REMOVE doesn't wait", stopped_remove },
	{ "stopped: another process takes the device over", stopped_taken },
	{ "nobody serves the device: SENSE ID, NO-OPERATION, and refusals",
	  unserved },
	{ "SENSE ID is the same when it is served", sense_id },
	{ "a unit whose device was taken away is dead", taken_away },
	{ "a unit is passed on with a command: the guest sees nothing", passed },
	{ "UNIT_INFO: operation and busy", passed_operation },
	{ "dup and fork: the last copy counts", copies },
	{ "a mapping keeps memory only", mapping },
	{ "poll", polled },
	{ "a thread waits: for a signal, a command, the end", waiting },
	{ "a descriptor with O_NONBLOCK doesn't wait", nonblocking },
};

const unsigned int user_process_nr = ARRAY_SIZE(user_process_cases);
