// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of the drives with units: the library, with its fake unit in the kernel's place.
 * They print KTAP; test_units.py runs them.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/kvm_css.h>

#include "fake_unit.h"
#include "ktap.h"
#include "server.h"
#include "shell_tape.h"

#define AREA	65536
#define READY	(CSS_ATTENTION | CSS_DEVICE_END | CSS_UNIT_EXCEPTION)

static struct server server;

static struct station *one(void)
{
	struct station *station = server_find(&server, "one");

	if (!station)
		die("there is no drive");
	return station;
}

/* A process that serves a unit with the drive "one" */
static void serve(void)
{
	const char *problem = server_serve(&server, fake_open(AREA), "one");

	ktap_check(!problem, "the unit isn't served: %s", problem);
}

static void over(void)
{
	server_stop(&server);
	fake_close();
}

static void load(void)
{
	struct tape_image *image;

	if (shell_open("image", &image) != TAPE_OK ||
	    drive_load(&one()->drive, image, "image"))
		die("the image can't be loaded");
	server_present(one());
}

/* Load a tape, and the guest is told of it. */
static void mount(void)
{
	load();
	fake_take_status();
}

static void expect_present(uint8_t status)
{
	uint8_t found = fake.present.size ? fake.present.status : 0;

	ktap_check(found == status, "status: expected %02x, found %02x", status, found);
}

static void expect_end(uint64_t seq, uint8_t status)
{
	const struct kvm_css_present *found = &fake.end;

	ktap_check(found->size && found->seq == seq && found->status == status,
		   "end: expected %02x of command %llu, found %02x of %llu", status,
		   (unsigned long long)seq, found->status, (unsigned long long)found->seq);
}

/* The guest issues a command, and this is how it ends. */
static uint64_t command(uint8_t code, uint8_t status)
{
	uint64_t seq = fake_command(code, 0, 0, NULL);

	fake_forget();
	server_step(one());
	ktap_check(fake.nr_answers == 1 && fake.answers[0].seq == seq &&
		   fake.answers[0].status == status,
		   "command %02x: expected %02x, found %u answers, %02x", code, status,
		   fake.nr_answers, fake.answers[0].status);
	return seq;
}

static void a_tape_is_presented(void)
{
	serve();
	expect_present(0);
	load();
	expect_present(READY);
	fake_take_status();
	server_step(one());
	expect_present(0);
	over();
}

static void a_tape_is_presented_to_whoever_comes(void)
{
	const char *problem;

	ktap_check(server_add(&server, "one", true, &problem), "no drive");
	load();
	serve();
	expect_present(READY);
	over();
}

/* What the guest has begun with another tape doesn't go on with this one. */
static void a_tape_is_used_when_the_guest_knows(void)
{
	serve();
	load();
	command(CMD_WRITE_TAPE_MARK, CSS_UNIT_CHECK);
	expect_present(READY);
	/* The event and the guest's next command come together. */
	fake_take_status();
	command(CMD_WRITE_TAPE_MARK, CSS_ENDED);
	over();
}

/* Without that, the drive would never be ready. */
static void a_tape_that_cannot_be_presented_is_used(void)
{
	serve();
	fake.fail = EINVAL;
	load();
	command(CMD_WRITE_TAPE_MARK, CSS_ENDED);
	over();
}

static void clear_does_not_lose_it(void)
{
	serve();
	load();
	fake_clear();
	expect_present(0);
	server_step(one());
	expect_present(READY);
	over();
}

static void clear_before_it_is_given_does_not_lose_it(void)
{
	serve();
	fake_clear();
	/* The kernel takes nothing before the event has been told. */
	fake.fail = ESTALE;
	load();
	expect_present(0);
	server_step(one());
	expect_present(READY);
	over();
}

static void a_reset_does(void)
{
	serve();
	load();
	fake_reset();
	server_step(one());
	expect_present(0);
	over();
}

static void a_rewind_ends_later(void)
{
	uint64_t seq;

	serve();
	mount();
	seq = command(CMD_REWIND, CSS_CHANNEL_END);
	expect_end(seq, CSS_DEVICE_END);
	expect_present(0);
	over();
}

static void an_unload_ends_with_unit_check(void)
{
	uint64_t seq;

	serve();
	mount();
	seq = command(CMD_REWIND_UNLOAD, CSS_CHANNEL_END);
	expect_end(seq, CSS_DEVICE_END | CSS_UNIT_CHECK);
	ktap_check(fake.end.sense_len == CSS_SENSE_SIZE &&
		   fake.end.sense[3] == ERA_ENVIRONMENTAL_DATA, "other sense bytes");
	expect_present(0);
	over();
}

static void widen(struct kvm_css_command *command)
{
	command->room = AREA;
}

static void a_refused_answer_is_no_success(void)
{
	const struct kvm_css_answer *answer = fake.answers;

	serve();
	mount();
	fake_command(CMD_WRITE, 0, 100, NULL);
	/* A mistake: the drive says that it has taken more than there is room for. */
	fake.command.room = 50;
	fake.distort = widen;
	fake_forget();
	server_step(one());
	ktap_check(fake.nr_answers == 1 && answer->status == STATUS_CHECK &&
		   answer->sense_len == 4 && answer->sense[0] == SENSE0_EQUIPMENT_CHECK &&
		   answer->sense[3] == ERA_EQUIPMENT_CHECK,
		   "found %u answers, status %02x, sense %02x and %02x", fake.nr_answers,
		   answer->status, answer->sense[0], answer->sense[3]);
	over();
}

/* As Linux' tape driver writes a block: MODE SET, WRITE, NO-OPERATION */
static void a_block_is_one_round_trip(void)
{
	uint64_t seq;

	serve();
	mount();
	seq = fake_command(CMD_MODE_SET, CSS_CCW_CHAIN_COMMAND, 1, "\0");
	fake_chain(0, CMD_WRITE, CSS_CCW_CHAIN_COMMAND, 5, "block");
	fake_chain(0, CMD_NO_OPERATION, CSS_CCW_SLI, 0, "");
	fake_forget();
	server_step(one());
	ktap_check(fake.nr_answers == 1 && fake.nr_done == 2 &&
		   fake.answers[0].seq == seq + 2 && fake.answers[0].status == CSS_ENDED,
		   "found %u answers, %u commands before, status %02x", fake.nr_answers,
		   fake.nr_done, fake.answers[0].status);
	over();
}

/* The guest is told the first time, and has the tape out the second time. */
static void lost_blocks_are_not_forgotten(void)
{
	serve();
	mount();
	shell_fault("set", "sync host error");
	command(CMD_WRITE_TAPE_MARK, STATUS_CHECK);
	shell_fault("set", "sync ok");
	command(CMD_REWIND_UNLOAD, CSS_CHANNEL_END);
	load();
	ktap_check(!server_stop(&server), "nothing is said to be lost");
	fake_close();
}

static void a_drive_keeps_its_tape(void)
{
	serve();
	mount();
	command(CMD_FORWARD_SPACE_BLOCK, STATUS_CHECK);
	fake_remove();
	server_step(one());
	ktap_check(!one()->unit, "it still has the unit");
	ktap_check(one()->drive.image, "it has lost its tape");
	fake_close();
	serve();
	expect_present(READY);
	over();
}

static void a_drive_serves_one_device(void)
{
	const char *problem;

	serve();
	/* The fake knows only this descriptor, which the first unit has already. */
	problem = server_serve(&server, fake.fd, "one");
	ktap_check(problem && !strcmp(problem, "the drive serves another device"),
		   "found %s", problem);
	ktap_check(fcntl(fake.fd, F_GETFD) < 0, "the unit wasn't closed");
	over();
}

static void a_drive_whose_device_has_gone_serves_the_next(void)
{
	const char *problem;

	serve();
	load();
	munmap(fake.area, fake.size);
	fake_remove();
	/* Nobody has told the drive yet. */
	problem = server_serve(&server, fake_open(AREA), "one");
	ktap_check(!problem, "found %s", problem);
	expect_present(READY);
	fake_take_status();
	command(CMD_FORWARD_SPACE_BLOCK, STATUS_CHECK);
	over();
}

static void a_drive_has_the_device_number_as_its_name(void)
{
	const char *problem = server_serve(&server, fake_open(AREA), "");

	ktap_check(!problem, "found %s", problem);
	ktap_check(server.nr == 1 && !strcmp(server.stations[0]->drive.name, "0.2.0456"),
		   "found %s", server.nr ? server.stations[0]->drive.name : "none");
	over();
}

/* What becomes of the tape in a drive that is named by its device number, when the VM ends */
static void end_of_number(const char *name, bool stays)
{
	struct tape_image *image;
	struct station *station;

	ktap_check(!server_serve(&server, fake_open(AREA), name), "it isn't served");
	station = server_find(&server, "0.2.0456");
	if (!station || shell_open("image", &image) != TAPE_OK ||
	    drive_load(&station->drive, image, "image"))
		die("the image can't be loaded");
	munmap(fake.area, fake.size);
	fake_remove();
	/* Another VM's */
	ktap_check(!server_serve(&server, fake_open(AREA), name), "the next isn't served");
	ktap_check(station->unit && !station->drive.image == !stays,
		   "the tape is %s", station->drive.image ? "there" : "gone");
	expect_present(stays ? READY : 0);
	over();
}

static void a_device_number_gives_nobody_a_tape(void)
{
	end_of_number("", false);
}

static void a_name_that_looks_like_a_number_is_one(void)
{
	const char *problem;

	end_of_number("0.2.0456", true);
	ktap_check(server_add(&server, "0.2.0456", true, &problem), "no drive");
	end_of_number("", true);
}

static void a_name_that_is_none_is_refused(void)
{
	const char *problem = server_serve(&server, fake_open(AREA), "a b");

	ktap_check(problem, "it is served");
	ktap_check(!server.nr, "there is a drive");
	over();
}

/* All drives but @others have been made by options.  Is there room for one more? */
static bool has_room(unsigned int others, struct tape_image *image)
{
	const char *problem = NULL;
	char name[16];
	unsigned int i;
	bool found;

	for (i = 0; i < DRIVES_MAX; i++) {
		snprintf(name, sizeof(name), "drive%u", i);
		if (!server_add(&server, name, i >= others, &problem))
			die("there is no drive");
	}
	if (image && drive_load(&server.stations[0]->drive, image, "image"))
		die("the image can't be loaded");
	problem = server_serve(&server, fake_open(AREA), "one");
	found = !problem;
	ktap_check(found == !!server_find(&server, "one") && server.nr == DRIVES_MAX,
		   "%u drives", server.nr);
	ktap_check(found || !strcmp(problem, "there are too many drives"), "found %s", problem);
	ktap_check(!found || !server_find(&server, "drive0"), "the other one is there still");
	over();
	return found;
}

static void a_drive_that_nobody_needs_makes_room(void)
{
	struct tape_image *image;

	ktap_check(has_room(1, NULL), "there is no room");
	ktap_check(!has_room(0, NULL), "a drive has gone that was made by an option");
	if (shell_open("image", &image) != TAPE_OK)
		die("there is no image");
	ktap_check(!has_room(1, image), "a drive has gone that has a tape");
}

/* How many lines stderr has had about a drive, after @nr of one and one of another. */
static unsigned int lines_of_another(unsigned int nr)
{
	static struct drive loud, quiet;
	unsigned int found = 0;
	int log = memfd_create("log", MFD_CLOEXEC), before = dup(STDERR_FILENO);
	char line[256];
	FILE *file;

	if (log < 0 || before < 0 || dup2(log, STDERR_FILENO) < 0)
		die("stderr can't be had");
	drive_init(&loud, "loud", 0);
	drive_init(&quiet, "quiet", 0);
	while (nr--)
		report(LEVEL_INFO, &loud, "display");
	report(LEVEL_INFO, &quiet, "loaded");
	dup2(before, STDERR_FILENO);
	close(before);
	lseek(log, 0, SEEK_SET);
	file = fdopen(log, "r");
	if (!file)
		die("fdopen");
	while (fgets(line, sizeof(line), file))
		found += !strcmp(line, "<6>quiet: loaded\n");
	fclose(file);
	return found;
}

static void one_guest_cannot_silence_another(void)
{
	unsigned int found = lines_of_another(1000);

	ktap_check(found == 1, "found %u lines", found);
}

static void touch(const char *directory, const char *name)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	fd = open(path, O_CREAT | O_WRONLY, 0600);
	if (fd < 0)
		die(path);
	close(fd);
}

static void unload_and_expect(const char *image)
{
	const char *found;

	command(CMD_REWIND_UNLOAD, CSS_CHANNEL_END);
	found = one()->drive.image_name;
	ktap_check(image ? found && !strcmp(found, image) : !found, "expected %s, found %s",
		   image ? image : "none", found ? found : "none");
	expect_present(image ? READY : 0);
	if (image)
		fake_take_status();
}

static void the_loader_goes_on(void)
{
	static const char *const names[] = { "c.aws", "a.aws", "bad.aws", ".hidden", "d.aws" };
	const struct tape_options options = {};
	char directory[] = "/tmp/css-tape.XXXXXX", path[128];
	unsigned int i;

	if (!mkdtemp(directory))
		die("mkdtemp");
	for (i = 0; i < ARRAY_SIZE(names); i++)
		touch(directory, names[i]);
	serve();
	one()->loader = loader_open(directory, &options);
	load();
	fake_take_status();
	unload_and_expect("a.aws");
	unload_and_expect("c.aws");
	ktap_check(one()->drive.loader, "the loader is said to be empty");
	unload_and_expect("d.aws");
	ktap_check(!one()->drive.loader, "the loader isn't said to be empty");
	unload_and_expect(NULL);
	over();
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		snprintf(path, sizeof(path), "%s/%s", directory, names[i]);
		unlink(path);
	}
	rmdir(directory);
}

static const struct ktap_case cases[] = {
	{ "a tape that is loaded is presented", a_tape_is_presented },
	{ "a tape that is there is presented when the device is served",
	  a_tape_is_presented_to_whoever_comes },
	{ "a tape is used as soon as the guest knows of it", a_tape_is_used_when_the_guest_knows },
	{ "a tape that can't be presented is used", a_tape_that_cannot_be_presented_is_used },
	{ "CLEAR before it was presented doesn't lose it", clear_does_not_lose_it },
	{ "CLEAR before the kernel was given it doesn't lose it",
	  clear_before_it_is_given_does_not_lose_it },
	{ "a reset does", a_reset_does },
	{ "a rewind ends later, by its command", a_rewind_ends_later },
	{ "REWIND UNLOAD ends with unit check", an_unload_ends_with_unit_check },
	{ "an answer that the kernel refuses ends with an ERA code",
	  a_refused_answer_is_no_success },
	{ "a block is written in one round trip", a_block_is_one_round_trip },
	{ "the process' end tells of lost blocks, also of a tape that was unloaded",
	  lost_blocks_are_not_forgotten },
	{ "a drive keeps its tape when its device goes", a_drive_keeps_its_tape },
	{ "a drive serves one device at a time", a_drive_serves_one_device },
	{ "a drive whose device has gone serves the next one at once",
	  a_drive_whose_device_has_gone_serves_the_next },
	{ "a drive has the device number as its name", a_drive_has_the_device_number_as_its_name },
	{ "a drive that has only that as its name is unloaded when its device goes",
	  a_device_number_gives_nobody_a_tape },
	{ "a drive that somebody has named so keeps its tape",
	  a_name_that_looks_like_a_number_is_one },
	{ "a name that is none is refused", a_name_that_is_none_is_refused },
	{ "a drive without device and tape makes room for another one",
	  a_drive_that_nobody_needs_makes_room },
	{ "a guest that fills its part of the log leaves the others theirs",
	  one_guest_cannot_silence_another },
	{ "what the guest unloads is followed by the next tape of the loader", the_loader_goes_on },
};

int main(void)
{
	ktap_plan(ARRAY_SIZE(cases));
	ktap_cases(cases, ARRAY_SIZE(cases));
	return ktap_status();
}
