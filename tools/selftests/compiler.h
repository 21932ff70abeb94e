/* SPDX-License-Identifier: GPL-2.0 */
/* Names that the kernel's headers define, for programs without those headers */
#ifndef SELFTESTS_COMPILER_H
#define SELFTESTS_COMPILER_H

#define ARRAY_SIZE(a)		(sizeof(a) / sizeof((a)[0]))
#ifndef __packed
#define __packed		__attribute((__packed__))
#endif
#ifndef __aligned
#define __aligned(n)		__attribute((__aligned__(n)))
#endif
#ifndef __noreturn
#define __noreturn		__attribute((__noreturn__))
#endif
#ifndef __printf
#define __printf(a, b)		__attribute((__format__(printf, a, b)))
#endif
#ifndef fallthrough
#define fallthrough		__attribute((__fallthrough__))
#endif

#endif /* SELFTESTS_COMPILER_H */
