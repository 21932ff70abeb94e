// SPDX-License-Identifier: GPL-2.0
/* The processes of the theme "user", see user_process.h */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/kvm_css.h>

#include "user_process.h"
#include "vmm.h"
#include "guest/user.h"

#define NOBODY		65534
#define AREA		65536

struct user_shared *user_shared;

static int parent_socket;

/*
 * A process
 *
 * @unit: its unit
 * @area: the data area
 * @storage: what the last WRITE has taken
 * @length: how many bytes
 * @exchange: its next call
 * @held: HOLD is to be answered, or 0
 * @operation: LATER is to be ended, or 0
 */
struct process {
	int unit;
	u8 *area;
	u8 storage[AREA];
	u32 length;
	struct kvm_css_exchange exchange;
	u64 held;
	u64 operation;
};

static void wrong(const char *what)
{
	if (!user_shared->wrong)
		user_shared->wrong = what;
}

/* --- executing commands --- */

static void set_answer(struct process *p, u64 seq, u8 status, u32 count)
{
	p->exchange.flags |= KVM_CSS_EXCHANGE_ANSWER;
	p->exchange.answer = (struct kvm_css_answer){
		.seq = seq, .status = status, .count = count,
	};
}

static void set_sense(struct process *p, u8 sense0, u8 sense1)
{
	p->exchange.answer.sense_len = 2;
	p->exchange.answer.sense[0] = sense0;
	p->exchange.answer.sense[1] = sense1;
}

/* How many bytes a device asks for that takes all there are */
static u32 all_of(const struct kvm_css_command *command)
{
	return command->available +
	       !!(command->flags & KVM_CSS_COMMAND_CHECK);
}

static void take_data(struct process *p, const struct kvm_css_command *command,
		      u32 length)
{
	p->length = length;
	memcpy(p->storage, p->area + command->offset, length);
}

static void give_data(struct process *p, const struct kvm_css_command *command)
{
	memcpy(p->area + command->offset, p->storage, p->length);
	set_answer(p, command->seq, DST_ENDED, p->length);
}

static void execute(struct process *p, const struct kvm_css_command *command)
{
	const u64 seq = command->seq;

	switch (command->code) {
	case USER_WRITE:
		take_data(p, command, command->available);
		set_answer(p, seq, DST_ENDED, all_of(command));
		break;
	case USER_HALF:
		take_data(p, command, command->available / 2);
		set_answer(p, seq, DST_ENDED, command->available / 2);
		break;
	case USER_READ:
	case USER_READ_BACKWARD:
		give_data(p, command);
		break;
	case USER_CONTROL:
		set_answer(p, seq, DST_ENDED, 0);
		p->exchange.answer.flags = KVM_CSS_ANSWER_IMMEDIATE;
		break;
	case USER_LATER:
		p->operation = seq;
		set_answer(p, seq, DST_CHANNEL_END, 0);
		p->exchange.answer.flags = KVM_CSS_ANSWER_IMMEDIATE;
		break;
	case USER_CHECK:
		set_answer(p, seq, DST_ENDED | DST_UNIT_CHECK, 0);
		set_sense(p, USER_SENSE0, USER_SENSE1);
		break;
	case USER_MARK:
		set_answer(p, seq, DST_ENDED | DST_UNIT_EXCEPTION, 0);
		break;
	case USER_HOLD:
		p->held = seq;
		break;
	case USER_DIE:
		_exit(0);
	default:
		set_answer(p, seq, DST_UNIT_CHECK, 0);
		set_sense(p, 0x80, 0);
	}
}

/* --- what the VMM asks for --- */

static u32 present(struct process *p, u64 seq, u8 status)
{
	struct kvm_css_present arg = {
		.size = sizeof(arg), .seq = seq, .status = status,
	};

	if (status & DST_UNIT_CHECK) {
		arg.sense_len = 1;
		arg.sense[0] = USER_SENSE0;
	}
	return ioctl(p->unit, KVM_CSS_UNIT_PRESENT, &arg) ? errno : 0;
}

static u32 be_busy(struct process *p, u32 flags)
{
	struct kvm_css_unit_busy arg = { .size = sizeof(arg), .flags = flags };

	return ioctl(p->unit, KVM_CSS_UNIT_BUSY, &arg) ? errno : 0;
}

/* Answer HOLD in a call that does nothing else. */
static u32 release_held(struct process *p)
{
	struct kvm_css_exchange arg = {
		.size = sizeof(arg),
		.flags = KVM_CSS_EXCHANGE_ANSWER | KVM_CSS_EXCHANGE_ONLY_ANSWER,
		.answer = { .seq = p->held, .status = DST_ENDED },
	};

	p->held = 0;
	return ioctl(p->unit, KVM_CSS_UNIT_EXCHANGE, &arg) ? errno : 0;
}

static void do_asked(struct process *p)
{
	struct user_shared *shared = user_shared;
	u32 argument = shared->argument, asked = shared->asked;

	if (asked == shared->done)
		return;
	switch (shared->what) {
	case USER_CALL_PRESENT:
		shared->result = present(p, 0, argument);
		break;
	case USER_CALL_END:
		shared->result = present(p, p->operation, argument);
		break;
	case USER_CALL_BUSY:
		shared->result = be_busy(p, argument);
		break;
	case USER_CALL_RELEASE:
		shared->result = release_held(p);
		break;
	}
	__sync_synchronize();
	shared->done = asked;
}

static void look(int signal)
{
	(void)signal;
}

/* --- serving --- */

static void exchange(struct process *p)
{
	const bool answers = p->exchange.flags & KVM_CSS_EXCHANGE_ANSWER;
	int rc;

	p->exchange.size = sizeof(p->exchange);
	p->exchange.flags |= KVM_CSS_EXCHANGE_WAIT;
	rc = ioctl(p->unit, KVM_CSS_UNIT_EXCHANGE, &p->exchange);
	if (rc && errno == ENODEV) {
		user_shared->dead = 1;
		_exit(0);
	}
	if (rc && errno == ESTALE)
		user_shared->stale++;
	else if (rc && (errno != EINTR || answers))
		wrong(strerror(errno));
	p->exchange.flags = 0;
	p->exchange.answer = (struct kvm_css_answer){ 0 };
	if (rc) {
		p->exchange.command.seq = 0;
		p->exchange.events = 0;
	}
}

static void see_events(struct process *p, u32 events)
{
	const u32 over = KVM_CSS_EVENT_BEGIN | KVM_CSS_EVENT_RESET |
			 KVM_CSS_EVENT_CLEARED;

	user_shared->events |= events;
	if (events & over && p->exchange.command.seq)
		wrong("a command beside a reset");
	if (events & KVM_CSS_EVENT_STOP && p->held) {
		set_answer(p, p->held, DST_ENDED, 0);
		p->held = 0;
	}
	if (events & over)
		p->held = 0;
}

static void __noreturn serve(struct process *p)
{
	struct kvm_css_command command;

	for (;;) {
		exchange(p);
		command = p->exchange.command;
		see_events(p, p->exchange.events);
		if (command.seq) {
			user_shared->commands++;
			execute(p, &command);
		}
		do_asked(p);
	}
}

/* --- a hostile process --- */

static u32 random_bits(void)
{
	static u32 state = 1;

	state = state * 1103515245 + 12345;
	return state >> 8;
}

static void hostile_answer(struct process *p, u64 seq)
{
	struct kvm_css_answer *answer = &p->exchange.answer;

	answer->seq = random_bits() % 4 ? seq : random_bits();
	answer->count = random_bits() % 3 ? random_bits() % 100 : random_bits();
	answer->status = random_bits() % 2 ? DST_ENDED : random_bits();
	answer->flags = !(random_bits() % 4);
	if (answer->status & DST_UNIT_CHECK)
		answer->sense_len = 1 + random_bits() % 33;
	else if (!(random_bits() % 8))
		answer->sense_len = random_bits();
	p->exchange.flags = KVM_CSS_EXCHANGE_ANSWER;
	if (!(random_bits() % 4))
		p->exchange.flags |= KVM_CSS_EXCHANGE_ONLY_ANSWER;
}

static void __noreturn be_hostile(struct process *p)
{
	u64 seq = 0;

	for (;;) {
		memset(p->area + random_bits() % (AREA - 256), random_bits(), 256);
		memset(&p->exchange, 0, sizeof(p->exchange));
		if (random_bits() % 2)
			hostile_answer(p, seq);
		if (!(random_bits() % 4))
			p->exchange.flags |= KVM_CSS_EXCHANGE_AGAIN;
		if (!(random_bits() % 32))
			p->exchange.flags = random_bits();
		p->exchange.flags &= ~KVM_CSS_EXCHANGE_WAIT;
		p->exchange.size = sizeof(p->exchange);
		if (!ioctl(p->unit, KVM_CSS_UNIT_EXCHANGE,
			   random_bits() % 64 ? &p->exchange : NULL) &&
		    p->exchange.command.seq)
			seq = p->exchange.command.seq;
		else if (errno == ENODEV)
			_exit(0);
		if (!(random_bits() % 8))
			present(p, random_bits() % 2 ? seq : 0, random_bits());
		if (!(random_bits() % 8))
			be_busy(p, random_bits() % 5);
	}
}

/* --- making processes --- */

static void receive(int socket, int *unit, char *hostile)
{
	char control[CMSG_SPACE(sizeof(int))] = { 0 };
	struct iovec iov = { hostile, 1 };
	struct msghdr message = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};

	if (recvmsg(socket, &message, MSG_CMSG_CLOEXEC) != 1 ||
	    !CMSG_FIRSTHDR(&message))
		_exit(0);
	memcpy(unit, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(*unit));
}

static void __noreturn process(int unit, bool hostile)
{
	static struct process p;
	struct sigaction action = { .sa_handler = look };

	/* Another user has forgotten it. */
	if (setgid(NOBODY) || setuid(NOBODY) ||
	    prctl(PR_SET_PDEATHSIG, SIGKILL))
		_exit(1);
	p.unit = unit;
	p.area = mmap(NULL, AREA, PROT_READ | PROT_WRITE, MAP_SHARED, unit, 0);
	if (p.area == MAP_FAILED)
		_exit(1);
	sigaction(SIGUSR1, &action, NULL);
	if (hostile)
		be_hostile(&p);
	serve(&p);
}

static void __noreturn parent(int socket)
{
	char hostile;
	pid_t pid;
	int unit;

	signal(SIGCHLD, SIG_IGN);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		receive(socket, &unit, &hostile);
		pid = fork();
		if (!pid) {
			close(socket);
			process(unit, hostile);
		}
		close(unit);
		if (write(socket, &pid, sizeof(pid)) != sizeof(pid))
			_exit(1);
	}
}

void user_process_init(void)
{
	int sockets[2];

	user_shared = mmap(NULL, sizeof(*user_shared), PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (user_shared == MAP_FAILED ||
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets))
		die("processes");
	switch (fork()) {
	case -1:
		die("fork");
	case 0:
		close(sockets[0]);
		parent(sockets[1]);
	}
	close(sockets[1]);
	parent_socket = sockets[0];
}

pid_t user_process_create(int unit, bool hostile)
{
	char control[CMSG_SPACE(sizeof(int))] = { 0 };
	char how = hostile;
	struct iovec iov = { &how, 1 };
	struct msghdr message = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	pid_t pid;

	memset(user_shared, 0, sizeof(*user_shared));
	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(header), &unit, sizeof(unit));
	if (sendmsg(parent_socket, &message, 0) != 1 ||
	    read(parent_socket, &pid, sizeof(pid)) != sizeof(pid) || pid < 0)
		die("make a process");
	return pid;
}
