// SPDX-License-Identifier: GPL-2.0
/*
 * What the kernel would say of KVM if one function had another prototype.
 *
 *	othertypes FUNCTION OTHER > FILE
 *
 * Prints the types of KVM as /sys/kernel/btf/kvm has them, but for FUNCTION, which gets
 * the prototype of OTHER.  "run" puts that in the place of /sys/kernel/btf/kvm
 * and expects that kvm_css refuses this KVM.
 */
#include <err.h>
#include <linux/btf.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KERNEL	"/sys/kernel/btf/vmlinux"
#define KVM	"/sys/kernel/btf/kvm"

/* A file in /sys/kernel/btf */
struct types {
	struct btf_header *header;
	size_t size;
};

static struct types load(const char *path)
{
	FILE *file = fopen(path, "r");
	struct types types = { 0 };
	size_t room = 1 << 20, got;

	if (!file)
		err(2, "%s", path);
	types.header = malloc(room);
	while (types.header &&
	       (got = fread((char *)types.header + types.size, 1,
			    room - types.size, file))) {
		types.size += got;
		if (types.size == room)
			types.header = realloc(types.header, room *= 2);
	}
	if (!types.header || ferror(file) ||
	    types.size < offsetof(struct btf_header, str_len) + 4)
		errx(2, "%s: expected types, found %zu bytes", path, types.size);
	fclose(file);
	return types;
}

static size_t length(const struct btf_type *type)
{
	size_t vlen = type->info & 0xffff;

	switch (type->info >> 24 & 0x1f) {
	case BTF_KIND_INT:
	case BTF_KIND_VAR:
	case BTF_KIND_DECL_TAG:
		return sizeof(*type) + 4;
	case BTF_KIND_ARRAY:
		return sizeof(*type) + sizeof(struct btf_array);
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
	case BTF_KIND_ENUM64:
	case BTF_KIND_DATASEC:
		return sizeof(*type) + vlen * 12;
	case BTF_KIND_ENUM:
	case BTF_KIND_FUNC_PROTO:
		return sizeof(*type) + vlen * 8;
	default:
		return sizeof(*type);
	}
}

/* Find a function; its name is behind the strings of the kernel. */
static struct btf_type *function(struct types kvm, size_t strings_before,
				 const char *name)
{
	char *sections = (char *)kvm.header + kvm.header->hdr_len;
	const char *strings = sections + kvm.header->str_off;
	char *at = sections + kvm.header->type_off;
	char *end = at + kvm.header->type_len;
	struct btf_type *type;

	for (; at < end; at += length(type)) {
		type = (void *)at;
		if ((type->info >> 24 & 0x1f) == BTF_KIND_FUNC &&
		    type->name_off >= strings_before &&
		    !strcmp(strings + type->name_off - strings_before, name))
			return type;
	}
	errx(2, "expected the function %s in %s, found none", name, KVM);
}

int main(int argc, char **argv)
{
	struct types kernel, kvm;
	size_t before;

	if (argc != 3)
		errx(2, "usage: othertypes FUNCTION OTHER > FILE");
	kernel = load(KERNEL);
	kvm = load(KVM);
	before = kernel.header->str_len;
	function(kvm, before, argv[1])->type =
		function(kvm, before, argv[2])->type;
	if (fwrite(kvm.header, kvm.size, 1, stdout) != 1 || fflush(stdout))
		err(2, "standard output");
	return 0;
}
