// SPDX-License-Identifier: GPL-2.0
/*
 * Requests of a guest program to somebody beside its VMM: through storage that
 * both share, with a character on the SCLP console as the bell.
 *
 * QEMU writes that character to whatever its console is connected to.  The
 * service-signal interruption that follows stays pending, and nobody enables it.
 */
#include "guest.h"

#define SCLP_WRITE_EVENT_DATA	0x00760005
#define SCLP_ASCII_CONSOLE	0x1a

struct sccb {
	u16 length;
	u8  function;
	u8  control[3];
	u16 response;
	struct {
		u16 length;
		u8  type;
		u8  flags;
		u16 reserved;
		u8  text[1];
	} __packed event;
} __packed;

static void ring(void)
{
	static struct sccb sccb __aligned(4096);

	memset(&sccb, 0, sizeof(sccb));
	sccb.length = sizeof(sccb);
	sccb.event.length = sizeof(sccb.event);
	sccb.event.type = SCLP_ASCII_CONSOLE;
	sccb.event.text[0] = '!';
	/* SERVICE CALL */
	asm volatile(".insn rre,0xb2200000,%0,%1"
		     : : "d" (SCLP_WRITE_EVENT_DATA), "a" (&sccb)
		     : "cc", "memory");
}

u64 hypercall(u64 request, u64 a, u64 b, u64 c)
{
	struct hc_mailbox *box = (void *)HC_MAILBOX;
	u32 asked = box->asked + 1;

	box->args[0] = request;
	box->args[1] = a;
	box->args[2] = b;
	box->args[3] = c;
	__atomic_store_n(&box->asked, asked, __ATOMIC_RELEASE);
	ring();
	/* DIAGNOSE X'44': let somebody else have the CPU. */
	while (__atomic_load_n(&box->answered, __ATOMIC_ACQUIRE) != asked)
		asm volatile("diag 0,0,0x44" : : : "memory");
	return box->answer;
}
