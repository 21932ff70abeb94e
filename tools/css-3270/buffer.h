/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A buffer of bytes that can't grow: what is added either fits, or nothing of it
 * is added.
 */
#ifndef CSS_3270_BUFFER_H
#define CSS_3270_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/**
 * struct buffer - bytes that are waiting
 * @data: the bytes
 * @len: how many there are
 * @size: how many there can be
 */
struct buffer {
	uint8_t *data;
	size_t len;
	size_t size;
};

/**
 * buffer_new() - make an empty buffer
 * @buffer: the buffer
 * @size: how many bytes there can be
 *
 * Return: false if there is no storage.
 */
static inline bool buffer_new(struct buffer *buffer, size_t size)
{
	buffer->data = malloc(size);
	buffer->size = size;
	buffer->len = 0;
	return buffer->data;
}

/**
 * buffer_free() - free a buffer, also one that is zeros
 * @buffer: the buffer
 */
static inline void buffer_free(struct buffer *buffer)
{
	free(buffer->data);
	memset(buffer, 0, sizeof(*buffer));
}

/**
 * buffer_add() - add bytes at the end
 * @buffer: the buffer
 * @data: the bytes
 * @len: how many there are
 *
 * Return: false if they don't fit; none is added then.
 */
static inline bool buffer_add(struct buffer *buffer, const void *data, size_t len)
{
	if (len > buffer->size - buffer->len)
		return false;
	if (len)
		memcpy(buffer->data + buffer->len, data, len);
	buffer->len += len;
	return true;
}

/**
 * buffer_take() - remove bytes from the beginning
 * @buffer: the buffer
 * @len: how many; there are so many
 */
static inline void buffer_take(struct buffer *buffer, size_t len)
{
	buffer->len -= len;
	memmove(buffer->data, buffer->data + len, buffer->len);
}

#endif /* CSS_3270_BUFFER_H */
