/* SPDX-License-Identifier: GPL-2.0 */
/* The emulator that the host runs on, and its devices, see tools/lab/lent.py */
#ifndef SELFTESTS_EMULATOR_H
#define SELFTESTS_EMULATOR_H

/**
 * emulator_told() - have the emulator do something
 * @what: "detach 0120", "attach 0120" and so on, as lent.py says
 *
 * The line goes to $PROGRESS, where the lab reads it.  Elsewhere nobody does.
 */
void emulator_told(const char *what);

#endif /* SELFTESTS_EMULATOR_H */
