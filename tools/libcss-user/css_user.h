/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * libcss-user: for programs that model a device of a KVM guest's channel subsystem.
 * Documentation/user-devices.rst says what the kernel does and what the program
 * does; css_user(3) describes each function.
 *
 * A program gets a unit, which is a file descriptor, from cssctl or another program
 * that may add devices.  It makes a struct css_unit of it, and gives that to
 * css_unit_run(), or calls css_unit_step() when poll() says that there is something
 * to do.  The library then calls the program's operations, from which the program
 * may call css_unit_present(), css_unit_busy() and css_unit_answer().
 *
 * A struct css_unit is used by one thread at a time.  The functions return 0, or a
 * negative errno.
 */
#ifndef CSS_USER_H
#define CSS_USER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Device status */
#define CSS_ATTENTION		0x80
#define CSS_STATUS_MODIFIER	0x40
#define CSS_CONTROL_UNIT_END	0x20
#define CSS_BUSY		0x10
#define CSS_CHANNEL_END		0x08
#define CSS_DEVICE_END		0x04
#define CSS_UNIT_CHECK		0x02
#define CSS_UNIT_EXCEPTION	0x01
#define CSS_ENDED		(CSS_CHANNEL_END | CSS_DEVICE_END)

/* Flags of a CCW */
#define CSS_CCW_CHAIN_DATA	0x80
#define CSS_CCW_CHAIN_COMMAND	0x40
#define CSS_CCW_SLI		0x20

#define CSS_SENSE_SIZE		32

/**
 * struct css_command - a command of a channel program
 * @seq: its number, for css_unit_answer()
 * @code: command code
 * @flags: CSS_CCW_*
 * @provided: the count of the CCW; the program provides more if data are chained
 * @available: for a command that takes data from the guest, how many bytes of them
 *	are in @data
 * @first: it is the first command of its channel program
 * @more: the program provides more data than there is room for
 * @check: the channel subsystem has recognized a check behind @available.  A device
 *	that would take more than @available answers with a greater count, and the
 *	channel program ends with the check.
 * @room: how many bytes @data has room for
 * @issued: when the guest's program has come to it, in ns of CLOCK_MONOTONIC
 * @data: the data from the guest, or where data for the guest belong.  The guest
 *	can't change them, but this program's other threads can.
 */
struct css_command {
	uint64_t seq;
	uint8_t code;
	uint8_t flags;
	uint32_t provided;
	uint32_t available;
	uint32_t room;
	bool first;
	bool more;
	bool check;
	uint64_t issued;
	uint8_t *data;
};

/**
 * struct css_answer - how a command has ended
 * @status: device status
 * @sense_len: how many sense bytes there are: 1 to 32 with unit check, otherwise 0
 * @sense: the sense bytes
 * @count: how many bytes the device asks the channel to move: those that it has
 *	taken from @data, or those for the guest that it has put there
 * @immediate: it hasn't asked for data at all; without that, a count of 0 says that it
 *	has, and none have moved
 * @later: the command hasn't ended; the program calls css_unit_answer() for it
 */
struct css_answer {
	uint8_t status;
	uint8_t sense_len;
	uint8_t sense[CSS_SENSE_SIZE];
	uint32_t count;
	bool immediate;
	bool later;
};

/**
 * struct css_device_ops - a kind of device
 * @command: execute a command, and say in *@answer, which is zeros before, how it
 *	has ended
 * @begin: the unit begins to serve the device.  A device that has become ready
 *	presents that, for instance with device end.  May be NULL
 * @reset: the VM has been reset; forget what commands have set, the command
 *	that is to be answered later, and status that has not been presented.
 *	May be NULL
 * @cleared: the guest has cleared the subchannel; forget the command that is to be
 *	answered later, and status that has not been presented.  When this returns, the
 *	kernel may use the data of the command for the next one.  May be NULL
 * @halted: the guest has halted the operation that went on after channel end.
 *	May be NULL
 * @stop: the guest has halted the command that is to be answered later; answer it
 *	soon.  May be NULL
 * @presented: the status of css_unit_present() has been presented.  May be NULL.
 *	That of css_unit_end() isn't told.
 *
 * @device is what css_unit_new() was given.
 */
struct css_device_ops {
	void (*command)(void *device, const struct css_command *command,
			struct css_answer *answer);
	void (*begin)(void *device);
	void (*reset)(void *device);
	void (*cleared)(void *device);
	void (*halted)(void *device);
	void (*stop)(void *device);
	void (*presented)(void *device);
};

struct css_unit;

/* Does this command fetch data from the guest (write, control)? */
static inline bool css_command_fetches(uint8_t code)
{
	return code & 1;
}

/* End a command normally, with @count bytes moved. */
static inline void css_end(struct css_answer *answer, uint32_t count)
{
	answer->status = CSS_ENDED;
	answer->count = count;
}

/* Make a unit of a descriptor, which the unit owns from then on if this succeeds. */
int css_unit_new(struct css_unit **unit, int fd, const struct css_device_ops *ops,
		 void *device);
/* Close it; the device is served no more. */
void css_unit_free(struct css_unit *unit);

/* The descriptor, for poll() with POLLIN */
int css_unit_fd(const struct css_unit *unit);
/* Where the device is: subchannel set, subchannel number, device number */
void css_unit_place(const struct css_unit *unit, uint8_t *ssid, uint16_t *schid,
		    uint16_t *devno);
/* The most bytes that a command can move */
uint32_t css_unit_area(const struct css_unit *unit);

/* Do what is to be done now.  -ENODEV: the unit serves no device any more. */
int css_unit_step(struct css_unit *unit);
/* Serve until -ENODEV, or until another errno.  -EINTR after a signal. */
int css_unit_run(struct css_unit *unit);

/* Answer a command for which @later was set.  -ESTALE: it is over. */
int css_unit_answer(struct css_unit *unit, uint64_t seq,
		    const struct css_answer *answer);
/*
 * Device end of a command that has been answered with channel end without device end,
 * alone or with more.  -ESTALE: the guest has halted or cleared it; halted() or reset()
 * is called in the next step, or has been.
 */
int css_unit_end(struct css_unit *unit, uint64_t seq, uint8_t status,
		 const uint8_t *sense, uint8_t sense_len);
/*
 * Present unsolicited status, such as attention.  What has not been presented yet is
 * presented with it; -EBUSY if that can't be, because one of them has unit check.
 * -ESTALE: the device has been reset; reset() is called in the next step.
 */
int css_unit_present(struct css_unit *unit, uint8_t status, const uint8_t *sense,
		     uint8_t sense_len);
/* Say that the device is busy, its control unit is, or neither.  -ESTALE as above. */
int css_unit_busy(struct css_unit *unit, bool device, bool control_unit);

/*
 * Passing units: a program listens on a UNIX socket (SOCK_SEQPACKET), and cssctl
 * connects to it and sends units, each with the text of its --serve option.
 */

/* Receive a unit and its text, which is cut off at @size - 1 bytes. */
int css_unit_receive(int socket, int *fd, char *text, size_t size);
/* Send one. */
int css_unit_send(int socket, int fd, const char *text);

#ifdef __cplusplus
}
#endif

#endif /* CSS_USER_H */
