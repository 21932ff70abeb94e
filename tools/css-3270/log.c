// SPDX-License-Identifier: GPL-2.0
/*
 * The log, which is standard error.  Clients cause lines by coming and going, so there are
 * only so many of each display within a time, and then one that says how many are missing.
 */
#include <stdio.h>

#include "server.h"

#define LINES_MAX	100
#define MILLISECONDS	10000

static void print(const struct terminal *terminal, const char *what, const char *why)
{
	uint16_t schid, devno;
	uint8_t ssid;

	css_unit_place(terminal->unit, &ssid, &schid, &devno);
	fprintf(stderr, "css-3270: %s (0.%x.%04x): %s%s%s\n", terminal->name, ssid, devno,
		what, why ? ": " : "", why ? why : "");
}

void server_log(struct terminal *terminal, const char *what, const char *why)
{
	struct log_limit *limit = &terminal->log;
	uint64_t now = now_ms();
	char missing[64];

	if (now - limit->since >= MILLISECONDS) {
		if (limit->lines > LINES_MAX) {
			snprintf(missing, sizeof(missing), "%u lines are missing here",
				 limit->lines - LINES_MAX);
			print(terminal, missing, NULL);
		}
		*limit = (struct log_limit){ .since = now };
	}
	if (++limit->lines <= LINES_MAX)
		print(terminal, what, why);
}
