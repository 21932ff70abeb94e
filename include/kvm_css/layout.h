/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the guest sees: control blocks as they lie in guest storage.
 *
 * All fields are big-endian.  The structures have a prefix in their names
 * because <asm/cio.h> has structures without one, which describe the same
 * control blocks for a program that does I/O.  Comments name the figures in
 * chapters 13 to 17 of the z/Architecture Principles of Operation (SA22-7832).
 */
#ifndef _KVM_CSS_LAYOUT_H
#define _KVM_CSS_LAYOUT_H

#include <linux/bits.h>
#include <linux/build_bug.h>
#include <linux/types.h>

#include <asm/byteorder.h>

/* Subsystem-identification word, chapter 14 "Subsystem-Identification Word" */
#define SID_CSSID		0xff000000u
#define SID_ZEROS		0x00f00000u
#define SID_M			0x00080000u
#define SID_SSID		0x00060000u
#define SID_ONE			0x00010000u
#define SID_NUMBER		0x0000ffffu
#define SID_SSID_SHIFT		17
#define SID_CSSID_SHIFT		24

/**
 * sid_ssid() - the subchannel set that a subsystem-identification word names
 * @sid: the word
 *
 * Context: any.
 * Return: the subchannel-set identifier, 0 to 3.
 */
static inline u8 sid_ssid(u32 sid)
{
	return (sid & SID_SSID) >> SID_SSID_SHIFT;
}

/* Operation-request block, "Operation-Request Block" */
struct css_orb {
	__be32 intparm;
	__be32 flags;
	__be32 cpa;
} __packed;
static_assert(sizeof(struct css_orb) == 12);

#define ORB_KEY			0xf0000000u
#define ORB_KEY_SHIFT		28
#define ORB_SUSPEND		0x08000000u	/* S: suspend control */
#define ORB_STREAMING		0x04000000u	/* C: streaming-mode control */
#define ORB_MODIFICATION	0x02000000u	/* M: modification control */
#define ORB_SYNC		0x01000000u	/* Y: synchronization control */
#define ORB_FORMAT		0x00800000u	/* F: CCW format */
#define ORB_PREFETCH		0x00400000u	/* P: prefetch control */
#define ORB_INITIAL_STATUS	0x00200000u	/* I: initial-status control */
#define ORB_ADDRESS_LIMIT	0x00100000u	/* A: address-limit checking */
#define ORB_SUPPRESS_SUSPENDED	0x00080000u	/* U: suppress suspended int. */
#define ORB_TRANSPORT		0x00040000u	/* B: channel-program type */
#define ORB_IDAW_FORMAT2	0x00020000u	/* H: format-2 IDAWs */
#define ORB_IDAW_2K		0x00010000u	/* T: 2K-IDAW control */
#define ORB_LPM			0x0000ff00u
#define ORB_LPM_SHIFT		8
#define ORB_ILS			0x00000080u	/* L: incorrect-length suppr. */
#define ORB_MIDAW		0x00000040u	/* D: modified IDA control */
#define ORB_ZEROS		0x0000003eu
#define ORB_EXTENSION		0x00000001u	/* X: ORB extension control */
#define ORB_CPA_ZERO		0x80000000u

/* Path-management-control word, "Path-Management-Control Word" */
struct css_pmcw {
	__be32 intparm;
	__be16 flags;
	__be16 devno;
	u8     lpm;
	u8     pnom;
	u8     lpum;
	u8     pim;
	__be16 mbi;
	u8     pom;
	u8     pam;
	u8     chpid[8];
	__be32 chars;
} __packed;
static_assert(sizeof(struct css_pmcw) == 28);

#define PMCW_QF			0x8000u
#define PMCW_W			0x4000u
#define PMCW_ISC		0x3800u
#define PMCW_ISC_SHIFT		11
/*
 * Bits 0, 1, 6 and 7 must be zeros in the operand of MODIFY SUBCHANNEL.  Bit 5
 * isn't defined and is ignored.
 */
#define PMCW_FLAGS_ZEROS	0xc300u
#define PMCW_ENABLED		0x0080u
#define PMCW_LIMIT_MODE		0x0060u
#define PMCW_LIMIT_LOW		0x0020u		/* data at the limit or above */
#define PMCW_LIMIT_HIGH		0x0040u		/* data below the limit */
#define PMCW_MEASUREMENT_MODE	0x0018u
#define PMCW_BLOCK_UPDATE	0x0010u
#define PMCW_CONNECT_TIME	0x0008u
#define PMCW_MULTIPATH		0x0004u
#define PMCW_TIMING		0x0002u
#define PMCW_VALID		0x0001u		/* V: device number valid */
/*
 * Bits that must be zeros in the operand of MODIFY SUBCHANNEL.  Bits 8 to 10,
 * the subchannel type, are ignored.
 */
#define PMCW_CHARS_ZEROS	0xff1ffff8u
#define PMCW_MB_FORMAT1		0x00000004u
#define PMCW_XMWME		0x00000002u
#define PMCW_CONCURRENT_SENSE	0x00000001u
/* The bits of the two fields that MODIFY SUBCHANNEL sets */
#define PMCW_FLAGS_MODIFIED	(PMCW_ISC | PMCW_ENABLED | PMCW_LIMIT_MODE | \
				 PMCW_MEASUREMENT_MODE | PMCW_MULTIPATH)
#define PMCW_CHARS_MODIFIED	(PMCW_MB_FORMAT1 | PMCW_XMWME | \
				 PMCW_CONCURRENT_SENSE)

/* Subchannel-status word, "Subchannel-Status Word" */
struct css_scsw {
	__be32 flags;
	__be32 cpa;
	u8     dstat;
	u8     cstat;
	__be16 count;
} __packed;
static_assert(sizeof(struct css_scsw) == 12);

#define SCSW_KEY		0xf0000000u
#define SCSW_SUSPEND		0x08000000u
#define SCSW_ESW_FORMAT		0x04000000u
#define SCSW_DEFERRED_CC	0x03000000u
#define SCSW_DEFERRED_CC_SHIFT	24
#define SCSW_DEFERRED_CC1	0x01000000u	/* status pending, not active */
#define SCSW_DEFERRED_CC3	0x03000000u	/* no path */
#define SCSW_FORMAT		0x00800000u
#define SCSW_PREFETCH		0x00400000u
#define SCSW_INITIAL_STATUS	0x00200000u
#define SCSW_ADDRESS_LIMIT	0x00100000u
#define SCSW_SUPPRESS_SUSPENDED	0x00080000u
#define SCSW_ZERO_CC		0x00040000u
#define SCSW_EXTENDED		0x00020000u	/* E: extended control */
#define SCSW_PATH_NOT_OPER	0x00010000u
/* Function control */
#define SCSW_FC			0x00007000u
#define SCSW_FC_START		0x00004000u
#define SCSW_FC_HALT		0x00002000u
#define SCSW_FC_CLEAR		0x00001000u
/* Activity control */
#define SCSW_AC			0x00000fe0u
#define SCSW_AC_RESUME_PENDING	0x00000800u
#define SCSW_AC_START_PENDING	0x00000400u
#define SCSW_AC_HALT_PENDING	0x00000200u
#define SCSW_AC_CLEAR_PENDING	0x00000100u
#define SCSW_AC_SUBCH_ACTIVE	0x00000080u
#define SCSW_AC_DEVICE_ACTIVE	0x00000040u
#define SCSW_AC_SUSPENDED	0x00000020u
/* Status control */
#define SCSW_SC			0x0000001fu
#define SCSW_SC_ALERT		0x00000010u
#define SCSW_SC_INTERMEDIATE	0x00000008u
#define SCSW_SC_PRIMARY		0x00000004u
#define SCSW_SC_SECONDARY	0x00000002u
#define SCSW_SC_PENDING		0x00000001u

/**
 * scsw_intermediate_alone() - is there status that doesn't end the function?
 * @flags: word 0 of the subchannel-status word
 *
 * Context: any.
 * Return: whether there is intermediate status and none beside it.  "Status-Control
 * Field" in chapter 16.
 */
static inline bool scsw_intermediate_alone(u32 flags)
{
	return (flags & SCSW_SC) == (SCSW_SC_INTERMEDIATE | SCSW_SC_PENDING);
}

/*
 * The bits that START SUBCHANNEL copies from the ORB to the same bits of the
 * SCSW
 */
#define SCSW_FROM_ORB		(SCSW_KEY | SCSW_SUSPEND | SCSW_FORMAT | \
				 SCSW_PREFETCH | SCSW_INITIAL_STATUS | \
				 SCSW_ADDRESS_LIMIT | SCSW_SUPPRESS_SUSPENDED)

/* Device status, "Device-Status Field" */
#define DSTAT_ATTENTION		0x80
#define DSTAT_STATUS_MODIFIER	0x40
#define DSTAT_CONTROL_UNIT_END	0x20
#define DSTAT_BUSY		0x10
#define DSTAT_CHANNEL_END	0x08
#define DSTAT_DEVICE_END	0x04
#define DSTAT_UNIT_CHECK	0x02
#define DSTAT_UNIT_EXCEPTION	0x01

/* Subchannel status, "Subchannel-Status Field" */
#define CSTAT_PCI		0x80
#define CSTAT_INCORRECT_LENGTH	0x40
#define CSTAT_PROGRAM_CHECK	0x20
#define CSTAT_PROTECTION_CHECK	0x10
#define CSTAT_CHANNEL_DATA	0x08
#define CSTAT_CHANNEL_CONTROL	0x04
#define CSTAT_INTERFACE_CONTROL	0x02
#define CSTAT_CHAINING		0x01

/* Subchannel-information block, "Subchannel-Information Block" */
struct css_schib {
	struct css_pmcw pmcw;
	struct css_scsw scsw;
	__be64 mba;
	u8     mda[4];
} __packed;
static_assert(sizeof(struct css_schib) == 52);

/* Extended-status word, "Extended-Status Word" */
struct css_esw {
	__be32 word0;
	__be32 erw;
	__be64 failing;		/* failing-storage address */
	__be32 secondary;	/* secondary-CCW address */
} __packed;
static_assert(sizeof(struct css_esw) == 20);

/* Word 0 of format 0, "Subchannel Logout" */
#define LOGOUT_BLOCK_PROGRAM	0x20000000u	/* measurement-block checks */
#define LOGOUT_BLOCK_DATA	0x10000000u
#define LOGOUT_BLOCK_PROTECTION	0x08000000u
#define LOGOUT_CCW_CHECK	0x04000000u
#define LOGOUT_IDAW_CHECK	0x02000000u
#define LOGOUT_LPUM_SHIFT	16
#define LOGOUT_LPUM_VALID	0x00004000u	/* field-validity flags */
#define LOGOUT_DSTAT_VALID	0x00000800u
#define LOGOUT_CPA_VALID	0x00000400u
#define LOGOUT_READ		0x00000100u	/* storage-access code */
#define LOGOUT_WRITE		0x00000200u
#define LOGOUT_READ_BACKWARD	0x00000300u

/* Extended-report word */
#define ERW_FAILING_ADDRESS	0x02000000u	/* failing-storage address valid */
#define ERW_CONCURRENT_SENSE	0x01000000u
#define ERW_SECONDARY		0x00800000u	/* secondary-CCW address valid */
#define ERW_FAILING_FORMAT2	0x00400000u	/* that address has 64 bits */
#define ERW_SENSE_COUNT		0x003f0000u
#define ERW_SENSE_COUNT_SHIFT	16

#define ECW_SIZE		32

/* Extended-measurement word, "Extended-Measurement Word" */
struct css_emw {
	__be32 device_connect_time;
	__be32 function_pending_time;
	__be32 device_disconnect_time;
	__be32 control_unit_queuing_time;
	__be32 device_active_only_time;
	__be32 device_busy_time;
	__be32 initial_command_response_time;
	__be32 reserved;
} __packed;
static_assert(sizeof(struct css_emw) == 32);

/* Chapter 17, "Measurement Block", format 0 */
struct css_block0 {
	__be16 starts;		/* SSCH+RSCH count */
	__be16 samples;		/* sample count */
	__be32 device_connect_time;
	__be32 function_pending_time;
	__be32 device_disconnect_time;
	__be32 control_unit_queuing_time;
	__be32 device_active_only_time;
	__be32 reserved[2];
} __packed;
static_assert(sizeof(struct css_block0) == 32);

/* Chapter 17, "Measurement Block", format 1 */
struct css_block1 {
	__be32 starts;		/* SSCH+RSCH count */
	__be32 samples;		/* sample count */
	__be32 device_connect_time;
	__be32 function_pending_time;
	__be32 device_disconnect_time;
	__be32 control_unit_queuing_time;
	__be32 device_active_only_time;
	__be32 device_busy_time;
	__be32 initial_command_response_time;
	__be32 reserved[7];
} __packed;
static_assert(sizeof(struct css_block1) == 64);

/* Interruption-response block, "Interruption-Response Block" */
struct css_irb {
	struct css_scsw scsw;
	struct css_esw  esw;
	u8          ecw[ECW_SIZE];
	struct css_emw  emw;
} __packed;
static_assert(sizeof(struct css_irb) == 96);

/* How many bytes TSCH stores when extended measurement words are not enabled */
#define CSS_IRB_SIZE		64

/* Channel-command word, format 1, "Channel-Command Word" */
struct css_ccw1 {
	u8     cmd;
	u8     flags;
	__be16 count;
	__be32 cda;
} __packed;
static_assert(sizeof(struct css_ccw1) == 8);

#define CCW_CD			0x80	/* chain data */
#define CCW_CC			0x40	/* chain command */
#define CCW_SLI			0x20	/* suppress length indication */
#define CCW_SKIP		0x10
#define CCW_PCI			0x08	/* program-controlled interruption */
#define CCW_IDA			0x04	/* indirect data address */
#define CCW_SUSPEND		0x02
#define CCW_MIDA		0x01	/* modified indirect data address */

#define CCW_CMD_NOP		0x03	/* control, no operation */
#define CCW_CMD_TIC		0x08
#define CCW_CMD_READ_BACKWARD	0x0c	/* bits 4-7; bits 0-3 may be any */
#define CCW_CDA_ZERO		0x80000000u

/* The highest addresses that CCWs of the two formats can name */
#define CCW0_ADDRESS		0x00ffffffu
#define CCW1_ADDRESS		0x7fffffffu

/* Channel-command word, format 0, "Channel-Command Word" */
struct css_ccw0 {
	u8     cmd;
	u8     cda[3];
	u8     flags;
	u8     ignored;
	__be16 count;
} __packed;
static_assert(sizeof(struct css_ccw0) == 8);

/* Modified indirect-data-address word, "Modified-CCW-Indirect-Data Addressing" */
struct css_midaw {
	u8     zeros[5];
	u8     flags;
	__be16 count;
	__be64 addr;
} __packed;
static_assert(sizeof(struct css_midaw) == 16);

#define MIDAW_LAST		0x80
#define MIDAW_SKIP		0x40
#define MIDAW_INTERRUPT		0x20	/* data-transfer-interruption control */
#define MIDAW_ZEROS		0x1f

/* Channel-report word, chapter 17 "Channel-Report Word" */
#define CRW_ZEROS		0x80400000u
#define CRW_SOLICITED		0x40000000u
#define CRW_OVERFLOW		0x20000000u
#define CRW_CHAINED		0x10000000u
#define CRW_RSC			0x0f000000u
#define CRW_RSC_SUBCHANNEL	0x03000000u
#define CRW_RSC_CHANNEL_PATH	0x04000000u
#define CRW_RSC_CSS		0x0b000000u
#define CRW_ANCILLARY		0x00800000u
#define CRW_ERC			0x003f0000u
#define CRW_ERC_AVAILABLE	0x00010000u
#define CRW_ERC_INITIALIZED	0x00020000u
#define CRW_ERC_IPI		0x00040000u	/* installed parameters */
#define CRW_ERC_TERMINAL	0x00030000u
#define CRW_ERC_MODIFIED	0x00080000u	/* the same, modified */
#define CRW_RSID		0x0000ffffu
#define CRW_RSID_SSID_SHIFT	4
#define CRW_RSID_CSSID_SHIFT	8

/* SET CHANNEL MONITOR, general register 1 */
#define SCHM_KEY		0xf0000000u
#define SCHM_KEY_SHIFT		28
#define SCHM_ZEROS		0x0ffffffcu
#define SCHM_UPDATE		0x00000002u	/* M: measurement blocks */
#define SCHM_CONNECT_TIME	0x00000001u	/* D: device-connect time */
/*
 * The alignment of general register 2, which has the measurement-block origin
 */
#define SCHM_ORIGIN_ALIGNMENT	32

/* SET ADDRESS LIMIT, general register 1 */
#define SAL_ZEROS		0x8000ffffu

/*
 * RESET CHANNEL PATH, general register 1.  The CSSID is zero unless MCSS-E is
 * enabled.
 */
#define RCHP_ZEROS		0xff00ff00u
#define RCHP_CSSID		0x00ff0000u
#define RCHP_CSSID_SHIFT	16
#define RCHP_CHPID		0x000000ffu

/*
 * STORE CHANNEL PATH STATUS: "Channel-Path-Status Word" has a bit for each
 * CHPID.
 */
#define CSS_PATH_STATUS_SIZE	32

/* Program-interruption codes, chapter 6 "Program-Interruption Conditions" */
#define PGM_CODE_OPERATION	0x0001
#define PGM_CODE_PRIVILEGED	0x0002
#define PGM_CODE_PROTECTION	0x0004
#define PGM_CODE_ADDRESSING	0x0005
#define PGM_CODE_SPECIFICATION	0x0006
#define PGM_CODE_OPERAND	0x0015

#endif /* _KVM_CSS_LAYOUT_H */
