/* SPDX-License-Identifier: GPL-2.0 */
/* A disk of the host's that the tests may overwrite, as sysfs shows it */
#ifndef SELFTESTS_HOST_DEVICE_H
#define SELFTESTS_HOST_DEVICE_H

#include <stdbool.h>

#include "cio.h"

/* The environment variables that name an FBA disk and an ECKD disk */
#define HOST_DEVICE_FBA		"PASSTHROUGH_DISK"
#define HOST_DEVICE_ECKD	"PASSTHROUGH_ECKD"

/**
 * host_device_find() - find the disk that an environment variable names
 * @variable: HOST_DEVICE_FBA or HOST_DEVICE_ECKD
 *
 * It is set online.
 *
 * Return: its bus id, such as 0.0.0120; NULL if there is none.
 */
const char *host_device_find(const char *variable);

/**
 * host_device_devno() - the device number in a bus id
 * @id: the bus id
 *
 * Return: the number.
 */
u16 host_device_devno(const char *id);

/**
 * host_device_there() - has the host the device?
 * @id: its bus id
 *
 * Return: whether the host has a ccw device with this bus id.
 */
bool host_device_there(const char *id);

/**
 * host_device_online() - is the device online in the host?
 * @id: its bus id
 *
 * Return: whether it is.
 */
bool host_device_online(const char *id);

/**
 * host_device_set() - set the device online or offline
 * @id: its bus id
 * @online: what it is to be
 *
 * Return: 0 or a positive errno.
 */
int host_device_set(const char *id, bool online);

/**
 * host_device_wait() - wait until the host has the device again
 * @id: its bus id
 * @online: whether it must be online, too
 *
 * Return: false when it took longer than 60 s.
 */
bool host_device_wait(const char *id, bool online);

/**
 * host_device_open() - open the disk in the host
 * @id: its bus id
 * @flags: as for open()
 *
 * Return: the descriptor, or -1 with errno set.
 */
int host_device_open(const char *id, int flags);

/**
 * host_device_unbind() - take the subchannel from the module's driver, as root can
 * @id: the bus id of the device that is lent
 *
 * Return: 0 or a positive errno; ENODEV if the driver hasn't got its subchannel.
 */
int host_device_unbind(const char *id);

#endif /* SELFTESTS_HOST_DEVICE_H */
