// SPDX-License-Identifier: GPL-2.0
/*
 * What a device keeps from one translation for the next: "Bounds" in
 * Documentation/passthrough.rst.
 *
 * Two threads may translate for a device at the same time, and a third may free a
 * program.  Whoever finds nothing allocates it, and whoever finds that there is something
 * already frees that.  The old contents are those of another program of the same
 * VM's, but the memory is what a channel subsystem executes: what isn't written anew has to be
 * zeros there.
 */
#include <linux/atomic.h>
#include <linux/build_bug.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "translate.h"

/* What is kept of a program's memory; less is never allocated for it. */
#define MEMORY_KEPT	4096u

/* A slab of this size is the largest that there is plenty of. */
static_assert(sizeof(struct host_program) <= 4096);

struct translation *translate_begin(struct host_program_spare *spare)
{
	struct translation *t = spare ? xchg(&spare->scratch, NULL) : NULL;

	return t ?: kvmalloc(sizeof(*t), GFP_KERNEL_ACCOUNT);
}

void translate_end(struct host_program_spare *spare, struct translation *t)
{
	if (spare && t)
		t = xchg(&spare->scratch, t);
	kvfree(t);
}

struct host_program *program_take(struct host_program_spare *spare)
{
	struct host_program *program;

	program = spare ? xchg(&spare->program, NULL) : NULL;
	if (program)
		return program;
	program = kmalloc(sizeof(*program), GFP_KERNEL_ACCOUNT);
	if (!program)
		return NULL;
	program->spare = spare;
	program->memory = (struct host_memory){};
	return program;
}

static void free_program(struct host_program *program)
{
	if (!program)
		return;
	host_memory_free(&program->memory);
	kfree(program);
}

void program_put(struct host_program *program)
{
	if (program && program->spare) {
		if (program->memory.size > MEMORY_KEPT)
			host_memory_free(&program->memory);
		program = xchg(&program->spare->program, program);
	}
	free_program(program);
}

bool program_memory(struct host_program *program, u32 size)
{
	struct host_memory *memory = &program->memory;

	if (memory->bytes && size <= memory->size) {
		memset(memory->bytes, 0, program->used);
	} else {
		host_memory_free(memory);
		if (!host_memory_alloc(memory, program->spare ?
				       max(size, MEMORY_KEPT) : size))
			return false;
	}
	program->used = size;
	return true;
}

void host_program_spare_free(struct host_program_spare *spare)
{
	kvfree(spare->scratch);
	free_program(spare->program);
}
