/* SPDX-License-Identifier: GPL-2.0 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM kvm_css

#if !defined(_KVM_CSS_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _KVM_CSS_TRACE_H

#include <linux/tracepoint.h>

#include <kvm_css/ending.h>
#include <kvm_css/guest.h>
#include <kvm_css/ioinst.h>
#include <kvm_css/layout.h>

#define show_ioinst(opcode)				\
	__print_symbolic(opcode,			\
			 { IOINST_CSCH,  "CSCH" },	\
			 { IOINST_HSCH,  "HSCH" },	\
			 { IOINST_MSCH,  "MSCH" },	\
			 { IOINST_SSCH,  "SSCH" },	\
			 { IOINST_STSCH, "STSCH" },	\
			 { IOINST_TSCH,  "TSCH" },	\
			 { IOINST_SAL,   "SAL" },	\
			 { IOINST_RSCH,  "RSCH" },	\
			 { IOINST_STCRW, "STCRW" },	\
			 { IOINST_STCPS, "STCPS" },	\
			 { IOINST_RCHP,  "RCHP" },	\
			 { IOINST_SCHM,  "SCHM" },	\
			 { IOINST_CHSC,  "CHSC" },	\
			 { IOINST_SIGA,  "SIGA" },	\
			 { IOINST_XSCH,  "XSCH" })

#define show_ending(ending)						     \
	__print_symbolic(ending,					     \
			 { (__force u32)IOINST_CC_EXPECTED,	 "cc0" },    \
			 { (__force u32)IOINST_CC_STATUS_PRESENT, "cc1" },   \
			 { (__force u32)IOINST_CC_BUSY,		 "cc2" },    \
			 { (__force u32)IOINST_CC_NOT_OPERATIONAL, "cc3" },  \
			 { (__force u32)IOINST_PRIVILEGED, "privileged" },   \
			 { (__force u32)IOINST_SPECIFICATION,		     \
			   "specification" },				     \
			 { (__force u32)IOINST_OPERAND,	 "operand" },	     \
			 { (__force u32)IOINST_ACCESS_EXCEPTION, "access" }, \
			 { (__force u32)IOINST_USERSPACE, "userspace" },     \
			 { (__force u32)IOINST_RETRY,	 "retry" },	     \
			 { (__force u32)IOINST_COMPLETED, "completed" },     \
			 { (__force u32)IOINST_HOST_FAULT, "host-fault" })

/* An I/O instruction of an attached VM is about to be executed. */
TRACE_EVENT(ioinst_entry,
	TP_PROTO(unsigned int vcpu_id, const struct ioinst *insn),
	TP_ARGS(vcpu_id, insn),
	TP_STRUCT__entry(
		__field(unsigned int, vcpu_id)
		__field(u16, opcode)
		__field(u32, sid)
		__field(u64, addr)
	),
	TP_fast_assign(
		__entry->vcpu_id = vcpu_id;
		__entry->opcode = insn->opcode;
		__entry->sid = insn->gpr1;
		__entry->addr = insn->addr;
	),
	TP_printk("vcpu=%u insn=%s sch=0.%x.%04x operand=%llx",
		  __entry->vcpu_id, show_ioinst(__entry->opcode),
		  (__entry->sid & SID_SSID) >> SID_SSID_SHIFT,
		  __entry->sid & SID_NUMBER, __entry->addr)
);

/* An I/O instruction of an attached VM has been executed. */
TRACE_EVENT(ioinst_exit,
	TP_PROTO(unsigned int vcpu_id, const struct ioinst *insn,
		 ioinst_ending_t ending, u64 duration),
	TP_ARGS(vcpu_id, insn, ending, duration),
	TP_STRUCT__entry(
		__field(unsigned int, vcpu_id)
		__field(u16, opcode)
		__field(u32, sid)
		__field(u32, ending)
		__field(u8, fallback)
		__field(u64, duration)
	),
	TP_fast_assign(
		__entry->vcpu_id = vcpu_id;
		__entry->opcode = insn->opcode;
		__entry->sid = insn->gpr1;
		__entry->ending = (__force u32)ending;
		__entry->fallback = ending == IOINST_USERSPACE;
		__entry->duration = duration;
	),
	TP_printk("vcpu=%u insn=%s sch=0.%x.%04x ending=%s fallback=%u ns=%llu",
		  __entry->vcpu_id, show_ioinst(__entry->opcode),
		  (__entry->sid & SID_SSID) >> SID_SSID_SHIFT,
		  __entry->sid & SID_NUMBER, show_ending(__entry->ending),
		  __entry->fallback, __entry->duration)
);

#define show_trace(trace)							\
	__print_symbolic(trace,						\
			 { GUEST_TRACE_OFFERED,	"offered" },		\
			 { GUEST_TRACE_TAKEN,	"taken" },		\
			 { GUEST_TRACE_ANSWERED,	"answered" },		\
			 { GUEST_TRACE_ENDED,	"ended" },		\
			 { GUEST_TRACE_PRESENTED,	"presented" })

/*
 * A command that a process is to execute, or status of its device: see guest_trace_unit().
 */
TRACE_EVENT(unit,
	TP_PROTO(u32 sid, unsigned int what, u64 seq, u8 byte, u32 nr),
	TP_ARGS(sid, what, seq, byte, nr),
	TP_STRUCT__entry(
		__field(u32, sid)
		__field(unsigned int, what)
		__field(u64, seq)
		__field(u8, byte)
		__field(u32, nr)
	),
	TP_fast_assign(
		__entry->sid = sid;
		__entry->what = what;
		__entry->seq = seq;
		__entry->byte = byte;
		__entry->nr = nr;
	),
	TP_printk("sch=0.%x.%04x %s seq=%llu %s=%02x others=%u",
		  (__entry->sid & SID_SSID) >> SID_SSID_SHIFT,
		  __entry->sid & SID_NUMBER, show_trace(__entry->what),
		  __entry->seq,
		  __entry->what <= GUEST_TRACE_TAKEN ? "code" : "status",
		  __entry->byte, __entry->nr)
);

#endif /* _KVM_CSS_TRACE_H */

/* trace/define_trace.h includes this file again, and looks for it here. */
#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
