// SPDX-License-Identifier: GPL-2.0
/* Messages on stderr, and the end of the program */
#include <stdarg.h>

#include "cssctl.h"

#define MESSAGE_SIZE		4096

char error_where[512];

static void print_message(const char *kind, const char *message)
{
	fflush(stdout);
	fprintf(stderr, "cssctl: %s%s", error_where, kind);
	put_text(stderr, message);
	fputc('\n', stderr);
}

/* Tell the caller something that is no error. */
void note(const char *format, ...)
{
	char message[MESSAGE_SIZE];
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	print_message("note: ", message);
}

/* Make what has been printed so far a complete JSON document. */
static void json_error(int status, const char *message)
{
	if (json_depth())
		json_end_to(1);
	else
		json_object(NULL);
	json_object("error");
	json_number("status", status);
	json_string("message", message);
	json_end();
	json_end();
}

void fail(int status, const char *format, ...)
{
	char message[MESSAGE_SIZE];
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	print_message("", message);
	if (json_wanted)
		json_error(status, message);
	fflush(stdout);
	exit(status);
}

void out_of_memory(void)
{
	fail(STATUS_FAILED, "expected memory, found none left");
}

/* End with an error if the output could not be written completely. */
void finish(void)
{
	if (fflush(stdout) || ferror(stdout)) {
		json_wanted = false;
		fail(STATUS_FAILED, "expected to write to stdout, found: %s",
		     strerror(errno));
	}
}
