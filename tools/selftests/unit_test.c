// SPDX-License-Identifier: GPL-2.0
/* A test control unit in a process, see unit_test.h */
#include <string.h>

#include "unit_test.h"

#define COMMAND_REJECT	0x80

static u32 min(u32 a, u32 b)
{
	return a < b ? a : b;
}

/* What a device that takes so much asks for: a byte behind a check, too */
static u32 asked(const struct unit *unit, u32 len)
{
	if (unit->command.flags & KVM_CSS_COMMAND_CHECK)
		return min(len, unit->command.available + 1);
	return len;
}

static u8 *data_of(const struct unit *unit)
{
	return unit->area + unit->command.offset;
}

static struct kvm_css_answer reject(const struct unit *unit, u8 status, u32 count)
{
	struct kvm_css_answer answer = unit_end(unit->command.seq, status, count);

	answer.sense[0] = COMMAND_REJECT;
	return answer;
}

static struct kvm_css_answer seek(struct unit_test *test, const struct unit *unit)
{
	u32 position;

	memcpy(&position, data_of(unit), sizeof(position));
	if (unit->command.available < sizeof(position) || position >= TEST_SIZE)
		return reject(unit, DST_ENDED | DST_UNIT_CHECK,
			      asked(unit, sizeof(position)));
	test->position = position;
	return unit_end(unit->command.seq, UNIT_ENDED, sizeof(position));
}

static struct kvm_css_answer end_with_status(const struct unit *unit)
{
	struct kvm_css_answer answer;

	if (unit->command.available < 2)
		return reject(unit, DST_ENDED | DST_UNIT_CHECK, asked(unit, 2));
	answer = unit_end(unit->command.seq, data_of(unit)[0], 2);
	if (answer.status & DST_UNIT_CHECK)
		answer.sense[0] = data_of(unit)[1];
	return answer;
}

static struct kvm_css_answer take(struct unit_test *test, const struct unit *unit)
{
	u32 left = TEST_SIZE - test->position;
	u32 len = min(unit->command.available, left);

	memcpy(test->storage + test->position, data_of(unit), len);
	test->position += len;
	if (len < left)
		return unit_end(unit->command.seq, UNIT_ENDED,
				asked(unit, len + !!(unit->command.flags &
						     KVM_CSS_COMMAND_CHECK)));
	return unit_end(unit->command.seq, UNIT_ENDED, len);
}

static struct kvm_css_answer give(struct unit_test *test, const struct unit *unit,
				  u32 provided)
{
	u32 len = min(provided, TEST_SIZE - test->position);

	memcpy(data_of(unit), test->storage + test->position,
	       min(len, unit->command.room));
	test->position += len;
	return unit_end(unit->command.seq, UNIT_ENDED, len);
}

static struct kvm_css_answer give_backward(struct unit_test *test,
					   const struct unit *unit, u32 provided)
{
	u32 len = min(provided, test->position), i;

	for (i = 0; i < min(len, unit->command.room); i++)
		data_of(unit)[i] = test->storage[test->position - 1 - i];
	test->position -= len;
	return unit_end(unit->command.seq, UNIT_ENDED, len);
}

struct kvm_css_answer unit_test_execute(struct unit_test *test,
					const struct unit *unit, u32 provided)
{
	if (unit->command.flags & KVM_CSS_COMMAND_FIRST)
		test->position = 0;
	switch (unit->command.code) {
	case TEST_WRITE:
		return take(test, unit);
	case TEST_READ:
		return give(test, unit, provided);
	case TEST_READ_BACKWARD:
		return give_backward(test, unit, provided);
	case TEST_SEEK:
		return seek(test, unit);
	case TEST_END_STATUS:
		return end_with_status(unit);
	case TEST_NOP:
		return unit_immediate(unit->command.seq);
	default:
		return reject(unit, UNIT_REFUSED, 0);
	}
}
