// SPDX-License-Identifier: GPL-2.0
/* A process that serves a device and does what it likes, see hostile_unit.h */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host.h"
#include "hostile_unit.h"
#include "ktap.h"
#include "unit_test.h"
#include "guest/hostile.h"

#define AREA		16384
#define CALLERS		2
/* Where the process has its socket */
#define SOCKET		3
#define ERRNOS		256

static struct {
	pid_t pid;
	int socket;
	u32 seed;
	unsigned int units, killed;
	/* The thread that serves the device in the end */
	pthread_t thread;
	bool serving;
	struct unit unit;
} parent;

/* What the process has counted, in memory that it shares with its parent */
static struct counts {
	u32 calls, commands, events, answers;
	u32 errors[ERRNOS];
} *counts;

/* --- the process --- */

static struct {
	pthread_mutex_t lock;	/* protects @unit, which the callers copy */
	struct unit unit;
	u64 seq;		/* a command that somebody has fetched */
} process = { .lock = PTHREAD_MUTEX_INITIALIZER };

struct random {
	u32 state;
};

static u32 any(struct random *random)
{
	random->state ^= random->state << 13;
	random->state ^= random->state >> 17;
	random->state ^= random->state << 5;
	return random->state >> 3;
}

static bool one_in(struct random *random, u32 n)
{
	return !(any(random) % n);
}

static void fill(struct random *random, void *at, u32 len)
{
	u8 *bytes = at;

	while (len--)
		*bytes++ = any(random);
}

static u64 any_seq(struct random *random)
{
	u64 seq = process.seq;

	if (one_in(random, 16))
		seq += any(random) % 5 - 2;
	return one_in(random, 64) ? any(random) : seq;
}

static u8 any_status(struct random *random)
{
	static const u8 statuses[] = {
		0x0c, 0x0c, 0x0c, 0x0c, 0x08, 0x0e, 0x0d, 0x02, 0x4c, 0x8c, 0x2c,
		0x84, 0x80, 0x04, 0x06, 0x44,
	};

	if (one_in(random, 16))
		return any(random);
	return statuses[any(random) % ARRAY_SIZE(statuses)];
}

static u32 any_count(struct random *random, const struct kvm_css_command *command)
{
	switch (any(random) % 8) {
	case 0:
		return 0;
	case 1:
		return command->available;
	case 2:
		return command->available + 1;
	case 3:
		return command->room + any(random) % 3 - 1;
	case 4:
		return any(random);
	default:
		return command->provided;
	}
}

static struct kvm_css_answer any_answer(struct random *random,
					const struct kvm_css_command *command)
{
	struct kvm_css_answer answer;

	answer = unit_end(any_seq(random), any_status(random),
			  any_count(random, command));
	if (answer.status & KVM_CSS_STATUS_UNIT_CHECK)
		answer.sense_len = 1 + any(random) % 33;
	if (one_in(random, 8) || answer.status == UNIT_REFUSED)
		answer.count = 0;
	if (one_in(random, 8))
		answer.flags = KVM_CSS_ANSWER_IMMEDIATE;
	if (one_in(random, 64))
		fill(random, (u8 *)&answer + any(random) % sizeof(answer), 1);
	return answer;
}

static int exchange(struct random *random, struct unit *unit)
{
	struct kvm_css_answer answer = any_answer(random, &unit->command);
	u32 flags = any(random) & KVM_CSS_EXCHANGE_AGAIN;
	bool answers = one_in(random, 2);
	u32 i;
	int error;

	if (one_in(random, 32))
		flags |= KVM_CSS_EXCHANGE_WAIT;
	if (answers && one_in(random, 2))
		flags = KVM_CSS_EXCHANGE_ONLY_ANSWER;
	if (one_in(random, 64))
		flags = any(random);
	/* What is chained, and an answer to that */
	if (one_in(random, 2) && flags != KVM_CSS_EXCHANGE_ONLY_ANSWER)
		flags |= KVM_CSS_EXCHANGE_CHAIN;
	unit->nr_done = one_in(random, 4) ? any(random) % (KVM_CSS_NEXT + 2) : 0;
	answer.seq += unit->nr_done;
	for (i = 0; i < KVM_CSS_NEXT; i++) {
		unit->done[i].count = any_count(random, &unit->command);
		unit->done[i].flags = one_in(random, 16) ? any(random) : 0;
	}
	error = unit_exchange(unit, flags, answers ? &answer : NULL);
	if (error)
		return error;
	counts->answers += answers;
	if (flags & KVM_CSS_EXCHANGE_ONLY_ANSWER)
		return 0;
	counts->commands += !!unit->command.seq;
	counts->events += !!unit->events;
	if (unit->command.seq)
		process.seq = unit->command.seq;
	return 0;
}

/* Any number of a call, with an argument that is right, or anything */
static int any_ioctl(struct random *random, int fd)
{
	u32 arg[64] __aligned(8) = { 0 };

	fill(random, arg, one_in(random, 2) ? sizeof(arg) : 4);
	arg[0] = one_in(random, 4) ? any(random) : 8 * (any(random) % 20);
	return ioctl(fd, _IO(KVM_CSS_IOC, 0x2c + any(random) % 12),
		     one_in(random, 16) ? (void *)(u64)any(random) : arg) < 0 ?
		errno : 0;
}

static int map_again(struct random *random, int fd)
{
	u32 len = 4096 * (any(random) % 6);
	u8 *area = mmap(NULL, len, PROT_READ | PROT_WRITE,
			one_in(random, 8) ? MAP_PRIVATE : MAP_SHARED, fd,
			one_in(random, 8) ? 4096 : 0);

	if (area == MAP_FAILED)
		return 0;
	area[any(random) % len] = any(random);
	munmap(area, len);
	return 0;
}

static int any_call(struct random *random, struct unit *unit)
{
	struct kvm_css_unit_info info;

	switch (any(random) % 16) {
	case 0:
	case 1:
		return unit_present(unit->fd, one_in(random, 2) ?
				    any_seq(random) : 0, any_status(random));
	case 2:
		return unit_busy(unit->fd, one_in(random, 4) ? any(random) & 7 :
							       0);
	case 3:
		return unit_info(unit->fd, &info);
	case 4:
		return any_ioctl(random, unit->fd);
	case 5:
		return map_again(random, unit->fd);
	case 6:
		unit_poll(unit->fd, any(random) % 2);
		return 0;
	case 7:
		usleep(any(random) % 300);
		return 0;
	default:
		return exchange(random, unit);
	}
}

static void *caller(void *arg)
{
	struct random random = { .state = (u32)(u64)arg | 1 };
	struct unit unit = { .fd = -1 };
	int error;

	for (;;) {
		pthread_mutex_lock(&process.lock);
		unit.fd = process.unit.fd;
		pthread_mutex_unlock(&process.lock);
		error = any_call(&random, &unit);
		counts->calls++;
		counts->errors[error % ERRNOS]++;
		if (error == ENODEV)
			usleep(500);
	}
	return NULL;
}

static void *scribbler(void *arg)
{
	struct random random = { .state = (u32)(u64)arg | 1 };

	for (;;) {
		fill(&random, process.unit.area + any(&random) % (AREA - 64),
		     64);
		if (one_in(&random, 64))
			usleep(100);
	}
	return NULL;
}

/*
 * Take the next unit.  Its area gets to where the old one's is, which can be written to
 * at any time.  The old one's descriptor is closed while others may use it.
 */
static void next_unit(void)
{
	struct unit unit;
	int old;

	/* If it is dead already, there will be another one. */
	if (unit_map(&unit, unit_receive(SOCKET)))
		return;
	if (!process.unit.area) {
		process.unit = unit;
		return;
	}
	if (mremap(unit.area, AREA, AREA, MREMAP_MAYMOVE | MREMAP_FIXED,
		   process.unit.area) == MAP_FAILED)
		_exit(1);
	pthread_mutex_lock(&process.lock);
	old = process.unit.fd;
	process.unit.fd = unit.fd;
	pthread_mutex_unlock(&process.lock);
	close(old);
}

static void __noreturn run(u32 seed)
{
	pthread_t thread;
	u64 i;

	setpriority(PRIO_PROCESS, 0, 5);
	while (!process.unit.area)
		next_unit();
	for (i = 0; i < CALLERS; i++)
		if (pthread_create(&thread, NULL, caller, (void *)(seed + i)))
			_exit(1);
	if (pthread_create(&thread, NULL, scribbler, (void *)(seed + i)))
		_exit(1);
	for (;;)
		next_unit();
}

/* --- its parent --- */

int hostile_unit_add(int css_fd)
{
	static const struct kvm_css_user user = {
		.size = sizeof(user),
		.area = AREA,
		.id_len = 7,
		.id = { 0xff, 0x34, 0x90, 0x10, 0x34, 0x90, 0x11 },
	};

	return css_add_user(css_fd, HOSTILE_USER, 0xf001, &user);
}

static void start(void)
{
	int sockets[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets))
		die("socketpair");
	fflush(stdout);
	parent.pid = fork();
	if (parent.pid < 0)
		die("fork");
	if (!parent.pid) {
		if (dup2(sockets[1], SOCKET) < 0)
			_exit(1);
		close_range(SOCKET + 1, ~0U, 0);
		run(parent.seed);
	}
	close(sockets[1]);
	parent.socket = sockets[0];
	parent.seed += 0x9e3779b9;
}

static void kill_it(void)
{
	int status;

	kill(parent.pid, SIGKILL);
	waitpid(parent.pid, &status, 0);
	ktap_check(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL,
		   "the hostile process had ended, status %x", status);
	close(parent.socket);
}

void hostile_unit_begin(u32 seed)
{
	counts = mmap(NULL, sizeof(*counts), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (counts == MAP_FAILED)
		die("mmap");
	parent.seed = seed;
	start();
}

bool hostile_unit_serve(int css_fd)
{
	int fd = css_serve(css_fd, HOSTILE_USER, KVM_CSS_SERVE_TAKE);

	if (fd < 0)
		return false;
	unit_send(parent.socket, fd);
	close(fd);
	parent.units++;
	return true;
}

void hostile_unit_kill(void)
{
	kill_it();
	parent.killed++;
	start();
}

/* --- in the end --- */

static void *serve(void *arg)
{
	static struct unit_test test;
	struct kvm_css_answer answer;
	bool answers = false;
	int error;

	(void)arg;
	for (;;) {
		error = unit_exchange(&parent.unit, KVM_CSS_EXCHANGE_WAIT,
				      answers ? &answer : NULL);
		if (error && error != ESTALE && error != EINTR)
			break;
		answers = !error && parent.unit.command.seq;
		if (answers)
			answer = unit_test_execute(&test, &parent.unit,
						   parent.unit.command.provided);
	}
	unit_close(&parent.unit);
	return NULL;
}

static void tell(void)
{
	u32 i;

	ktap_note("hostile process: %u calls, %u commands, %u events, %u answers",
		  counts->calls, counts->commands, counts->events,
		  counts->answers);
	ktap_note("it got %u units, and was killed %u times", parent.units,
		  parent.killed);
	for (i = 1; i < ERRNOS; i++)
		if (counts->errors[i])
			ktap_note("%u calls: %s", counts->errors[i],
				  strerrorname_np(i) ?: "?");
	/* A kernel that checks itself runs few programs in that time, or none. */
	ktap_check(counts->calls &&
		   (checks_itself() || (counts->events && counts->commands &&
					counts->answers)),
		   "it has served nothing");
	munmap(counts, sizeof(*counts));
}

void hostile_unit_end(int css_fd)
{
	kill_it();
	tell();
	if (unit_open(&parent.unit, css_fd, HOSTILE_USER, KVM_CSS_SERVE_TAKE))
		die("KVM_CSS_SERVE");
	parent.serving = true;
	if (pthread_create(&parent.thread, NULL, serve, NULL))
		die("pthread_create");
}

void hostile_unit_join(void)
{
	if (parent.serving)
		pthread_join(parent.thread, NULL);
	parent.serving = false;
}
