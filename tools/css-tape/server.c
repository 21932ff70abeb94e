// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/kvm_css.h>

#include "server.h"

static const struct css_device_ops ops = {
	.command = drive_command,
	.begin = drive_begin,
	.reset = drive_reset,
	.cleared = drive_cleared,
	.halted = drive_halted,
	.presented = drive_presented,
	.sense3 = ERA_EQUIPMENT_CHECK,
};

struct station *server_find(const struct server *server, const char *name)
{
	unsigned int i;

	for (i = 0; i < server->nr; i++)
		if (!strcmp(server->stations[i]->drive.name, name))
			return server->stations[i];
	return NULL;
}

static bool good_name(const char *name)
{
	const char *c;

	for (c = name; *c; c++)
		if (!isalnum((unsigned char)*c) && !strchr("._-:", *c))
			return false;
	return *name && c - name < DRIVE_NAME_SIZE;
}

/* The place of a new drive in the table, or NULL: that of a drive that nobody needs any more */
static struct station **place_for_one(struct server *server)
{
	unsigned int i;

	if (server->nr < DRIVES_MAX)
		return &server->stations[server->nr++];
	for (i = 0; i < server->nr; i++) {
		struct station *station = server->stations[i];

		if (station->kept || station->unit || station->drive.image || station->loader)
			continue;
		if (station->drive.losses)
			server->losses = true;
		free(station);
		return &server->stations[i];
	}
	return NULL;
}

struct station *server_add(struct server *server, const char *name, bool kept,
			   const char **problem)
{
	struct station *station, **place;

	if (!good_name(name)) {
		*problem = "a drive's name has 1 to 63 letters, digits, and . _ - :";
		return NULL;
	}
	if (server_find(server, name)) {
		*problem = "there is a drive with this name";
		return NULL;
	}
	station = calloc(1, sizeof(*station));
	if (!station) {
		*problem = "out of memory";
		return NULL;
	}
	place = place_for_one(server);
	if (!place) {
		free(station);
		*problem = "there are too many drives";
		return NULL;
	}
	drive_init(&station->drive, name, 0);
	station->kept = kept;
	*place = station;
	return station;
}

static void end_unit(struct station *station)
{
	css_unit_free(station->unit);
	station->unit = NULL;
	/* The next unit's guest knows nothing of this one's. */
	drive_reset(&station->drive);
	if (!station->unnamed)
		return;
	/* It may be another VM's, with the same device number. */
	if (station->drive.image)
		drive_unload(&station->drive);
	loader_close(station->loader);
	station->loader = NULL;
	station->drive.loader = false;
}

void server_present(struct station *station)
{
	struct due due;

	while (station->unit && drive_due(&station->drive, &due)) {
		int rc;

		if (due.seq)
			rc = css_unit_end(station->unit, due.seq, due.status, due.sense,
					  due.sense_len);
		else
			rc = css_unit_present(station->unit, due.status, due.sense,
					      due.sense_len);
		if (rc == -ESTALE && !due.seq) {
			/* The next step says what has happened, and whether it is still due. */
			station->drive.ready = true;
			return;
		}
		if (!rc || rc == -ESTALE || rc == -ENODEV)
			continue;
		report(LEVEL_ERROR, &station->drive, "status %02x isn't presented: %s",
		       due.status, strerror(-rc));
		/* Nobody will ever say that it was. */
		if (!due.seq)
			drive_presented(&station->drive);
	}
}

void server_step(struct station *station)
{
	int rc = css_unit_step(station->unit);

	if (rc == -EINVAL) {
		report(LEVEL_ERROR, &station->drive, "the kernel has refused an answer");
	} else if (rc && rc != -EINTR) {
		report(rc == -ENODEV ? LEVEL_INFO : LEVEL_ERROR, &station->drive,
		       "serves no device any more: %s", strerror(-rc));
		end_unit(station);
		return;
	}
	server_present(station);
	if (station->loader && station->drive.unloaded) {
		station->drive.unloaded = false;
		loader_next(station->loader, &station->drive);
		server_present(station);
	}
}

/* Find a drive of this name, or make one. */
static struct station *find_or_add(struct server *server, const char *name, const char *number,
				   const char **problem)
{
	struct station *station = server_find(server, *name ? name : number);

	if (station)
		return station;
	station = server_add(server, *name ? name : number, false, problem);
	if (station)
		station->unnamed = !*name;
	return station;
}

/* The drive with this name, or with the device number as its name */
static struct station *station_for(struct server *server, int fd, const char *name,
				   const char **problem)
{
	struct kvm_css_unit_info info = { .size = sizeof(info) };
	char number[DRIVE_NAME_SIZE];
	struct station *station;

	if (ioctl(fd, KVM_CSS_UNIT_INFO, &info)) {
		*problem = "what was received is no unit";
		return NULL;
	}
	snprintf(number, sizeof(number), "0.%x.%04x", info.ssid, info.devno);
	station = find_or_add(server, name, number, problem);
	if (!station)
		return NULL;
	/*
	 * The old unit's end may have come at the same time as the new unit, or when poll()
	 * had returned already.
	 */
	if (station->unit)
		server_step(station);
	if (station->unit) {
		*problem = "the drive serves another device";
		return NULL;
	}
	station->drive.devno = info.devno;
	report(LEVEL_INFO, &station->drive, "serves device %s", number);
	return station;
}

const char *server_serve(struct server *server, int fd, const char *name)
{
	const char *problem = NULL;
	struct station *station = station_for(server, fd, name, &problem);
	int rc;

	if (!station) {
		close(fd);
		return problem;
	}
	rc = css_unit_new(&station->unit, fd, &ops, &station->drive);
	if (rc) {
		station->unit = NULL;
		close(fd);
		return strerror(-rc);
	}
	if (css_unit_area(station->unit) < TAPE_BLOCK_MAX)
		report(LEVEL_WARNING, &station->drive, "blocks have %u bytes at most",
		       css_unit_area(station->unit));
	server_step(station);
	return NULL;
}

bool server_stop(struct server *server)
{
	bool good = !server->losses;

	server->losses = false;
	while (server->nr) {
		struct station *station = server->stations[--server->nr];

		if (station->unit)
			end_unit(station);
		if (station->drive.image)
			drive_unload(&station->drive);
		if (station->drive.losses)
			good = false;
		loader_close(station->loader);
		free(station);
	}
	return good;
}
