// SPDX-License-Identifier: GPL-2.0
/*
 * Memory for CCWs and IDALs, which a channel subsystem of the host's can name with 31
 * bits.
 */
#include <linux/gfp.h>
#include <linux/mm.h>

#include <asm/io.h>

#include <kvm_css/host_sch.h>

/* On s390, GFP_DMA is memory below 2 GB. */
bool host_memory_alloc(struct host_memory *memory, u32 size)
{
	memory->size = size;
	memory->bytes = alloc_pages_exact(size, GFP_KERNEL_ACCOUNT | GFP_DMA |
						__GFP_ZERO | __GFP_NOWARN);
	memory->addr = memory->bytes ? virt_to_phys(memory->bytes) : 0;
	return memory->bytes;
}

void host_memory_free(struct host_memory *memory)
{
	if (memory->bytes)
		free_pages_exact(memory->bytes, memory->size);
	memory->bytes = NULL;
}
