/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * libcss-user: for programs that model a device of a KVM guest's channel subsystem.
 * Documentation/user-devices.rst says what the kernel does and what the program
 * does; css_user(3) describes each function.
 *
 * A program gets a unit, which is a file descriptor, from cssctl or another program
 * that may add devices.  It makes a struct css_unit of it, and gives that to
 * css_unit_run(), or calls css_unit_step() when poll() says that there is something
 * to do.  The library then calls the program's operations.
 *
 * css_unit_step(), css_unit_run() and css_unit_free() of a unit are called by one
 * thread at a time.
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
 * @seq: its number, for css_unit_answer() and css_unit_end()
 * @code: command code
 * @flags: CSS_CCW_*
 * @provided: the count of the CCW; the program provides more if data are chained
 * @available: for a command that takes data from the guest, how many bytes of them
 *	are in @data
 * @room: how many bytes @data has room for
 * @first: it is the first command of its channel program
 * @more: the program provides more data than @available, which the device can't have
 * @check: the channel subsystem has recognized a check behind @available.  A device
 *	that would take more than @available answers with a greater count, and the
 *	channel program ends with the check.
 * @issued: when the guest's program has come to it, in ns of CLOCK_MONOTONIC
 * @data: the data from the guest, or where data for the guest belong.  They are the
 *	program's until the command is answered, even if the answer is stale, or until
 *	@cleared or @reset has returned.  The guest never changes them.  For a read
 *	backward, the first byte is the one that the device reads first, which the
 *	guest finds at the highest address.
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
 *	taken from @data, or those for the guest that it has put there.  A device that
 *	has more for the guest than there is room for says how many, and puts the first
 *	of them there.
 * @immediate: it hasn't asked for data at all; without that, a count of 0 says that it
 *	has, and none have moved
 * @later: the command hasn't ended; the program calls css_unit_answer() for it, unless
 *	@cleared or @reset is called before.  The other members are not looked at.
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
 *	has ended.  If the guest has chained commands to it, this is called for them
 *	in turn, before the kernel is told how the first one has ended.  That is only
 *	so if nothing but that can let the guest's program go on or end.
 * @begin: this process begins to serve the device.  A device that is ready presents
 *	what it presents when it becomes ready, such as device end.
 * @cleared: CLEAR SUBCHANNEL has ended what the device was doing, status that has
 *	not been presented, and that it was busy
 * @reset: the VM has been reset; as @cleared, and the device forgets what commands
 *	have set
 * @halted: the guest has halted the operation that went on after channel end
 * @stop: the guest has halted the command that is to be answered later; answer it
 *	soon
 * @presented: the status of css_unit_present() has been presented.  That of
 *	css_unit_end() isn't told.
 * @sense3: sense byte 3 of the equipment check that takes the place of an answer that
 *	no control unit can give.  For a tape drive it is the ERA code, without which
 *	Linux takes a unit check for success (tape_34xx_unit_check()).
 *
 * All but @command may be NULL or zero.  @device is what css_unit_new() was given.
 */
struct css_device_ops {
	void (*command)(void *device, const struct css_command *command,
			struct css_answer *answer);
	void (*begin)(void *device);
	void (*cleared)(void *device);
	void (*reset)(void *device);
	void (*halted)(void *device);
	void (*stop)(void *device);
	void (*presented)(void *device);
	uint8_t sense3;
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

/* End a command normally that moves no data. */
static inline void css_end_immediate(struct css_answer *answer)
{
	answer->status = CSS_ENDED;
	answer->immediate = true;
}

/* End a command that isn't executed, with one sense byte. */
static inline void css_refuse(struct css_answer *answer, uint8_t sense)
{
	answer->status = CSS_UNIT_CHECK;
	answer->sense_len = 1;
	answer->sense[0] = sense;
}

/**
 * css_unit_new() - make a unit of a descriptor
 * @unit: where the unit is returned
 * @fd: the descriptor.  If the call succeeds it belongs to the unit, which sets
 *	its close-on-exec flag; otherwise it is as it was.
 * @ops: what the device does; only @command is needed
 * @device: what the operations are given
 *
 * Return: 0.  -ENODEV: the descriptor serves no device any more.  -ENOTTY: it is
 * no unit.  -ENOMEM, or another negative errno of ioctl() and mmap().
 */
int css_unit_new(struct css_unit **unit, int fd, const struct css_device_ops *ops,
		 void *device);

/**
 * css_unit_free() - close a unit; its device is served no more
 * @unit: the unit, or NULL.  Not to be called from its operations
 */
void css_unit_free(struct css_unit *unit);

/**
 * css_unit_fd() - return the descriptor, for poll() with POLLIN
 * @unit: the unit
 */
int css_unit_fd(const struct css_unit *unit);

/**
 * css_unit_place() - say where the device is
 * @unit: the unit
 * @ssid: written: subchannel set
 * @schid: written: subchannel number
 * @devno: written: device number
 */
void css_unit_place(const struct css_unit *unit, uint8_t *ssid, uint16_t *schid,
		    uint16_t *devno);

/**
 * css_unit_area() - return how many bytes a command can move at the most
 * @unit: the unit
 */
uint32_t css_unit_area(const struct css_unit *unit);

/**
 * css_unit_operation() - return the operation that another process has left
 * @unit: the unit
 *
 * It is for a program that goes on with a unit that another process has served; the
 * unit of a fresh KVM_CSS_SERVE has none.
 *
 * Return: the number for css_unit_end() of a command that was answered with channel end
 * without device end before css_unit_new(); 0 for none.
 */
uint64_t css_unit_operation(const struct css_unit *unit);

/**
 * css_unit_step() - do what is to be done now
 * @unit: the unit
 *
 * It doesn't wait, and executes one command at the most, with those that are chained
 * to it, so that a program with several units can give each of them a turn.  The first
 * call also executes the command that another process has left unanswered in the same
 * unit, if there is one.
 *
 * Return: 0.  -ENODEV: the unit serves no device any more.  -EINVAL: an
 * operation has given an answer that no control unit can give.  The guest was
 * told equipment check instead, and the program may go on.  -EPROTO: the kernel
 * is another one than this library knows.
 */
int css_unit_step(struct css_unit *unit);

/**
 * css_unit_run() - serve the device
 * @unit: the unit
 *
 * The same as css_unit_step(), but it waits for what is to be done, and goes on
 * with it.
 *
 * Return: -EINTR after a signal; the program may call it again.  Otherwise one of
 * the errors of css_unit_step().
 */
int css_unit_run(struct css_unit *unit);

/*
 * The functions that follow call no operation.  Operations and other threads may call
 * them.
 */

/**
 * css_unit_answer() - answer a command for which @later was set
 * @unit: the unit
 * @seq: the number of the command
 * @answer: how it has ended; its @later isn't looked at
 *
 * Return: 0.  -ESTALE: the command is over.  -EINVAL: no control unit can give
 * this answer, and the command is still to be answered.  -ENODEV as above.
 */
int css_unit_answer(struct css_unit *unit, uint64_t seq,
		    const struct css_answer *answer);

/**
 * css_unit_end() - present device end of a command that was answered with channel
 * end without device end
 * @unit: the unit
 * @seq: the number of the command
 * @status: device end, alone or with more
 * @sense: sense bytes; not looked at if there are none
 * @sense_len: how many sense bytes there are: 1 to 32 with unit check, otherwise 0
 *
 * Return: 0.  -ESTALE: the guest has halted or cleared the operation; @halted,
 * @cleared or @reset is called in the next step, or has been.  Or the kernel hasn't
 * been given the answer yet, because the command is the one that @command executes.
 * -EINVAL: no command can end with this status.  -ENODEV as above.
 */
int css_unit_end(struct css_unit *unit, uint64_t seq, uint8_t status,
		 const uint8_t *sense, uint8_t sense_len);

/**
 * css_unit_present() - present unsolicited status, such as attention
 * @unit: the unit
 * @status: device status
 * @sense: sense bytes; not looked at if there are none
 * @sense_len: how many sense bytes there are: 1 to 32 with unit check, otherwise 0
 *
 * What has not been presented yet is presented with it.
 *
 * Return: 0; @presented is called when the guest has the status.  -EBUSY: it can't
 * be presented together with what has not been presented yet, because both have
 * unit check.  -ESTALE: the device has been reset or cleared; @reset or @cleared
 * is called in the next step.  -EINVAL: no device can present this status.  -ENODEV
 * as above.
 */
int css_unit_present(struct css_unit *unit, uint8_t status, const uint8_t *sense,
		     uint8_t sense_len);

/**
 * css_unit_busy() - say whether a start function has to wait
 * @unit: the unit
 * @device: it has to, because the device is busy
 * @control_unit: or because its control unit is
 *
 * A reset, and CLEAR SUBCHANNEL, end it.
 *
 * Return: 0.  -ESTALE as with css_unit_present().  -ENODEV as above.
 */
int css_unit_busy(struct css_unit *unit, bool device, bool control_unit);

/*
 * How a program gets its units.  "cssctl serve -- PROGRAM" starts the program with
 * a unit.  Or the program listens on a UNIX socket (SOCK_SEQPACKET), and "cssctl
 * serve --socket" connects to it, sends it a unit and the text of --text, and waits
 * for the reply.
 */

/**
 * css_unit_inherited() - return the descriptor of the unit with which cssctl has
 * started this program
 *
 * It also removes CSS_UNIT from the environment.
 *
 * Return: the descriptor.  -ENOENT: this program has been started without one.
 * -EBADF: CSS_UNIT is no number.
 */
int css_unit_inherited(void);

/**
 * css_unit_receive() - receive a unit and its text
 * @socket: a connection that the program has accepted
 * @fd: where the descriptor is returned
 * @text: where the text is returned; it is cut off at @size - 1 bytes
 * @size: size of @text
 *
 * Whoever can connect to the socket can send any descriptor; css_unit_new() says
 * whether it is a unit.
 *
 * Return: 0.  -ENODATA: the other side has closed the connection.  -EBADMSG: there
 * isn't exactly one descriptor.  Or another negative errno of recvmsg().
 */
int css_unit_receive(int socket, int *fd, char *text, size_t size);

/**
 * css_unit_reply() - say whether this program serves the device
 * @socket: the connection from which the unit was received
 * @refusal: why it doesn't; NULL if it does
 *
 * Return: 0, or a negative errno of sendmsg().
 */
int css_unit_reply(int socket, const char *refusal);

/**
 * css_unit_send() - send a unit
 * @socket: a connection
 * @fd: the descriptor, which stays open here, too
 * @text: what the program is told; NULL for an empty text
 *
 * Return: 0, or a negative errno of sendmsg().
 */
int css_unit_send(int socket, int fd, const char *text);

/**
 * css_unit_replied() - receive what css_unit_reply() has said
 * @socket: the connection
 * @refusal: why the program doesn't serve the device; empty if it does.  It is cut
 *	off at @size - 1 bytes.
 * @size: size of @refusal
 *
 * Return: 0.  -ENODATA: the program has closed the connection and said nothing.
 * Or another negative errno of recvmsg(), such as -EAGAIN after SO_RCVTIMEO.
 */
int css_unit_replied(int socket, char *refusal, size_t size);

#ifdef __cplusplus
}
#endif

#endif /* CSS_USER_H */
