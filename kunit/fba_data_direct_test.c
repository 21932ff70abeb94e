// SPDX-License-Identifier: GPL-2.0
/* fba_data_test.c for a file that is read and written directly */
#define FBA_LATER	FAKE_BY_TURNS
#define FBA_DIRECT	true
#define FBA_SUFFIX	"_direct"
#include "fba_data_test.c"
