// SPDX-License-Identifier: GPL-2.0
/* Numbers as people write them */
#include <ctype.h>

#include "cssctl.h"

/*
 * Parse a hexadecimal number with at most as many digits as max has, with or
 * without 0x.
 */
bool parse_hex(const char *text, unsigned long max, unsigned long *value)
{
	unsigned long digits = 0, most = 0, sum = 0, rest;

	for (rest = max; rest; rest >>= 4)
		most++;
	if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X'))
		text += 2;
	for (; isxdigit((unsigned char)*text); text++) {
		int c = tolower((unsigned char)*text);

		if (++digits > most)
			return false;
		sum = sum << 4 | (isdigit(c) ? c - '0' : c - 'a' + 10);
	}
	if (*text || !digits || sum > max)
		return false;
	*value = sum;
	return true;
}

bool parse_decimal(const char *text, uint64_t max, uint64_t *value)
{
	uint64_t sum = 0;

	if (!*text)
		return false;
	for (; isdigit((unsigned char)*text); text++) {
		unsigned int digit = *text - '0';

		if (sum > (max - digit) / 10)
			return false;
		sum = sum * 10 + digit;
	}
	if (*text)
		return false;
	*value = sum;
	return true;
}

/* Parse 0.SSID.SCHID. */
bool parse_sid(const char *text, struct sid *sid)
{
	unsigned long schid;

	if (strncmp(text, "0.", 2) || text[2] < '0' ||
	    text[2] >= '0' + CSS_SETS || text[3] != '.')
		return false;
	/* The last part may not begin with 0x. */
	if (!isxdigit((unsigned char)text[4]) || strpbrk(text, "xX") ||
	    !parse_hex(text + 4, 0xffff, &schid))
		return false;
	sid->ssid = text[2] - '0';
	sid->schid = schid;
	return true;
}

const char *sid_name(struct sid sid, char *name)
{
	snprintf(name, SID_NAME_SIZE, "0.%x.%04x", sid.ssid, sid.schid);
	return name;
}

/* Go on to the next number; false if there is none. */
bool sid_next(struct sid *sid)
{
	return ++sid->schid || ++sid->ssid < CSS_SETS;
}
