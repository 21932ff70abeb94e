/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The benchmark's guest program under an unmodified QEMU.
 *
 * qemu.sh starts QEMU in a directory with these files: "memory", which is guest
 * storage; "bell", a FIFO that gets a character for each request of the guest
 * program (guest/mailbox.c); and "pid".
 */
#ifndef BENCH_QEMU_H
#define BENCH_QEMU_H

#include "vmm.h"

struct qemu {
	struct vmm vmm;		/* only its storage is used */
	struct hc_mailbox *box;
	int bell;
	int pid;
	char exits[128];	/* name of the file with the number of exits */
};

/**
 * qemu_open() - find a QEMU that has been started, and stop it
 * @qemu: filled in
 * @dir: its directory
 */
void qemu_open(struct qemu *qemu, const char *dir);

/**
 * qemu_go() - let QEMU run until qemu_stop()
 * @qemu: a QEMU that is stopped
 */
void qemu_go(struct qemu *qemu);

/**
 * qemu_stop() - stop QEMU, so that it takes no time from others
 * @qemu: a QEMU that runs
 */
void qemu_stop(struct qemu *qemu);

/**
 * qemu_request() - wait for a request of the guest program
 * @qemu: a QEMU that runs
 *
 * Ends this program if none comes for a long time.
 *
 * Return: the request and its arguments.
 */
const u64 *qemu_request(struct qemu *qemu);

/**
 * qemu_answer() - answer a request
 * @qemu: the QEMU
 * @answer: what the guest program gets
 */
void qemu_answer(struct qemu *qemu, u64 answer);

/**
 * qemu_exits() - how often its vCPU has left the kernel for QEMU
 * @qemu: the QEMU
 *
 * Return: a number that only grows.
 */
u64 qemu_exits(const struct qemu *qemu);

/**
 * qemu_end() - end QEMU
 * @qemu: the QEMU
 */
void qemu_end(struct qemu *qemu);

#endif /* BENCH_QEMU_H */
