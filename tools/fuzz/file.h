/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A file in memory, as the backing of an FBA DASD.
 */
#ifndef _FUZZ_FILE_H
#define _FUZZ_FILE_H

#include <linux/fs.h>

/* Larger than the device's buffer, so that a command takes two rounds */
#define FUZZ_FILE_BLOCKS	160u
#define FUZZ_FILE_SIZE		(FUZZ_FILE_BLOCKS * 512)

/* What goes wrong with it */
#define FUZZ_FILE_READ_FAILS	0x01
#define FUZZ_FILE_WRITE_FAILS	0x02
#define FUZZ_FILE_FSYNC_FAILS	0x04
#define FUZZ_FILE_LOST		0x08	/* a write, and somebody else was told */
#define FUZZ_FILE_PIECES	0x10	/* not everything at once */
#define FUZZ_FILE_ZERO_RANGE	0x20	/* zeros can be had without writing */
#define FUZZ_FILE_TRUNCATED	0x40
#define FUZZ_FILE_DIRECT	0x80

/**
 * fuzz_file_open() - the one file there is, with its contents anew
 * @wrong: FUZZ_FILE_*
 *
 * Return: the file, with one reference.
 */
struct file *fuzz_file_open(u8 wrong);

/**
 * fuzz_file_caller() - say whose thread this is from now on
 * @vmm: the VMM's, which makes devices; or a worker's
 */
void fuzz_file_caller(bool vmm);

/**
 * fuzz_file_during() - have something happen while the file works
 * @function: called at each read, write and flush; NULL: nothing any more
 */
void fuzz_file_during(void (*function)(void));

/**
 * fuzz_file_durable() - has every change been flushed?
 *
 * Return: whether it has.
 */
bool fuzz_file_durable(void);

/**
 * fuzz_file_failed() - has anything failed that was asked of the file?
 *
 * Return: whether it has.
 */
bool fuzz_file_failed(void);

/**
 * fuzz_file_close() - nobody else has the file any more
 * @file: the file
 */
void fuzz_file_close(struct file *file);

#endif /* _FUZZ_FILE_H */
