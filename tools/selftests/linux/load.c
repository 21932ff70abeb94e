// SPDX-License-Identifier: GPL-2.0
/*
 * Runs in a Linux guest: it loads disks with requests of one kind, so many at a
 * time, and measures them.
 *
 *	load NAME MS DEPTH[,DEPTH...] DISK...
 *
 * The kinds are random reads and writes of 4 KiB, and sequential ones of 64 KiB.
 * Each is measured for MS milliseconds at each depth, which is the number of
 * requests that each of the disks has at a time.  There is a line when it begins
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
#define LONGEST		(64u * 1024)
#define SAMPLES		1000000u

static const struct kind {
	const char *name;
	bool write;
	bool random;
	uint32_t size;
} kinds[] = {
	{ "randread4k", false, true, 4096 },
	{ "randwrite4k", true, true, 4096 },
	{ "read64k", false, false, LONGEST },
	{ "write64k", true, false, LONGEST },
};

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

static void open_disk(const char *name)
{
	struct disk *disk = &disks[nr_disks++];

	disk->name = name;
	disk->fd = open(name, O_RDWR | O_DIRECT | O_CLOEXEC);
	if (disk->fd < 0)
		die(name);
	if (ioctl(disk->fd, BLKGETSIZE64, &disk->bytes))
		die("BLKGETSIZE64");
	if (disk->bytes < LONGEST) {
		fprintf(stderr, "load: %s is too small\n", name);
		exit(1);
	}
}

static void make_slots(void)
{
	unsigned int i;

	for (i = 0; i < MAX_DEPTH * nr_disks; i++) {
		slots[i].disk = &disks[i % nr_disks];
		if (posix_memalign((void **)&slots[i].buffer, 4096, LONGEST))
			die("memory");
		memset(slots[i].buffer, 0x5a, LONGEST);
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

int main(int argc, char **argv)
{
	unsigned int i, depth;
	char *next;

	if (argc < 5 || argc > 4 + MAX_DISKS) {
		fprintf(stderr, "usage: load NAME MS DEPTH[,DEPTH...] DISK...\n");
		return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	for (i = 4; i < (unsigned int)argc; i++)
		open_disk(argv[i]);
	make_slots();
	if (syscall(__NR_io_setup, MAX_SLOTS, &context))
		die("io_setup");
	for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		for (next = argv[3]; *next; next += *next == ',') {
			depth = strtoul(next, &next, 10);
			if (!depth || depth > MAX_DEPTH || (*next && *next != ',')) {
				fprintf(stderr, "load: depths are 1 to %u\n",
					MAX_DEPTH);
				return 2;
			}
			load_disks(argv[1], &kinds[i], depth,
				   strtoul(argv[2], NULL, 10));
		}
	}
	return 0;
}
