// SPDX-License-Identifier: GPL-2.0
/*
 * Give a VM the subchannels that a file lists: attach unless the VM is
 * attached, and add what isn't there yet.
 */
#include <ctype.h>
#include <limits.h>
#include <unistd.h>

#include "cssctl.h"

#define WORDS_MAX		32

/* A line that adds a subchannel */
struct line {
	unsigned int number;
	struct wanted wanted;
};

struct config {
	const char *path;
	const char *pidfile;
	const char *qmp;
	const char *qtree;
	struct line *lines;
	unsigned int nr;
};

/* The subchannels that earlier lines stand for */
struct claims {
	struct sid *sids;
	unsigned int nr;
};

static void set_where(const struct config *config, unsigned int number)
{
	snprintf(error_where, 512, "%s:%u: ", config->path, number);
}

static void *grown(void *array, unsigned int nr, size_t size)
{
	array = reallocarray(array, nr + 1, size);
	if (!array)
		out_of_memory();
	return array;
}

/*
 * Return the next word of a line, changed in place; NULL at the end of the
 * line.  Double quotes keep a word with spaces together, and a backslash in
 * them takes the next character literally.
 */
static char *next_word(char **at)
{
	char *from = *at, *word, *to;
	bool quoted = false;

	while (isspace((unsigned char)*from))
		from++;
	if (!*from || *from == '#')
		return NULL;
	for (word = to = from; *from; from++) {
		if (*from == '"') {
			quoted = !quoted;
			continue;
		}
		if (!quoted && isspace((unsigned char)*from)) {
			from++;
			break;
		}
		if (quoted && *from == '\\' && from[1])
			from++;
		*to++ = *from;
	}
	if (quoted)
		fail(STATUS_USAGE,
		     "expected a second \" on the line, found one");
	*at = from;
	*to = '\0';
	return word;
}

static int split(char *text, char **words)
{
	int nr = 0;
	char *word;

	while ((word = next_word(&text))) {
		if (nr == WORDS_MAX)
			fail(STATUS_USAGE,
			     "expected up to %d words on a line, found more",
			     WORDS_MAX);
		words[nr++] = word;
	}
	words[nr] = NULL;
	return nr;
}

/*
 * Parse the options of "add", without those that say which VM is meant and how
 * to print.
 */
static void parse_add(struct config *config, unsigned int number, int nr,
		      char **words)
{
	struct command command = add_command;
	struct options options;

	command.options &= ~(OPT_BIT(OPT_PID) | OPT_BIT(OPT_PIDFILE) |
			     OPT_BIT(OPT_VM_FD) | OPT_BIT(OPT_JSON) |
			     OPT_BIT(OPT_QMP) | OPT_BIT(OPT_QTREE) |
			     OPT_BIT(OPT_WAIT) | OPT_BIT(OPT_HELP));
	command.needs = 0;
	parse_options(&command, nr, words, &options);
	config->lines = grown(config->lines, config->nr,
			      sizeof(*config->lines));
	config->lines[config->nr++] = (struct line){
		.number = number,
		.wanted = options.wanted,
	};
}

/*
 * Return the member of config for the file behind this word; NULL if no file
 * follows such a word.
 */
static const char **file_word(struct config *config, const char *word)
{
	if (!strcmp(word, "pidfile"))
		return &config->pidfile;
	if (!strcmp(word, "qmp"))
		return &config->qmp;
	if (!strcmp(word, "qtree"))
		return &config->qtree;
	return NULL;
}

static void parse_line(struct config *config, unsigned int number, char *text)
{
	char *words[WORDS_MAX + 1];
	int nr = split(text, words);
	const char **file;

	if (!nr)
		return;
	if (!strcmp(words[0], "add")) {
		parse_add(config, number, nr, words);
		return;
	}
	file = file_word(config, words[0]);
	if (!file)
		fail(STATUS_USAGE,
		     "expected add, pidfile, qmp or qtree, found \"%s\"",
		     words[0]);
	if (nr != 2)
		fail(STATUS_USAGE, "%s: expected one file behind it, found %d",
		     words[0], nr - 1);
	*file = words[1];
	if (config->qmp && config->qtree)
		fail(STATUS_USAGE, "expected one of qmp and qtree, found both");
}

/*
 * Parse the whole file before anything is done.  The lines stay in memory,
 * because the options point into them.
 */
static void parse_file(struct config *config)
{
	FILE *file = fopen(config->path, "re");
	unsigned int number = 0;

	if (!file)
		fail(STATUS_FAILED, "expected to read %s, found: %s",
		     config->path, strerror(errno));
	for (;;) {
		char *text = NULL;
		size_t size = 0;

		if (getline(&text, &size, file) < 0) {
			free(text);
			break;
		}
		set_where(config, ++number);
		parse_line(config, number, text);
	}
	error_where[0] = '\0';
	if (ferror(file))
		fail(STATUS_FAILED, "expected to read %s, found: %s",
		     config->path, strerror(errno));
	fclose(file);
}

static bool claimed(const struct claims *claims, struct sid sid)
{
	unsigned int i;

	for (i = 0; i < claims->nr; i++)
		if (claims->sids[i].ssid == sid.ssid &&
		    claims->sids[i].schid == sid.schid)
			return true;
	return false;
}

static void claim(struct claims *claims, struct sid sid)
{
	claims->sids = grown(claims->sids, claims->nr, sizeof(*claims->sids));
	claims->sids[claims->nr++] = sid;
}

/*
 * True if this is the subchannel of the line: if it has the line's type and
 * backing, and the number and device number that the line gives, if any
 */
static bool is_it(const struct wanted *wanted,
		  const struct kvm_css_query *query,
		  const struct kvm_css_device *device, const char *backing)
{
	const struct device_kind *kind = wanted->kind;

	if (query->type != kind->type || device->type != kind->type)
		return false;
	if (wanted->sid_given && (query->ssid != wanted->sid.ssid ||
				  query->schid != wanted->sid.schid))
		return false;
	if (wanted->devno_given && query->devno != wanted->devno)
		return false;
	if (kind->is && !kind->is(wanted, device))
		return false;
	return !kind->on_backing || !strcmp(device->backing, backing);
}

static void check_same(const struct wanted *wanted,
		       const struct kvm_css_query *query,
		       const struct kvm_css_device *device)
{
	char name[SID_NAME_SIZE];
	const char *what = NULL;

	if (wanted->kind->differs)
		what = wanted->kind->differs(wanted, device);
	if (!what && wanted->chpid_given && query->chpid != wanted->chpid)
		what = "--chpid";
	if (what)
		fail(STATUS_FAILED,
		     "expected %s to be as it is here, found another %s; remove it first",
		     sid_name(query_sid(query), name), what);
}

/*
 * Look for the line's subchannel among those that no earlier line stands for.
 */
static bool find_it(int css, const struct wanted *wanted,
		    const struct claims *claims, struct sid *found)
{
	char resolved[PATH_MAX] = "";
	struct kvm_css_device device;
	struct kvm_css_query query;
	struct walk walk = { 0 };

	if (wanted->backing && !realpath(wanted->backing, resolved))
		return false;
	while (!css_walk(css, &walk, 0, &query)) {
		describe(css, &query, &device);
		if (!claimed(claims, query_sid(&query)) &&
		    is_it(wanted, &query, &device, resolved)) {
			check_same(wanted, &query, &device);
			*found = query_sid(&query);
			return true;
		}
	}
	return false;
}

/*
 * If the line names the program that serves its device, and no process serves the
 * device any more, let the program serve it again.
 */
static void serve_again(int css, const struct wanted *wanted, struct sid sid)
{
	const char *reason;
	int unit, socket;

	if (!wanted->serve)
		return;
	unit = serve_unit(css, sid, false);
	if (unit == -EBUSY)
		return;
	if (unit < 0)
		serve_fail(wanted->serve, sid, strerror(-unit));
	socket = serve_connect(wanted->serve, wanted->reply);
	reason = serve_pass(socket, unit, wanted->text);
	close(socket);
	if (reason)
		serve_fail(wanted->serve, sid, reason);
}

static void say(struct sid sid, bool there)
{
	char name[SID_NAME_SIZE];

	sid_name(sid, name);
	if (json_wanted) {
		json_object(NULL);
		json_string("id", name);
		json_bool("added", !there);
		json_end();
	} else {
		printf("%s: %s\n", name, there ? "is there" : "added");
	}
}

static void apply(int css, const struct neighbours *all, struct config *config)
{
	struct claims claims = { 0 };
	unsigned int i;

	for (i = 0; i < config->nr; i++) {
		const struct wanted *wanted = &config->lines[i].wanted;
		struct sid sid;
		bool there;

		set_where(config, config->lines[i].number);
		there = find_it(css, wanted, &claims, &sid);
		if (there)
			serve_again(css, wanted, sid);
		else
			sid = add_subchannel(css, all, wanted);
		claim(&claims, sid);
		say(sid, there);
	}
	error_where[0] = '\0';
	free(claims.sids);
}

int run_apply(struct options *options)
{
	struct config config = { 0 };
	struct neighbours all;
	int css;

	if (!options->nr_words)
		fail(STATUS_USAGE,
		     "expected a file behind apply, found none; cssctl apply --help has all options");
	config.path = options->words[0];
	parse_file(&config);
	if (!given(options, OPT_PID) && !given(options, OPT_PIDFILE))
		options->pidfile = config.pidfile;
	if (!given(options, OPT_QMP) && !given(options, OPT_QTREE)) {
		options->qmp = config.qmp;
		options->qtree = config.qtree;
	}
	if (!options->pid && !options->pidfile)
		fail(STATUS_USAGE,
		     "expected --pid, --pidfile or a line \"pidfile FILE\" in %s, found none",
		     config.path);
	css = css_create(options, true);
	neighbours_learn(&all, options);
	if (json_wanted) {
		json_object(NULL);
		json_number("pid", options->pid);
		json_array("subchannels");
	}
	apply(css, &all, &config);
	neighbours_note_hidden(&all, css);
	close(css);
	free(all.of);
	json_end_to(0);
	free(config.lines);
	return STATUS_GOOD;
}
