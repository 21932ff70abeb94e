/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The types of a kernel and of one of its modules, as /sys/kernel/btf has them.
 */
#ifndef _KVM_CSS_HOST_BTF_H
#define _KVM_CSS_HOST_BTF_H

#include <linux/types.h>

/**
 * struct btf_part - the types of the kernel, or those that a module adds
 * @data: the whole file
 * @types: the first type in it
 * @types_len: the length of all types, in bytes
 * @strings: the first string
 * @strings_len: the length of all strings, in bytes; the last byte is zero
 * @first: the number of the first type
 * @first_string: the number of the first byte of @strings
 * @nr: how many types there are
 * @offsets: where the types are, in bytes from @types
 */
struct btf_part {
	void *data;
	const void *types;
	u32 types_len;
	const char *strings;
	u32 strings_len;
	u32 first;
	u32 first_string;
	u32 nr;
	u32 *offsets;
};

/**
 * struct btf_view - the types that a module knows
 * @kernel: those of the kernel
 * @module: those that the module adds, which refer to those of the kernel; none if
 *	what is looked for is part of the kernel
 */
struct btf_view {
	struct btf_part kernel;
	struct btf_part module;
};

/**
 * struct btf_place - where a member of a structure is
 * @bit: in bits from the beginning of the structure
 * @size: in bytes
 */
struct btf_place {
	u32 bit;
	u32 size;
};

/**
 * btf_open() - read the types of the kernel and of a module
 * @view: filled in
 * @module: the name of the module, which is loaded or part of the kernel
 *
 * Context: may sleep.
 * Return: 0; -ENOENT when the kernel doesn't say; -EINVAL when what it says has a
 * format that isn't known; another errno when it can't be read.
 */
int btf_open(struct btf_view *view, const char *module);

/**
 * btf_close() - the counterpart of a successful btf_open()
 * @view: the types
 *
 * Context: may sleep.
 */
void btf_close(struct btf_view *view);

/**
 * btf_same_function() - has a function this prototype?
 * @view: the types
 * @name: its name
 * @type: what it returns, in C
 * @arguments: the types of its arguments, in C, separated by a comma and a blank;
 *	"void" if it has none
 *
 * A typedef is the same as what it stands for, and const doesn't matter.
 *
 * Context: any.
 * Return: whether it has; -ENOENT when there is no function of that name.
 */
int btf_same_function(const struct btf_view *view, const char *name,
		      const char *type, const char *arguments);

/**
 * btf_structure_size() - how long is a structure?
 * @view: the types
 * @name: its name
 *
 * Context: any.
 * Return: its length in bytes; -ENOENT when there is no such structure.
 */
int btf_structure_size(const struct btf_view *view, const char *name);

/**
 * btf_member() - where is a member of a structure?
 * @view: the types
 * @name: the name of the structure
 * @path: the names of the member and of the members that it is in, from the
 *	outside, with dots between them
 * @place: filled in
 *
 * Context: any.
 * Return: 0 or -ENOENT.
 */
int btf_member(const struct btf_view *view, const char *name, const char *path,
	       struct btf_place *place);

/**
 * btf_enumerator() - which value has an enumerator?
 * @view: the types
 * @name: the name of the enumeration
 * @enumerator: the name of the enumerator
 * @value: filled in
 *
 * Context: any.
 * Return: 0 or -ENOENT.
 */
int btf_enumerator(const struct btf_view *view, const char *name,
		   const char *enumerator, s32 *value);

#endif /* _KVM_CSS_HOST_BTF_H */
