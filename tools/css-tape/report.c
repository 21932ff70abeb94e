// SPDX-License-Identifier: GPL-2.0
/* Lines for the journal: each begins with its priority, as sd-daemon(3) says. */
#include <stdarg.h>
#include <stdio.h>

#include "internal.h"

#define LINE_SIZE	1024

void report(enum level level, const struct drive *drive, const char *format, ...)
{
	char text[LINE_SIZE];
	va_list args;
	char *c;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	/* Names of files and what guests display must not make lines of their own. */
	for (c = text; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = '?';
	fprintf(stderr, "<%d>%s%s%s\n", level, drive ? drive->name : "", drive ? ": " : "", text);
}
