// SPDX-License-Identifier: GPL-2.0
/*
 * Compress blocks with zlib and bzip2, each block alone.  A block that is compressed
 * was perhaps made by somebody who means harm: what comes out of it is never more than
 * a block can be, and the libraries' memory is bounded (bzip2 needs 4 MB).
 */
#include <bzlib.h>
#include <zlib.h>

#include "image_impl.h"

bool compress_block(enum compression_method method, unsigned int level, const void *block,
		    size_t length, unsigned char *stored, size_t *size)
{
	unsigned int bzip2_size = STORED_MAX;
	uLongf zlib_size = STORED_MAX;

	switch (method) {
	case METHOD_ZLIB:
		if (compress2(stored, &zlib_size, block, length, level) != Z_OK)
			return false;
		*size = zlib_size;
		break;
	case METHOD_BZIP2:
		/* It takes a pointer to what it doesn't change. */
		if (BZ2_bzBuffToBuffCompress((char *)stored, &bzip2_size, (char *)block,
					     length, level, 0, 0) != BZ_OK)
			return false;
		*size = bzip2_size;
		break;
	default:
		return false;
	}
	return *size < length;
}

static enum tape_result decompress_zlib(const unsigned char *stored, size_t size,
					void *block, size_t *length)
{
	uLongf received = TAPE_BLOCK_MAX;
	int error = uncompress(block, &received, stored, size);

	if (error != Z_OK)
		return error == Z_MEM_ERROR ? TAPE_NO_MEMORY : TAPE_BAD_BLOCK;
	*length = received;
	return TAPE_OK;
}

static enum tape_result decompress_bzip2(const unsigned char *stored, size_t size,
					 void *block, size_t *length)
{
	unsigned int received = TAPE_BLOCK_MAX;
	int error = BZ2_bzBuffToBuffDecompress(block, &received, (char *)stored, size, 0, 0);

	if (error != BZ_OK)
		return error == BZ_MEM_ERROR ? TAPE_NO_MEMORY : TAPE_BAD_BLOCK;
	*length = received;
	return TAPE_OK;
}

enum tape_result decompress_block(enum compression_method method, const unsigned char *stored,
				  size_t size, void *block, size_t *length)
{
	return method == METHOD_ZLIB ? decompress_zlib(stored, size, block, length) :
				       decompress_bzip2(stored, size, block, length);
}
