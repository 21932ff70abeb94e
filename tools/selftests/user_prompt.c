// SPDX-License-Identifier: GPL-2.0
/*
 * A process that answers at once.  On one processor it often does so before the vCPU has
 * left the channel program, which then completes the command itself; otherwise a worker
 * does, if there are data for the guest.  The guest must not see the difference, and what
 * either waits for in guest storage must not concern the process.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host.h"
#include "user.h"
#include "withhold.h"

#define ROUNDS		(checks_itself() ? 20 : 100)
/* How long the process may take to end */
#define SOON_SECONDS	(checks_itself() ? 20 : 5)

#define PAGE		4096u
/* The data begin and end inside of a page. */
#define OFFSET		16u
#define PAGES		(USER_AREA / PAGE + 1)
/* No storage is there. */
#define NOWHERE		0x7f000000u
#define FILLED		0x66
#define UNTOUCHED	0x22

/* Move as many bytes as there is data for, or as the only CCW provides. */
static u32 count_of(const struct kvm_css_command *command)
{
	return command->ccw_flags & KVM_CSS_CCW_CHAIN_DATA ? command->room :
							     command->provided;
}

static void __noreturn serve_at_once(void)
{
	struct kvm_css_answer answer;
	struct unit unit;
	bool answers = false;

	if (unit_map(&unit, USER_KEPT_FD))
		_exit(1);
	memset(unit.area, FILLED, unit.size);
	for (;;) {
		int error = unit_exchange(&unit, KVM_CSS_EXCHANGE_WAIT,
					  answers ? &answer : NULL);

		if (error == ENODEV)
			_exit(0);
		if (error && error != ESTALE)
			_exit(2);
		answers = !error && unit.command.seq;
		answer = unit_end(unit.command.seq, UNIT_ENDED,
				  count_of(&unit.command));
	}
}

static pid_t begin(void)
{
	pid_t pid;
	int fd;

	user_add();
	user_enable(USER_SID, 0);
	fd = css_serve(user_css(), USER_SID, 0);
	if (fd < 0)
		die("KVM_CSS_SERVE");
	fflush(stdout);
	pid = fork();
	if (pid < 0)
		die("fork");
	if (!pid) {
		user_forget_vm(fd);
		serve_at_once();
	}
	close(fd);
	return pid;
}

static void end(pid_t pid)
{
	int status;

	css_remove(user_css(), USER_SID);
	waitpid(pid, &status, 0);
	ktap_check(!status, "the process ended with status %x", status);
	user_over();
}

/* How many channel programs a worker had to go on with */
static u64 deferred(void)
{
	struct kvm_css_query query;

	if (css_query(user_css(), USER_SID, 0, &query))
		die("KVM_CSS_QUERY");
	return query.deferred;
}

/* Let the guest's pages be such as nobody has touched yet. */
static void drop_pages(void)
{
	if (madvise(user_at(USER_DATA), PAGES * PAGE, MADV_REMOVE))
		die("MADV_REMOVE");
}

/* All that was read is there, and nothing else has changed. */
static bool expect_data(u8 around)
{
	const u8 *data = user_at(USER_DATA);
	u32 i, wrong = 0;

	for (i = 0; i < PAGES * PAGE; i++)
		wrong += data[i] != (i < OFFSET || i >= OFFSET + USER_AREA ?
						around : FILLED);
	return ktap_check(!wrong, "%u bytes are wrong", wrong);
}

static void reads(void)
{
	unsigned int i;
	pid_t pid = begin();
	u64 before = deferred();

	user_ccw(0, TEST_READ, 0, USER_AREA, USER_DATA + OFFSET);
	for (i = 0; i < ROUNDS; i++) {
		drop_pages();
		if (i & 1)
			memset(user_at(USER_DATA), UNTOUCHED, PAGES * PAGE);
		if (!user_start() || !user_expect_end(DST_ENDED, 0, 0) ||
		    !expect_data(i & 1 ? UNTOUCHED : 0))
			break;
	}
	ktap_note("%u commands, of which %lu were completed by a worker", i,
		  (unsigned long)(deferred() - before));
	end(pid);
}

/* Where the second half of the data is to go, the guest has no storage. */
static void reads_into_nothing(void)
{
	unsigned int i;
	pid_t pid = begin();
	u8 *data = user_at(USER_DATA);
	struct irb irb;

	user_ccw(0, TEST_READ, CCW_CD, PAGE, USER_DATA);
	user_ccw(1, 0, 0, PAGE, NOWHERE);
	for (i = 0; i < ROUNDS; i++) {
		memset(data, UNTOUCHED, PAGE + 1);
		user_start_orb(USER_SID, i & 1 ? ORB_PREFETCH : 0);
		if (!user_status(USER_SID, &irb) ||
		    !ktap_check(irb.scsw.dstat == DST_ENDED &&
				irb.scsw.cstat == CST_PROGRAM_CHECK &&
				irb.scsw.count == PAGE,
				"status %02x %02x, count %u", irb.scsw.dstat,
				irb.scsw.cstat, irb.scsw.count))
			break;
		if (!ktap_check(data[0] == FILLED && data[PAGE - 1] == FILLED &&
				data[PAGE] == UNTOUCHED, "data: %02x to %02x, %02x",
				data[0], data[PAGE - 1], data[PAGE]))
			break;
	}
	end(pid);
}

/* A page that the guest has to wait for, and who ends that */
static struct {
	int uffd;
	pid_t process;
	bool accessed;
	double took;
} withheld;

/* Somebody waits for the page, so the answer has been taken: kill the process. */
static void *kill_meanwhile(void *arg)
{
	struct pollfd fault = { .fd = withheld.uffd, .events = POLLIN };
	double begin;

	(void)arg;
	withheld.accessed = poll(&fault, 1, USER_SOON_MS) == 1;
	begin = now();
	kill(withheld.process, SIGKILL);
	waitpid(withheld.process, NULL, 0);
	withheld.took = now() - begin;
	/* That provides the page. */
	close(withheld.uffd);
	return NULL;
}

static void killed_meanwhile(void)
{
	pthread_t thread;

	withheld.uffd = withhold_open();
	if (withheld.uffd < 0) {
		ktap_skip("this kernel has no userfaultfd");
		return;
	}
	withheld.process = begin();
	drop_pages();
	withhold(withheld.uffd, (u8 *)user_at(USER_DATA) + PAGE);
	if (pthread_create(&thread, NULL, kill_meanwhile, NULL))
		die("pthread_create");
	user_ccw(0, TEST_READ, 0, USER_AREA, USER_DATA + OFFSET);
	if (user_start() && user_expect_end(DST_ENDED, 0, 0))
		expect_data(0);
	pthread_join(thread, NULL);
	ktap_check(withheld.accessed, "nobody has accessed the page");
	ktap_check(withheld.took < SOON_SECONDS,
		   "the process took %.1f s to end", withheld.took);
	css_remove(user_css(), USER_SID);
	user_over();
}

const struct ktap_case user_prompt_cases[] = {
	{ "data for the guest, at once", reads },
	{ "data for the guest, at once, and no storage for all", reads_into_nothing },
	{ "the guest waits for a page, and the process is killed", killed_meanwhile },
};

const unsigned int user_prompt_nr = ARRAY_SIZE(user_prompt_cases);
