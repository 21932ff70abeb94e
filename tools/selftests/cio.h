/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Channel I/O as a program sees it: control blocks, bits and opcodes.
 *
 * The VMM and the guest programs share this header.  Both are s390x programs,
 * so a plain integer is big-endian.  The definitions are made here once more
 * instead of taken from the module, so that a wrong bit in the module makes a
 * test fail.
 */
#ifndef SELFTESTS_CIO_H
#define SELFTESTS_CIO_H

#include "compiler.h"

typedef unsigned char		u8;
typedef unsigned short		u16;
typedef unsigned int		u32;
typedef unsigned long		u64;

/* Instructions, as the first halfword of the instruction */
#define INSN_CSCH		0xb230
#define INSN_HSCH		0xb231
#define INSN_MSCH		0xb232
#define INSN_SSCH		0xb233
#define INSN_STSCH		0xb234
#define INSN_TSCH		0xb235
#define INSN_TPI		0xb236
#define INSN_SAL		0xb237
#define INSN_RSCH		0xb238
#define INSN_STCRW		0xb239
#define INSN_STCPS		0xb23a
#define INSN_RCHP		0xb23b
#define INSN_SCHM		0xb23c
#define INSN_CHSC		0xb25f
#define INSN_XSCH		0xb276
#define INSN_STIDP		0xb202

/* Condition codes of I/O instructions */
#define CC_DONE			0
#define CC_STATUS_PENDING	1
#define CC_BUSY			2
#define CC_NOT_OPERATIONAL	3

/* Program-interruption codes */
#define PGM_OPERATION		0x01
#define PGM_PRIVILEGED		0x02
#define PGM_PROTECTION		0x04
#define PGM_ADDRESSING		0x05
#define PGM_SPECIFICATION	0x06
#define PGM_SEGMENT_TRANSLATION	0x10
#define PGM_PAGE_TRANSLATION	0x11
#define PGM_OPERAND		0x15
#define PGM_ALET_SPECIFICATION	0x28
#define PGM_ALEN_TRANSLATION	0x29
#define PGM_ASCE_TYPE		0x38
#define PGM_PER			0x80

/* Subsystem-identification word whose channel-subsystem image is 0 */
#define SID(ssid, schid)	(0x00010000u | (ssid) << 17 | (schid))
#define SID_SSID(sid)		((sid) >> 17 & 3)
#define SID_SCHID(sid)		((sid) & 0xffff)

struct orb {
	u32 intparm;
	u32 flags;
	u32 cpa;
};

#define ORB_KEY(key)		((u32)(key) << 28)
#define ORB_SUSPEND		0x08000000u
#define ORB_FORMAT1		0x00800000u
#define ORB_PREFETCH		0x00400000u
#define ORB_INITIAL_STATUS	0x00200000u
#define ORB_ADDRESS_LIMIT	0x00100000u
#define ORB_SUPPRESS_SUSPENDED	0x00080000u
#define ORB_TRANSPORT		0x00040000u
#define ORB_IDAW_FORMAT2	0x00020000u
#define ORB_IDAW_2K		0x00010000u
#define ORB_LPM(lpm)		((u32)(lpm) << 8)
#define ORB_ILS			0x00000080u
#define ORB_MIDAW		0x00000040u
#define ORB_ZEROS		0x0000003eu

struct pmcw {
	u32 intparm;
	u16 flags;
	u16 devno;
	u8  lpm;
	u8  pnom;
	u8  lpum;
	u8  pim;
	u16 mbi;
	u8  pom;
	u8  pam;
	u8  chpid[8];
	u32 chars;
};

#define PMCW_ISC(isc)		((isc) << 11)
#define PMCW_ISC_OF(flags)	((flags) >> 11 & 7)
#define PMCW_ISC_MASK		0x3800
#define PMCW_ENABLED		0x0080
#define PMCW_LIMIT_MODE		0x0060
#define PMCW_LIMIT_LOW		0x0020
#define PMCW_LIMIT_HIGH		0x0040
#define PMCW_MEASUREMENT_BLOCK	0x0010
#define PMCW_CONNECT_TIME	0x0008
#define PMCW_MULTIPATH		0x0004
#define PMCW_TIMING		0x0002
#define PMCW_VALID		0x0001
/* Bits 0, 1, 6 and 7 must be zeros; bit 5 is ignored. */
#define PMCW_FLAGS_INVALID	0xc300
#define PMCW_FLAGS_MODIFIABLE	0x38f8	/* ISC, E, LM, MM */
#define PMCW_CHARS_INVALID	0xff1ffff8u
#define PMCW_CHARS_MODIFIABLE	0x00000007u
#define PMCW_XMWME		0x00000002u
#define PMCW_CONCURRENT_SENSE	0x00000001u

struct scsw {
	u32 ctrl;
	u32 cpa;
	u8  dstat;
	u8  cstat;
	u16 count;
};

#define SCSW_FORMAT1		0x00800000u
#define SCSW_CC			0x03000000u	/* deferred cc */
#define SCSW_CC_NOT_BEGUN	0x01000000u
#define SCSW_CC_NO_PATH		0x03000000u
#define SCSW_SUSPEND		0x08000000u
#define SCSW_ZERO_CC		0x00040000u
#define SCSW_EXTENDED		0x00020000u
#define SCSW_FC			0x00007000u
#define SCSW_FC_START		0x00004000u
#define SCSW_FC_HALT		0x00002000u
#define SCSW_FC_CLEAR		0x00001000u
#define SCSW_AC			0x00000fe0u
#define SCSW_AC_RESUME_PENDING	0x00000800u
#define SCSW_AC_START_PENDING	0x00000400u
#define SCSW_AC_HALT_PENDING	0x00000200u
#define SCSW_AC_CLEAR_PENDING	0x00000100u
#define SCSW_AC_SUBCH_ACTIVE	0x00000080u
#define SCSW_AC_DEVICE_ACTIVE	0x00000040u
#define SCSW_AC_SUSPENDED	0x00000020u
#define SCSW_SC			0x0000001fu
#define SCSW_SC_ALERT		0x00000010u
#define SCSW_SC_INTERMEDIATE	0x00000008u
#define SCSW_SC_PRIMARY		0x00000004u
#define SCSW_SC_SECONDARY	0x00000002u
#define SCSW_SC_PENDING		0x00000001u
#define SCSW_FROM_ORB		0xf8f80000u	/* key S F P I A U */
/* Function, activity and status control together */
#define SCSW_CONTROL		(SCSW_FC | SCSW_AC | SCSW_SC)

struct schib {
	struct pmcw pmcw;
	struct scsw scsw;
	u32 mda[3];	/* the first two words: measurement-block address */
};

struct irb {
	struct scsw scsw;
	u32 esw[5];
	u8  ecw[32];
};

#define ESW_LPUM(word0)		((word0) >> 16 & 0xff)
#define ERW_CONCURRENT_SENSE	0x01000000u
#define ERW_SENSE_COUNT(erw)	((erw) >> 16 & 0x3f)

/* Length of what TEST SUBCHANNEL stores with the extended measurement word */
#define IRB_SIZE_EXTENDED	96

/* Channel-report word */
#define CRW_SOLICITED		0x40000000u
#define CRW_OVERFLOW		0x20000000u
#define CRW_CHAINED		0x10000000u
#define CRW_RSC(crw)		((crw) >> 24 & 0xf)
#define CRW_ERC(crw)		((crw) >> 16 & 0x3f)
#define CRW_RSID(crw)		((crw) & 0xffff)
#define CRW_RSC_SUBCHANNEL	3
#define CRW_RSC_PATH		4
#define CRW_ERC_INITIALIZED	2
#define CRW_ERC_IPI		4	/* installed parameters initialized */

/* CHANNEL SUBSYSTEM CALL: requests, and codes of responses */
#define CHSC_PATHS		0x0002	/* descriptions */
#define CHSC_SUBCHANNELS	0x0004	/* descriptions */
#define CHSC_EVENT		0x000e
#define CHSC_CHARS		0x0010
#define CHSC_INVALID		0x0003

/* The shortest request; the response follows it */
struct chsc_request {
	u16 length;
	u16 code;
	u32 word1;
	u32 word2;
	u32 word3;
};

struct chsc_response {
	u16 length;
	u16 code;
	u32 parameter;
};

/* Set-domain-attribute request, which enables facilities */
#define CHSC_SDA		0x0031
#define CHSC_SDA_MSS		0x0002
#define CHSC_OK			0x0001

struct chsc_sda {
	u16 length;
	u16 code;
	u8  format;
	u8  zero2;
	u16 operation;
	u32 zero3[2];
	u32 data[252];
	u16 response_length;
	u16 response;
	u32 zero4;
	u32 rest[766];
};

struct ccw1 {
	u8  cmd;
	u8  flags;
	u16 count;
	u32 cda;
};

struct ccw0 {
	u8  cmd;
	u8  cda[3];
	u8  flags;
	u8  ignored;
	u16 count;
};

struct midaw {
	u8  zeros[5];
	u8  flags;
	u16 count;
	u64 addr;
};

#define MIDAW_LAST		0x80
#define MIDAW_SKIP		0x40
#define MIDAW_INTERRUPT		0x20

#define CCW_CD			0x80
#define CCW_CC			0x40
#define CCW_SLI			0x20
#define CCW_SKIP		0x10
#define CCW_PCI			0x08
#define CCW_IDA			0x04
#define CCW_SUSPEND		0x02
#define CCW_MIDA		0x01
#define CCW_TIC			0x08

/* Device status */
#define DST_ATTENTION		0x80
#define DST_STATUS_MODIFIER	0x40
#define DST_BUSY		0x10
#define DST_CHANNEL_END		0x08
#define DST_DEVICE_END		0x04
#define DST_UNIT_CHECK		0x02
#define DST_UNIT_EXCEPTION	0x01
#define DST_ENDED		(DST_CHANNEL_END | DST_DEVICE_END)

/* Subchannel status */
#define CST_PCI			0x80
#define CST_INCORRECT_LENGTH	0x40
#define CST_PROGRAM_CHECK	0x20
#define CST_PROTECTION_CHECK	0x10

/* Commands of the test control unit; it has 64 KiB of storage */
#define TEST_WRITE		0x01
#define TEST_READ		0x02
#define TEST_NOP		0x03
#define TEST_SENSE		0x04
#define TEST_SEEK		0x07
#define TEST_END_STATUS		0x0b
#define TEST_READ_BACKWARD	0x0c
#define TEST_WAIT		0x0f
#define TEST_END_LATER		0x1b
#define TEST_PRESENT		0x2b
#define TEST_BE_BUSY		0x3b
#define TEST_SENSE_ID		0xe4
#define TEST_SCRIPT		0x4b	/* only with a backend */
#define TEST_SIZE		0x10000
#define TEST_WAIT_MAX_US	10000000

/* Parameters of END LATER, PRESENT and BE BUSY */
struct test_later {
	u8  dstat;
	u8  sense0;
	u8  hold;
	u8  zeros;
	u32 us;
};

/* What a backend answers, and the status that it presents */
struct test_step {
	u32 us;
	u32 flags;
	u8  dstat;
	u8  cstat;
	u16 count;
	u32 zeros;
};

struct test_script {
	u8  cc[6];
	u8  active;
	u8  zero;
	u32 stop_us;
	u32 zeros;
	struct test_step steps[8];
};

/* The condition codes in a script */
#define TEST_CC_SSCH		0
#define TEST_CC_RSCH		1
#define TEST_CC_HSCH		2
#define TEST_CC_CSCH		3
#define TEST_CC_XSCH		4
#define TEST_CC_MSCH		5

/* Commands of the FBA DASD */
#define FBA_READ_IPL		0x02
#define FBA_NOP			0x03
#define FBA_SENSE		0x04
#define FBA_UNCOND_RESERVE	0x14
#define FBA_WRITE		0x41
#define FBA_READ		0x42
#define FBA_LOCATE		0x43
#define FBA_DEFINE_EXTENT	0x63
#define FBA_READ_CHARS		0x64
#define FBA_RELEASE		0x94
#define FBA_READ_LOG		0xa4
#define FBA_RESERVE		0xb4
#define FBA_SENSE_ID		0xe4
#define FBA_BLOCK		512

#define SENSE_SIZE		32
#define FBA_SENSE_SIZE		24
#define SENSE_COMMAND_REJECT	0x80
#define SENSE_EQUIPMENT_CHECK	0x10
#define FBA_SENSE1_FILE_PROTECTED	0x04

/* DEFINE EXTENT parameters */
struct fba_extent {
	u8  mask;		/* FBA_MASK_* */
	u8  zero;
	u16 block_size;		/* 0: 512 */
	u32 offset;		/* physical block of the extent's first block */
	u32 first;		/* relative number of the first block */
	u32 last;		/* relative number of the last block */
};

#define FBA_MASK_NORMAL		0x00	/* data writes allowed */
#define FBA_MASK_NO_WRITE	0x40
#define FBA_MASK_ALL		0xc0

/* LOCATE parameters */
struct fba_locate {
	u8  operation;		/* FBA_OP_* */
	u8  auxiliary;
	u16 blocks;
	u32 first;		/* relative number of the first block */
};

#define FBA_OP_WRITE		0x01
#define FBA_OP_WRITE_VERIFY	0x05
#define FBA_OP_READ		0x06

/* READ DEVICE CHARACTERISTICS data */
struct fba_chars {
	u8  operation;
	u8  features;
	u8  class;
	u8  unit_type;
	u16 block_size;
	u32 blocks_cyl_group;
	u32 blocks_access;
	u32 blocks_movable;
	u32 blocks_fixed;
	u16 reserved;
	u16 blocks_ce;
	u32 reserved2;
	u16 reserved3;
} __packed;

#endif /* SELFTESTS_CIO_H */
