/* SPDX-License-Identifier: GPL-2.0 */
/* What the two halves of the theme "user" agree on, and the process in between */
#ifndef GUEST_USER_H
#define GUEST_USER_H

/* The device that a process models */
#define USER_SID		SID(0, 0x0031)
#define USER_DEVNO		0x3100
/* Another one, which no process serves */
#define USER_SID_ALONE		SID(0, 0x0032)
#define USER_CU_TYPE		0x3480
#define USER_DEV_TYPE		0x3490

/*
 * Commands of the process.  Its storage is what the last WRITE has taken.
 *
 * WRITE takes all data that there are, and HALF the first half of them.  READ and READ
 * BACKWARD give the storage.  LATER ends with channel end, and with device end when
 * USER_CALL_END comes.  CHECK ends in unit check with two sense bytes.  HOLD ends when
 * the process is told to stop, or when USER_CALL_RELEASE comes.  DIE ends the process.
 * CONTROL is an immediate operation.  MARK asks for data, and has none but unit
 * exception.  All others are refused.
 */
#define USER_WRITE		0x01
#define USER_READ		0x02
#define USER_READ_BACKWARD	0x0c
#define USER_CONTROL		0x07
#define USER_HALF		0x09
#define USER_LATER		0x0f
#define USER_CHECK		0x17
#define USER_MARK		0x12
#define USER_HOLD		0x2b
#define USER_DIE		0x3b

#define USER_SENSE0		0x08
#define USER_SENSE1		0x5a

/*
 * HC_THEME.  All but the last two answer with an errno; ETIMEDOUT if the process doesn't
 * do it.
 *
 * SERVE: a new process serves the device; r4 is 1 to take it away from another one.
 * KILL, STOP, CONTINUE: SIGKILL, SIGSTOP, SIGCONT to the process.
 * TAKEN: wait until the process has got r4 commands since SERVE.
 * PRESENT: unsolicited status r4.  END: device end of LATER, with status r4.
 * BUSY: r4 says KVM_CSS_BUSY_*.  RELEASE: end HOLD.
 * REMOVE, ADD: the device.  RESET: all subchannels.
 * HOSTILE: a process serves the device that does what it likes.
 * SEEN: what the process has seen, and forget it; r4 says what.
 * MS: how long the last call took.
 */
#define USER_CALL_SERVE		1
#define USER_CALL_KILL		2
#define USER_CALL_STOP		3
#define USER_CALL_CONTINUE	4
#define USER_CALL_TAKEN		5
#define USER_CALL_PRESENT	6
#define USER_CALL_END		7
#define USER_CALL_BUSY		8
#define USER_CALL_RELEASE	9
#define USER_CALL_REMOVE	10
#define USER_CALL_ADD		11
#define USER_CALL_RESET		12
#define USER_CALL_HOSTILE	13
#define USER_CALL_SEEN		14
#define USER_CALL_MS		15

/* USER_CALL_SEEN: events, answers that were too late, ends of the unit */
#define USER_SEEN_EVENTS	0
#define USER_SEEN_STALE		1
#define USER_SEEN_DEAD		2

/* Values of errno on Linux */
#define USER_EBUSY		16
#define USER_ESTALE		116

/* KVM_CSS_EVENT_* */
#define USER_EVENT_BEGIN	0x01
#define USER_EVENT_RESET	0x02
#define USER_EVENT_CLEARED	0x04
#define USER_EVENT_HALTED	0x08
#define USER_EVENT_STOP		0x10
#define USER_EVENT_PRESENTED	0x20

/* KVM_CSS_BUSY_* */
#define USER_BUSY_DEVICE	1
#define USER_BUSY_CU		2

/* How long HALT SUBCHANNEL waits for the process */
#define USER_HALT_MS		1000

#endif /* GUEST_USER_H */
