/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The image of a 3390 in a file or block device: the uncompressed CKD image of
 * Hercules.  Documentation/eckd.rst describes the format.
 */
#ifndef _KVM_CSS_ECKD_IMAGE_H
#define _KVM_CSS_ECKD_IMAGE_H

#include <linux/build_bug.h>
#include <linux/types.h>

struct css_backing;

#define IMAGE_HEADER_SIZE	512u
/* A track in the image: 111 blocks of 512 bytes */
#define IMAGE_TRACK_SIZE	56832u

struct image_header {
	u8     id[8];		/* "CKD_P370" */
	__le32 heads;
	__le32 track_size;
	u8     type;		/* 0x90: 3390 */
	u8     sequence;	/* 0: the image is all in this file */
	__le16 high_cylinder;
	u8     reserved[492];
} __packed;
static_assert(sizeof(struct image_header) == IMAGE_HEADER_SIZE);

/**
 * eckd_image_valid() - is that the header of a 3390's image?
 * @header: the first bytes of a file
 *
 * Context: any.
 * Return: whether it is.
 */
bool eckd_image_valid(const struct image_header *header);

/**
 * eckd_image_cylinders() - how many cylinders an image can have
 * @size: of the file, in bytes
 *
 * Context: any.
 * Return: the number; 0 when not even one is wholly there.
 */
u64 eckd_image_cylinders(u64 size);

/**
 * eckd_image_position() - where a track is
 * @track: its number
 *
 * Context: any.
 * Return: position in the file, in bytes.
 */
static inline loff_t eckd_image_position(u32 track)
{
	return IMAGE_HEADER_SIZE + (loff_t)track * IMAGE_TRACK_SIZE;
}

/**
 * eckd_image_check() - check the header of an image
 * @backing: the backing
 *
 * Context: may sleep.
 * Return: 0; -EINVAL when it is no image of a 3390, or can't be read; -ENOMEM;
 * -EINTR when a signal has interrupted the caller.
 */
int eckd_image_check(const struct css_backing *backing);

#endif /* _KVM_CSS_ECKD_IMAGE_H */
