// SPDX-License-Identifier: GPL-2.0
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "loader.h"

/* @last is the name of the image that was loaded last. */
struct loader {
	DIR *dir;
	struct tape_options options;
	char last[NAME_MAX + 1];
};

struct loader *loader_open(const char *path, const struct tape_options *options)
{
	struct loader *loader = calloc(1, sizeof(*loader));

	if (!loader)
		return NULL;
	loader->options = *options;
	loader->dir = opendir(path);
	if (!loader->dir) {
		free(loader);
		return NULL;
	}
	return loader;
}

void loader_close(struct loader *loader)
{
	if (!loader)
		return;
	closedir(loader->dir);
	free(loader);
}

/* Find the first name behind another one.  Names with a dot in front are no images. */
static bool find_next(struct loader *loader, const char *behind, char *name)
{
	struct dirent *entry;

	*name = 0;
	rewinddir(loader->dir);
	while ((entry = readdir(loader->dir)))
		if (*entry->d_name != '.' && strcmp(entry->d_name, behind) > 0 &&
		    (!*name || strcmp(entry->d_name, name) < 0))
			memcpy(name, entry->d_name, strlen(entry->d_name) + 1);
	return *name;
}

static int open_image(const struct loader *loader)
{
	const int flags = O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
	const bool protect = loader->options.protect;
	int dir = dirfd(loader->dir);
	int fd = openat(dir, loader->last, (protect ? O_RDONLY : O_RDWR) | flags);

	if (fd < 0 && !protect && (errno == EACCES || errno == EROFS || errno == EPERM))
		fd = openat(dir, loader->last, O_RDONLY | flags);
	return fd;
}

/* Load the image loader->last, and say whether that was possible. */
static bool load(const struct loader *loader, struct drive *drive)
{
	char message[TAPE_MESSAGE_SIZE];
	struct tape_image *image;
	enum tape_result result;
	int fd = open_image(loader);

	if (fd < 0) {
		report(LEVEL_WARNING, drive, "%s can't be opened: %s", loader->last,
		       strerror(errno));
		return false;
	}
	result = tape_image_open_fd(fd, loader->last, &loader->options, &image, message);
	if (result != TAPE_OK) {
		report(LEVEL_WARNING, drive, "%s can't be loaded: %s", loader->last,
		       *message ? message : tape_result_name(result));
		return false;
	}
	if (drive_load(drive, image, loader->last)) {
		tape_image_close(image);
		return false;
	}
	return true;
}

void loader_next(struct loader *loader, struct drive *drive)
{
	char name[NAME_MAX + 1];

	while (find_next(loader, loader->last, name)) {
		memcpy(loader->last, name, sizeof(name));
		if (load(loader, drive))
			break;
	}
	drive->loader = find_next(loader, loader->last, name);
}
