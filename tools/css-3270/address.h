/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where clients connect to: PORT or HOST:PORT of TCP, where HOST is an address and
 * by default the local host's, or the path of a UNIX socket.
 */
#ifndef CSS_3270_ADDRESS_H
#define CSS_3270_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

/**
 * address_listen() - open a socket that listens
 * @text: where
 * @why: written, if that isn't possible: a line that says why
 * @size: size of @why
 *
 * The path of a socket that nobody listens on any more is used again.
 *
 * Return: the socket, which doesn't block, or -1.
 */
int address_listen(const char *text, char *why, size_t size);

/**
 * address_listen_unix() - the same for a UNIX socket of any type
 * @path: where
 * @type: SOCK_STREAM or SOCK_SEQPACKET
 * @why: as above
 * @size: as above
 *
 * Return: as above.
 */
int address_listen_unix(const char *path, int type, char *why, size_t size);

/**
 * address_accepted() - prepare a socket of a client, so that a client that is dead is
 * found out
 * @fd: the socket
 */
void address_accepted(int fd);

#endif /* CSS_3270_ADDRESS_H */
