// SPDX-License-Identifier: GPL-2.0
/*
 * The host's file of an image: opened, locked, read, written, cut off and synced.
 *
 * It is locked on the bytes that QEMU locks in images of disks (its block/file-posix.c;
 * cssctl's lock.c has more of that), so that a file is not at the same time a tape and
 * a disk that somebody writes.  Who writes has a write lock on all of these bytes.
 * Who reads has read locks for "I read" and "nobody else writes", and looks whether
 * somebody has the one for "I write".
 */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "image_impl.h"

#define LOCKS_FIRST	100
#define LOCKS_COUNT	104
#define LOCK_READS	100
#define LOCK_WRITES	101
#define LOCK_NO_WRITER	201

static enum tape_result failed(struct tape_image *image, const char *what)
{
	int error = errno;
	enum tape_result result = TAPE_HOST_ERROR;

	if (error == ENOSPC || error == EDQUOT || error == EFBIG)
		result = TAPE_NO_SPACE;
	if (error == ENOMEM)
		result = TAPE_NO_MEMORY;
	return image_say(image, result, "the host can't %s: %s", what, strerror(error));
}

/* The name of a file that was made must be there after a crash too. */
static enum tape_result sync_directory(struct tape_image *image, const char *path)
{
	enum tape_result result = TAPE_OK;
	char *copy = strdup(path);
	int fd;

	if (!copy)
		return image_say(image, TAPE_NO_MEMORY, "no memory");
	fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(copy);
	/* A directory that can be written but not read can't be synced. */
	if (fd < 0)
		return errno == EACCES ? TAPE_OK : failed(image, "open the directory");
	if (fsync(fd))
		result = failed(image, "sync the directory");
	close(fd);
	return result;
}

static enum tape_result create(struct tape_image *image, const char *path)
{
	enum tape_result result;

	image->file.fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (image->file.fd < 0)
		return failed(image, "create it");
	result = sync_directory(image, path);
	if (result != TAPE_OK)
		unlink(path);
	return result;
}

static bool may_not_write(int error)
{
	return error == EACCES || error == EROFS || error == EPERM || error == ETXTBSY;
}

enum tape_result file_open(struct tape_image *image, const char *path)
{
	/* O_NONBLOCK is for what isn't a regular file, and is refused then. */
	int flags = O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
	int fd = -1;

	if (image->options.create)
		return create(image, path);
	if (!image->options.protect)
		fd = open(path, O_RDWR | flags);
	if (fd < 0 && (image->options.protect || may_not_write(errno)))
		fd = open(path, O_RDONLY | flags);
	if (fd < 0 && (errno == EISDIR || errno == ENXIO || errno == ENODEV))
		return image_say(image, TAPE_NOT_A_TAPE, "not a regular file");
	if (fd < 0)
		return failed(image, "open it");
	image->file.fd = fd;
	return TAPE_OK;
}

static struct flock lock_of(short type, off_t first, off_t count)
{
	return (struct flock){
		.l_type = type,
		.l_whence = SEEK_SET,
		.l_start = first,
		.l_len = count,
	};
}

static enum tape_result take(struct tape_image *image, short type, off_t first, off_t count)
{
	struct flock lock = lock_of(type, first, count);

	if (!fcntl(image->file.fd, F_OFD_SETLK, &lock))
		return TAPE_OK;
	if (errno == EAGAIN || errno == EACCES)
		return image_say(image, TAPE_IN_USE, "another process has locked it");
	return image->options.no_lock ? TAPE_OK : failed(image, "lock it");
}

static enum tape_result look_for_writer(struct tape_image *image)
{
	struct flock lock = lock_of(F_WRLCK, LOCK_WRITES, 1);

	if (fcntl(image->file.fd, F_OFD_GETLK, &lock))
		return image->options.no_lock ? TAPE_OK : failed(image, "look for locks");
	if (lock.l_type != F_UNLCK)
		return image_say(image, TAPE_IN_USE, "another process writes to it");
	return TAPE_OK;
}

static enum tape_result lock(struct tape_image *image)
{
	enum tape_result result;

	if (!image->file.readonly)
		return take(image, F_WRLCK, LOCKS_FIRST, LOCKS_COUNT);
	result = take(image, F_RDLCK, LOCK_READS, 1);
	if (result == TAPE_OK)
		result = take(image, F_RDLCK, LOCK_NO_WRITER, 1);
	if (result == TAPE_OK)
		result = look_for_writer(image);
	return result;
}

static enum tape_result learn_size(struct tape_image *image)
{
	struct stat known;

	if (fstat(image->file.fd, &known))
		return failed(image, "say what it is");
	if (!S_ISREG(known.st_mode))
		return image_say(image, TAPE_NOT_A_TAPE, "not a regular file");
	image->file.size = known.st_size;
	return TAPE_OK;
}

enum tape_result file_check(struct tape_image *image)
{
	int flags = fcntl(image->file.fd, F_GETFL);
	enum tape_result result;

	if (flags < 0)
		return failed(image, "say how it is open");
	/* With O_APPEND, Linux doesn't care where one wants to write. */
	if ((flags & O_ACCMODE) == O_WRONLY || flags & (O_APPEND | O_PATH))
		return image_say(image, TAPE_BAD_CALL,
				 "open for writing only, for appending, or by O_PATH");
	image->file.readonly = (flags & O_ACCMODE) == O_RDONLY;
	/* What isn't a file has neither a size nor locks. */
	result = learn_size(image);
	if (result == TAPE_OK)
		result = lock(image);
	/* Whoever had the lock may have changed the size. */
	if (result == TAPE_OK)
		result = learn_size(image);
	image->file.begun = image->file.size;
	image->file.written = image->file.size;
	return result;
}

/* How many bytes of the file there are at the offset, up to length; -1 for an error. */
static ssize_t read_some(struct tape_image *image, uint64_t offset, void *buffer,
			 size_t length)
{
	size_t done = 0;
	ssize_t count;

	while (done < length) {
		count = pread(image->file.fd, (char *)buffer + done, length - done,
			      offset + done);
		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return -1;
		if (!count)
			break;
		done += count;
	}
	return done;
}

enum tape_result file_read(struct tape_image *image, uint64_t offset, void *buffer,
			   size_t length)
{
	ssize_t count = read_some(image, offset, buffer, length);

	if (count < 0)
		return failed(image, "read");
	if ((size_t)count < length)
		return image_say(image, TAPE_HOST_ERROR,
				 "it has become shorter while it is in use");
	return TAPE_OK;
}

enum tape_result file_peek(struct tape_image *image, uint64_t offset, size_t length,
			   const unsigned char **bytes)
{
	struct image_file *file = &image->file;
	ssize_t count;

	if (offset < file->window_offset ||
	    offset - file->window_offset + length > file->window_size) {
		file->window_size = 0;
		count = read_some(image, offset, file->window, WINDOW_SIZE);
		if (count < 0)
			return failed(image, "read");
		file->window_offset = offset;
		file->window_size = count;
		if ((size_t)count < length)
			return image_say(image, TAPE_HOST_ERROR,
					 "it has become shorter while it is in use");
	}
	*bytes = file->window + (offset - file->window_offset);
	return TAPE_OK;
}

enum tape_result file_write(struct tape_image *image, uint64_t offset, const void *bytes,
			    size_t length)
{
	struct image_file *file = &image->file;
	size_t done = 0;
	ssize_t count;

	file->window_size = 0;
	while (done < length) {
		count = pwrite(file->fd, (const char *)bytes + done, length - done,
			       offset + done);
		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return failed(image, "write");
		done += count;
		if (offset + done > file->size)
			file->size = offset + done;
	}
	return TAPE_OK;
}

enum tape_result file_cut(struct tape_image *image, uint64_t offset)
{
	image->file.window_size = 0;
	while (ftruncate(image->file.fd, offset)) {
		if (errno != EINTR)
			return failed(image, "truncate it");
	}
	image->file.size = offset;
	if (image->file.begun > offset)
		image->file.begun = offset;
	if (image->file.written > offset)
		image->file.written = offset;
	return TAPE_OK;
}

static bool write_out(struct image_file *file, uint64_t from, uint64_t to, unsigned int how)
{
	/* No bytes would be all that follow. */
	return from == to || !sync_file_range(file->fd, from, to - from,
					      how | SYNC_FILE_RANGE_WRITE);
}

enum tape_result file_write_out(struct tape_image *image)
{
	struct image_file *file = &image->file;
	const unsigned int wait = SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WAIT_AFTER;

	if (file->size - file->begun < WRITE_OUT_SIZE)
		return TAPE_OK;
	if (!write_out(file, file->begun, file->size, 0) ||
	    !write_out(file, file->written, file->begun, wait))
		return failed(image, "write to its medium");
	file->written = file->begun;
	file->begun = file->size;
	return TAPE_OK;
}

enum tape_result file_sync(struct tape_image *image)
{
	while (fdatasync(image->file.fd)) {
		if (errno != EINTR)
			return failed(image, "sync");
	}
	image->file.begun = image->file.size;
	image->file.written = image->file.size;
	return TAPE_OK;
}
