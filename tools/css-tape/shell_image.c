// SPDX-License-Identifier: GPL-2.0
/*
 * For tests: tapes on files.  "set CALLS FIRST COUNT KIND" is fault_set(), which lets calls of
 * the host fail.
 */
#include <stdio.h>
#include <string.h>

#include "image_fault.h"
#include "shell_tape.h"

const char *shell_fault(const char *word, const char *rest)
{
	char calls[16], kind[16];
	unsigned int first, count;

	if (!strcmp(word, "set") &&
	    sscanf(rest, "%15s %u %u %15s", calls, &first, &count, kind) == 4 &&
	    fault_set(calls, first, count, kind))
		return "";
	return "what?";
}

/* "FILE [CAPACITY [WARNING]]": the file is made if there is none. */
enum tape_result shell_open(const char *name, struct tape_image **image)
{
	struct tape_options options = {};
	char path[256], message[TAPE_MESSAGE_SIZE];
	unsigned long long capacity = 0, warning = 0;
	enum tape_result result;

	if (sscanf(name, "%255s %llu %llu", path, &capacity, &warning) < 1)
		return TAPE_BAD_CALL;
	options.capacity = capacity;
	options.warning = warning;
	result = tape_image_open(path, &options, image, message);
	if (result != TAPE_OK) {
		options.create = true;
		result = tape_image_open(path, &options, image, message);
	}
	return result;
}
