// SPDX-License-Identifier: GPL-2.0
/*
 * A process that serves a device of the guest's: it executes each command at
 * once, and doesn't look at the data.
 */
#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "css_user.h"
#include "served.h"
#include "vmm_kernel.h"

/* How a control unit and its device look, which nobody asks here */
#define CU_TYPE		0x3490
#define DEVICE_TYPE	0x3490

static void execute(void *device, const struct css_command *command,
		    struct css_answer *answer)
{
	(void)device;
	/* A control command, such as NO-OPERATION, takes no data. */
	if ((command->code & 3) == 3)
		css_end_immediate(answer);
	else if (css_command_fetches(command->code))
		css_end(answer, command->available);
	else
		css_end(answer, command->provided);
}

static const struct css_device_ops ops = { .command = execute };

static int serve(int fd)
{
	struct css_unit *unit;

	if (css_unit_new(&unit, fd, &ops, NULL))
		return 1;
	return css_unit_run(unit) == -ENODEV ? 0 : 1;
}

pid_t served_begin(int css_fd, u32 sid, u16 devno)
{
	const struct kvm_css_user user = {
		.size = sizeof(user),
		.area = SERVED_AREA,
		.id_len = 7,
		.id = { 0xff, CU_TYPE >> 8, CU_TYPE & 0xff, 0,
			DEVICE_TYPE >> 8, DEVICE_TYPE & 0xff, 0 },
	};
	pid_t pid;
	int fd;

	if (css_add_user(css_fd, sid, devno, &user))
		die("KVM_CSS_ADD of a device in a process");
	fd = css_serve(css_fd, sid, 0);
	if (fd < 0)
		die("KVM_CSS_SERVE");
	pid = fork();
	if (pid < 0)
		die("fork");
	if (!pid) {
		/* The channel subsystem is to end with its owner. */
		close(css_fd);
		_exit(serve(fd));
	}
	close(fd);
	return pid;
}

void served_end(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) != pid)
		die("waitpid");
	if (status) {
		errno = 0;
		die("the process that serves a device: status %#x", status);
	}
}
