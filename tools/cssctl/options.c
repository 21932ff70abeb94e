// SPDX-License-Identifier: GPL-2.0
/* The options of all commands, and their help */
#include <getopt.h>
#include <limits.h>

#include "cssctl.h"

#define OPTIONS_MAX		24
#define WAIT_MAX		86400

static const struct {
	const char *name;
	enum option_id id;
	const char *value;	/* what its value is called, if it has one */
	const char *does;
} table[] = {
	{ "pid", OPT_PID, "PID", "the process that has the VM" },
	{ "pidfile", OPT_PIDFILE, "FILE", "a file that holds its PID" },
	{ "vm-fd", OPT_VM_FD, "N",
	  "the VM's descriptor there, when it has several VMs" },
	{ "all", OPT_ALL, NULL,
	  "also VMs that have no channel subsystem in the kernel" },
	{ "backing", OPT_BACKING, "FILE",
	  "file or block device that a fixed-block disk is on" },
	{ "type", OPT_TYPE, "TYPE",
	  "fba: a fixed-block disk (default); test: the test control unit" },
	{ "qmp", OPT_QMP, "SOCKET",
	  "QEMU's monitor, to ask which subchannels it has" },
	{ "qtree", OPT_QTREE, "FILE",
	  "or what it has said to \"info qtree\"" },
	{ "id", OPT_ID, "0.S.NNNN",
	  "subchannel: set 0 to 3 and number, hexadecimal" },
	{ "devno", OPT_DEVNO, "NNNN", "device number, hexadecimal" },
	{ "chpid", OPT_CHPID, "NN",
	  "channel path, hexadecimal (default: 40)" },
	{ "readonly", OPT_READONLY, NULL, "the guest can't write" },
	{ "blocks", OPT_BLOCKS, "N",
	  "blocks of 512 bytes (default: all that the backing holds)" },
	{ "model", OPT_MODEL, "MODEL", "9336 (default) or 3370" },
	{ "direct", OPT_DIRECT, NULL, "past the host's page cache" },
	{ "discard", OPT_DISCARD, NULL,
	  "what the guest discards is given back to the backing" },
	{ "share", OPT_SHARE, NULL,
	  "others may write to the backing; it is meant so" },
	{ "vacate", OPT_VACATE, NULL, "the number stays, without a device" },
	{ "gone", OPT_GONE, NULL, "the number goes too" },
	{ "no-report", OPT_NO_REPORT, NULL, "don't tell the guest" },
	{ "wait", OPT_WAIT, "SECONDS",
	  "how long the process and its VM may take to be there" },
	{ "json", OPT_JSON, NULL, "print one JSON document" },
	{ "help", OPT_HELP, NULL, "print this" },
};

void command_help(const struct command *command)
{
	unsigned int i;

	printf("usage: cssctl %s [OPTION]...%s%s\n\n%s.\n\n", command->name,
	       *command->words ? " " : "", command->words, command->does);
	for (i = 0; i < ARRAY_SIZE(table); i++) {
		char name[32];

		if (!(command->options & OPT_BIT(table[i].id)))
			continue;
		snprintf(name, sizeof(name), "--%s %s", table[i].name,
			 table[i].value ? table[i].value : "");
		printf("  %-18s  %s\n", name, table[i].does);
	}
	if (command->more)
		printf("\n%s\n", command->more);
}

static void bad(const char *option, const char *expected, const char *found)
	__attribute__((noreturn));

static void bad(const char *option, const char *expected, const char *found)
{
	fail(STATUS_USAGE, "--%s: expected %s, found \"%s\"", option, expected,
	     found);
}

static uint64_t decimal(const char *option, const char *text, uint64_t min,
			uint64_t max)
{
	uint64_t value;

	if (!parse_decimal(text, max, &value) || value < min) {
		char expected[80];

		snprintf(expected, sizeof(expected),
			 "a number from %llu to %llu",
			 (unsigned long long)min, (unsigned long long)max);
		bad(option, expected, text);
	}
	return value;
}

static void set_type(struct wanted *wanted, const char *text)
{
	if (!strcmp(text, "fba"))
		wanted->type = KVM_CSS_TYPE_FBA;
	else if (!strcmp(text, "test"))
		wanted->type = KVM_CSS_TYPE_TEST;
	else
		bad("type", "fba or test", text);
}

static void set_model(struct wanted *wanted, const char *text)
{
	if (!strcmp(text, "9336"))
		wanted->model = KVM_CSS_FBA_MODEL_9336;
	else if (!strcmp(text, "3370"))
		wanted->model = KVM_CSS_FBA_MODEL_3370;
	else
		bad("model", "9336 or 3370", text);
	wanted->model_name = text;
}

/* An option of the subchannel that is wanted; false if it is another one */
static bool set_wanted(struct wanted *wanted, int id, const char *text)
{
	switch (id) {
	case OPT_ID:
		if (!parse_sid(text, &wanted->sid))
			bad("id", "0.S.NNNN with a set from 0 to 3 and a hexadecimal number",
			    text);
		wanted->sid_given = true;
		return true;
	case OPT_BACKING:
		wanted->backing = text;
		return true;
	case OPT_TYPE:
		set_type(wanted, text);
		return true;
	case OPT_DEVNO:
		if (!parse_hex(text, 0xffff, &wanted->devno))
			bad("devno", "1 to 4 hexadecimal digits", text);
		wanted->devno_given = true;
		return true;
	case OPT_CHPID:
		if (!parse_hex(text, 0xff, &wanted->chpid))
			bad("chpid", "1 or 2 hexadecimal digits", text);
		wanted->chpid_given = true;
		return true;
	case OPT_READONLY:
		wanted->readonly = true;
		return true;
	case OPT_BLOCKS:
		wanted->blocks = decimal("blocks", text, 1, UINT32_MAX);
		return true;
	case OPT_MODEL:
		set_model(wanted, text);
		return true;
	case OPT_DIRECT:
		wanted->direct = true;
		return true;
	case OPT_DISCARD:
		wanted->discard = true;
		return true;
	case OPT_SHARE:
		wanted->share = true;
		return true;
	case OPT_NO_REPORT:
		wanted->no_report = true;
		return true;
	default:
		return false;
	}
}

static void set(const struct command *command, struct options *options, int id,
		const char *text)
{
	options->given |= OPT_BIT(id);
	if (set_wanted(&options->wanted, id, text))
		return;
	switch (id) {
	case OPT_HELP:
		command_help(command);
		finish();
		exit(STATUS_GOOD);
	case OPT_JSON:
		json_wanted = true;
		break;
	case OPT_PID:
		options->pid = decimal("pid", text, 1, INT_MAX);
		break;
	case OPT_PIDFILE:
		options->pidfile = text;
		break;
	case OPT_QMP:
		options->qmp = text;
		break;
	case OPT_QTREE:
		options->qtree = text;
		break;
	case OPT_VM_FD:
		options->vm_fd = decimal("vm-fd", text, 0, INT_MAX);
		break;
	case OPT_WAIT:
		options->wait = decimal("wait", text, 0, WAIT_MAX);
		break;
	default:
		break;
	}
}

static const char *option_name(int id)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(table); i++)
		if ((int)table[i].id == id)
			return table[i].name;
	return "?";
}

static void check_together(const struct command *command,
			   const struct options *options)
{
	const struct wanted *wanted = &options->wanted;
	uint32_t missing = command->needs & ~options->given;
	int id;

	if (given(options, OPT_PID) && given(options, OPT_PIDFILE))
		fail(STATUS_USAGE,
		     "expected one of --pid and --pidfile, found both");
	if (given(options, OPT_PIDFILE))
		missing &= ~OPT_BIT(OPT_PID);
	for (id = OPT_HELP; id < OPT_HELP + 32; id++)
		if (missing & OPT_BIT(id))
			fail(STATUS_USAGE,
			     "expected --%s, found none; cssctl %s --help has all options",
			     option_name(id), command->name);
	if (given(options, OPT_VACATE) && given(options, OPT_GONE))
		fail(STATUS_USAGE,
		     "expected one of --vacate and --gone, found both");
	if (given(options, OPT_QMP) && given(options, OPT_QTREE))
		fail(STATUS_USAGE,
		     "expected one of --qmp and --qtree, found both");
	if (given(options, OPT_VM_FD) && !given(options, OPT_PID) &&
	    !given(options, OPT_PIDFILE))
		fail(STATUS_USAGE,
		     "--vm-fd: expected --pid or --pidfile with it, found none");
	if (!(command->options & OPT_BIT(OPT_TYPE)))
		return;
	if (wanted->type == KVM_CSS_TYPE_FBA && !wanted->backing)
		fail(STATUS_USAGE,
		     "expected --backing, found none; a disk is on a file or block device");
	if (wanted->type == KVM_CSS_TYPE_TEST &&
	    (wanted->backing || wanted->readonly || wanted->direct ||
	     wanted->discard || wanted->share || wanted->blocks ||
	     wanted->model_name))
		fail(STATUS_USAGE,
		     "expected no option of a disk with --type test, found one of --backing, --readonly, --blocks, --model, --direct, --discard, --share");
}

/* What getopt_long() looks for: the options that this command has */
static void list_options(const struct command *command, struct option *list)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(table); i++) {
		if (!(command->options & OPT_BIT(table[i].id)))
			continue;
		*list++ = (struct option){
			.name = table[i].name,
			.has_arg = table[i].value ? required_argument :
						    no_argument,
			.val = table[i].id,
		};
	}
	*list = (struct option){ 0 };
}

static void refuse(const struct command *command, const char *found, int what)
{
	if (what == ':')
		fail(STATUS_USAGE, "%s: expected a value behind it, found none",
		     found);
	fail(STATUS_USAGE,
	     "expected an option of %s, found %s; cssctl %s --help has all options",
	     command->name, found, command->name);
}

/* Whether the document for an error is wanted is known before the error. */
static void look_for_json(const struct command *command, int argc, char **argv)
{
	int i;

	if (!(command->options & OPT_BIT(OPT_JSON)))
		return;
	for (i = 1; i < argc && strcmp(argv[i], "--"); i++)
		if (!strcmp(argv[i], "--json"))
			json_wanted = true;
}

/* argv[0] is the command. */
void parse_options(const struct command *command, int argc, char **argv,
		   struct options *options)
{
	struct option list[OPTIONS_MAX];
	int id;

	*options = (struct options){
		.vm_fd = -1,
		.wanted = { .type = KVM_CSS_TYPE_FBA, .chpid = 0x40 },
	};
	look_for_json(command, argc, argv);
	list_options(command, list);
	opterr = 0;
	optind = 0;	/* Start anew, also if it has parsed a line before. */
	while ((id = getopt_long(argc, argv, ":", list, NULL)) != -1) {
		if (id == '?' || id == ':')
			refuse(command, argv[optind - 1], id);
		set(command, options, id, optarg);
	}
	options->nr_words = argc - optind;
	options->words = argv + optind;
	if (options->nr_words > command->max_words)
		fail(STATUS_USAGE,
		     "expected %s, found \"%s\"; cssctl %s --help has all options",
		     command->max_words ? command->words : "options only",
		     options->words[command->max_words], command->name);
	check_together(command, options);
}
