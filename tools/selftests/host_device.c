// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host.h"
#include "host_device.h"

#define CCW_DEVICES	"/sys/bus/ccw/devices"
#define CSS_DRIVER	"/sys/bus/css/drivers/kvm_css"
#define WAIT_SECONDS	60

static void path_of(char *path, const char *id, const char *file)
{
	snprintf(path, PATH_MAX, CCW_DEVICES "/%s/%s", id, file);
}

static int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);
	int error = 0;

	if (fd < 0)
		return errno;
	if (write(fd, text, strlen(text)) < 0)
		error = errno;
	close(fd);
	return error;
}

/* The first line of a file; empty if it can't be read */
static void read_file(const char *path, char *text, int size)
{
	FILE *file = fopen(path, "r");

	text[0] = 0;
	if (!file)
		return;
	if (!fgets(text, size, file))
		text[0] = 0;
	text[strcspn(text, "\n")] = 0;
	fclose(file);
}

bool host_device_there(const char *id)
{
	char path[PATH_MAX];

	path_of(path, id, "online");
	return !access(path, F_OK);
}

bool host_device_online(const char *id)
{
	char path[PATH_MAX], text[8];

	path_of(path, id, "online");
	read_file(path, text, sizeof(text));
	return !strcmp(text, "1");
}

int host_device_set(const char *id, bool online)
{
	char path[PATH_MAX];

	path_of(path, id, "online");
	return write_file(path, online ? "1" : "0");
}

bool host_device_wait(const char *id, bool online)
{
	const double end = now() + WAIT_SECONDS;

	while (online ? !host_device_online(id) : !host_device_there(id)) {
		if (now() > end)
			return false;
		usleep(20000);
	}
	return true;
}

u16 host_device_devno(const char *id)
{
	return strtoul(strrchr(id, '.') + 1, NULL, 16);
}

const char *host_device_find(const char *variable)
{
	const char *id = getenv(variable);

	if (!id)
		return NULL;
	/* The drivers may be built in. */
	if (system("modprobe dasd_fba_mod 2>/dev/null") ||
	    system("modprobe dasd_eckd_mod 2>/dev/null"))
		errno = 0;
	if (!host_device_there(id))
		return NULL;
	if (!host_device_online(id))
		host_device_set(id, true);
	return host_device_wait(id, true) ? id : NULL;
}

int host_device_open(const char *id, int flags)
{
	char path[PATH_MAX], device[PATH_MAX] = "";
	struct dirent *entry;
	DIR *dir;

	path_of(path, id, "block");
	dir = opendir(path);
	while (dir && (entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			snprintf(device, sizeof(device), "/dev/%s",
				 entry->d_name);
	if (dir)
		closedir(dir);
	return open(device, flags);
}

int host_device_unbind(const char *id)
{
	char path[PATH_MAX], number[32];
	int error = ENODEV;
	struct dirent *entry;
	DIR *dir = opendir(CSS_DRIVER);

	while (dir && (entry = readdir(dir))) {
		snprintf(path, sizeof(path), CSS_DRIVER "/%s/dev_busid",
			 entry->d_name);
		read_file(path, number, sizeof(number));
		if (!strcmp(number, id))
			error = write_file(CSS_DRIVER "/unbind", entry->d_name);
	}
	if (dir)
		closedir(dir);
	return error;
}
