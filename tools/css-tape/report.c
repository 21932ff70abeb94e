// SPDX-License-Identifier: GPL-2.0
/*
 * Lines for the journal: each begins with its priority, as sd-daemon(3) says.
 *
 * Guests can cause lines, by a tape that can't be read for example.  So there are only so
 * many within a time, and then one that says how many are missing.
 */
#include <stdarg.h>
#include <stdio.h>
#include <time.h>

#include "internal.h"

#define LINE_SIZE	1024
#define LINES_MAX	100
#define SECONDS		10

static struct {
	time_t since;
	unsigned int lines;
} limit;

static bool allowed(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	if (now.tv_sec - limit.since >= SECONDS) {
		if (limit.lines > LINES_MAX)
			fprintf(stderr, "<%d>%u lines are missing here\n", LEVEL_WARNING,
				limit.lines - LINES_MAX);
		limit.since = now.tv_sec;
		limit.lines = 0;
	}
	return ++limit.lines <= LINES_MAX;
}

void report(enum level level, const struct drive *drive, const char *format, ...)
{
	char text[LINE_SIZE];
	va_list args;
	char *c;

	if (!allowed())
		return;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	/* Names of files and what guests display must not make lines of their own. */
	for (c = text; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = '?';
	fprintf(stderr, "<%d>%s%s%s\n", level, drive ? drive->name : "", drive ? ": " : "", text);
}
