/* SPDX-License-Identifier: GPL-2.0 */
/* What the files of the theme "fba" share */
#ifndef GUEST_FBA_TESTS_H
#define GUEST_FBA_TESTS_H

#include "disk.h"
#include "fba.h"

#define SHARED			((u8 *)FBA_SHARED)
#define DATA			((u8 *)0x200000ul)
#define UNIT_CHECK		(DST_ENDED | DST_UNIT_CHECK)

/* The channel program of the running test */
extern struct disk_program fba_program;

/**
 * fba_fill() - fill storage with data that have not been used before
 * @data: where
 * @len: in bytes; a multiple of 8
 */
void fba_fill(u8 *data, u32 len);

/**
 * fba_differs() - compare the host's file with SHARED
 * @disk: FBA_*
 * @block: first block
 * @nr: how many
 *
 * Return: the number of bytes that differ.
 */
u64 fba_differs(unsigned int disk, u32 block, u16 nr);

/**
 * fba_host_fill() - let the host fill its file with new data
 * @disk: FBA_*
 * @block: first block
 * @nr: how many
 *
 * SHARED gets the same data.
 */
void fba_host_fill(unsigned int disk, u32 block, u16 nr);

/**
 * fba_run() - run fba_program, and check how it ends
 * @disk: FBA_*
 * @dstat: device status
 * @cstat: subchannel status
 *
 * Return: what TEST SUBCHANNEL stored.
 */
const struct irb *fba_run(unsigned int disk, u8 dstat, u8 cstat);

/**
 * fba_sense() - check the sense bytes
 * @disk: FBA_*
 * @sense0: byte 0
 * @sense1: byte 1
 */
void fba_sense(unsigned int disk, u8 sense0, u8 sense1);

/**
 * fba_write_blocks() - WRITE new data, which SHARED gets as well
 * @disk: FBA_*
 * @block: first block
 * @nr: how many
 */
void fba_write_blocks(unsigned int disk, u32 block, u16 nr);

/**
 * fba_read_blocks() - READ to DATA
 * @disk: FBA_*
 * @block: first block
 * @nr: how many
 */
void fba_read_blocks(unsigned int disk, u32 block, u16 nr);

extern const struct test_group fba_chain_group, fba_halt_group;

#endif /* GUEST_FBA_TESTS_H */
