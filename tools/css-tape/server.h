/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The process: drives, the units that they serve, and the sockets
 *
 * There is one thread, which waits in poll() for all of them.  A drive that waits for the
 * host's file system keeps the others waiting; who doesn't want that starts a process
 * for each.
 *
 * A drive has a name.  It is there from the start if an option says so; otherwise it is
 * made for the first unit that names it.  When its unit ends, because the VM has ended or
 * another process has taken the device, the drive and its tape stay, for the next unit
 * that names it.  Device numbers are no such names, because each VM may have a device with
 * the same number: a drive that has only that as its name is unloaded when its unit ends.
 */
#ifndef CSS_TAPE_SERVER_H
#define CSS_TAPE_SERVER_H

#include "internal.h"
#include "loader.h"

#define DRIVES_MAX	256

/**
 * struct station - a drive and the unit that it serves
 * @drive: the drive
 * @unit: the unit, or NULL
 * @loader: its cartridge loader, or NULL
 * @unnamed: it was made for a unit that names no drive
 * @kept: it was made by an option; others go when there is no room for another one, if they
 *	have neither a unit nor a tape
 */
struct station {
	struct drive drive;
	struct css_unit *unit;
	struct loader *loader;
	bool unnamed;
	bool kept;
};

/**
 * struct server - all that the process has
 * @stations: drives
 * @nr: how many there are
 * @losses: a drive that has gone has lost blocks
 */
struct server {
	struct station *stations[DRIVES_MAX];
	unsigned int nr;
	bool losses;
};

/**
 * server_find() - find a drive by its name
 * @server: the server
 * @name: the name
 *
 * Return: the station, or NULL.
 */
struct station *server_find(const struct server *server, const char *name);

/**
 * server_add() - make a drive without a unit
 * @server: the server
 * @name: its name; letters, digits, and . _ - :
 * @kept: see &struct station
 * @problem: receives what is wrong, if something is
 *
 * Return: the station, or NULL.
 */
struct station *server_add(struct server *server, const char *name, bool kept,
			   const char **problem);

/**
 * server_serve() - serve a unit with the drive that has a name
 * @server: the server
 * @fd: the unit, which is the server's from now on, also if it isn't served
 * @name: the drive, made if there is none; "" for one that has the device number as its name
 *
 * Return: NULL, or why the unit isn't served.
 */
const char *server_serve(struct server *server, int fd, const char *name);

/**
 * server_step() - a unit has something to do
 * @station: its station
 */
void server_step(struct station *station);

/**
 * server_present() - present what the drive wants to be presented
 * @station: its station, which may be without a unit
 */
void server_present(struct station *station);

/**
 * server_stop() - end all: tapes are synchronized and unloaded
 * @server: the server
 *
 * Return: whether all is on the medium that was written since the process began.
 */
bool server_stop(struct server *server);

/* --- control.c --- */

#define CONTROL_SIZE		8192

/**
 * struct control - a connection to the control socket
 * @socket: the connection
 * @listing: all drives were asked for, and the reply has still to be sent, or a part of it;
 *	requests wait meanwhile
 * @next: the drive with which it goes on
 */
struct control {
	int socket;
	bool listing;
	unsigned int next;
};

/**
 * control_request() - do what a packet from a control socket asks for
 * @server: the server
 * @control: the connection, which isn't @listing, and on which the reply is sent
 *
 * Documentation/tape.rst describes the packets.
 *
 * Return: whether the connection goes on.
 */
bool control_request(struct server *server, struct control *control);

/**
 * control_list() - send as much of a list of drives as there is room for
 * @server: the server
 * @control: the connection, which is @listing
 *
 * Return: whether the connection goes on.
 */
bool control_list(const struct server *server, struct control *control);

/**
 * control_option() - understand an option of an image
 * @name: its name
 * @value: its value
 * @options: where it goes
 *
 * Return: whether it is one.
 */
bool control_option(const char *name, const char *value, struct tape_options *options);

/* --- loop.c --- */

/**
 * loop_run() - serve until a signal says to stop
 * @server: the server
 * @units: socket on which units come, or -1
 * @control: control socket, or -1
 * @signals: descriptor that can be read when the process is to stop
 *
 * Without @units and @control it ends with the last unit, too.
 */
void loop_run(struct server *server, int units, int control, int signals);

#endif /* CSS_TAPE_SERVER_H */
