// SPDX-License-Identifier: GPL-2.0
/*
 * The VMM's own subchannels, as far as they are known.  Only the VMM knows all
 * of them: QEMU's monitor lists them (--qmp), or a file has what it has listed
 * (--qtree).  Otherwise QEMU's command line shows the sets and device numbers
 * that somebody has chosen.  QEMU puts all others into set 0.
 */
#include <ctype.h>
#include <fcntl.h>
#include <unistd.h>

#include "cssctl.h"

#define TEXT_MAX		(8U << 20)

/* Number of the image that a guest sees, by QEMU's default */
#define IMAGE			0xfe

static struct neighbour *add_neighbour(struct neighbours *all)
{
	struct neighbour *one;

	all->of = reallocarray(all->of, all->nr + 1, sizeof(*all->of));
	if (!all->of)
		out_of_memory();
	one = &all->of[all->nr++];
	*one = (struct neighbour){ 0 };
	return one;
}

/* Parse "fe.1.0002", which a double quote or anything else may follow. */
static bool parse_id(const char *text, uint8_t *ssid, uint16_t *number)
{
	unsigned int image, set, last;
	char id[16] = "";
	int used = 0;

	/* What follows the number may be very long. */
	memcpy(id, text, strnlen(text, sizeof(id) - 1));
	if (sscanf(id, "%2x.%1u.%4x%n", &image, &set, &last, &used) != 3 ||
	    isxdigit((unsigned char)id[used]) || image != IMAGE ||
	    set >= CSS_SETS)
		return false;
	*ssid = set;
	*number = last;
	return true;
}

/* --- a device tree, as "info qtree" prints it --- */

/* dev: virtio-blk-ccw, id "disk1" */
static void parse_device(const char *line, char *name)
{
	char type[NEIGHBOUR_NAME_SIZE / 2], id[NEIGHBOUR_NAME_SIZE / 2 - 8];
	int found = sscanf(line, "dev: %31[^,], id \"%23[^\"]", type, id);

	if (found == 2)
		snprintf(name, NEIGHBOUR_NAME_SIZE, "%s \"%s\"", type, id);
	else
		snprintf(name, NEIGHBOUR_NAME_SIZE, "%s",
			 found == 1 ? type : "device");
}

static void parse_tree_line(struct neighbours *all, const char *line,
			    struct neighbour *now)
{
	struct neighbour *one;

	if (!strncmp(line, "dev: ", 5)) {
		*now = (struct neighbour){ 0 };
		parse_device(line, now->name);
	}
	/* QEMU prints the line dev_id of a device before its line subch_id. */
	if (!strncmp(line, "dev_id = \"", 10))
		now->has_devno = parse_id(line + 10, &now->sid.ssid,
					  &now->devno);
	if (strncmp(line, "subch_id = \"", 12) ||
	    !parse_id(line + 12, &now->sid.ssid, &now->sid.schid))
		return;
	one = add_neighbour(all);
	*one = *now;
	one->has_sid = true;
}

/* Parse a device tree; this changes text. */
static void parse_tree(struct neighbours *all, char *text, const char *from)
{
	struct neighbour now = { 0 };
	bool channels = false;
	char *line;

	while ((line = strsep(&text, "\r\n"))) {
		line += strspn(line, " ");
		channels |= !strcmp(line, "bus: virtual-css");
		parse_tree_line(all, line, &now);
	}
	if (!channels)
		fail(STATUS_FAILED,
		     "expected QEMU's \"info qtree\" of an s390x machine from %s, found no bus virtual-css in it",
		     from);
	all->complete = true;
}

/*
 * Return a whole file with a zero byte behind it; NULL if it can't be read or
 * is too large.
 */
static char *read_whole(const char *path, size_t *length)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *text = malloc(TEXT_MAX + 1);
	ssize_t got = fd < 0 ? -1 : 1;
	size_t used = 0;

	if (!text)
		out_of_memory();
	while (got > 0 && used < TEXT_MAX) {
		got = read(fd, text + used, TEXT_MAX - used);
		used += got > 0 ? got : 0;
	}
	if (fd >= 0)
		close(fd);
	if (got) {
		free(text);
		return NULL;
	}
	text[used] = '\0';
	*length = used;
	return text;
}

static void learn_from_file(struct neighbours *all, const char *path)
{
	size_t length;
	char *text = read_whole(path, &length);

	if (!text)
		fail(STATUS_FAILED, "expected to read %s, found: %s", path,
		     errno ? strerror(errno) : "more than 8 MiB");
	parse_tree(all, text, path);
	free(text);
}

static void learn_from_monitor(struct neighbours *all, const char *path,
			       pid_t pid)
{
	char *text = qmp_hmp(path, pid, "info qtree");

	parse_tree(all, text, path);
	free(text);
}

/* --- QEMU's command line --- */

/* Parse devno=fe.1.0002 or "devno":"fe.1.0002". */
static void parse_argument(struct neighbours *all, const char *text)
{
	while ((text = strstr(text, "devno"))) {
		struct neighbour now = { .has_devno = true };

		text += strlen("devno");
		text += strspn(text, "\"=: ");
		if (!parse_id(text, &now.sid.ssid, &now.devno))
			continue;
		snprintf(now.name, sizeof(now.name), "device");
		*add_neighbour(all) = now;
	}
}

static void learn_from_command_line(struct neighbours *all, pid_t pid)
{
	char path[64], *text;
	size_t length, at;

	snprintf(path, sizeof(path), "/proc/%d/cmdline", (int)pid);
	text = read_whole(path, &length);
	if (!text)
		return;
	for (at = 0; at < length; at += strlen(text + at) + 1)
		parse_argument(all, text + at);
	free(text);
}

/* --- what is known --- */

void neighbours_learn(struct neighbours *all, const struct options *options)
{
	*all = (struct neighbours){ 0 };
	if (options->qmp)
		learn_from_monitor(all, options->qmp, options->pid);
	else if (options->qtree)
		learn_from_file(all, options->qtree);
	else
		learn_from_command_line(all, options->pid);
}

bool neighbours_in_set(const struct neighbours *all, uint8_t ssid)
{
	unsigned int i;

	for (i = 0; i < all->nr; i++)
		if (all->of[i].sid.ssid == ssid)
			return true;
	return false;
}

const struct neighbour *neighbour_at(const struct neighbours *all,
				     struct sid sid)
{
	unsigned int i;

	for (i = 0; i < all->nr; i++) {
		const struct neighbour *one = &all->of[i];

		if (one->has_sid && one->sid.ssid == sid.ssid &&
		    one->sid.schid == sid.schid)
			return one;
	}
	return NULL;
}

const struct neighbour *neighbour_with(const struct neighbours *all,
				       uint8_t ssid, uint16_t devno)
{
	unsigned int i;

	for (i = 0; i < all->nr; i++) {
		const struct neighbour *one = &all->of[i];

		if (one->has_devno && one->sid.ssid == ssid &&
		    one->devno == devno)
			return one;
	}
	return NULL;
}

/*
 * True if the kernel has a subchannel at its number, with a device or without
 */
bool neighbour_hidden(const struct neighbour *one, int css)
{
	struct kvm_css_query query;

	return one->has_sid &&
	       !css_query(css, one->sid, KVM_CSS_QUERY_VACANT, &query);
}

/*
 * Note which of QEMU's subchannels the guest doesn't see because the kernel has
 * the number.
 */
void neighbours_note_hidden(const struct neighbours *all, int css)
{
	char name[SID_NAME_SIZE];
	unsigned int i;

	for (i = 0; i < all->nr; i++) {
		const struct neighbour *one = &all->of[i];

		if (neighbour_hidden(one, css))
			note("QEMU's %s, device number %04x, is hidden by %s; give it another set",
			     one->name, one->devno, sid_name(one->sid, name));
	}
}
