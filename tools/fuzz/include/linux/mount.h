/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FUZZ_LINUX_MOUNT_H
#define _FUZZ_LINUX_MOUNT_H

#define MNT_NOATIME		0x08
#define MNT_RELATIME		0x20

struct vfsmount {
	int mnt_flags;
};

#endif /* _FUZZ_LINUX_MOUNT_H */
