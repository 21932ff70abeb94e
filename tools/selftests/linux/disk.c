// SPDX-License-Identifier: GPL-2.0
/*
 * Runs in a Linux guest: it writes a disk and checks that it reads what it has
 * written.  fio could do this, but it needs some hundred megabytes of libraries
 * for kinds of storage that are not used here.
 *
 *	disk fill DISK SEED		write the whole disk, and read it back
 *	disk random DISK SEED SECONDS [MS]
 *					write and read anywhere, any number of
 *					blocks, with pauses of MS milliseconds
 *	disk hold DISK			read until a read fails, and say how
 *	disk write DISK			write the first block, and say how that
 *					ends
 *
 * All I/O is direct, past the guest's page cache, in blocks of the size that the
 * disk has.  SIGTERM ends "random" early.  Exit status 0 means that all I/O has
 * succeeded and all data were right; for "hold" and "write", that they have said
 * what happened.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <linux/fs.h>

#include "common.h"

#define LONGEST		(64u * 1024)

static struct {
	const char *name;
	int fd;
	uint32_t block_size;
	uint64_t blocks;
	uint64_t seed;
	uint8_t *buffer;	/* LONGEST bytes */
} disk;

static volatile sig_atomic_t enough;

static void stop(int sig)
{
	(void)sig;
	enough = 1;
}

static void die(const char *what)
{
	fprintf(stderr, "disk: %s: %s: %s\n", disk.name, what, strerror(errno));
	exit(1);
}

static uint64_t below(uint64_t *state, uint64_t limit)
{
	*state = mix(*state);
	return *state % limit;
}

static void open_disk(const char *name, int flags)
{
	uint64_t bytes;
	int block_size;

	disk.name = name;
	disk.fd = open(name, flags | O_DIRECT | O_CLOEXEC);
	if (disk.fd < 0)
		die("open");
	if (ioctl(disk.fd, BLKGETSIZE64, &bytes))
		die("BLKGETSIZE64");
	if (ioctl(disk.fd, BLKSSZGET, &block_size))
		die("BLKSSZGET");
	disk.block_size = block_size;
	disk.blocks = bytes / disk.block_size;
	if (posix_memalign((void **)&disk.buffer, 4096, LONGEST))
		die("memory");
}

static void transfer(bool write, uint64_t block, uint32_t nr)
{
	uint64_t pos = block * disk.block_size;
	ssize_t len = (ssize_t)nr * disk.block_size, done;

	errno = 0;
	done = write ? pwrite(disk.fd, disk.buffer, len, pos) :
		       pread(disk.fd, disk.buffer, len, pos);
	if (done != len)
		die(write ? "write" : "read");
}

/*
 * Every word depends on its block, on how often the block was written, and on
 * the seed.
 */
static uint64_t word(uint64_t block, uint32_t version, unsigned int i)
{
	return mix(disk.seed ^ block << 20 ^ (uint64_t)version << 7 ^ i);
}

static void put(uint32_t at, uint64_t block, uint32_t version)
{
	uint64_t *words = (uint64_t *)(disk.buffer + at * disk.block_size);
	unsigned int i;

	for (i = 0; i < disk.block_size / 8; i++)
		words[i] = word(block, version, i);
}

static bool check(uint32_t at, uint64_t block, uint32_t version)
{
	const uint64_t *words = (uint64_t *)(disk.buffer +
					     at * disk.block_size);
	unsigned int i;

	for (i = 0; i < disk.block_size / 8; i++) {
		if (words[i] == word(block, version, i))
			continue;
		fprintf(stderr,
			"disk: %s: block %llu, version %u, byte %u: expected %016llx, found %016llx\n",
			disk.name, (unsigned long long)block, version, i * 8,
			(unsigned long long)word(block, version, i),
			(unsigned long long)words[i]);
		return false;
	}
	return true;
}

/* How many blocks one I/O of the greatest length moves */
static uint32_t most_blocks(void)
{
	return LONGEST / disk.block_size;
}

/* The same from this block on */
static uint32_t piece_at(uint64_t block)
{
	uint64_t left = disk.blocks - block;

	return left < most_blocks() ? left : most_blocks();
}

static void read_all(const uint32_t *versions)
{
	uint64_t block;
	uint32_t nr, i;

	for (block = 0; block < disk.blocks; block += nr) {
		nr = piece_at(block);
		transfer(false, block, nr);
		for (i = 0; i < nr; i++)
			if (!check(i, block + i, versions ?
						 versions[block + i] : 0))
				exit(1);
	}
}

static void write_all(void)
{
	uint64_t block;
	uint32_t nr, i;

	for (block = 0; block < disk.blocks; block += nr) {
		nr = piece_at(block);
		for (i = 0; i < nr; i++)
			put(i, block + i, 0);
		transfer(true, block, nr);
	}
}

static void fill(void)
{
	write_all();
	read_all(NULL);
	printf("fill: %llu blocks written and read\n",
	       (unsigned long long)disk.blocks);
}

/* Write and read anywhere, and remember how often each block was written. */
static void anywhere(unsigned int seconds, unsigned int pause)
{
	uint32_t *versions = calloc(disk.blocks, sizeof(*versions)), nr, i;
	uint64_t until, state = disk.seed, block, writes = 0, reads = 0;
	bool write;

	if (!versions)
		die("memory");
	write_all();
	signal(SIGTERM, stop);
	until = now() + seconds * 1000000000ull;
	while (!enough && now() < until) {
		nr = 1 + below(&state, most_blocks());
		if (nr > disk.blocks)
			nr = disk.blocks;
		block = below(&state, disk.blocks - nr + 1);
		write = below(&state, 2);
		for (i = 0; write && i < nr; i++)
			put(i, block + i, ++versions[block + i]);
		transfer(write, block, nr);
		for (i = 0; !write && i < nr; i++)
			if (!check(i, block + i, versions[block + i]))
				exit(1);
		write ? writes++ : reads++;
		if (pause)
			usleep(pause * 1000);
	}
	read_all(versions);
	printf("random: %llu writes and %llu reads anywhere, and all read\n",
	       (unsigned long long)writes, (unsigned long long)reads);
}

/* Read until a read fails, which it does sooner or later, and say how. */
static void hold(void)
{
	uint64_t state = 1, block, nr = 0;

	for (;; nr++) {
		block = below(&state, disk.blocks - 8);
		if (pread(disk.fd, disk.buffer, 8 * disk.block_size,
			  block * disk.block_size) < 0)
			break;
	}
	printf("hold: %s after %llu reads\n", strerrorname_np(errno),
	       (unsigned long long)nr);
}

static void write_one(void)
{
	put(0, 0, 0);
	if (pwrite(disk.fd, disk.buffer, disk.block_size, 0) ==
	    (ssize_t)disk.block_size)
		printf("write: good\n");
	else
		printf("write: %s\n", strerrorname_np(errno));
}

int main(int argc, char **argv)
{
	const char *what = argc > 2 ? argv[1] : "";
	unsigned int number = argc > 3 ? strtoul(argv[3], NULL, 0) : 1;

	if (argc > 2)
		open_disk(argv[2], strcmp(what, "hold") ? O_RDWR : O_RDONLY);
	disk.seed = number;
	if (!strcmp(what, "fill")) {
		fill();
	} else if (!strcmp(what, "random")) {
		anywhere(argc > 4 ? strtoul(argv[4], NULL, 0) : 1,
			 argc > 5 ? strtoul(argv[5], NULL, 0) : 0);
	} else if (!strcmp(what, "hold")) {
		hold();
	} else if (!strcmp(what, "write")) {
		write_one();
	} else {
		fprintf(stderr,
			"usage: disk fill|random|hold|write DISK [NUMBER [SECONDS [MS]]]\n");
		return 2;
	}
	return 0;
}
