// SPDX-License-Identifier: GPL-2.0
/* The header of a CKD image, and where its tracks are */
#include <linux/errno.h>
#include <linux/math64.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <kvm_css/backing.h>

#include "geometry.h"
#include "image.h"

#define IMAGE_TYPE_3390		0x90

/*
 * A compressed image ("CKD_C370") and a shadow file ("CKD_S370") have other
 * identifiers, and a file of several has a sequence number.
 */
bool eckd_image_valid(const struct image_header *header)
{
	return !memcmp(header->id, "CKD_P370", sizeof(header->id)) &&
	       le32_to_cpu(header->heads) == ECKD_HEADS &&
	       le32_to_cpu(header->track_size) == IMAGE_TRACK_SIZE &&
	       header->type == IMAGE_TYPE_3390 && !header->sequence;
}

u64 eckd_image_cylinders(u64 size)
{
	if (size < IMAGE_HEADER_SIZE)
		return 0;
	return div_u64(size - IMAGE_HEADER_SIZE,
		       ECKD_HEADS * IMAGE_TRACK_SIZE);
}

int eckd_image_check(const struct css_backing *backing)
{
	struct image_header *header = kmalloc(sizeof(*header), GFP_KERNEL);
	int err;

	if (!header)
		return -ENOMEM;
	err = backing_read_begin(backing, header, sizeof(*header));
	if (!err && !eckd_image_valid(header))
		err = -EINVAL;
	kfree(header);
	return err;
}
