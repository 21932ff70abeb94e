// SPDX-License-Identifier: GPL-2.0
/* Attach, detach or reset the channel subsystem as a whole. */
#include <sys/ioctl.h>
#include <unistd.h>

#include "cssctl.h"

static void say(const struct options *options, const char *key,
		const char *text)
{
	if (json_wanted) {
		json_object(NULL);
		json_number("pid", options->pid);
		json_bool(key, true);
		json_end();
	} else {
		printf("the VM of process %d %s\n", (int)options->pid, text);
	}
}

int run_attach(struct options *options)
{
	close(css_create(options, false));
	say(options, "attached", "has a channel subsystem in the kernel");
	return STATUS_GOOD;
}

int run_detach(struct options *options)
{
	int css = css_of(options, CSS_OWN);

	if (ioctl(css, KVM_CSS_DETACH, 0))
		fail(STATUS_FAILED, "detaching from the VM of process %d: %s",
		     (int)options->pid, strerror(errno));
	/* It ends with the last close, and another cssctl may have it open. */
	close(css);
	say(options, "detached",
	    "has no channel subsystem in the kernel any more");
	return STATUS_GOOD;
}

int run_reset(struct options *options)
{
	int css = css_of(options, CSS_OWN);

	if (ioctl(css, KVM_CSS_RESET, 0))
		fail(STATUS_FAILED,
		     "resetting the channel subsystem of the VM of process %d: %s",
		     (int)options->pid, strerror(errno));
	close(css);
	say(options, "reset", "has had its subchannels in the kernel reset");
	return STATUS_GOOD;
}
