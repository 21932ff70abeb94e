// SPDX-License-Identifier: GPL-2.0
/*
 * The log, which is standard error.
 */
#include <stdio.h>

#include "server.h"

void server_log(const struct terminal *terminal, const char *what, const char *why)
{
	uint16_t schid, devno;
	uint8_t ssid;

	css_unit_place(terminal->unit, &ssid, &schid, &devno);
	fprintf(stderr, "css-3270: %s (0.%x.%04x): %s%s%s\n", terminal->name, ssid, devno,
		what, why ? ": " : "", why ? why : "");
}
