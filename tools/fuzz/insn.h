/* SPDX-License-Identifier: GPL-2.0 */
/* I/O instructions that the fuzzer's input describes */
#ifndef _FUZZ_INSN_H
#define _FUZZ_INSN_H

#include <kvm_css/ioinst.h>

#include "image.h"

/* How many instructions there are; one of them isn't the module's */
#define INSNS		16

/**
 * insn_execute() - execute an instruction and check how it ends
 * @image: the image; its input gives the operands
 * @which: the instruction, below INSNS
 */
void insn_execute(struct fuzz_image *image, u8 which);

#endif /* _FUZZ_INSN_H */
