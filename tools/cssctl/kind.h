/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Kinds of devices: what cssctl needs to know of a KVM_CSS_TYPE_*.
 *
 * A kind is one file, kind_NAME.c, with one struct device_kind, and one line of
 * DEVICE_KINDS.  Documentation/adding-a-device.rst goes through it.
 */
#ifndef CSSCTL_KIND_H
#define CSSCTL_KIND_H

#include <stdbool.h>
#include <stdint.h>

#include <linux/kvm_css.h>

struct wanted;

/**
 * struct kind_option - an option of "cssctl add" that only some kinds have
 * @name:	without the two dashes
 * @value:	what its value is called in the help; NULL if it takes none.  After
 *		FILE and SOCKET the shell completes names of files.
 * @does:	what it does, for the help
 * @choices:	the values that it may have, and NULL behind the last; NULL when
 *		they can't be listed
 * @set:	keep the value in &wanted.device, or end with a usage error
 *
 * An option that two kinds have is the same object in both of their lists.
 */
struct kind_option {
	const char *name;
	const char *value;
	const char *does;
	const char *const *choices;
	void (*set)(struct wanted *wanted, const char *text);
};

/**
 * struct device_kind - a kind of device
 * @name:	what --type calls it
 * @title:	what it is, in the help of --type
 * @noun:	the same in a word or two, without an article, for messages
 * @type:	KVM_CSS_TYPE_*
 * @on_backing:	its contents are in the file or block device that --backing
 *		names, which is opened and locked for it
 * @options:	its options beside --backing, and NULL behind the last
 * @argument:	complete the argument of KVM_CSS_ADD, which holds what @options
 *		have set.  @fd is the backing, or -1.
 * @check:	end with a usage error if the options together are wrong, or one is
 *		missing
 * @explain:	find out why the module has refused @fd with EINVAL, and end with
 *		an error that says so; return when nothing is found
 * @refused:	end with an error that says why the module has refused the device with
 *		this errno; return when it means what it means for every kind
 * @is:		whether the device can be the wanted one, for kinds that have another
 *		mark than their backing
 * @differs:	return the name of the first option that the device doesn't
 *		agree with; NULL if it agrees with all
 * @blocks:	how many blocks it has, for "list"
 * @brief:	print what "list" has of it in the column of the backing
 * @say:	print what "add" says of it behind its type, on the same line
 * @print:	print the lines that "show" has of it
 * @json:	its members in the JSON of every command
 * @json_show:	further ones in the JSON of "show"
 *
 * All functions but @argument may be NULL, and so may @options.
 */
struct device_kind {
	const char *name;
	const char *title;
	const char *noun;
	uint32_t type;
	bool on_backing;
	const struct kind_option *const *options;
	void (*argument)(const struct wanted *wanted, int fd,
			 struct kvm_css_device *device);
	void (*check)(const struct wanted *wanted);
	void (*explain)(const struct wanted *wanted, int fd);
	void (*refused)(const struct wanted *wanted, int error);
	bool (*is)(const struct wanted *wanted,
		   const struct kvm_css_device *device);
	const char *(*differs)(const struct wanted *wanted,
			       const struct kvm_css_device *device);
	uint64_t (*blocks)(const struct kvm_css_device *device);
	void (*brief)(const struct kvm_css_device *device);
	void (*say)(const struct kvm_css_device *device);
	void (*print)(const struct kvm_css_device *device);
	void (*json)(const struct kvm_css_device *device);
	void (*json_show)(const struct kvm_css_device *device);
};

/* The kinds, one line for each.  The first one is the default of --type. */
#define DEVICE_KINDS(KIND) \
	KIND(fba) \
	KIND(eckd) \
	KIND(test) \
	KIND(user) \
	KIND(passthrough)

#define DECLARE_KIND(kind)	extern const struct device_kind kind_##kind;
DEVICE_KINDS(DECLARE_KIND)

/* --- kind.c --- */

const struct device_kind *kind_nr(unsigned int nr);
const struct device_kind *kind_of(uint32_t type);
const struct device_kind *kind_named(const char *name);
const struct kind_option *kind_option(unsigned int nr);
bool kind_has(const struct device_kind *kind, const struct kind_option *option);
const char *const *kind_names(void);
const char *kind_titles(void);
int kind_width(void);

/* --- backing.c --- */

/* Options for all kinds on a backing */
extern const struct kind_option backing_readonly;
extern const struct kind_option backing_direct;
extern const struct kind_option backing_share;

extern const struct kind_option backing_cache;

/* The values of --cache, which are those of QEMU's cache= */
enum cache {
	CACHE_DIRECT = 1,	/* O_DIRECT */
	CACHE_WRITEBACK = 2,
};

enum cache cache_of(bool direct, bool writeback);
const char *cache_name(enum cache cache);

#endif /* CSSCTL_KIND_H */
