/* SPDX-License-Identifier: GPL-2.0 */
/* What the files of cssctl share */
#ifndef CSSCTL_H
#define CSSCTL_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include <linux/kvm_css.h>
#include <kvm_css/version.h>

#include "kind.h"

/* The version of the ABI that brought KVM_CSS_FBA_WRITEBACK and KVM_CSS_FBA_DIRECT */
#define CSSCTL_ABI		5
#define CSS_DEV			"/dev/kvm-css"
#define CSS_SETS		4

#define ARRAY_SIZE(x)		(sizeof(x) / sizeof((x)[0]))

/* Exit statuses */
enum {
	STATUS_GOOD = 0,
	STATUS_FAILED = 1,
	STATUS_USAGE = 2,
	STATUS_NO_VM = 3,
	STATUS_NO_CSS = 4,
	STATUS_NO_SUBCHANNEL = 5,
};

/* --- error.c --- */

/*
 * What messages begin with: the file and the line that cssctl is working on.
 * Empty when it isn't working on a line.
 */
extern char error_where[];

void note(const char *format, ...) __attribute__((format(printf, 1, 2)));
void fail(int status, const char *format, ...)
	__attribute__((noreturn, format(printf, 2, 3)));
void out_of_memory(void) __attribute__((noreturn));
void finish(void);

/* --- id.c --- */

struct sid {
	uint8_t ssid;
	uint16_t schid;
};

/* How many bytes sid_name() writes at most */
#define SID_NAME_SIZE		16

bool parse_sid(const char *text, struct sid *sid);
bool parse_hex(const char *text, unsigned long max, unsigned long *value);
bool parse_decimal(const char *text, uint64_t max, uint64_t *value);
const char *sid_name(struct sid sid, char *name);
bool sid_next(struct sid *sid);

/* --- json.c --- */

extern bool json_wanted;

void json_object(const char *key);
void json_array(const char *key);
void json_end(void);
void json_end_to(unsigned int depth);
unsigned int json_depth(void);
void json_string(const char *key, const char *text);
void json_number(const char *key, uint64_t value);
void json_rate(const char *key, double value);
void json_hex(const char *key, unsigned int digits, uint64_t value);
void json_bytes(const char *key, const void *bytes, size_t size);
void json_bool(const char *key, bool value);
void json_null(const char *key);
void put_text(FILE *stream, const char *text);

/* --- options.c --- */

enum option_id {
	OPT_HELP = 256,
	OPT_JSON,
	OPT_PID,
	OPT_PIDFILE,
	OPT_VM_FD,
	OPT_ID,
	OPT_BACKING,
	OPT_TYPE,
	OPT_DEVNO,
	OPT_CHPID,
	OPT_KINDS,		/* the options of all kinds of devices */
	OPT_NO_REPORT,
	OPT_VACATE,
	OPT_GONE,
	OPT_ALL,
	OPT_WAIT,
	OPT_QMP,
	OPT_QTREE,
	OPT_SOCKET,
	OPT_TEXT,
	OPT_TAKE,
	OPT_REPLY,
};

/* The longest time that a program may be given to reply, in seconds */
#define REPLY_MAX		86400

#define OPT_BIT(id)		(1U << ((id) - OPT_HELP))

/*
 * A subchannel that is wanted, as the options of "add" describe it.  How a
 * backing is to be opened is the same for all kinds that have one.
 */
struct wanted {
	const struct device_kind *kind;
	uint64_t kind_given;	/* bit n: the option kind_option(n) was given */
	const char *backing;
	unsigned long devno;
	unsigned long chpid;
	struct sid sid;
	bool sid_given;
	bool devno_given;
	bool chpid_given;
	bool readonly;
	bool direct;		/* with O_DIRECT */
	bool writeback;		/* what is written may stay in the host's caches */
	bool cache_given;	/* --cache has set @direct and @writeback */
	bool share;
	bool no_report;
	const char *serve;	/* socket of the program that is to serve it */
	const char *text;	/* what that program is told */
	unsigned int reply;	/* how long it may take to reply; 0: as usual */
	struct kvm_css_device device;	/* what the kind's options have set */
};

struct options {
	uint32_t given;		/* OPT_BIT() of the options that were given */
	pid_t pid;
	const char *pidfile;
	int vm_fd;
	uint64_t wait;
	const char *qmp;	/* path of QEMU's monitor */
	const char *qtree;	/* or of a file with what QEMU has printed */
	const char *socket;	/* of the program that is to serve a device */
	const char *text;	/* what that program is told */
	unsigned int reply;	/* how long it may take to reply; 0: as usual */
	struct wanted wanted;
	int nr_words;
	char **words;		/* the words that are no options */
};

struct command {
	const char *name;
	const char *words;	/* what words may follow the options */
	const char *does;
	const char *more;
	uint32_t options;
	uint32_t needs;
	int max_words;
	int (*run)(struct options *options);
};

void parse_options(const struct command *command, int argc, char **argv,
		   struct options *options);
void command_help(const struct command *command);
void command_complete(const struct command *command, const char *before);
void option_bad(const char *option, const char *expected, const char *found)
	__attribute__((noreturn));
uint64_t option_decimal(const char *option, const char *text, uint64_t min,
			uint64_t max);
unsigned int option_choice(const char *option, const char *text,
			   const char *const *choices);

static inline bool given(const struct options *options, enum option_id id)
{
	return options->given & OPT_BIT(id);
}

/* --- vm.c --- */

#define VMS_MAX			64

/* A VM of a process */
struct vm {
	int number;		/* its descriptor in that process */
	int fd;			/* our copy of that descriptor */
};

int vm_process(pid_t pid);
int vm_find(pid_t pid, int pidfd, int wanted, struct vm *vms);
void vm_close(struct vm *vms, int nr);
int vm_get(pid_t pid, int pidfd, int number);
bool vm_ended(int pidfd);
void vm_name(pid_t pid, char *name, size_t size);
pid_t vm_pid(struct options *options);
bool each_process(bool (*fn)(pid_t pid, void *arg), void *arg);

/* --- rights.c --- */

const char *rights_missing(void);

/* --- css.c --- */

/* What a descriptor of a channel subsystem is used for */
enum css_use {
	CSS_OWN,	/* to change it; the descriptor keeps it and the VM */
	CSS_LOOK,	/* only to look; the descriptor keeps nothing */
};

/* How far css_walk() has come; zeros before its first call */
struct walk {
	struct sid at;
	bool ended;
};

int css_device(void);
void css_fail_none(pid_t pid) __attribute__((noreturn));
int css_open(int dev, int vm_fd, enum css_use use);
int css_create(struct options *options, bool may_exist);
int css_of(struct options *options, enum css_use use);
int css_of_vm(const struct options *options, int vm_fd, enum css_use use);
int css_query(int css, struct sid sid, uint32_t flags,
	      struct kvm_css_query *query);
int css_walk(int css, struct walk *walk, uint32_t flags,
	     struct kvm_css_query *query);
int css_get_device(int css, struct sid sid, struct kvm_css_device *device);

/* --- describe.c --- */

void describe(int css, const struct kvm_css_query *query,
	      struct kvm_css_device *device);
struct sid query_sid(const struct kvm_css_query *query);
void json_subchannel(const struct kvm_css_query *query,
		     const struct kvm_css_device *device);
bool schib_enabled(const struct kvm_css_query *query);

/* --- backing.c --- */

int backing_open(const struct wanted *wanted);
bool backing_size(const struct wanted *wanted, int fd, uint64_t *bytes);
void backing_explain_direct(const struct wanted *wanted, int fd, size_t block);

/* --- lock.c --- */

void image_lock(const struct wanted *wanted, int fd);

/* --- holder.c --- */

/* How many bytes holder_of() writes at most */
#define HOLDER_SIZE		128

void holder_of(const char *path, int fd, off_t byte, char *who);

/* --- qmp.c --- */

char *qmp_hmp(const char *path, pid_t pid, const char *line);

/* --- neighbours.c --- */

#define NEIGHBOUR_NAME_SIZE	64

/* A subchannel of the VMM's.  Its number is only known if the VMM was asked. */
struct neighbour {
	struct sid sid;
	uint16_t devno;
	bool has_sid;
	bool has_devno;
	char name[NEIGHBOUR_NAME_SIZE];
};

struct neighbours {
	struct neighbour *of;
	unsigned int nr;
	bool complete;		/* the VMM was asked, so there are no others */
};

void neighbours_learn(struct neighbours *all, const struct options *options);
bool neighbours_in_set(const struct neighbours *all, uint8_t ssid);
const struct neighbour *neighbour_at(const struct neighbours *all,
				     struct sid sid);
const struct neighbour *neighbour_with(const struct neighbours *all,
				       uint8_t ssid, uint16_t devno);
bool neighbour_hidden(const struct neighbour *one, int css);
void neighbours_note_hidden(const struct neighbours *all, int css);

/* --- numbers.c --- */

/* Sets whose bit in not_these is one aren't chosen. */
bool choose_sid(int css, const struct neighbours *all, unsigned int not_these,
		struct sid *sid);
uint16_t choose_devno(int css, const struct neighbours *all, struct sid sid);
void check_sid(const struct neighbours *all, struct sid sid);
void check_devno(int css, const struct neighbours *all, struct sid sid,
		 uint16_t devno);
void note_place(int css, const struct neighbours *all, struct sid sid,
		bool chosen);

/* --- serve.c --- */

int serve_unit(int css, struct sid sid, bool take);
int serve_connect(const char *path, unsigned int seconds);
const char *serve_pass(int socket, int unit, const char *text);
void serve_fail(const char *path, struct sid sid, const char *reason)
	__attribute__((noreturn));

/* --- remove.c --- */

bool must_vacate(int css, struct sid sid);
void remove_subchannel(int css, struct sid sid, bool vacate, bool no_report);

/* --- add.c --- */

struct sid add_subchannel(int css, const struct neighbours *all,
			  const struct wanted *wanted);

/* --- the commands, one in each file --- */

int run_attach(struct options *options);
int run_detach(struct options *options);
int run_reset(struct options *options);
int run_add(struct options *options);
int run_remove(struct options *options);
int run_list(struct options *options);
int run_show(struct options *options);
int run_stat(struct options *options);
int run_apply(struct options *options);
int run_serve(struct options *options);
int run_tape(struct options *options);
int run_create(struct options *options);
int run_version(struct options *options);

extern const struct command add_command;

#endif /* CSSCTL_H */
