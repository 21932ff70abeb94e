/* SPDX-License-Identifier: GPL-2.0 */
/*
 * For tests that call a terminal's operations: the unit only records what the
 * terminal does with it, and the clock stands still until a test sets it.
 */
#ifndef CSS_3270_RECORDER_H
#define CSS_3270_RECORDER_H

#include "css_user.h"

#define RECORDER_LOG		64

/**
 * struct recorder - what terminals have done with their units
 * @answers: the answers to commands that were to be answered later
 * @seqs: the numbers of these commands
 * @nr_answers: how many there are; those that had no room count, too
 * @presented: status that was presented
 * @nr_presented: how many; those that had no room count, too
 * @present_error: what css_unit_present() returns
 * @now: what now_ms() returns
 */
struct recorder {
	struct css_answer answers[RECORDER_LOG];
	uint64_t seqs[RECORDER_LOG];
	unsigned int nr_answers;
	uint8_t presented[RECORDER_LOG];
	unsigned int nr_presented;
	int present_error;
	uint64_t now;
};

extern struct recorder recorder;

struct server;

/**
 * recorder_turn() - serve all clients of a server once
 * @server: the server
 */
void recorder_turn(struct server *server);

#endif /* CSS_3270_RECORDER_H */
