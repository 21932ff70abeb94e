// SPDX-License-Identifier: GPL-2.0
/* fba_stop_test.c for a file whose reads end when a page has been read */
#define FBA_LATER	FAKE_BY_TURNS
#define FBA_DIRECT	false
#define FBA_SUFFIX	"_waiting"
#include "fba_stop_test.c"
