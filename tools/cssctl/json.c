// SPDX-License-Identifier: GPL-2.0
/* Print one JSON document on stdout, piece by piece. */
#include "cssctl.h"

#define DEPTH_MAX		8

bool json_wanted;

/* For each level that is open: how to end it, and whether it has a member */
static struct {
	char end;
	bool filled;
} levels[DEPTH_MAX];

static unsigned int depth;

unsigned int json_depth(void)
{
	return depth;
}

/*
 * Return the length of the UTF-8 character that the text begins with; 0 if it
 * is no valid character: a wrong byte, more bytes than needed, a surrogate, or
 * a number above 0x10ffff.
 */
static unsigned int utf8_length(const unsigned char *text)
{
	static const unsigned int least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned int length, code, i;

	if (text[0] < 0x80)
		return 1;
	if (text[0] < 0xc0 || text[0] > 0xf7)
		return 0;
	length = text[0] < 0xe0 ? 2 : text[0] < 0xf0 ? 3 : 4;
	code = text[0] & (0x7f >> length);
	for (i = 1; i < length; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (text[i] & 0x3f);
	}
	if (code < least[length] || code > 0x10ffff ||
	    (code >= 0xd800 && code <= 0xdfff))
		return 0;
	return length;
}

static void quote(const char *string)
{
	const unsigned char *text = (const unsigned char *)string;

	putchar('"');
	while (*text) {
		unsigned int length = utf8_length(text);

		if (*text == '"' || *text == '\\')
			printf("\\%c", *text);
		else if (*text < 0x20 || *text == 0x7f)
			printf("\\u%04x", *text);
		else if (!length)
			printf("\\ufffd");
		else
			fwrite(text, 1, length, stdout);
		text += length ? length : 1;
	}
	putchar('"');
}

static void begin(const char *key)
{
	unsigned int i;

	if (depth) {
		if (levels[depth - 1].filled)
			putchar(',');
		levels[depth - 1].filled = true;
		putchar('\n');
		for (i = 0; i < depth; i++)
			printf("  ");
	}
	if (key) {
		quote(key);
		printf(": ");
	}
}

static void open_level(const char *key, char start, char end)
{
	begin(key);
	putchar(start);
	if (depth == DEPTH_MAX)
		abort();
	levels[depth].end = end;
	levels[depth].filled = false;
	depth++;
}

void json_object(const char *key)
{
	open_level(key, '{', '}');
}

void json_array(const char *key)
{
	open_level(key, '[', ']');
}

void json_end(void)
{
	unsigned int i;

	depth--;
	if (levels[depth].filled) {
		putchar('\n');
		for (i = 0; i < depth; i++)
			printf("  ");
	}
	putchar(levels[depth].end);
	if (!depth)
		putchar('\n');
}

void json_end_to(unsigned int wanted)
{
	while (depth > wanted)
		json_end();
}

void json_string(const char *key, const char *text)
{
	begin(key);
	quote(text);
}

void json_number(const char *key, uint64_t value)
{
	begin(key);
	printf("%llu", (unsigned long long)value);
}

void json_rate(const char *key, double value)
{
	begin(key);
	printf("%.1f", value);
}

void json_hex(const char *key, unsigned int digits, uint64_t value)
{
	begin(key);
	printf("\"%0*llx\"", (int)digits, (unsigned long long)value);
}

void json_bytes(const char *key, const void *bytes, size_t size)
{
	const unsigned char *at = bytes;

	begin(key);
	putchar('"');
	while (size--)
		printf("%02x", *at++);
	putchar('"');
}

void json_bool(const char *key, bool value)
{
	begin(key);
	printf("%s", value ? "true" : "false");
}

void json_null(const char *key)
{
	begin(key);
	printf("null");
}

/*
 * Print text for people.  Characters that a terminal might take for a command
 * are printed in octal.
 */
void put_text(FILE *stream, const char *string)
{
	const unsigned char *text = (const unsigned char *)string;

	for (; *text; text++) {
		/*
		 * Behind a byte 0xc2, these bytes are control characters as
		 * well.
		 */
		bool c1 = *text == 0xc2 && text[1] >= 0x80 && text[1] < 0xa0;
		unsigned int length = utf8_length(text);

		if (*text < 0x20 || *text == 0x7f || !length) {
			fprintf(stream, "\\%03o", *text);
		} else if (c1) {
			fprintf(stream, "\\%03o\\%03o", text[0], text[1]);
			text++;
		} else {
			fwrite(text, 1, length, stream);
			text += length - 1;
		}
	}
}
