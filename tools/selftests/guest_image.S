/* SPDX-License-Identifier: GPL-2.0 */
/* The guest program of this binary; IMAGE is the file's name. */
	.section .rodata
	.globl	guest_image, guest_image_end
	.balign	8
guest_image:
	.incbin	IMAGE
guest_image_end:
	.section .note.GNU-stack, "", @progbits
