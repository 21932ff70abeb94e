// SPDX-License-Identifier: GPL-2.0
/* Adding a subchannel with its device */
#include <sys/ioctl.h>
#include <unistd.h>

#include "cssctl.h"

/* How often to choose another number when somebody else takes the chosen one */
#define TRIES			16

static void fail_add(const struct wanted *wanted, struct sid sid, int fd,
		     int error) __attribute__((noreturn));

static void fail_add(const struct wanted *wanted, struct sid sid, int fd,
		     int error)
{
	char name[SID_NAME_SIZE];

	sid_name(sid, name);
	if (error == EINVAL && wanted->kind->explain)
		wanted->kind->explain(wanted, fd);
	if (wanted->kind->refused)
		wanted->kind->refused(wanted, error);
	switch (error) {
	case EEXIST:
		fail(STATUS_FAILED,
		     "expected %s to be free, found it taken; leave --id out, or choose another one",
		     name);
	case ENOTUNIQ:
		fail(STATUS_FAILED,
		     "adding %s: expected its device number to be free in set %u, found it taken meanwhile; try again",
		     name, sid.ssid);
	case EADDRINUSE:
		fail(STATUS_FAILED,
		     "expected %s to be free, found that the guest uses one of QEMU's there, which it would lose; leave --id out, or choose another one; if QEMU has none there any more, --qmp or --qtree shows it",
		     name);
	case EINVAL:
		if (!wanted->kind->on_backing)
			fail(STATUS_FAILED,
			     "adding %s: expected a module that has devices of type %s, found one that hasn't",
			     name, wanted->kind->name);
		fail(STATUS_FAILED,
		     "adding %s: expected a backing that the kernel can read, write and fsync, found that it can't; is it on another file system than most? (a file that the host's kernel makes, in sysfs, procfs and their like, stores nothing)",
		     name);
	case E2BIG:
		fail(STATUS_FAILED,
		     "adding %s: expected a module that is as new as this program, found an older one",
		     name);
	default:
		fail(STATUS_FAILED, "adding %s: %s", name, strerror(error));
	}
}

/*
 * If the VMM was asked, it has said which subchannels it has.  Otherwise have
 * the kernel refuse a number at which it has seen the guest use one of the
 * VMM's.
 */
static uint32_t flags_of(const struct neighbours *all,
			 const struct wanted *wanted)
{
	return (wanted->no_report ? 0 : KVM_CSS_ADD_REPORT) |
	       (all->complete ? 0 : KVM_CSS_ADD_BESIDE);
}

static int add(int css, const struct neighbours *all,
	       const struct wanted *wanted, struct sid sid, int fd)
{
	struct kvm_css_device device = wanted->device;
	struct wanted exact = *wanted;
	struct kvm_css_add arg = {
		.size = sizeof(arg),
		.flags = flags_of(all, wanted),
		.type = wanted->kind->type,
		.ssid = sid.ssid,
		.schid = sid.schid,
		.devno = wanted->devno_given ? wanted->devno :
					       choose_devno(css, all, sid),
		.chpid = wanted->chpid,
		.device = (uintptr_t)device.bytes,
	};

	exact.sid = sid;
	exact.devno = arg.devno;
	wanted->kind->argument(&exact, fd, &device);
	return ioctl(css, KVM_CSS_ADD, &arg) ? -errno : 0;
}

/*
 * Add it where there is room.  The number that is chosen may be taken after
 * all, in which case another one is tried: somebody else may have added a
 * subchannel there meanwhile, or the guest may use one of the VMM's there.  In
 * the second case that set is the VMM's, and isn't tried again.
 */
static int add_somewhere(int css, const struct neighbours *all,
			 const struct wanted *wanted, int fd, struct sid *sid)
{
	unsigned int not_these = 0;
	int tries, rc;

	for (tries = TRIES; tries; tries--) {
		if (!choose_sid(css, all, not_these, sid))
			fail(STATUS_FAILED,
			     "expected a subchannel set from 1 to 3 in which QEMU has no subchannels and the kernel has a free number, found none; choose one with --id");
		if (wanted->devno_given)
			check_devno(css, all, *sid, wanted->devno);
		rc = add(css, all, wanted, *sid, fd);
		if (rc == -EADDRINUSE)
			not_these |= 1U << sid->ssid;
		else if (rc != -EEXIST &&
			 (rc != -ENOTUNIQ || wanted->devno_given))
			break;
	}
	return rc;
}

static int add_there(int css, const struct neighbours *all,
		     const struct wanted *wanted, int fd)
{
	check_sid(all, wanted->sid);
	if (wanted->devno_given)
		check_devno(css, all, wanted->sid, wanted->devno);
	return add(css, all, wanted, wanted->sid, fd);
}

/* Let a program serve the device; without one the device isn't added. */
static void serve(int css, const struct wanted *wanted, struct sid sid,
		  int socket)
{
	int unit = serve_unit(css, sid, false);
	const char *reason = unit < 0 ? strerror(-unit) :
					serve_pass(socket, unit, wanted->text);

	close(socket);
	if (!reason)
		return;
	remove_subchannel(css, sid, must_vacate(css, sid), wanted->no_report);
	serve_fail(wanted->serve, sid, reason);
}

struct sid add_subchannel(int css, const struct neighbours *all,
			  const struct wanted *wanted)
{
	struct sid sid = wanted->sid;
	int fd = -1, socket = -1, rc;

	if (wanted->kind->on_backing)
		fd = backing_open(wanted);
	if (wanted->serve)
		socket = serve_connect(wanted->serve, wanted->reply);
	if (wanted->sid_given)
		rc = add_there(css, all, wanted, fd);
	else
		rc = add_somewhere(css, all, wanted, fd, &sid);
	if (rc)
		fail_add(wanted, sid, fd, -rc);
	if (fd >= 0)
		close(fd);
	if (socket >= 0)
		serve(css, wanted, sid, socket);
	note_place(css, all, sid, !wanted->sid_given);
	return sid;
}

static void say_added(int css, struct sid sid)
{
	char name[SID_NAME_SIZE];
	const struct device_kind *kind;
	struct kvm_css_query query;
	struct kvm_css_device device;

	if (css_query(css, sid, 0, &query))
		fail(STATUS_NO_SUBCHANNEL,
		     "%s has been added, and somebody has removed it since",
		     sid_name(sid, name));
	describe(css, &query, &device);
	if (json_wanted) {
		json_object(NULL);
		json_object("added");
		json_subchannel(&query, &device);
		json_end();
		json_end();
		return;
	}
	printf("%s: device number %04x, %s", sid_name(sid, name), query.devno,
	       kind_of(query.type)->name);
	kind = kind_of(device.type);
	if (kind->say)
		kind->say(&device);
	putchar('\n');
}

int run_add(struct options *options)
{
	int css = css_of(options, CSS_OWN);
	struct neighbours all;

	neighbours_learn(&all, options);
	say_added(css, add_subchannel(css, &all, &options->wanted));
	neighbours_note_hidden(&all, css);
	close(css);
	free(all.of);
	return STATUS_GOOD;
}
