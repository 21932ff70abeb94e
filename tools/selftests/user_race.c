// SPDX-License-Identifier: GPL-2.0
/*
 * A process that makes calls all the time, while the guest, the host and other processes
 * end what these calls are about; and processes that are killed at any moment
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host.h"
#include "user.h"

#define ROUNDS		(checks_itself() ? 20 : 100)
#define FEW_ROUNDS	(checks_itself() ? 5 : 20)
/* How long the end of a VM or of a subchannel may take */
#define SOON_SECONDS	(checks_itself() ? 20 : 5)
#define CALLERS		2

/* Threads that make calls until these end with ENODEV */
static struct caller {
	pthread_t thread;
	struct unit unit;
	unsigned int calls, refused;
	int error;		/* an errno that no call may end with */
} callers[CALLERS];

static bool may_end_with(int error)
{
	return !error || error == ESTALE || error == EBUSY || error == ENODEV;
}

/* Make one call of each kind. */
static int call_all(struct caller *caller)
{
	struct kvm_css_unit_info info;
	struct kvm_css_answer answer;
	int errors[5], i;

	errors[0] = unit_present(caller->unit.fd, 0, DST_ATTENTION);
	errors[1] = unit_busy(caller->unit.fd, caller->calls & 1);
	errors[2] = unit_info(caller->unit.fd, &info);
	errors[3] = unit_exchange(&caller->unit, KVM_CSS_EXCHANGE_AGAIN, NULL);
	answer = unit_end(caller->unit.command.seq, UNIT_ENDED, 0);
	errors[4] = unit_exchange(&caller->unit, 0, &answer);
	for (i = 0; i < 5; i++) {
		if (!may_end_with(errors[i]))
			return errors[i];
		caller->refused += !!errors[i];
	}
	caller->calls++;
	return errors[4];
}

static void *call(void *arg)
{
	struct caller *caller = arg;
	int error;

	do {
		error = call_all(caller);
	} while (may_end_with(error) && error != ENODEV);
	caller->error = error == ENODEV ? 0 : error;
	return NULL;
}

static void begin_calls(const struct unit *unit)
{
	unsigned int i;

	for (i = 0; i < CALLERS; i++) {
		callers[i].unit = *unit;
		callers[i].error = 0;
		if (pthread_create(&callers[i].thread, NULL, call, &callers[i]))
			die("pthread_create");
	}
}

/* The unit is dead, or will be soon. */
static void end_calls(void)
{
	double begin = now();
	unsigned int i;

	for (i = 0; i < CALLERS; i++) {
		pthread_join(callers[i].thread, NULL);
		user_is(callers[i].error, 0, "a call");
	}
	ktap_check(now() - begin < SOON_SECONDS, "the unit died %.1f s later",
		   now() - begin);
}

static void tell_calls(void)
{
	unsigned int i, calls = 0, refused = 0;

	for (i = 0; i < CALLERS; i++) {
		calls += callers[i].calls;
		refused += callers[i].refused;
	}
	ktap_note("%u calls of each kind, %u of all were refused", calls, refused);
	ktap_check(calls, "no call was made");
	memset(callers, 0, sizeof(callers));
}

/* --- while the subchannel goes --- */

static void remove_while_calling(void)
{
	double begin, most = 0;
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		user_serve();
		begin_calls(&user_unit);
		if (i & 1) {
			user_ccw(0, TEST_WRITE, CCW_SLI, 64, USER_DATA);
			user_start_orb(USER_SID, 0);
		}
		usleep(i * 37 % 2000);
		begin = now();
		ktap_check(!css_remove(user_css(), USER_SID), "REMOVE: %s",
			   strerror(errno));
		if (now() - begin > most)
			most = now() - begin;
		end_calls();
		user_over();
	}
	ktap_check(most < SOON_SECONDS, "a REMOVE took %.1f s", most);
	tell_calls();
}

/* A process that takes the device away, again and again */
static void take_while_calling(void)
{
	struct unit old;
	unsigned int i;

	user_serve();
	for (i = 0; i < ROUNDS; i++) {
		begin_calls(&user_unit);
		user_ccw(0, TEST_WRITE, CCW_SLI, 64, USER_DATA);
		user_start_orb(USER_SID, 0);
		usleep(i * 53 % 2000);
		old = user_unit;
		if (!user_is(unit_open(&user_unit, user_css(), USER_SID,
				       KVM_CSS_SERVE_TAKE), 0, "TAKE"))
			break;
		end_calls();
		unit_close(&old);
		user_insn(INSN_CSCH, USER_SID, 0);
	}
	tell_calls();
	user_over();
}

/* CLEAR and RESET while others call */
static void clear_while_calling(void)
{
	unsigned int i;

	user_serve();
	begin_calls(&user_unit);
	for (i = 0; i < ROUNDS; i++) {
		user_ccw(0, i & 2 ? TEST_READ : TEST_WRITE, CCW_SLI, 64,
			 USER_DATA);
		user_start_orb(USER_SID, 0);
		usleep(i * 41 % 1000);
		if (i % 10 == 9) {
			ktap_check(!css_reset(user_css()), "RESET: %s",
				   strerror(errno));
			user_enable(USER_SID, 0);
		} else {
			user_insn(i & 1 ? INSN_CSCH : INSN_HSCH, USER_SID, 0);
		}
		user_insn(INSN_TSCH, USER_SID, USER_DATA + 0x1000);
	}
	css_remove(user_css(), USER_SID);
	end_calls();
	tell_calls();
	user_over();
}

/* --- a process that serves, and is killed at any moment --- */

static void __noreturn serve_all(int fd)
{
	struct kvm_css_answer answer;
	struct unit unit;
	bool answers = false;

	if (unit_map(&unit, fd))
		_exit(1);
	for (;;) {
		int error = unit_exchange(&unit, KVM_CSS_EXCHANGE_WAIT,
					  answers ? &answer : NULL);

		if (error == ENODEV)
			_exit(0);
		if (error && error != ESTALE)
			_exit(2);
		answers = !error && unit.command.seq;
		answer = unit_end(unit.command.seq, UNIT_ENDED, 64);
	}
}

static pid_t start_server(int fd)
{
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid < 0)
		die("fork");
	if (!pid) {
		user_forget_vm(fd);
		serve_all(USER_KEPT_FD);
	}
	close(fd);
	return pid;
}

static void put_program(void)
{
	user_ccw(0, TEST_WRITE, CCW_CC | CCW_SLI, 64, USER_DATA);
	user_ccw(1, TEST_READ, CCW_CC | CCW_SLI, 64, USER_DATA);
	user_ccw(2, TEST_WRITE, CCW_SLI, 64, USER_DATA);
}

/* Every program has an end, whatever has become of the process. */
static bool any_end(unsigned int *normal)
{
	struct irb irb;

	put_program();
	if (!user_start() || !user_status(USER_SID, &irb))
		return false;
	*normal += irb.scsw.dstat == DST_ENDED;
	return ktap_check(!irb.scsw.cstat &&
			  (irb.scsw.dstat == DST_ENDED ||
			   irb.scsw.dstat == DST_UNIT_CHECK ||
			   irb.scsw.dstat == (DST_ENDED | DST_UNIT_CHECK)),
			  "status %02x %02x", irb.scsw.dstat, irb.scsw.cstat);
}

/* In a thread, because the guest must not wait for it */
static void *kill_soon(void *arg)
{
	const pid_t *pid = arg;

	usleep(*pid % 100 * 50);
	kill(*pid, SIGKILL);
	return NULL;
}

static void killed_at_any_moment(void)
{
	unsigned int i, programs = 0, normal = 0;
	pthread_t thread;
	bool good;
	pid_t pid;
	int fd;

	user_add();
	user_enable(USER_SID, 0);
	for (i = 0; i < FEW_ROUNDS; i++) {
		fd = css_serve(user_css(), USER_SID, 0);
		if (!ktap_check(fd >= 0, "SERVE: %s", strerror(errno)))
			break;
		pid = start_server(fd);
		if (pthread_create(&thread, NULL, kill_soon, &pid))
			die("pthread_create");
		do {
			programs++;
			good = any_end(&normal);
		} while (good && !waitpid(pid, NULL, WNOHANG));
		pthread_join(thread, NULL);
		if (!good) {
			waitpid(pid, NULL, 0);
			break;
		}
	}
	ktap_note("%u programs, %u of them ended well", programs, normal);
	user_over();
}

/* HALT and CLEAR at any moment of a program that another process executes */
static void stopped_at_any_moment(void)
{
	u32 cc, expected, ends[2] = { 0 };
	struct irb irb;
	pid_t pid;
	u32 i;

	user_add();
	user_enable(USER_SID, 0);
	pid = start_server(css_serve(user_css(), USER_SID, 0));
	for (i = 0; i < ROUNDS; i++) {
		put_program();
		if (!user_start())
			break;
		usleep(i * 13 % 500);
		cc = user_insn(i & 1 ? INSN_CSCH : INSN_HSCH, USER_SID, 0);
		if (!user_status(USER_SID, &irb))
			break;
		/* cc 1 of HSCH: the program had ended. */
		expected = cc ? 0 : i & 1 ? SCSW_FC_CLEAR : SCSW_FC_HALT;
		ends[!!cc]++;
		ktap_check((irb.scsw.ctrl & (SCSW_FC_CLEAR | SCSW_FC_HALT)) ==
			   expected, "cc %u, control %08x", cc, irb.scsw.ctrl);
	}
	ktap_note("%u programs were stopped, %u had ended before", ends[0],
		  ends[1]);
	css_remove(user_css(), USER_SID);
	waitpid(pid, NULL, 0);
	user_over();
}

const struct ktap_case user_race_cases[] = {
	{ "REMOVE while threads make all calls", remove_while_calling },
	{ "another one takes the device, again and again", take_while_calling },
	{ "HALT, CLEAR and RESET while threads make all calls",
	  clear_while_calling },
	{ "the process is killed at any moment", killed_at_any_moment },
	{ "HALT and CLEAR at any moment", stopped_at_any_moment },
};

const unsigned int user_race_nr = ARRAY_SIZE(user_race_cases);

/* --- while the VM goes --- */

/* How the VM ends */
enum end { KILLED, CLOSED, EXITED };

/* In the VMM: serve the device, pass the unit, and end when told to. */
static void __noreturn run_vmm(int socket, bool command, enum end end)
{
	char byte;

	user_vm_begin();
	user_serve();
	if (command) {
		user_ccw(0, TEST_WRITE, CCW_SLI, 64, USER_DATA);
		user_start();
		user_fetch(TEST_WRITE);
	}
	unit_send(socket, user_unit.fd);
	unit_close(&user_unit);
	if (read(socket, &byte, 1) != 1)
		_exit(1);
	if (end == CLOSED)
		close(user_css());
	if (end != EXITED)
		for (;;)
			pause();
	_exit(0);
}

static void vm_ends(bool command, bool calls, enum end end)
{
	int sockets[2], status;
	double begin, until;
	struct unit unit;
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets))
		die("socketpair");
	fflush(stdout);
	pid = fork();
	if (pid < 0)
		die("fork");
	if (!pid) {
		close(sockets[0]);
		run_vmm(sockets[1], command, end);
	}
	close(sockets[1]);
	user_is(unit_map(&unit, unit_receive(sockets[0])), 0, "map");
	if (calls)
		begin_calls(&unit);
	usleep(2000);
	begin = now();
	if (write(sockets[0], "", 1) != 1)
		die("tell the VMM");
	if (end == KILLED)
		kill(pid, SIGKILL);
	if (end != CLOSED)
		waitpid(pid, &status, 0);
	if (calls)
		end_calls();
	/* Before it is dead there may be events. */
	while (!(unit_poll(unit.fd, 0) & POLLHUP) && now() < begin + 20)
		usleep(1000);
	ktap_check(unit_poll(unit.fd, 0) & POLLHUP, "the unit isn't dead");
	ktap_check(now() - begin < SOON_SECONDS, "it took %.1f s", now() - begin);
	if (end == CLOSED) {
		kill(pid, SIGKILL);
		waitpid(pid, &status, 0);
	}
	/* The unit and its area have a reference to the module, and no other. */
	for (until = now() + 20; references() != 2 && now() < until;)
		usleep(10000);
	ktap_check(references() == 2, "the module has %d references",
		   references());
	unit_close(&unit);
	close(sockets[0]);
	ktap_check(!references(), "the module has %d references", references());
}

static void vm_killed(void)
{
	vm_ends(false, false, KILLED);
	vm_ends(true, false, KILLED);
	vm_ends(false, true, KILLED);
}

static void vm_exits(void)
{
	vm_ends(true, false, EXITED);
	vm_ends(true, true, EXITED);
}

static void css_closed(void)
{
	vm_ends(true, false, CLOSED);
	vm_ends(false, true, CLOSED);
}

const struct ktap_case user_vm_cases[] = {
	{ "the VMM is killed, and the process is not", vm_killed },
	{ "the VMM ends, and the process doesn't", vm_exits },
	{ "the channel subsystem is closed, and the unit isn't", css_closed },
};

const unsigned int user_vm_nr = ARRAY_SIZE(user_vm_cases);
