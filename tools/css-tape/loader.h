/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An automatic cartridge loader: a directory with images, which are loaded one after the
 * other, in the order of their names.  The next one is loaded when the guest has unloaded
 * the one before.
 */
#ifndef CSS_TAPE_LOADER_H
#define CSS_TAPE_LOADER_H

#include <limits.h>

#include "internal.h"

struct loader;

/**
 * loader_open() - make a loader of a directory
 * @path: the directory
 * @options: how to open the images
 *
 * Return: the loader, or NULL with errno.
 */
struct loader *loader_open(const char *path, const struct tape_options *options);

/**
 * loader_close() - close it; NULL is none
 * @loader: the loader
 */
void loader_close(struct loader *loader);

/**
 * loader_next() - load the next image into a drive
 * @loader: the loader
 * @drive: a drive without a tape, which is told whether there are more
 *
 * Images that can't be opened are passed, and the log says why.
 */
void loader_next(struct loader *loader, struct drive *drive);

#endif /* CSS_TAPE_LOADER_H */
