// SPDX-License-Identifier: GPL-2.0
/*
 * cssctl, the command line for the subchannels that the kernel has for running
 * VMs
 */
#include <fcntl.h>
#include <limits.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cssctl.h"

#define COMMON			(OPT_BIT(OPT_JSON) | OPT_BIT(OPT_HELP))
#define THE_VM			(COMMON | OPT_BIT(OPT_PID) | \
				 OPT_BIT(OPT_PIDFILE) | OPT_BIT(OPT_VM_FD))
#define THE_VMM			(OPT_BIT(OPT_QMP) | OPT_BIT(OPT_QTREE))

const struct command add_command = {
	.name = "add",
	.words = "",
	.does = "Add a subchannel with a device to a VM",
	.more = "Without --id, cssctl chooses a set from 1 to 3 in which the VMM is not\n"
		"known to have subchannels: the highest one in which the kernel has\n"
		"some already, or else the highest one in which nobody has any.  The\n"
		"number is the first one in the set that has no device.\n"
		"Without --devno, the device number is 0200 plus the subchannel\n"
		"number, or the next one that is free.",
	.options = THE_VM | THE_VMM | OPT_BIT(OPT_BACKING) | OPT_BIT(OPT_TYPE) |
		   OPT_BIT(OPT_ID) | OPT_BIT(OPT_DEVNO) |
		   OPT_BIT(OPT_CHPID) | OPT_BIT(OPT_KINDS) |
		   OPT_BIT(OPT_NO_REPORT),
	.needs = OPT_BIT(OPT_PID),
	.run = run_add,
};

static const struct command commands[] = {
	{
		.name = "attach",
		.words = "",
		.does = "Give a VM a channel subsystem in the kernel",
		.options = THE_VM,
		.needs = OPT_BIT(OPT_PID),
		.run = run_attach,
	}, {
		.name = "remove",
		.words = "",
		.does = "Remove a subchannel, or the device from it",
		.more = "Without --vacate and --gone the number stays, unless it is the\n"
			"last of its set: a guest stops scanning a set at the first\n"
			"number that isn't there.",
		.options = THE_VM | OPT_BIT(OPT_ID) | OPT_BIT(OPT_VACATE) |
			   OPT_BIT(OPT_GONE) | OPT_BIT(OPT_NO_REPORT),
		.needs = OPT_BIT(OPT_PID) | OPT_BIT(OPT_ID),
		.run = run_remove,
	}, {
		.name = "list",
		.words = "",
		.does = "List the subchannels of a VM; without --pid, the VMs of the host",
		.options = THE_VM | THE_VMM | OPT_BIT(OPT_ALL),
		.run = run_list,
	}, {
		.name = "show",
		.words = "",
		.does = "Show all that is known of a subchannel",
		.options = THE_VM | OPT_BIT(OPT_ID),
		.needs = OPT_BIT(OPT_PID) | OPT_BIT(OPT_ID),
		.run = run_show,
	}, {
		.name = "stat",
		.words = "[INTERVAL [COUNT]]",
		.does = "Show what the subchannels of a VM do",
		.more = "Without INTERVAL, the numbers count from when a subchannel was added.\n"
			"With INTERVAL, cssctl prints a report every INTERVAL seconds, with\n"
			"the numbers per second since the last report, until it has printed\n"
			"COUNT reports or the VM has ended.",
		.options = THE_VM,
		.needs = OPT_BIT(OPT_PID),
		.max_words = 2,
		.run = run_stat,
	}, {
		.name = "reset",
		.words = "",
		.does = "Reset the subchannels of a VM, as an I/O-system reset does",
		.options = THE_VM,
		.needs = OPT_BIT(OPT_PID),
		.run = run_reset,
	}, {
		.name = "detach",
		.words = "",
		.does = "Take the channel subsystem in the kernel from a VM",
		.options = THE_VM,
		.needs = OPT_BIT(OPT_PID),
		.run = run_detach,
	}, {
		.name = "apply",
		.words = "FILE",
		.does = "Attach to a VM, and add those subchannels of a file that it lacks",
		.more = "A line of FILE is \"add\" with options of cssctl add, \"pidfile FILE\",\n"
			"\"qmp SOCKET\" or \"qtree FILE\".  # begins a comment.",
		.options = THE_VM | THE_VMM | OPT_BIT(OPT_WAIT),
		.max_words = 1,
		.run = run_apply,
	}, {
		.name = "serve",
		.words = "-- PROGRAM [ARGUMENT]...",
		.does = "Give a device of type user to the process that models it",
		.more = "With --socket, that is a program that runs already; see css_user(3).\n"
			"Otherwise cssctl becomes PROGRAM, which has the device as descriptor 3;\n"
			"CSS_UNIT=3 in its environment says so.",
		.options = THE_VM | OPT_BIT(OPT_ID) | OPT_BIT(OPT_SOCKET) |
			   OPT_BIT(OPT_TEXT) | OPT_BIT(OPT_REPLY) |
			   OPT_BIT(OPT_TAKE),
		.needs = OPT_BIT(OPT_PID) | OPT_BIT(OPT_ID),
		.max_words = INT_MAX,
		.run = run_serve,
	}, {
		.name = "tape",
		.words = "load DRIVE IMAGE [OPTION=VALUE]... | unload DRIVE | status [DRIVE]",
		.does = "Put tapes into the drives of css-tape, and take them out",
		.more = "Without --socket, css-tape is asked at /run/css-tape/control.  The\n"
			"image is opened with the rights of the caller.  These options say how to use it:\n"
			"  readonly=1                       the tape is write protected\n"
			"  format=aws|het|flat              instead of the format that the image has\n"
			"  compression=zlib|bzip2|none, level=1...9\n"
			"                                   of HET blocks that are written\n"
			"  block=BYTES                      the blocks of a flat file\n"
			"  capacity=BYTES, warning=BYTES    where the tape ends, and how long before\n"
			"                                   that it says so",
		.options = COMMON | OPT_BIT(OPT_SOCKET),
		.max_words = INT_MAX,
		.run = run_tape,
	}, {
		.name = "create",
		.words = "FILE MODEL|CYLINDERS",
		.does = "Make an image for a device of type eckd",
		.more = "MODEL is 3390-1, -2, -3, -9, -27 or -54.  FILE must not exist, or is a\n"
			"block device, whose contents are lost.  The guest has to format the disk.",
		.options = COMMON,
		.max_words = 2,
		.run = run_create,
	}, {
		.name = "version",
		.words = "",
		.does = "Print the versions of this program and of the module",
		.options = COMMON,
		.run = run_version,
	},
};

int run_version(struct options *options)
{
	int dev = open(CSS_DEV, O_RDWR | O_CLOEXEC);
	int version = dev < 0 ? -1 : ioctl(dev, KVM_CSS_GET_VERSION, 0);

	(void)options;
	if (dev >= 0)
		close(dev);
	if (json_wanted) {
		json_object(NULL);
		json_string("version", KVM_CSS_RELEASE);
		json_number("abi", KVM_CSS_VERSION);
		if (version < 0)
			json_null("module_abi");
		else
			json_number("module_abi", version);
		json_end();
		return STATUS_GOOD;
	}
	printf("cssctl %s, ABI %d\n", KVM_CSS_RELEASE, KVM_CSS_VERSION);
	if (version < 0)
		printf("module: not loaded, or not allowed to be asked\n");
	else
		printf("module: ABI %d\n", version);
	return STATUS_GOOD;
}

static void usage(FILE *stream)
{
	unsigned int i;

	fprintf(stream, "usage: cssctl COMMAND [OPTION]...\n\n");
	fprintf(stream, "  %-8s  %s\n", add_command.name, add_command.does);
	for (i = 0; i < ARRAY_SIZE(commands); i++)
		fprintf(stream, "  %-8s  %s\n", commands[i].name,
			commands[i].does);
	fprintf(stream, "\ncssctl COMMAND --help has the options; cssctl(8) has all.\n");
}

static const struct command *find_command(const char *name)
{
	unsigned int i;

	if (!strcmp(name, add_command.name))
		return &add_command;
	for (i = 0; i < ARRAY_SIZE(commands); i++)
		if (!strcmp(name, commands[i].name))
			return &commands[i];
	return NULL;
}

/* Print on stdout what may follow these words, for cssctl.bash. */
static int complete(int nr, char **words)
{
	const struct command *command;
	unsigned int i;

	if (!nr) {
		puts(add_command.name);
		for (i = 0; i < ARRAY_SIZE(commands); i++)
			puts(commands[i].name);
		return STATUS_GOOD;
	}
	command = find_command(words[0]);
	if (!command)
		return STATUS_USAGE;
	command_complete(command, words[nr - 1]);
	return STATUS_GOOD;
}

/*
 * Open /dev/null for missing standard descriptors, so that no VM or disk gets
 * one of these numbers.
 */
static void fill_standard_descriptors(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDWR);
	} while (fd >= 0 && fd < 3);
	if (fd >= 0)
		close(fd);
}

int main(int argc, char **argv)
{
	const struct command *command;
	struct options options;
	int status;

	fill_standard_descriptors();
	if (argc < 2) {
		usage(stderr);
		return STATUS_USAGE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") ||
	    !strcmp(argv[1], "help")) {
		usage(stdout);
		finish();
		return STATUS_GOOD;
	}
	if (!strcmp(argv[1], "complete"))
		return complete(argc - 2, argv + 2);
	command = find_command(strcmp(argv[1], "--version") ? argv[1] :
							      "version");
	if (!command)
		fail(STATUS_USAGE,
		     "expected a command, found \"%s\"; cssctl --help lists them",
		     argv[1]);
	parse_options(command, argc - 1, argv + 1, &options);
	status = command->run(&options);
	finish();
	return status;
}
