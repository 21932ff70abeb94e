// SPDX-License-Identifier: GPL-2.0
/*
 * Reading the types of the kernel, in the BPF Type Format.
 *
 * Documentation/bpf/btf.rst of Linux describes the format.  The kernel itself has
 * functions that read it, but exports none that finds a type by its name.  So this
 * reads the files in /sys/kernel/btf, as programs do.
 *
 * Nothing is believed about the content but what is looked at: an offset, a
 * number or a length that leads out of the file finds nothing.
 */
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include <uapi/linux/btf.h>

#include "btf.h"

#define KERNEL_NAME	"vmlinux"

/* How many types may stand between a type and what it stands for */
#define MAX_DEPTH	16

static const struct btf_part *part_of(const struct btf_view *view, u32 id)
{
	return id < view->module.first ? &view->kernel : &view->module;
}

/* Return: NULL for void, and if there is no such type. */
static const struct btf_type *type_of(const struct btf_view *view, u32 id)
{
	const struct btf_part *part = part_of(view, id);

	if (!id || id - part->first >= part->nr)
		return NULL;
	return part->types + part->offsets[id - part->first];
}

static const char *string_of(const struct btf_view *view, u32 offset)
{
	const struct btf_part *part = offset < view->module.first_string ?
				      &view->kernel : &view->module;

	offset -= part->first_string;
	return offset < part->strings_len ? part->strings + offset : "";
}

static bool named(const struct btf_view *view, u32 offset, const char *name)
{
	return !strcmp(string_of(view, offset), name);
}

static u32 kind_of(const struct btf_type *type)
{
	return type ? BTF_INFO_KIND(type->info) : BTF_KIND_UNKN;
}

/*
 * The length of a type in the file, which the caller knows to have a whole struct
 * btf_type.
 * Return: 0 if the kind isn't known.
 */
static u64 length_of(const struct btf_type *type)
{
	u64 vlen = BTF_INFO_VLEN(type->info);

	switch (kind_of(type)) {
	case BTF_KIND_INT:
	case BTF_KIND_VAR:
	case BTF_KIND_DECL_TAG:
		return sizeof(*type) + sizeof(u32);
	case BTF_KIND_ARRAY:
		return sizeof(*type) + sizeof(struct btf_array);
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return sizeof(*type) + vlen * sizeof(struct btf_member);
	case BTF_KIND_ENUM:
		return sizeof(*type) + vlen * sizeof(struct btf_enum);
	case BTF_KIND_ENUM64:
		return sizeof(*type) + vlen * sizeof(struct btf_enum64);
	case BTF_KIND_FUNC_PROTO:
		return sizeof(*type) + vlen * sizeof(struct btf_param);
	case BTF_KIND_DATASEC:
		return sizeof(*type) + vlen * sizeof(struct btf_var_secinfo);
	case BTF_KIND_PTR:
	case BTF_KIND_FWD:
	case BTF_KIND_TYPEDEF:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_CONST:
	case BTF_KIND_RESTRICT:
	case BTF_KIND_FUNC:
	case BTF_KIND_FLOAT:
	case BTF_KIND_TYPE_TAG:
		return sizeof(*type);
	default:
		return 0;
	}
}

/*
 * Look at all types of a part, and note where they are if @offsets isn't NULL.
 * Return: how many there are, or -EINVAL.
 */
static int walk(const struct btf_part *part, u32 *offsets)
{
	u64 at = 0, length;
	u32 nr = 0;

	while (at < part->types_len) {
		if (part->types_len - at < sizeof(struct btf_type))
			return -EINVAL;
		length = length_of(part->types + at);
		if (!length || length > part->types_len - at)
			return -EINVAL;
		if (offsets)
			offsets[nr] = at;
		nr++;
		at += length;
	}
	return nr;
}

/* Find the sections of a file.  Return: 0 or -EINVAL. */
static int find_sections(struct btf_part *part, size_t size)
{
	const struct btf_header *header = part->data;
	u64 room;

	if (size < offsetofend(struct btf_header, str_len) ||
	    header->magic != BTF_MAGIC || header->version != BTF_VERSION ||
	    header->hdr_len > size)
		return -EINVAL;
	room = size - header->hdr_len;
	if ((u64)header->type_off + header->type_len > room ||
	    (u64)header->str_off + header->str_len > room ||
	    !IS_ALIGNED(header->hdr_len + header->type_off, sizeof(u32)))
		return -EINVAL;
	part->types = part->data + header->hdr_len + header->type_off;
	part->types_len = header->type_len;
	part->strings = part->data + header->hdr_len + header->str_off;
	part->strings_len = header->str_len;
	if (part->strings_len && part->strings[part->strings_len - 1])
		return -EINVAL;
	return 0;
}

static void close_part(struct btf_part *part)
{
	kvfree(part->offsets);
	vfree(part->data);
}

/*
 * Read a file as a whole.  kernel_read_file() would do, but each use that it knows
 * has rules that security modules make for it, and for an unknown one they warn.
 * Return: how long it is, or an errno.
 */
static ssize_t read_file(const char *path, void **data)
{
	struct file *file = filp_open(path, O_RDONLY, 0);
	loff_t size, at = 0;
	ssize_t rc;

	if (IS_ERR(file))
		return PTR_ERR(file);
	size = i_size_read(file_inode(file));
	*data = size > 0 && size <= INT_MAX ? vmalloc(size) : NULL;
	rc = *data ? 1 : -ENOMEM;
	while (rc > 0 && at < size)
		rc = kernel_read(file, *data + at, size - at, &at);
	filp_close(file, NULL);
	if (rc > 0)
		return size;
	vfree(*data);
	*data = NULL;
	return rc ?: -EIO;
}

static int open_part(struct btf_part *part, const char *name, u32 first,
		     u32 first_string)
{
	char path[64];
	ssize_t rc;

	*part = (struct btf_part){ .first = first,
				   .first_string = first_string };
	snprintf(path, sizeof(path), "/sys/kernel/btf/%s", name);
	rc = read_file(path, &part->data);
	if (rc < 0)
		return rc;
	rc = find_sections(part, rc);
	if (!rc)
		rc = walk(part, NULL);
	if (rc > 0) {
		part->nr = rc;
		part->offsets = kvmalloc_array(rc, sizeof(u32), GFP_KERNEL);
		rc = part->offsets ? walk(part, part->offsets) : -ENOMEM;
	}
	if (rc < 0)
		close_part(part);
	return min_t(ssize_t, rc, 0);
}

int btf_open(struct btf_view *view, const char *module)
{
	struct btf_part *kernel = &view->kernel;
	int rc;

	rc = open_part(kernel, KERNEL_NAME, 1, 0);
	if (rc)
		return rc;
	rc = open_part(&view->module, module, kernel->nr + 1,
		       kernel->strings_len);
	if (rc == -ENOENT)
		rc = 0;
	if (rc)
		close_part(kernel);
	return rc;
}

void btf_close(struct btf_view *view)
{
	close_part(&view->module);
	close_part(&view->kernel);
}

static const struct btf_type *find_in(const struct btf_view *view,
				      const struct btf_part *part,
				      const char *name, u32 kind)
{
	const struct btf_type *type;
	u32 i;

	for (i = 0; i < part->nr; i++) {
		type = part->types + part->offsets[i];
		if (kind_of(type) == kind && named(view, type->name_off, name))
			return type;
	}
	return NULL;
}

static const struct btf_type *find(const struct btf_view *view,
				   const char *name, u32 kind)
{
	return find_in(view, &view->module, name, kind) ?:
	       find_in(view, &view->kernel, name, kind);
}

/* What a typedef stands for, without const and so on */
static const struct btf_type *resolve(const struct btf_view *view, u32 id)
{
	const struct btf_type *type = type_of(view, id);
	int i;

	for (i = 0; i < MAX_DEPTH; i++) {
		switch (kind_of(type)) {
		case BTF_KIND_TYPEDEF:
		case BTF_KIND_VOLATILE:
		case BTF_KIND_CONST:
		case BTF_KIND_RESTRICT:
		case BTF_KIND_TYPE_TAG:
			type = type_of(view, type->type);
			break;
		default:
			return type;
		}
	}
	return NULL;
}

/* Prototypes */

/* The integers in prototypes */
static const struct {
	const char *name;
	u8 size;
	u8 encoding;
} integers[] = {
	{ "bool", 1, BTF_INT_BOOL },
	{ "u8", 1, 0 },
	{ "int", 4, BTF_INT_SIGNED },
	{ "u32", 4, 0 },
	{ "u64", 8, 0 },
	{ "unsigned long", 8, 0 },
	{ "gpa_t", 8, 0 },
	{ "gfn_t", 8, 0 },
};

static bool same_integer(const struct btf_type *type, const char *text,
			 size_t len)
{
	u32 encoding;
	int i;

	if (kind_of(type) != BTF_KIND_INT)
		return false;
	encoding = BTF_INT_ENCODING(*(const u32 *)(type + 1));
	for (i = 0; i < ARRAY_SIZE(integers); i++)
		if (strlen(integers[i].name) == len &&
		    !memcmp(integers[i].name, text, len))
			return type->size == integers[i].size &&
			       (encoding & ~BTF_INT_CHAR) ==
					integers[i].encoding;
	return false;
}

/* Skip a word and the blank behind it, if the text begins with it. */
static bool skip_word(const char **text, size_t *len, const char *word)
{
	size_t n = strlen(word);

	if (*len <= n || memcmp(*text, word, n) || (*text)[n] != ' ')
		return false;
	*text += n + 1;
	*len -= n + 1;
	return true;
}

static bool same_name(const struct btf_view *view, const struct btf_type *type,
		      const char *text, size_t len)
{
	const char *name = string_of(view, type->name_off);

	return strlen(name) == len && !memcmp(name, text, len);
}

/* Is a type what the text says in C? */
static bool same_type(const struct btf_view *view, u32 id, const char *text,
		      size_t len)
{
	const struct btf_type *type = resolve(view, id);

	skip_word(&text, &len, "const");
	while (len && text[len - 1] == '*') {
		if (kind_of(type) != BTF_KIND_PTR)
			return false;
		id = type->type;
		type = resolve(view, id);
		len--;
		while (len && text[len - 1] == ' ')
			len--;
	}
	if (skip_word(&text, &len, "struct"))
		return (kind_of(type) == BTF_KIND_STRUCT ||
			kind_of(type) == BTF_KIND_FWD) &&
		       same_name(view, type, text, len);
	if (skip_word(&text, &len, "enum"))
		return kind_of(type) == BTF_KIND_ENUM &&
		       same_name(view, type, text, len);
	if (len == strlen("void") && !memcmp(text, "void", len))
		return !type;
	return same_integer(type, text, len);
}

int btf_same_function(const struct btf_view *view, const char *name,
		      const char *type, const char *arguments)
{
	const struct btf_type *function = find(view, name, BTF_KIND_FUNC);
	const struct btf_param *param;
	const struct btf_type *proto;
	size_t len;
	u32 i;

	if (!function)
		return -ENOENT;
	proto = type_of(view, function->type);
	if (kind_of(proto) != BTF_KIND_FUNC_PROTO ||
	    !same_type(view, proto->type, type, strlen(type)))
		return false;
	param = (const void *)(proto + 1);
	if (!strcmp(arguments, "void"))
		return !BTF_INFO_VLEN(proto->info);
	for (i = 0; i < BTF_INFO_VLEN(proto->info); i++) {
		len = strcspn(arguments, ",");
		if (!same_type(view, param[i].type, arguments, len))
			return false;
		arguments += len;
		arguments += strspn(arguments, ", ");
	}
	return !*arguments;
}

/* Structures */

static u32 size_of(const struct btf_view *view, u32 id)
{
	const struct btf_type *type = resolve(view, id);
	const struct btf_array *array;
	u32 times = 1;
	int i;

	for (i = 0; i < MAX_DEPTH && kind_of(type) == BTF_KIND_ARRAY; i++) {
		array = (const void *)(type + 1);
		times *= array->nelems;
		type = resolve(view, array->type);
	}
	switch (kind_of(type)) {
	case BTF_KIND_PTR:
		return times * sizeof(void *);
	case BTF_KIND_INT:
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
	case BTF_KIND_FLOAT:
		return times * type->size;
	default:
		return 0;
	}
}

static bool is_structure(const struct btf_type *type)
{
	return kind_of(type) == BTF_KIND_STRUCT ||
	       kind_of(type) == BTF_KIND_UNION;
}

static u32 bit_of(const struct btf_type *type, const struct btf_member *member)
{
	return BTF_INFO_KFLAG(type->info) ?
	       BTF_MEMBER_BIT_OFFSET(member->offset) : member->offset;
}

/*
 * Find a member by its name, also in structures and unions without a name.
 * Return: its type, and its place added to *@bit; 0 if there is none.
 */
static u32 find_member(const struct btf_view *view, const struct btf_type *type,
		       const char *name, size_t len, u32 *bit, int depth)
{
	const struct btf_member *member = (const void *)(type + 1);
	u32 i, found, inside;

	for (i = 0; i < BTF_INFO_VLEN(type->info); i++, member++) {
		const char *its = string_of(view, member->name_off);
		const struct btf_type *inner;

		if (strlen(its) == len && !memcmp(its, name, len)) {
			*bit += bit_of(type, member);
			return member->type;
		}
		inner = resolve(view, member->type);
		if (*its || !is_structure(inner) || !depth)
			continue;
		inside = *bit + bit_of(type, member);
		found = find_member(view, inner, name, len, &inside, depth - 1);
		if (found) {
			*bit = inside;
			return found;
		}
	}
	return 0;
}

int btf_member(const struct btf_view *view, const char *name, const char *path,
	       struct btf_place *place)
{
	const struct btf_type *type = find(view, name, BTF_KIND_STRUCT);
	u32 id = 0;
	size_t len;

	place->bit = 0;
	while (*path) {
		if (!is_structure(type))
			return -ENOENT;
		len = strcspn(path, ".");
		id = find_member(view, type, path, len, &place->bit, MAX_DEPTH);
		if (!id)
			return -ENOENT;
		type = resolve(view, id);
		path += len;
		path += strspn(path, ".");
	}
	place->size = size_of(view, id);
	return 0;
}

int btf_structure_size(const struct btf_view *view, const char *name)
{
	const struct btf_type *type = find(view, name, BTF_KIND_STRUCT);

	return type ? type->size : -ENOENT;
}

int btf_enumerator(const struct btf_view *view, const char *name,
		   const char *enumerator, s32 *value)
{
	const struct btf_type *type = find(view, name, BTF_KIND_ENUM);
	const struct btf_enum *one;
	u32 i;

	if (!type)
		return -ENOENT;
	one = (const void *)(type + 1);
	for (i = 0; i < BTF_INFO_VLEN(type->info); i++)
		if (named(view, one[i].name_off, enumerator)) {
			*value = one[i].val;
			return 0;
		}
	return -ENOENT;
}
