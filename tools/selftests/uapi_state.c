// SPDX-License-Identifier: GPL-2.0
/* The user ABI: saving and restoring.  Every bad state is refused. */
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "uapi.h"

/*
 * Bits of the machine-check-interruption code which say that the PSW, storage
 * and registers of all kinds are valid.  They include vector and
 * guarded-storage registers; KVM clears these two bits if the guest can't have
 * such registers.
 */
#define MCIC_VALID	0x00000f5d48330000ULL

#define READ_COUNT	16

/* What makes a good structure a bad one: bits to be inverted */
struct wrong {
	const char *what;
	u32 at;
	u32 len;
	u64 flip;
};

#define OWN(member_, flip_) \
	offsetof(struct kvm_css_state, member_), \
	sizeof(((struct kvm_css_state *)0)->member_), flip_
#define SCHIB(member_, flip_) \
	offsetof(struct kvm_css_state, schib) + \
	offsetof(struct schib, member_), \
	sizeof(((struct schib *)0)->member_), flip_
#define IMAGE(member_, flip_) \
	offsetof(struct kvm_css_image, member_), \
	sizeof(((struct kvm_css_image *)0)->member_), flip_
#define BYTE(type_, member_, at_) \
	offsetof(struct type_, member_) + (at_), 1, 1

/*
 * This program and the module are big-endian, so the last bytes of a number are
 * its lowest.
 */
static void spoil(void *data, const struct wrong *wrong)
{
	const u8 *flip = (const u8 *)&wrong->flip + 8 - wrong->len;
	u8 *at = (u8 *)data + wrong->at;
	u32 i;

	for (i = 0; i < wrong->len; i++)
		at[i] ^= flip[i];
}

/* --- a subchannel --- */

static struct kvm_css_state good_state(void)
{
	return (struct kvm_css_state){
		.size = sizeof(struct kvm_css_state),
		.schid = SID_SCHID(UAPI_SID),
		.ssid = SID_SSID(UAPI_SID),
	};
}

static void reset(int fd, int rc)
{
	(void)rc;
	ioctl(fd, KVM_CSS_RESET, 0);
}

static void get_structure(void)
{
	struct kvm_css_state arg = good_state();
	char *edge = uapi_unreadable();
	long page = sysconf(_SC_PAGESIZE);
	struct uapi_machine machine;

	uapi_machine(&machine);
	uapi_sizes(machine.css_fd, KVM_CSS_GET_STATE, &arg, sizeof(arg), NULL);
	memcpy(edge - sizeof(arg), &arg, sizeof(arg));
	mprotect(edge - page, page, PROT_READ);
	uapi_ioctl(machine.css_fd, KVM_CSS_GET_STATE, edge - sizeof(arg),
		   EFAULT, "argument that can't be written");
	mprotect(edge - page, page, PROT_READ | PROT_WRITE);
	uapi_machine_end(&machine);
}

static void set_structure(void)
{
	struct uapi_machine machine;
	struct kvm_css_state arg;

	uapi_machine(&machine);
	uapi_get_state(&machine, &arg);
	uapi_sizes(machine.css_fd, KVM_CSS_SET_STATE, &arg, sizeof(arg), reset);
	uapi_machine_end(&machine);
}

/*
 * The arguments that GET_STATE and SET_STATE check before they look at the
 * subchannel
 */
static void both_arguments(void)
{
	static const unsigned long requests[] = { KVM_CSS_GET_STATE,
						  KVM_CSS_SET_STATE };
	struct uapi_machine machine;
	struct kvm_css_state arg;
	unsigned int i, bit;

	uapi_machine(&machine);
	css_add_test(machine.css_fd, SID(1, 1), 1, 0);
	for (i = 0; i < ARRAY_SIZE(requests); i++) {
		for (bit = 0; bit < 32; bit++) {
			arg = good_state();
			arg.flags = 1u << bit;
			uapi_ioctl(machine.css_fd, requests[i], &arg, EINVAL,
				   "flag");
		}
		arg = good_state();
		arg.reserved = 1;
		uapi_ioctl(machine.css_fd, requests[i], &arg, EINVAL,
			   "reserved");
		arg = good_state();
		arg.ssid = 4;
		uapi_ioctl(machine.css_fd, requests[i], &arg, EINVAL, "set 4");
		arg = good_state();
		arg.schid++;
		uapi_ioctl(machine.css_fd, requests[i], &arg, ENODEV,
			   "absent");
		arg = good_state();
		arg.ssid = 3;
		uapi_ioctl(machine.css_fd, requests[i], &arg, ENODEV,
			   "other set");
	}
	uapi_machine_end(&machine);
}

static void vacated_state(void)
{
	struct kvm_css_add add = {
		.size = sizeof(add),
		.type = KVM_CSS_TYPE_NONE,
		.schid = SID_SCHID(UAPI_SID),
		.ssid = SID_SSID(UAPI_SID),
	};
	struct kvm_css_state arg = good_state();
	int css_fd = uapi_css();

	uapi_ioctl(css_fd, KVM_CSS_ADD, &add, UAPI_OK, "ADD");
	uapi_ioctl(css_fd, KVM_CSS_GET_STATE, &arg, ENODEV, "GET_STATE");
	uapi_ioctl(css_fd, KVM_CSS_SET_STATE, &arg, ENODEV, "SET_STATE");
	close(css_fd);
}

/* One of a kind; the KUnit suites that restore states have all of them. */
static const struct wrong idle_wrongs[] = {
	{ "type", OWN(type, 3) },
	{ "V zero", SCHIB(pmcw.flags, PMCW_VALID) },
	{ "something unknown later", OWN(device.test.what, 5) },
	{ "last byte", BYTE(kvm_css_state, device, 63) },
};

static const struct wrong pending_wrongs[] = {
	{ "active", SCHIB(scsw.ctrl, 0x000004c0) },
	{ "key of the ORB", OWN(orb_flags, 0x10000000) },
	{ "CCW address bit 0", OWN(ccw, 0x80000000) },
};

static void refuse_all(const struct uapi_machine *machine,
		       struct kvm_css_state *state, const struct wrong *wrongs,
		       unsigned int nr)
{
	struct kvm_css_state before, after;
	unsigned int i;

	if (uapi_get_state(machine, &before))
		die("KVM_CSS_GET_STATE");
	for (i = 0; i < nr; i++) {
		spoil(state, &wrongs[i]);
		uapi_ioctl(machine->css_fd, KVM_CSS_SET_STATE, state, EINVAL,
			   wrongs[i].what);
		spoil(state, &wrongs[i]);
		uapi_get_state(machine, &after);
		ktap_check(!memcmp(&before, &after, sizeof(after)),
			   "%s: something has changed", wrongs[i].what);
	}
	uapi_ioctl(machine->css_fd, KVM_CSS_SET_STATE, state, UAPI_OK,
		   "the good one");
}

static void set_refused(void)
{
	struct uapi_machine machine;
	struct kvm_css_state state;

	uapi_machine(&machine);
	uapi_get_state(&machine, &state);
	refuse_all(&machine, &state, idle_wrongs, ARRAY_SIZE(idle_wrongs));
	uapi_pending(&machine, &state, TEST_READ, READ_COUNT);
	refuse_all(&machine, &state, pending_wrongs,
		   ARRAY_SIZE(pending_wrongs));
	ktap_check(uapi_completed(&machine), "it has run");
	uapi_machine_end(&machine);
}

/*
 * A subchannel with status pending can't be restored, because its status would
 * be lost.
 */
static void set_busy(void)
{
	struct kvm_css_state idle, state, after;
	struct uapi_machine machine;

	uapi_machine(&machine);
	uapi_get_state(&machine, &idle);
	uapi_pending(&machine, &state, TEST_READ, READ_COUNT);
	ktap_check(!uapi_set_state(&machine, &state), "SET_STATE: %s",
		   strerror(errno));
	ktap_check(uapi_completed(&machine), "it has run");
	ktap_check(!uapi_get_state(&machine, &state), "GET_STATE: %s",
		   strerror(errno));
	ktap_check(uapi_set_state(&machine, &idle) && errno == EBUSY,
		   "expected EBUSY, found %s", strerror(errno));
	uapi_get_state(&machine, &after);
	ktap_check(!memcmp(&state, &after, sizeof(after)), "nothing changed");
	uapi_machine_end(&machine);
}

/* --- interruptions --- */

/*
 * Return: how many floating interruptions KVM has; @irq is the first of them.
 */
static int pending_irqs(const struct uapi_machine *machine,
			struct kvm_s390_irq *irq)
{
	struct kvm_s390_irq irqs[64];
	struct kvm_device_attr attr = {
		.group = KVM_DEV_FLIC_GET_ALL_IRQS,
		.addr = (u64)irqs,
		.attr = sizeof(irqs),
	};
	int nr = ioctl(machine->flic_fd, KVM_GET_DEVICE_ATTR, &attr);

	if (nr > 0)
		*irq = irqs[0];
	return nr;
}

static int enqueue(const struct uapi_machine *machine,
		   const struct kvm_s390_irq *irq)
{
	struct kvm_device_attr attr = {
		.group = KVM_DEV_FLIC_ENQUEUE,
		.addr = (u64)irq,
		.attr = sizeof(*irq),
	};

	return ioctl(machine->flic_fd, KVM_SET_DEVICE_ATTR, &attr);
}

/*
 * Migrate as a VMM does: quiesce, move KVM's interruptions, move the
 * subchannels.
 */
static void migrate(void)
{
	struct kvm_css_quiesce quiesce = { .size = sizeof(quiesce) };
	struct uapi_machine from, to;
	struct kvm_css_state state, after;
	struct kvm_s390_irq irq;
	int nr;

	uapi_machine(&from);
	uapi_machine(&to);
	uapi_pending(&from, &state, TEST_READ, READ_COUNT);
	uapi_set_state(&from, &state);
	ktap_check(uapi_completed(&from), "it has run");
	uapi_ioctl(from.css_fd, KVM_CSS_QUIESCE, &quiesce, UAPI_OK, "QUIESCE");
	nr = pending_irqs(&from, &irq);
	ktap_check(nr == 1, "source: expected 1 interruption, found %d", nr);
	ktap_check(!uapi_get_state(&from, &state), "GET_STATE: %s",
		   strerror(errno));
	ktap_check(state.state & KVM_CSS_STATE_INTERRUPTION, "KVM has it");
	ktap_check(!enqueue(&to, &irq), "ENQUEUE: %s", strerror(errno));
	ktap_check(!uapi_set_state(&to, &state), "SET_STATE: %s",
		   strerror(errno));
	nr = pending_irqs(&to, &irq);
	ktap_check(nr == 1, "target: expected 1 interruption, found %d", nr);
	uapi_get_state(&to, &after);
	ktap_check(!memcmp(&state, &after, sizeof(after)), "state is the same");
	/*
	 * The interruption belongs to the restored subchannel, so a reset
	 * withdraws it.
	 */
	reset(to.css_fd, 0);
	nr = pending_irqs(&to, &irq);
	ktap_check(!nr, "after RESET: expected none, found %d", nr);
	/* If KVM hasn't got the interruption, SET_STATE makes it pending. */
	state.state &= ~KVM_CSS_STATE_INTERRUPTION;
	ktap_check(!uapi_set_state(&to, &state), "SET_STATE: %s",
		   strerror(errno));
	nr = pending_irqs(&to, &irq);
	ktap_check(nr == 1,
		   "made pending by SET_STATE: expected 1, found %d", nr);
	uapi_machine_end(&from);
	uapi_machine_end(&to);
}

/* --- the image --- */

static struct kvm_css_image good_image(int css_fd)
{
	struct kvm_css_image image = { .size = sizeof(image) };

	if (ioctl(css_fd, KVM_CSS_GET_IMAGE, &image))
		die("KVM_CSS_GET_IMAGE");
	return image;
}

static void image_structure(void)
{
	struct kvm_css_image arg;
	char *edge = uapi_unreadable();
	long page = sysconf(_SC_PAGESIZE);
	int css_fd = uapi_css();
	unsigned int bit;

	arg = good_image(css_fd);
	uapi_sizes(css_fd, KVM_CSS_GET_IMAGE, &arg, sizeof(arg), NULL);
	uapi_sizes(css_fd, KVM_CSS_SET_IMAGE, &arg, sizeof(arg), reset);
	memcpy(edge - sizeof(arg), &arg, sizeof(arg));
	mprotect(edge - page, page, PROT_READ);
	uapi_ioctl(css_fd, KVM_CSS_GET_IMAGE, edge - sizeof(arg), EFAULT,
		   "argument that can't be written");
	mprotect(edge - page, page, PROT_READ | PROT_WRITE);
	for (bit = 0; bit < 32; bit++) {
		arg.flags = 1u << bit;
		uapi_ioctl(css_fd, KVM_CSS_GET_IMAGE, &arg, EINVAL, "flag");
		uapi_ioctl(css_fd, KVM_CSS_SET_IMAGE, &arg, EINVAL, "flag");
	}
	close(css_fd);
}

static const struct wrong image_wrongs[] = {
	{ "next version", IMAGE(version, KVM_CSS_VERSION ^
					 (KVM_CSS_VERSION + 1)) },
	{ "alone", IMAGE(state, KVM_CSS_IMAGE_ALONE) },
	{ "reserved, last", BYTE(kvm_css_image, reserved, 2) },
	{ "more words than there can be", IMAGE(nr_reports, 0x40) },
	{ "a word behind", IMAGE(reports[63], 0x03000000) },
};

static void image_refused(void)
{
	struct kvm_css_image image, before, after;
	int css_fd = uapi_css();
	unsigned int i;

	before = good_image(css_fd);
	ktap_check(before.version == KVM_CSS_VERSION && !before.state &&
		   !before.nr_reports, "a new image");
	image = before;
	image.monitor_origin = 0x123456789abcde20;
	image.monitor_key = 9;
	image.address_limit = 0x12340000;
	image.state = KVM_CSS_IMAGE_MSS | KVM_CSS_IMAGE_BLOCK_UPDATE |
		      KVM_CSS_IMAGE_CONNECT_TIME | KVM_CSS_IMAGE_REPORTED;
	image.nr_reports = 2;
	image.reports[0] = 0x13040007;
	image.reports[1] = 0x03040020;
	for (i = 0; i < ARRAY_SIZE(image_wrongs); i++) {
		spoil(&image, &image_wrongs[i]);
		uapi_ioctl(css_fd, KVM_CSS_SET_IMAGE, &image, EINVAL,
			   image_wrongs[i].what);
		spoil(&image, &image_wrongs[i]);
		after = good_image(css_fd);
		ktap_check(!memcmp(&before, &after, sizeof(after)),
			   "%s: something has changed", image_wrongs[i].what);
	}
	uapi_ioctl(css_fd, KVM_CSS_SET_IMAGE, &image, UAPI_OK,
		   "the good one");
	after = good_image(css_fd);
	ktap_check(!memcmp(&image, &after, sizeof(after)), "it is the same");
	uapi_ioctl(css_fd, KVM_CSS_SET_IMAGE, &image, EBUSY, "once more");
	reset(css_fd, 0);
	after = good_image(css_fd);
	ktap_check(!memcmp(&before, &after, sizeof(after)), "after RESET");
	close(css_fd);
}

/*
 * If the state says that KVM has a machine check for the channel reports,
 * SET_IMAGE adds none; if not, the module makes one pending.
 */
static void image_told(void)
{
	struct kvm_css_image image;
	struct uapi_machine machine;
	struct kvm_s390_irq irq;
	int nr;

	uapi_machine(&machine);
	image = good_image(machine.css_fd);
	image.nr_reports = 1;
	image.reports[0] = 0x03040007;
	image.state = KVM_CSS_IMAGE_REPORTED;
	uapi_ioctl(machine.css_fd, KVM_CSS_SET_IMAGE, &image, UAPI_OK, "told");
	nr = pending_irqs(&machine, &irq);
	ktap_check(!nr, "KVM has a machine check: expected none, found %d", nr);
	reset(machine.css_fd, 0);
	image.state = 0;
	uapi_ioctl(machine.css_fd, KVM_CSS_SET_IMAGE, &image, UAPI_OK,
		   "not told");
	nr = pending_irqs(&machine, &irq);
	ktap_check(nr == 1 && irq.type == KVM_S390_MCHK,
		   "KVM has none: expected a machine check, found %d", nr);
	ktap_check((irq.u.mchk.mcic & MCIC_VALID) == MCIC_VALID,
		   "KVM has none: code %016llx, all should be valid",
		   irq.u.mchk.mcic);
	image = good_image(machine.css_fd);
	ktap_check(image.state == KVM_CSS_IMAGE_REPORTED,
		   "KVM has the machine check now");
	uapi_machine_end(&machine);
}

static void image_alone(void)
{
	struct kvm_css_create create = {
		.size = sizeof(create),
		.flags = KVM_CSS_CREATE_ALONE,
		.vm_fd = uapi_vm(),
	};
	int dev_fd = open(KVM_CSS_DEV, O_RDWR | O_CLOEXEC);
	struct kvm_css_image image;
	int css_fd;

	css_fd = ioctl(dev_fd, KVM_CSS_CREATE, &create);
	ktap_check(css_fd >= 0, "CREATE_ALONE: %s", strerror(errno));
	image = good_image(css_fd);
	ktap_check(image.state == KVM_CSS_IMAGE_ALONE, "it says so");
	uapi_ioctl(css_fd, KVM_CSS_SET_IMAGE, &image, UAPI_OK, "alone");
	image.state = 0;
	uapi_ioctl(css_fd, KVM_CSS_SET_IMAGE, &image, EINVAL, "not alone");
	close(css_fd);
	close(dev_fd);
	close(create.vm_fd);
}

const struct ktap_case uapi_state_cases[] = {
	{ "GET_STATE: size, unknown bytes, EFAULT", get_structure, true },
	{ "SET_STATE: size and unknown bytes", set_structure, true },
	{ "GET_STATE, SET_STATE: EINVAL and ENODEV", both_arguments },
	{ "GET_STATE, SET_STATE: a vacated number is ENODEV", vacated_state },
	{ "SET_STATE: what can't be is EINVAL, and nothing is changed",
	  set_refused },
	{ "SET_STATE: status that is pending there is EBUSY", set_busy },
	{ "a subchannel moves, and its interruption is there once", migrate },
	{ "GET_IMAGE, SET_IMAGE: size, unknown bytes, EFAULT, EINVAL",
	  image_structure, true },
	{ "SET_IMAGE: EINVAL, EBUSY, and nothing is changed", image_refused },
	{ "SET_IMAGE makes a machine check pending that KVM hasn't",
	  image_told },
	{ "CREATE_ALONE: GET_IMAGE says so, and SET_IMAGE wants it",
	  image_alone },
};

const unsigned int uapi_state_nr = ARRAY_SIZE(uapi_state_cases);
