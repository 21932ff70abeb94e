/* SPDX-License-Identifier: GPL-2.0 */
/*
 * For tests: a unit in the kernel's place, linked in front of ioctl().
 *
 * There is one unit at a time.  Its descriptor is a file in memory, so mapping it
 * is the real thing.  A test is the guest: it issues commands, halts, clears, and
 * looks at the answers.
 */
#ifndef FAKE_UNIT_H
#define FAKE_UNIT_H

#include <stdbool.h>
#include <stdint.h>

#include <linux/kvm_css.h>

#define FAKE_SCHID		0x1234
#define FAKE_DEVNO		0x0456
#define FAKE_SSID		2
#define FAKE_LOG		32

/**
 * struct fake_unit - what the kernel knows of the unit
 * @fd: its descriptor
 * @area: its data area
 * @size: size of @area
 * @events: KVM_CSS_EVENT_* that haven't been returned
 * @command: the command that the guest has issued; its number is 0 if there is none
 * @version: of the kernel's ABI; below 7, it knows nothing of @next
 * @next: commands that are chained to it
 * @nr_next: how many these are
 * @taken: it has been returned
 * @ended: the number of the command that has ended with channel end alone, or 0
 * @answers: the answers that were accepted, since fake_forget()
 * @nr_answers: how many these are
 * @done: how the commands have ended that were executed before the last answer's
 * @nr_done: how many these are
 * @calls: how many times KVM_CSS_UNIT_EXCHANGE was called
 * @waits: how many of these calls had KVM_CSS_EXCHANGE_WAIT
 * @agains: how many had KVM_CSS_EXCHANGE_AGAIN
 * @present: the unsolicited status that the process presents; its size is 0 if there is
 *	none
 * @end: the last device end that it presented for a command; likewise
 * @busy: KVM_CSS_BUSY_*
 * @fail: errno with which the next call ends, whatever it is
 * @interrupt: a signal comes in the next call that waits, when its answers have
 *	been taken
 * @distort: change the next command that is returned
 * @answered: called when answers have been accepted, unless it is NULL
 * @idle: what the guest does while a call waits, and at the end of one that doesn't
 *	wait and returns nothing; false, or NULL: nothing, and a signal ends the waiting
 */
struct fake_unit {
	int fd;
	uint8_t *area;
	uint32_t size;
	uint32_t events;
	struct kvm_css_command command;
	uint32_t version;
	struct kvm_css_command next[KVM_CSS_NEXT];
	uint32_t nr_next;
	bool taken;
	uint64_t ended;
	struct kvm_css_answer answers[FAKE_LOG];
	unsigned int nr_answers;
	struct kvm_css_done done[KVM_CSS_NEXT];
	uint32_t nr_done;
	unsigned int calls;
	unsigned int waits;
	unsigned int agains;
	struct kvm_css_present present;
	struct kvm_css_present end;
	uint32_t busy;
	int fail;
	bool interrupt;
	void (*distort)(struct kvm_css_command *command);
	void (*answered)(void);
	bool (*idle)(void);
};

extern struct fake_unit fake;

/*
 * Make the unit; its process begins to serve the device.  A unit before it that was
 * removed, and not closed, is a dead one from then on.
 */
int fake_open(uint32_t area);
/* The device is removed. */
void fake_remove(void);
/* End the fake, when the library has closed the descriptor. */
void fake_close(void);
/*
 * The guest issues a command.  Data are what it provides for a command that fetches;
 * NULL for zeros.
 */
uint64_t fake_command(uint8_t code, uint8_t flags, uint32_t count,
		      const void *data);
/*
 * Another command is chained to the last one, which goes on with it if @when, of
 * KVM_CSS_COMMAND_NEXT_*, says so.  Its data are in the area behind those before.
 */
uint64_t fake_chain(uint32_t when, uint8_t code, uint8_t flags, uint32_t count,
		    const void *data);
/* CLEAR SUBCHANNEL, and a reset of the VM */
void fake_clear(void);
void fake_reset(void);
/* HALT SUBCHANNEL */
void fake_halt(void);
/* The answer has taken too long. */
void fake_time_is_up(void);
/* The guest takes the status that the process presents. */
void fake_take_status(void);
/* Forget the answers and the calls. */
void fake_forget(void);

/* End a test that can't go on. */
void die(const char *what) __attribute__((noreturn));

#endif /* FAKE_UNIT_H */
