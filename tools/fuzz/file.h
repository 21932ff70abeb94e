/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A file in memory, as the backing of an FBA DASD, or of a 3390 on an image.
 */
#ifndef _FUZZ_FILE_H
#define _FUZZ_FILE_H

#include <linux/fs.h>

/*
 * The file is larger than the device's buffer, so that a command may need two
 * rounds.
 */
#define FUZZ_FILE_BLOCKS	160u
#define FUZZ_FILE_SIZE		(FUZZ_FILE_BLOCKS * 512)

/* An image of a 3390 with one cylinder */
#define FUZZ_IMAGE_TRACK	56832u
#define FUZZ_IMAGE_SIZE		(512 + 15 * FUZZ_IMAGE_TRACK)

/* What goes wrong with the file */
#define FUZZ_FILE_READ_FAILS	0x01
#define FUZZ_FILE_WRITE_FAILS	0x02
#define FUZZ_FILE_FSYNC_FAILS	0x04
/* A write is lost, and another process was told */
#define FUZZ_FILE_LOST		0x08
#define FUZZ_FILE_PIECES	0x10	/* moves data in pieces */
#define FUZZ_FILE_ZERO_RANGE	0x20	/* can make zeros without writing */
#define FUZZ_FILE_TRUNCATED	0x40
#define FUZZ_FILE_DIRECT	0x80

/* When reads and writes end that may end later, and where the file is */
#define FUZZ_FILE_LATER		0x01
#define FUZZ_FILE_AT_ONCE	0x02	/* before they have returned */
#define FUZZ_FILE_ON_DISK	0x04	/* a write can be made durable by itself */

/**
 * fuzz_file_open() - open the only file, with its initial contents
 * @wrong: what goes wrong with it
 * @how: when reads and writes end, and where it is
 *
 * Return: the file, with one reference.
 */
struct file *fuzz_file_open(u8 wrong, u8 how);

/**
 * fuzz_image_open() - open the only file, which is an image
 * @wrong: what goes wrong with it
 * @how: when reads and writes end, and where it is
 *
 * The first tracks have records, the others have never been written.
 *
 * Return: the file, with one reference.
 */
struct file *fuzz_image_open(u8 wrong, u8 how);

/**
 * fuzz_image_poke() - spoil a byte of an image
 * @track: the track
 * @at: which of its bytes
 * @byte: what it becomes
 */
void fuzz_image_poke(u8 track, u16 at, u8 byte);

/**
 * fuzz_file_caller() - set whose thread this is from now on
 * @vmm: the VMM's thread, which makes devices; otherwise a worker's
 */
void fuzz_file_caller(bool vmm);

/**
 * fuzz_file_during() - let something happen while the file works
 * @function: called in each read, write and flush; NULL to end that
 */
void fuzz_file_during(void (*function)(void));

/**
 * fuzz_file_durable() - whether every change has been flushed
 *
 * Return: whether it has.
 */
bool fuzz_file_durable(void);

/**
 * fuzz_file_failed() - whether any operation of the file has failed
 *
 * Return: whether it has.
 */
bool fuzz_file_failed(void);

/**
 * fuzz_file_close() - check that nobody else has the file any more
 * @file: the file
 */
void fuzz_file_close(struct file *file);

#endif /* _FUZZ_FILE_H */
