/* SPDX-License-Identifier: GPL-2.0 */
/* The guest program that this binary contains; IMAGE is the name of its file */
	.section .rodata
	.globl	guest_image, guest_image_end
	.balign	8
guest_image:
	.incbin	IMAGE
guest_image_end:
	.section .note.GNU-stack, "", @progbits
