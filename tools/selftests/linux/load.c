// SPDX-License-Identifier: GPL-2.0
/*
 * Runs in a Linux guest: it loads disks with requests of one kind, so many at a
 * time, and measures them.
 *
 *	load NAME MS KIND[,KIND...] DEPTH[,DEPTH...] DISK...
 *
 * The kinds are random reads and writes of 4 KiB, and sequential ones of 64 KiB and
 * of 1 MiB.  Each is measured for MS milliseconds at each depth, which is the number
 * of requests that each of the disks has at a time.  There is a line when it begins
 * and one when it ends, with latencies in ns and rates; somebody on the host who
 * sees these lines can tell how much CPU time it has taken there.
 *
 * All I/O is direct, past the guest's page cache, and asynchronous.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <linux/aio_abi.h>
#include <linux/fs.h>

#include "common.h"

#define MAX_DISKS	8
#define MAX_DEPTH	32
#define MAX_SLOTS	(MAX_DISKS * MAX_DEPTH)
#define SAMPLES		1000000u

static const struct kind {
	const char *name;
	bool write;
	bool random;
	uint32_t size;
} kinds[] = {
	{ "randread4k", false, true, 4096 },
	{ "randwrite4k", true, true, 4096 },
	{ "read64k", false, false, 64 << 10 },
	{ "write64k", true, false, 64 << 10 },
	{ "read1m", false, false, 1 << 20 },
	{ "write1m", true, false, 1 << 20 },
};

#define KINDS	(sizeof(kinds) / sizeof(*kinds))

struct disk {
	const char *name;
	int fd;
	uint64_t bytes;
	uint64_t piece;		/* the next one */
};

/* A request, which is made again as soon as it has ended */
struct slot {
	struct iocb iocb;
	struct disk *disk;
	uint64_t begin;
	uint8_t *buffer;
};

static struct disk disks[MAX_DISKS];
static unsigned int nr_disks;
static struct slot slots[MAX_SLOTS];
static uint32_t samples[SAMPLES];
static aio_context_t context;

static void die(const char *what)
{
	fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void wrong(const char *what, const char *found)
{
	fprintf(stderr, "load: %s: '%s'\n", what, found);
	exit(2);
}

static void open_disk(const char *name, uint32_t longest)
{
	struct disk *disk = &disks[nr_disks++];

	disk->name = name;
	disk->fd = open(name, O_RDWR | O_DIRECT | O_CLOEXEC);
	if (disk->fd < 0)
		die(name);
	if (ioctl(disk->fd, BLKGETSIZE64, &disk->bytes))
		die("BLKGETSIZE64");
	if (disk->bytes < longest)
		wrong("a disk is too small", name);
}

static void make_slots(unsigned int depth, uint32_t longest)
{
	unsigned int i;

	for (i = 0; i < depth * nr_disks; i++) {
		slots[i].disk = &disks[i % nr_disks];
		if (posix_memalign((void **)&slots[i].buffer, 4096, longest))
			die("memory");
		memset(slots[i].buffer, 0x5a, longest);
	}
}

static void submit(struct slot *slot, const struct kind *kind)
{
	struct iocb *iocb = &slot->iocb;
	struct disk *disk = slot->disk;
	uint64_t pieces = disk->bytes / kind->size;

	memset(iocb, 0, sizeof(*iocb));
	iocb->aio_data = (uint64_t)slot;
	iocb->aio_lio_opcode = kind->write ? IOCB_CMD_PWRITE : IOCB_CMD_PREAD;
	iocb->aio_fildes = disk->fd;
	iocb->aio_buf = (uint64_t)slot->buffer;
	iocb->aio_nbytes = kind->size;
	iocb->aio_offset = disk->piece % pieces * kind->size;
	disk->piece = kind->random ? mix(disk->piece) : disk->piece + 1;
	slot->begin = now();
	if (syscall(__NR_io_submit, context, 1, &iocb) != 1)
		die("io_submit");
}

static void check(const struct io_event *event, const struct kind *kind)
{
	if (event->res == (int64_t)kind->size)
		return;
	errno = event->res < 0 ? -event->res : EIO;
	die(kind->name);
}

static int compare(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

static void report(const char *name, const struct kind *kind,
		   unsigned int depth, uint64_t nr, uint64_t time)
{
	uint64_t sum = 0, i;

	for (i = 0; i < nr; i++)
		sum += samples[i];
	qsort(samples, nr, sizeof(*samples), compare);
	printf("guest: load end %s.%s.%u n=%llu p50=%u p99=%u max=%u ", name,
	       kind->name, depth, (unsigned long long)nr, samples[nr / 2],
	       samples[nr * 99 / 100], samples[nr - 1]);
	printf("mean=%llu iops=%.0f mbs=%.2f\n",
	       (unsigned long long)(sum / nr), nr * 1e9 / time,
	       (double)nr * kind->size * 1e3 / time);
}

/*
 * Have so many requests for each disk at a time for so long, and at least one of
 * each.  Return: how many, of which samples[] has the latencies; *time is how
 * long they took together.
 */
static uint64_t run(const struct kind *kind, unsigned int depth,
		    unsigned int ms, uint64_t *time)
{
	unsigned int running = depth * nr_disks, i;
	uint64_t begin = now(), end = begin, nr = 0;
	struct io_event events[MAX_SLOTS];
	struct slot *slot;
	long got, at;

	for (i = 0; i < running; i++)
		submit(&slots[i], kind);
	while (running) {
		got = syscall(__NR_io_getevents, context, 1, running, events,
			      NULL);
		if (got < 0)
			die("io_getevents");
		end = now();
		for (at = 0; at < got; at++) {
			slot = (struct slot *)events[at].data;
			check(&events[at], kind);
			if (nr < SAMPLES)
				samples[nr++] = end - slot->begin;
			if (end - begin < ms * 1000000ull)
				submit(slot, kind);
			else
				running--;
		}
	}
	*time = end - begin;
	return nr;
}

static void load_disks(const char *name, const struct kind *kind,
		       unsigned int depth, unsigned int ms)
{
	uint64_t time, nr;

	/*
	 * The first ones find nothing warm, in the guest and in the host.  Who
	 * measures for a moment only doesn't want to know.
	 */
	if (ms >= 100)
		run(kind, depth, 0, &time);
	printf("guest: load begin %s.%s.%u\n", name, kind->name, depth);
	nr = run(kind, depth, ms, &time);
	report(name, kind, depth, nr, time);
}

/* Return: the next of some words with commas between them, or NULL. */
static char *next_word(char **words)
{
	char *word;

	do {
		word = strsep(words, ",");
	} while (word && !*word);
	return word;
}

/* Return: how many kinds the words name, which are in @found. */
static unsigned int take_kinds(char *words, const struct kind **found)
{
	unsigned int nr = 0, i;
	char *word;

	while ((word = next_word(&words))) {
		for (i = 0; i < KINDS && strcmp(word, kinds[i].name); i++)
			;
		if (i == KINDS || nr == KINDS)
			wrong("no kind of request", word);
		found[nr++] = &kinds[i];
	}
	return nr;
}

/* Return: how many depths the words say, which are in @found. */
static unsigned int take_depths(char *words, unsigned int *found)
{
	unsigned int nr = 0;
	char *word, *end;

	while ((word = next_word(&words))) {
		const unsigned long depth = strtoul(word, &end, 10);

		if (!depth || depth > MAX_DEPTH || *end || nr == MAX_DEPTH)
			wrong("no depth", word);
		found[nr++] = depth;
	}
	return nr;
}

int main(int argc, char **argv)
{
	unsigned int nr_kinds, nr_depths, depths[MAX_DEPTH], deepest = 0, i, j;
	const struct kind *asked[KINDS];
	uint32_t longest = 0;

	if (argc < 6 || argc > 5 + MAX_DISKS) {
		fprintf(stderr, "usage: load NAME MS KIND[,KIND...] DEPTH[,DEPTH...] DISK...\n");
		return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	nr_kinds = take_kinds(argv[3], asked);
	nr_depths = take_depths(argv[4], depths);
	for (i = 0; i < nr_kinds; i++)
		if (asked[i]->size > longest)
			longest = asked[i]->size;
	for (i = 0; i < nr_depths; i++)
		if (depths[i] > deepest)
			deepest = depths[i];
	for (i = 5; i < (unsigned int)argc; i++)
		open_disk(argv[i], longest);
	make_slots(deepest, longest);
	if (syscall(__NR_io_setup, MAX_SLOTS, &context))
		die("io_setup");
	for (i = 0; i < nr_kinds; i++)
		for (j = 0; j < nr_depths; j++)
			load_disks(argv[1], asked[i], depths[j],
				   strtoul(argv[2], NULL, 10));
	return 0;
}
