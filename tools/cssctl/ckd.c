// SPDX-License-Identifier: GPL-2.0
/*
 * Making an image of a 3390, and saying what is wrong with one
 *
 * A new image is a header and a hole: a track of zeros is one that has not been
 * formatted.
 */
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ckd.h"
#include "cssctl.h"

#define HEADS			15
#define TRACK_SIZE		56832ull
#define TYPE_3390		0x90

/* Numbers in it are little-endian. */
struct header {
	char id[8];
	uint8_t heads[4];
	uint8_t track_size[4];
	uint8_t type;
	uint8_t sequence;
	uint8_t high_cylinder[2];
	uint8_t reserved[492];
};

static const struct header good_header = {
	.id = { 'C', 'K', 'D', '_', 'P', '3', '7', '0' },
	.heads = { HEADS },
	.track_size = { TRACK_SIZE & 0xff, TRACK_SIZE >> 8 },
	.type = TYPE_3390,
};

/* What the models have */
static const struct {
	const char *name;
	uint32_t cylinders;
} models[] = {
	{ "3390-1", 1113 },
	{ "3390-2", 2226 },
	{ "3390-3", 3339 },
	{ "3390-9", 10017 },
	{ "3390-27", 32760 },
	{ "3390-54", 65520 },
};

uint64_t ckd_cylinders(uint64_t bytes)
{
	return bytes < CKD_HEADER_SIZE ? 0 :
		(bytes - CKD_HEADER_SIZE) / (HEADS * TRACK_SIZE);
}

static uint64_t bytes_of(uint32_t cylinders)
{
	return CKD_HEADER_SIZE + cylinders * HEADS * TRACK_SIZE;
}

static const char compressed[] =
	"a compressed one (CCKD); Hercules' \"cckd2ckd -lfs IMAGE NEW\" makes one that isn't";
static const char shadow[] =
	"a shadow file; Hercules' \"cckd2ckd -lfs BASE sf=IMAGE NEW\" makes an image";
static const char several[] =
	"one of several files; Hercules' \"dasdcopy -0 -lfs IMAGE NEW\" makes one of them";

/* What the header is of, if it isn't one of an image that can be used; else NULL */
static const char *wrong(const struct header *header)
{
	if (!memcmp(header->id, "CKD_C370", sizeof(header->id)))
		return compressed;
	if (!memcmp(header->id, "CKD_S370", sizeof(header->id)))
		return shadow;
	if (memcmp(header->id, good_header.id, sizeof(header->id)))
		return "something else; \"cssctl create\" makes one";
	if (header->sequence)
		return several;
	if (memcmp(header, &good_header, offsetof(struct header, sequence)))
		return "the image of another device than a 3390";
	return NULL;
}

const char *ckd_explain(int fd)
{
	const char *why = "nothing that can be read";
	struct header *header;

	/* The file may be open for direct I/O. */
	if (posix_memalign((void **)&header, 4096, sizeof(*header)))
		out_of_memory();
	if (pread(fd, header, sizeof(*header), 0) == sizeof(*header))
		why = wrong(header);
	free(header);
	return why;
}

/* --- cssctl create --- */

static uint32_t wanted_cylinders(const char *text)
{
	uint64_t cylinders;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(models); i++)
		if (!strcmp(text, models[i].name))
			return models[i].cylinders;
	if (!parse_decimal(text, CKD_CYLINDERS_MAX, &cylinders) || !cylinders)
		fail(STATUS_USAGE,
		     "expected a model (3390-1, -2, -3, -9, -27, -54) or a number of cylinders up to %u, found \"%s\"",
		     CKD_CYLINDERS_MAX, text);
	return cylinders;
}

static void fail_create(const char *name, const char *what)
	__attribute__((noreturn));

static void fail_create(const char *name, const char *what)
{
	fail(STATUS_FAILED, "expected to %s %s, found: %s", what, name,
	     strerror(errno));
}

/* A block device keeps its size, and what it had is made zeros. */
static int open_device(const char *name, uint64_t bytes)
{
	uint64_t range[2] = { 0, bytes }, has = 0;
	int fd = open(name, O_RDWR | O_CLOEXEC | O_EXCL);

	if (fd < 0 || ioctl(fd, BLKGETSIZE64, &has))
		fail_create(name, "open");
	if (has < bytes)
		fail(STATUS_FAILED, "expected %s to have %llu bytes, found %llu",
		     name, (unsigned long long)bytes, (unsigned long long)has);
	if (ioctl(fd, BLKZEROOUT, range))
		fail_create(name, "clear");
	return fd;
}

static int open_file(const char *name, uint64_t bytes)
{
	int fd = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0)
		fail_create(name, "create");
	if (ftruncate(fd, bytes))
		fail_create(name, "extend");
	return fd;
}

int run_create(struct options *options)
{
	const char *name = options->words[0];
	struct stat file;
	uint64_t bytes;
	int fd;

	if (options->nr_words != 2)
		fail(STATUS_USAGE, "expected FILE and MODEL or CYLINDERS, found %d words",
		     options->nr_words);
	bytes = bytes_of(wanted_cylinders(options->words[1]));
	fd = !stat(name, &file) && S_ISBLK(file.st_mode) ?
		open_device(name, bytes) : open_file(name, bytes);
	if (pwrite(fd, &good_header, sizeof(good_header), 0) !=
	    sizeof(good_header) || fsync(fd))
		fail_create(name, "write");
	close(fd);
	if (json_wanted) {
		json_object(NULL);
		json_string("created", name);
		json_number("cylinders", ckd_cylinders(bytes));
		json_end();
	} else {
		put_text(stdout, name);
		printf(": %llu cylinders, not formatted\n",
		       (unsigned long long)ckd_cylinders(bytes));
	}
	return STATUS_GOOD;
}
