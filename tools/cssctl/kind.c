// SPDX-License-Identifier: GPL-2.0
/* The table of the kinds of devices */
#include "cssctl.h"

#define KIND_ENTRY(kind)	&kind_##kind,

static const struct device_kind *const kinds[] = { DEVICE_KINDS(KIND_ENTRY) };

/* A number without a device, about which there is nothing else to say */
static const struct device_kind no_device = {
	.name = "none",
	.noun = "device",
	.type = KVM_CSS_TYPE_NONE,
};

/* A type that this program doesn't know, because the module is newer */
static const struct device_kind unknown_device = {
	.name = "unknown",
	.noun = "device",
};

/* Return a kind by its place in the table; NULL behind the last one. */
const struct device_kind *kind_nr(unsigned int nr)
{
	return nr < ARRAY_SIZE(kinds) ? kinds[nr] : NULL;
}

const struct device_kind *kind_of(uint32_t type)
{
	unsigned int i;

	if (type == KVM_CSS_TYPE_NONE)
		return &no_device;
	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (kinds[i]->type == type)
			return kinds[i];
	return &unknown_device;
}

/* Return the kind of this name; NULL if there is none. */
const struct device_kind *kind_named(const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (!strcmp(kinds[i]->name, name))
			return kinds[i];
	return NULL;
}

bool kind_has(const struct device_kind *kind, const struct kind_option *option)
{
	const struct kind_option *const *at = kind->options;

	for (; at && *at; at++)
		if (*at == option)
			return true;
	return false;
}

static bool is_before(unsigned int nr, const struct kind_option *option)
{
	while (nr--)
		if (kind_has(kinds[nr], option))
			return true;
	return false;
}

/*
 * Return an option by its place among those of all kinds, each counted once;
 * NULL behind the last one.
 */
const struct kind_option *kind_option(unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		const struct kind_option *const *at = kinds[i]->options;

		for (; at && *at; at++)
			if (!is_before(i, *at) && !nr--)
				return *at;
	}
	return NULL;
}

/* The width of a column with names of kinds */
int kind_width(void)
{
	int width = strlen(no_device.name);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if ((int)strlen(kinds[i]->name) > width)
			width = strlen(kinds[i]->name);
	return width;
}

/* Return the values that --type may have, with NULL behind the last one. */
const char *const *kind_names(void)
{
	static const char *names[ARRAY_SIZE(kinds) + 1];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		names[i] = kinds[i]->name;
	return names;
}

/* Return what the help says of --type. */
const char *kind_titles(void)
{
	static char titles[512];
	size_t length = 0;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(kinds) && length < sizeof(titles); i++)
		length += snprintf(titles + length, sizeof(titles) - length,
				   "%s%s: %s%s", i ? "; " : "",
				   kinds[i]->name, kinds[i]->title,
				   i ? "" : " (default)");
	return titles;
}
