// SPDX-License-Identifier: GPL-2.0
/*
 * Lines for the journal: each begins with its priority, as sd-daemon(3) says.
 *
 * Guests can cause lines, by a tape that can't be read for example.  So there are only so
 * many of each drive within a time, and then one that says how many are missing.  One
 * guest can't use up what another one has.
 */
#include <stdarg.h>
#include <stdio.h>
#include <time.h>

#include "internal.h"

#define LINE_SIZE	1024
#define LINES_MAX	100
#define SECONDS		10

/* Of the lines that belong to no drive */
static struct log_limit common;

static void print(enum level level, const struct drive *drive, const char *text)
{
	fprintf(stderr, "<%d>%s%s%s\n", level, drive ? drive->name : "", drive ? ": " : "", text);
}

static bool allowed(struct drive *drive)
{
	struct log_limit *limit = drive ? &drive->log : &common;
	struct timespec now;
	char text[64];

	clock_gettime(CLOCK_MONOTONIC, &now);
	if (now.tv_sec - limit->since >= SECONDS) {
		if (limit->lines > LINES_MAX) {
			snprintf(text, sizeof(text), "%u lines are missing here",
				 limit->lines - LINES_MAX);
			print(LEVEL_WARNING, drive, text);
		}
		limit->since = now.tv_sec;
		limit->lines = 0;
	}
	return ++limit->lines <= LINES_MAX;
}

static void write_line(enum level level, const struct drive *drive, const char *format,
		       va_list args)
{
	char text[LINE_SIZE];
	char *c;

	vsnprintf(text, sizeof(text), format, args);
	/* Names of files and what guests display must not make lines of their own. */
	for (c = text; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = '?';
	print(level, drive, text);
}

void report(enum level level, struct drive *drive, const char *format, ...)
{
	va_list args;

	if (!allowed(drive))
		return;
	va_start(args, format);
	write_line(level, drive, format, args);
	va_end(args);
}

void report_always(enum level level, const struct drive *drive, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	write_line(level, drive, format, args);
	va_end(args);
}
