// SPDX-License-Identifier: GPL-2.0
/* Test results as KTAP on standard output */
#include <stdarg.h>
#include <stdio.h>

#include "host.h"
#include "ktap.h"

/* A case that takes longer says how long. */
#define SHORT_SECONDS	0.1

static unsigned int planned, ended, failed;

static struct {
	const char *name;
	double since;
	bool failed;
	bool skipped;
	char reason[256];
} running;

void ktap_plan(unsigned int nr)
{
	planned = nr;
	printf("KTAP version 1\n1..%u\n", nr);
	fflush(stdout);
}

void ktap_begin(const char *name)
{
	running.name = name;
	running.since = now();
	running.failed = false;
	running.skipped = false;
}

static void print_note(const char *format, va_list args)
{
	printf("# ");
	vprintf(format, args);
	printf("\n");
	fflush(stdout);
}

void ktap_note(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print_note(format, args);
	va_end(args);
}

void ktap_fail(const char *format, ...)
{
	va_list args;

	running.failed = true;
	va_start(args, format);
	print_note(format, args);
	va_end(args);
}

bool ktap_check(bool ok, const char *format, ...)
{
	va_list args;

	if (ok)
		return true;
	running.failed = true;
	va_start(args, format);
	print_note(format, args);
	va_end(args);
	return false;
}

void ktap_skip(const char *format, ...)
{
	va_list args;

	running.skipped = true;
	va_start(args, format);
	vsnprintf(running.reason, sizeof(running.reason), format, args);
	va_end(args);
}

void ktap_end(void)
{
	const double took = now() - running.since;

	if (took > SHORT_SECONDS)
		ktap_note("%.1f s", took);
	ended++;
	if (running.failed) {
		failed++;
		printf("not ok %u - %s\n", ended, running.name);
	} else if (running.skipped) {
		printf("ok %u - %s # SKIP %s\n", ended, running.name,
		       running.reason);
	} else {
		printf("ok %u - %s\n", ended, running.name);
	}
	fflush(stdout);
}

int ktap_status(void)
{
	if (ended != planned)
		ktap_note("%u tests planned, %u ran", planned, ended);
	return failed || ended != planned;
}

void ktap_cases(const struct ktap_case *cases, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		ktap_begin(cases[i].name);
		if (cases[i].table && checks_itself())
			ktap_skip("a table of arguments; it runs on the stock kernels");
		else
			cases[i].fn();
		ktap_end();
	}
}
