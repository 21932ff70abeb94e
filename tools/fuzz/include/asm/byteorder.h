/* SPDX-License-Identifier: GPL-2.0 */
/* Data of the guest are big-endian, whatever this machine is. */
#ifndef _FUZZ_ASM_BYTEORDER_H
#define _FUZZ_ASM_BYTEORDER_H

#include <linux/types.h>

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define FUZZ_SWAP(bits, x)	__builtin_bswap ## bits(x)
#define FUZZ_SWAP_LITTLE(bits, x)	(x)
#else
#define FUZZ_SWAP(bits, x)	(x)
#define FUZZ_SWAP_LITTLE(bits, x)	__builtin_bswap ## bits(x)
#endif

#define cpu_to_be16(x)		((__be16)FUZZ_SWAP(16, (u16)(x)))
#define cpu_to_be32(x)		((__be32)FUZZ_SWAP(32, (u32)(x)))
#define cpu_to_be64(x)		((__be64)FUZZ_SWAP(64, (u64)(x)))
#define be16_to_cpu(x)		((u16)FUZZ_SWAP(16, (u16)(x)))
/* Nothing else of the core's but an image is little-endian. */
#define le32_to_cpu(x)		((u32)FUZZ_SWAP_LITTLE(32, (u32)(x)))
#define be32_to_cpu(x)		((u32)FUZZ_SWAP(32, (u32)(x)))
#define be64_to_cpu(x)		((u64)FUZZ_SWAP(64, (u64)(x)))

static inline void be16_add_cpu(__be16 *var, u16 val)
{
	*var = cpu_to_be16(be16_to_cpu(*var) + val);
}

static inline void be32_add_cpu(__be32 *var, u32 val)
{
	*var = cpu_to_be32(be32_to_cpu(*var) + val);
}

#endif /* _FUZZ_ASM_BYTEORDER_H */
