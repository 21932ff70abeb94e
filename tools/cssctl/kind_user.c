// SPDX-License-Identifier: GPL-2.0
/* A device that a process models */
#include "cssctl.h"

#define AREA_MIN		4096
#define AREA_MAX		1048576

/* What SENSE ID gives: bytes of it, and where they are */
#define ID_FIRST		0xff
#define ID_CU			1
#define ID_DEVICE		4
#define ID_TYPES		7	/* so many bytes without CIWs */
#define ID_CIWS			8
#define CIW_SIZE		4

/* The error-recovery-action code of tape drives for "drive not ready" */
#define ERA_NOT_READY		0x43

/* Parse TYPE/MODEL, and keep the type in two bytes and the model behind them. */
static void set_type(const char *option, const char *text, __u8 *to)
{
	const char *slash = strchr(text, '/');
	unsigned long type, model;
	char digits[8] = "";

	if (slash && slash - text < (ptrdiff_t)sizeof(digits))
		memcpy(digits, text, slash - text);
	if (!parse_hex(digits, 0xffff, &type) ||
	    !parse_hex(slash + 1, 0xff, &model))
		option_bad(option,
			   "a type and a model, hexadecimal, such as 3490/10",
			   text);
	to[0] = type >> 8;
	to[1] = type;
	to[2] = model;
}

static void set_cu(struct wanted *wanted, const char *text)
{
	wanted->device.user.id[0] = ID_FIRST;
	set_type("cu", text, wanted->device.user.id + ID_CU);
}

static const struct kind_option option_cu = {
	.name = "cu",
	.value = "TYPE/MODEL",
	.does = "the control unit that the guest finds, hexadecimal, such as 3490/10",
	.set = set_cu,
};

static void set_dev(struct wanted *wanted, const char *text)
{
	set_type("dev", text, wanted->device.user.id + ID_DEVICE);
}

static const struct kind_option option_dev = {
	.name = "dev",
	.value = "TYPE/MODEL",
	.does = "the device behind it (default: none that SENSE ID names)",
	.set = set_dev,
};

static void set_ciw(struct wanted *wanted, const char *text)
{
	struct kvm_css_user *user = &wanted->device.user;
	unsigned int at = user->id_len ?: ID_CIWS;
	unsigned long ciw;
	int i;

	if (!parse_hex(text, 0xffffffff, &ciw) || ciw >> 30 != 1)
		option_bad("ciw", "a command-information word, 40000000 to 7fffffff",
			   text);
	if (at + CIW_SIZE > sizeof(user->id))
		option_bad("ciw", "up to 8 of these options", text);
	for (i = 0; i < CIW_SIZE; i++)
		user->id[at + i] = ciw >> (24 - 8 * i);
	user->id_len = at + CIW_SIZE;
}

static const struct kind_option option_ciw = {
	.name = "ciw",
	.value = "WORD",
	.does = "one more command-information word of SENSE ID, hexadecimal",
	.set = set_ciw,
};

static void set_area(struct wanted *wanted, const char *text)
{
	uint64_t area = option_decimal("area", text, AREA_MIN, AREA_MAX);

	if (area % AREA_MIN)
		option_bad("area", "a multiple of 4096", text);
	wanted->device.user.area = area;
}

static const struct kind_option option_area = {
	.name = "area",
	.value = "BYTES",
	.does = "how many bytes a command can move (default: 65536)",
	.set = set_area,
};

static void set_serve(struct wanted *wanted, const char *text)
{
	wanted->serve = text;
}

static const struct kind_option option_serve = {
	.name = "serve",
	.value = "SOCKET",
	.does = "let the program that listens there serve it, as cssctl serve does",
	.set = set_serve,
};

static void set_text(struct wanted *wanted, const char *text)
{
	wanted->text = text;
}

static const struct kind_option option_text = {
	.name = "text",
	.value = "TEXT",
	.does = "what that program is told",
	.set = set_text,
};

static void set_reply(struct wanted *wanted, const char *text)
{
	wanted->reply = option_decimal("reply", text, 1, REPLY_MAX);
}

static const struct kind_option option_reply = {
	.name = "reply",
	.value = "SECONDS",
	.does = "how long that program may take to reply (default: 10)",
	.set = set_reply,
};

static const struct kind_option *const user_options[] = {
	&option_cu, &option_dev, &option_ciw, &option_area, &option_serve,
	&option_text, &option_reply, NULL
};

static void user_check(const struct wanted *wanted)
{
	if (!wanted->device.user.id[0])
		fail(STATUS_USAGE,
		     "expected --cu with --type user, found none; the guest finds its driver by it");
	if (wanted->reply && !wanted->serve)
		fail(STATUS_USAGE,
		     "--reply: expected --serve with it, found none");
	if (wanted->text && !wanted->serve)
		fail(STATUS_USAGE,
		     "--text: expected --serve with it, found none");
}

/*
 * The kernel makes the unit checks while no process serves the device.  Linux takes one
 * of a tape drive without an ERA code for success (tape_34xx_unit_check()).
 */
static __u8 sense3_of(const __u8 *cu)
{
	const unsigned int type = cu[0] << 8 | cu[1];

	return type == 0x3480 || type == 0x3490 ? ERA_NOT_READY : 0;
}

static void user_argument(const struct wanted *wanted, int fd,
			  struct kvm_css_device *device)
{
	(void)wanted;
	(void)fd;
	device->user.size = sizeof(device->user);
	if (!device->user.id_len)
		device->user.id_len = ID_TYPES;
	device->user.sense3 = sense3_of(device->user.id + ID_CU);
}

/* Another type is another device, and not the same one in another way. */
static bool user_is(const struct wanted *wanted,
		    const struct kvm_css_device *device)
{
	return !memcmp(wanted->device.user.id, device->user.id,
		       sizeof(device->user.id));
}

static const char *user_differs(const struct wanted *wanted,
				const struct kvm_css_device *device)
{
	const __u32 area = wanted->device.user.area;

	return area && area != device->user.area ? "--area" : NULL;
}

struct names {
	char cu[8];
	char dev[8];
};

static struct names names_of(const struct kvm_css_device *device)
{
	const __u8 *cu = device->user.id + ID_CU;
	const __u8 *dev = device->user.id + ID_DEVICE;
	struct names names;

	snprintf(names.cu, sizeof(names.cu), "%02x%02x/%02x", cu[0], cu[1], cu[2]);
	snprintf(names.dev, sizeof(names.dev), "%02x%02x/%02x", dev[0], dev[1],
		 dev[2]);
	return names;
}

static unsigned int nr_ciws(const struct kvm_css_device *device)
{
	unsigned int length = device->user.id_len;

	/* A newer module may know more of them than this program. */
	if (length > sizeof(device->user.id))
		length = sizeof(device->user.id);
	return length < ID_CIWS ? 0 : (length - ID_CIWS) / CIW_SIZE;
}

static uint32_t ciw_of(const struct kvm_css_device *device, unsigned int nr)
{
	const __u8 *at = device->user.id + ID_CIWS + nr * CIW_SIZE;

	return (uint32_t)at[0] << 24 | at[1] << 16 | at[2] << 8 | at[3];
}

static void user_brief(const struct kvm_css_device *device)
{
	const struct names names = names_of(device);

	printf("%s %s", names.cu, names.dev);
}

static void user_say(const struct kvm_css_device *device)
{
	const struct names names = names_of(device);

	printf(", control unit %s, device %s", names.cu, names.dev);
}

static void user_print(const struct kvm_css_device *device)
{
	const struct names names = names_of(device);
	unsigned int i;

	printf("  %-24s%s\n", "control unit", names.cu);
	printf("  %-24s%s\n", "device", names.dev);
	for (i = 0; i < nr_ciws(device); i++)
		printf("  %-24s%08x\n", i ? "" : "command information",
		       ciw_of(device, i));
	printf("  %-24s%u bytes\n", "data area", device->user.area);
}

static void user_json(const struct kvm_css_device *device)
{
	const struct names names = names_of(device);
	unsigned int i;

	json_string("cu", names.cu);
	json_string("dev", names.dev);
	json_array("ciws");
	for (i = 0; i < nr_ciws(device); i++)
		json_hex(NULL, 8, ciw_of(device, i));
	json_end();
	json_number("area", device->user.area);
}

const struct device_kind kind_user = {
	.name = "user",
	.title = "one that a process models",
	.noun = "device in a process",
	.type = KVM_CSS_TYPE_USER,
	.options = user_options,
	.argument = user_argument,
	.check = user_check,
	.is = user_is,
	.differs = user_differs,
	.brief = user_brief,
	.say = user_say,
	.print = user_print,
	.json = user_json,
};
