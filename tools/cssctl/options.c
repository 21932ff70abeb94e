// SPDX-License-Identifier: GPL-2.0
/* The options of all commands, and their help */
#include <getopt.h>
#include <limits.h>

#include "cssctl.h"

#define OPTIONS_MAX		64
#define WAIT_MAX		86400

/*
 * Identifiers from here on are options of the kinds: kind_option(id -
 * OF_KINDS).
 */
#define OF_KINDS		512

/*
 * All options in the order of the help.  The kinds provide the help of --type.
 */
static const struct {
	const char *name;
	int id;
	/* What the help calls its value; NULL if it has none */
	const char *value;
	const char *does;
} table[] = {
	{ "pid", OPT_PID, "PID", "the process that has the VM" },
	{ "pidfile", OPT_PIDFILE, "FILE", "a file that holds its PID" },
	{ "vm-fd", OPT_VM_FD, "N",
	  "the VM's descriptor in that process, if that has several VMs" },
	{ "all", OPT_ALL, NULL,
	  "also VMs that have no channel subsystem in the kernel" },
	{ "backing", OPT_BACKING, "FILE",
	  "file or block device that a fixed-block disk is on" },
	{ "type", OPT_TYPE, "TYPE", NULL },
	{ "qmp", OPT_QMP, "SOCKET",
	  "QEMU's monitor, to ask which subchannels it has" },
	{ "qtree", OPT_QTREE, "FILE",
	  "or a file with QEMU's answer to \"info qtree\"" },
	{ "id", OPT_ID, "0.S.NNNN",
	  "subchannel: set 0 to 3 and number, hexadecimal" },
	{ "devno", OPT_DEVNO, "NNNN", "device number, hexadecimal" },
	{ "chpid", OPT_CHPID, "NN",
	  "channel path, hexadecimal (default: 40)" },
	{ NULL, OPT_KINDS, NULL, NULL },
	{ "socket", OPT_SOCKET, "SOCKET",
	  "where the program listens that models the device" },
	{ "text", OPT_TEXT, "TEXT", "what that program is told" },
	{ "reply", OPT_REPLY, "SECONDS",
	  "how long it may take to reply (default: 10)" },
	{ "take", OPT_TAKE, NULL,
	  "take the device away from the process that serves it now" },
	{ "vacate", OPT_VACATE, NULL, "the number stays, without a device" },
	{ "gone", OPT_GONE, NULL, "the number goes too" },
	{ "no-report", OPT_NO_REPORT, NULL, "don't tell the guest" },
	{ "wait", OPT_WAIT, "SECONDS",
	  "how long to wait until the process and its VM are there" },
	{ "json", OPT_JSON, NULL, "print one JSON document" },
	{ "help", OPT_HELP, NULL, "print this" },
};

/* An option of a command, for its help */
struct row {
	const char *name;
	int id;
	const char *value;
	const char *does;
	/* The only values that it may have, if they are listed */
	const char *const *choices;
};

struct rows {
	unsigned int nr;
	struct row of[OPTIONS_MAX];
};

static void add_row(struct rows *rows, struct row row)
{
	if (rows->nr == OPTIONS_MAX)
		abort();
	rows->of[rows->nr++] = row;
}

static void add_kind_rows(struct rows *rows)
{
	const struct kind_option *option;
	unsigned int i;

	for (i = 0; (option = kind_option(i)); i++)
		add_row(rows, (struct row){
			.name = option->name,
			.id = OF_KINDS + i,
			.value = option->value,
			.does = option->does,
			.choices = option->choices,
		});
}

static struct rows rows_of(const struct command *command)
{
	struct rows rows = { 0 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(table); i++) {
		bool is_type = table[i].id == OPT_TYPE;

		if (!(command->options & OPT_BIT(table[i].id)))
			continue;
		if (table[i].id == OPT_KINDS) {
			add_kind_rows(&rows);
			continue;
		}
		add_row(&rows, (struct row){
			.name = table[i].name,
			.id = table[i].id,
			.value = table[i].value,
			.does = is_type ? kind_titles() : table[i].does,
			.choices = is_type ? kind_names() : NULL,
		});
	}
	return rows;
}

void command_help(const struct command *command)
{
	const struct rows rows = rows_of(command);
	unsigned int i;

	printf("usage: cssctl %s [OPTION]...%s%s\n\n%s.\n\n", command->name,
	       *command->words ? " " : "", command->words, command->does);
	for (i = 0; i < rows.nr; i++) {
		const struct row *row = &rows.of[i];
		char name[32];

		snprintf(name, sizeof(name), "--%s %s", row->name,
			 row->value ? row->value : "");
		printf("  %-18s  %s\n", name, row->does);
	}
	if (command->more)
		printf("\n%s\n", command->more);
}

/*
 * Print what a shell may complete, one word a line.  If the word before is an
 * option with a value, print what the value is called and the values that it
 * may have.  Otherwise print an empty line and the options.
 */
void command_complete(const struct command *command, const char *before)
{
	const struct rows rows = rows_of(command);
	const char *const *choice;
	unsigned int i;

	for (i = 0; i < rows.nr; i++) {
		const struct row *row = &rows.of[i];

		if (strncmp(before, "--", 2) || strcmp(before + 2, row->name) ||
		    !row->value)
			continue;
		printf("%s\n", row->value);
		for (choice = row->choices; choice && *choice; choice++)
			printf("%s\n", *choice);
		return;
	}
	putchar('\n');
	for (i = 0; i < rows.nr; i++)
		printf("--%s\n", rows.of[i].name);
}

void option_bad(const char *option, const char *expected, const char *found)
{
	fail(STATUS_USAGE, "--%s: expected %s, found \"%s\"", option, expected,
	     found);
}

uint64_t option_decimal(const char *option, const char *text, uint64_t min,
			uint64_t max)
{
	uint64_t value;

	if (!parse_decimal(text, max, &value) || value < min) {
		char expected[80];

		snprintf(expected, sizeof(expected),
			 "a number from %llu to %llu",
			 (unsigned long long)min, (unsigned long long)max);
		option_bad(option, expected, text);
	}
	return value;
}

/* Return which of the choices the text is.  NULL is behind the last choice. */
unsigned int option_choice(const char *option, const char *text,
			   const char *const *choices)
{
	char expected[512];
	size_t length = 0;
	unsigned int i;

	for (i = 0; choices[i]; i++)
		if (!strcmp(choices[i], text))
			return i;
	for (i = 0; choices[i] && length < sizeof(expected); i++)
		length += snprintf(expected + length, sizeof(expected) - length,
				   "%s%s", !i ? "" : choices[i + 1] ? ", " :
				   " or ", choices[i]);
	option_bad(option, expected, text);
}

/*
 * Handle an option that describes the wanted subchannel; false if it is another
 * option.
 */
static bool set_wanted(struct wanted *wanted, int id, const char *text)
{
	switch (id) {
	case OPT_ID:
		if (!parse_sid(text, &wanted->sid))
			option_bad("id", "0.S.NNNN with a set from 0 to 3 and a hexadecimal number",
				   text);
		wanted->sid_given = true;
		return true;
	case OPT_BACKING:
		wanted->backing = text;
		return true;
	case OPT_TYPE:
		wanted->kind = kind_nr(option_choice("type", text,
						     kind_names()));
		return true;
	case OPT_DEVNO:
		if (!parse_hex(text, 0xffff, &wanted->devno))
			option_bad("devno", "1 to 4 hexadecimal digits", text);
		wanted->devno_given = true;
		return true;
	case OPT_CHPID:
		if (!parse_hex(text, 0xff, &wanted->chpid))
			option_bad("chpid", "1 or 2 hexadecimal digits", text);
		wanted->chpid_given = true;
		return true;
	case OPT_NO_REPORT:
		wanted->no_report = true;
		return true;
	default:
		return false;
	}
}

static void set_kind_option(struct wanted *wanted, unsigned int nr,
			    const char *text)
{
	wanted->kind_given |= 1ULL << nr;
	kind_option(nr)->set(wanted, text);
}

static void set(const struct command *command, struct options *options, int id,
		const char *text)
{
	if (id >= OF_KINDS) {
		set_kind_option(&options->wanted, id - OF_KINDS, text);
		return;
	}
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
		options->pid = option_decimal("pid", text, 1, INT_MAX);
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
	case OPT_SOCKET:
		options->socket = text;
		break;
	case OPT_TEXT:
		options->text = text;
		break;
	case OPT_REPLY:
		options->reply = option_decimal("reply", text, 1, REPLY_MAX);
		break;
	case OPT_VM_FD:
		options->vm_fd = option_decimal("vm-fd", text, 0, INT_MAX);
		break;
	case OPT_WAIT:
		options->wait = option_decimal("wait", text, 0, WAIT_MAX);
		break;
	default:
		break;
	}
}

static const char *option_name(int id)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(table); i++)
		if (table[i].id == id)
			return table[i].name;
	return "?";
}

/* True if an option was given that this kind has and the wanted kind lacks. */
static bool has_option_of(const struct wanted *wanted,
			  const struct device_kind *kind)
{
	const struct kind_option *option;
	unsigned int i;

	if (wanted->backing && kind->on_backing && !wanted->kind->on_backing)
		return true;
	for (i = 0; (option = kind_option(i)); i++)
		if (wanted->kind_given & 1ULL << i && kind_has(kind, option) &&
		    !kind_has(wanted->kind, option))
			return true;
	return false;
}

static void fail_option_of(const struct wanted *wanted,
			   const struct device_kind *kind)
	__attribute__((noreturn));

static void fail_option_of(const struct wanted *wanted,
			   const struct device_kind *kind)
{
	const struct kind_option *const *at = kind->options;
	const char *comma = "";
	char names[512] = "";
	size_t length = 0;

	if (kind->on_backing && !wanted->kind->on_backing) {
		length = snprintf(names, sizeof(names), "--backing");
		comma = ", ";
	}
	for (; at && *at && length < sizeof(names); at++) {
		if (kind_has(wanted->kind, *at))
			continue;
		length += snprintf(names + length, sizeof(names) - length,
				   "%s--%s", comma, (*at)->name);
		comma = ", ";
	}
	fail(STATUS_USAGE,
	     "expected no option of a %s with --type %s, found one of %s",
	     kind->noun, wanted->kind->name, names);
}

static void check_kind(const struct wanted *wanted)
{
	const struct device_kind *kind;
	unsigned int i;

	if (wanted->kind->on_backing && !wanted->backing)
		fail(STATUS_USAGE,
		     "expected --backing, found none; a %s is on a file or block device",
		     wanted->kind->noun);
	for (i = 0; (kind = kind_nr(i)); i++)
		if (has_option_of(wanted, kind))
			fail_option_of(wanted, kind);
	if (wanted->kind->check)
		wanted->kind->check(wanted);
}

static void check_together(const struct command *command,
			   const struct options *options)
{
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
	if (command->options & OPT_BIT(OPT_TYPE))
		check_kind(&options->wanted);
}

/* Make the list of this command's options for getopt_long(). */
static void list_options(const struct command *command, struct option *list)
{
	const struct rows rows = rows_of(command);
	unsigned int i;

	for (i = 0; i < rows.nr; i++)
		*list++ = (struct option){
			.name = rows.of[i].name,
			.has_arg = rows.of[i].value ? required_argument :
						      no_argument,
			.val = rows.of[i].id,
		};
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

/*
 * Find out whether an error is to be printed as JSON, before any error can
 * happen.
 */
static void look_for_json(const struct command *command, int argc, char **argv)
{
	int i;

	if (!(command->options & OPT_BIT(OPT_JSON)))
		return;
	for (i = 1; i < argc && strcmp(argv[i], "--"); i++)
		if (!strcmp(argv[i], "--json"))
			json_wanted = true;
}

/* argv[0] is the name of the command. */
void parse_options(const struct command *command, int argc, char **argv,
		   struct options *options)
{
	struct option list[OPTIONS_MAX + 1];
	int id;

	*options = (struct options){
		.vm_fd = -1,
		.wanted = { .kind = kind_nr(0), .chpid = 0x40 },
	};
	look_for_json(command, argc, argv);
	list_options(command, list);
	opterr = 0;
	/* Start anew, because an earlier line may have been parsed. */
	optind = 0;
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
