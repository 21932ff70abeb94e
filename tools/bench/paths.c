// SPDX-License-Identifier: GPL-2.0
/* What the benchmark measures.  figures.py looks for the names here. */
#include <stddef.h>
#include <string.h>

#include "paths.h"

#define PATH(n, in, w, s, ...)						\
	{ .name = (n), .setting = (in), .what = (w), .sid = (s), __VA_ARGS__ }
/* On two CPUs, where each gets half of the rounds */
#define PAIR(n, in, w, s)						\
	PATH(n, in, w, s, .how = BENCH_PAIR, .divide = 2)

/*
 * Long programs get fewer rounds, which still take long enough to be measured.
 */
#define CHANPROG(n, w, s)						\
	{ .name = "chanprog." n, .setting = ATTACHED, .what = (w),	\
	  .sid = BENCH_SID_TEST, .size = (s), .divide = 1 + (s) }

/* A process reads, as the test control unit does for CHANPROG(). */
#define USER(n, s)							\
	{ .name = "user." n, .setting = ATTACHED, .what = BENCH_DATA,	\
	  .sid = BENCH_SID_UNIT, .size = (s), .divide = 1 + (s) }

struct path paths[] = {
	PATH("clock", PLAIN, BENCH_CLOCK, 0),
	PATH("stidp", PLAIN, BENCH_STIDP, 0),
	PATH("stidp.attached", ATTACHED, BENCH_STIDP, 0),
	PATH("stidp.qemu", QEMU, BENCH_STIDP, 0),
	PATH("stidp.cycle.kernel", ATTACHED, BENCH_CYCLE_STIDP, BENCH_SID_TEST),
	PATH("stidp.cycle.vmm", PLAIN, BENCH_CYCLE_STIDP, BENCH_SID_TEST),
	PATH("stsch.kernel", ATTACHED, BENCH_STSCH, BENCH_SID_TEST),
	PATH("stsch.vmm", PLAIN, BENCH_STSCH, BENCH_SID_TEST),
	PATH("stsch.qemu", QEMU, BENCH_STSCH, BENCH_SID_QEMU),
	PATH("cycle.kernel", ATTACHED, BENCH_CYCLE, BENCH_SID_TEST),
	PATH("cycle.vmm", PLAIN, BENCH_CYCLE, BENCH_SID_TEST),
	PATH("cycle.qemu", QEMU, BENCH_CYCLE, BENCH_SID_QEMU),
	PATH("cycle.kernel.async", ATTACHED, BENCH_CYCLE, BENCH_SID_ASYNC),
	PATH("fba4k.kernel", ATTACHED, BENCH_READ, BENCH_SID_FBA),
	PATH("fba4k.vmm", PLAIN, BENCH_READ, BENCH_SID_FBA),
	PATH("fba4k.vmm.inline", PLAIN, BENCH_READ, BENCH_SID_INLINE),
	PATH("fba4k-write.kernel", ATTACHED, BENCH_WRITE, BENCH_SID_FBA),
	PATH("fba4k-write.vmm", PLAIN, BENCH_WRITE, BENCH_SID_FBA),
	PATH("fba4k-write.vmm.inline", PLAIN, BENCH_WRITE, BENCH_SID_INLINE),
	PATH("fba4k.ext4.kernel", ATTACHED, BENCH_READ, BENCH_SID_EXT4),
	PATH("fba4k.ext4.vmm", PLAIN, BENCH_READ, BENCH_SID_EXT4),
	PATH("fba4k.ext4.vmm.inline", PLAIN, BENCH_READ, BENCH_SID_EXT4_INLINE),
	PATH("fba4k-write.ext4.kernel", ATTACHED, BENCH_WRITE, BENCH_SID_EXT4),
	PATH("fba4k-write.ext4.vmm.inline", PLAIN, BENCH_WRITE,
	     BENCH_SID_EXT4_INLINE),
	PATH("fba4k.buffered", ATTACHED, BENCH_READ, BENCH_SID_BUFFERED),
	PATH("fba4k.direct", ATTACHED, BENCH_READ, BENCH_SID_DIRECT),
	PATH("fba4k-write.writethrough", ATTACHED, BENCH_WRITE,
	     BENCH_SID_BUFFERED),
	PATH("fba4k-write.directsync", ATTACHED, BENCH_WRITE,
	     BENCH_SID_DIRECT),
	PATH("fba4k-write.writeback", ATTACHED, BENCH_WRITE,
	     BENCH_SID_WRITEBACK),
	PATH("fba4k-write.none", ATTACHED, BENCH_WRITE, BENCH_SID_NONE),
	PATH("stsch.dat.kernel", ATTACHED, BENCH_STSCH, BENCH_SID_TEST,
	     .how = BENCH_DAT),
	PATH("stsch.dat.vmm", PLAIN, BENCH_STSCH, BENCH_SID_TEST,
	     .how = BENCH_DAT),
	PATH("stsch.dat.qemu", QEMU, BENCH_STSCH, BENCH_SID_QEMU,
	     .how = BENCH_DAT),
	PATH("cycle.dat.kernel", ATTACHED, BENCH_CYCLE, BENCH_SID_TEST,
	     .how = BENCH_DAT),
	PATH("cycle.dat.vmm", PLAIN, BENCH_CYCLE, BENCH_SID_TEST,
	     .how = BENCH_DAT),
	PATH("cycle.dat.qemu", QEMU, BENCH_CYCLE, BENCH_SID_QEMU,
	     .how = BENCH_DAT),
	PATH("fba4k.dat.kernel", ATTACHED, BENCH_READ, BENCH_SID_EXT4,
	     .how = BENCH_DAT),
	PATH("fba4k.dat.vmm.inline", PLAIN, BENCH_READ, BENCH_SID_EXT4_INLINE,
	     .how = BENCH_DAT),
	PATH("cycle.high.kernel", ATTACHED, BENCH_CYCLE, BENCH_SID_TEST,
	     .how = BENCH_HIGH),
	PATH("fba4k.high.kernel", ATTACHED, BENCH_READ, BENCH_SID_EXT4,
	     .how = BENCH_HIGH),
	PATH("fba4k.cold.kernel", ATTACHED, BENCH_READ_ANEW, BENCH_SID_EXT4),
	PATH("fba4k.cold.vmm", PLAIN, BENCH_READ_ANEW, BENCH_SID_EXT4),
	PATH("fba4k.cold.vmm.inline", PLAIN, BENCH_READ_ANEW,
	     BENCH_SID_EXT4_INLINE),
	PATH("cycle.one.kernel", PAIR_ATTACHED, BENCH_CYCLE,
	     BENCH_SID_TEST_PAIR),
	PAIR("cycle.pair.kernel", PAIR_ATTACHED, BENCH_CYCLE,
	     BENCH_SID_TEST_PAIR),
	PATH("cycle.one.vmm", PAIR_PLAIN, BENCH_CYCLE, BENCH_SID_TEST_PAIR),
	PAIR("cycle.pair.vmm", PAIR_PLAIN, BENCH_CYCLE, BENCH_SID_TEST_PAIR),
	PATH("fba4k.one.kernel", PAIR_ATTACHED, BENCH_READ,
	     BENCH_SID_EXT4_PAIR),
	PAIR("fba4k.pair.kernel", PAIR_ATTACHED, BENCH_READ,
	     BENCH_SID_EXT4_PAIR),
	PATH("fba4k.one.vmm.inline", PAIR_PLAIN, BENCH_READ,
	     BENCH_SID_EXT4_PAIR),
	PAIR("fba4k.pair.vmm.inline", PAIR_PLAIN, BENCH_READ,
	     BENCH_SID_EXT4_PAIR),
	CHANPROG("ccw.1", BENCH_CCWS, 0),
	CHANPROG("ccw.4", BENCH_CCWS, 2),
	CHANPROG("ccw.16", BENCH_CCWS, 4),
	CHANPROG("ccw.64", BENCH_CCWS, 6),
	CHANPROG("ccw.256", BENCH_CCWS, 8),
	CHANPROG("ccw.1024", BENCH_CCWS, 10),
	CHANPROG("ccw-prefetch.16", BENCH_CCWS_PREFETCH, 4),
	CHANPROG("ccw-prefetch.256", BENCH_CCWS_PREFETCH, 8),
	CHANPROG("ccw-prefetch.1024", BENCH_CCWS_PREFETCH, 10),
	CHANPROG("data.4k", BENCH_DATA, 0),
	CHANPROG("data.8k", BENCH_DATA, 1),
	CHANPROG("data.16k", BENCH_DATA, 2),
	CHANPROG("data.32k", BENCH_DATA, 3),
	CHANPROG("data.64k", BENCH_DATA, 4),
	CHANPROG("idaw.1", BENCH_IDAWS, 0),
	CHANPROG("idaw.2", BENCH_IDAWS, 1),
	CHANPROG("idaw.4", BENCH_IDAWS, 2),
	CHANPROG("idaw.8", BENCH_IDAWS, 3),
	PATH("user.cycle", ATTACHED, BENCH_CYCLE, BENCH_SID_UNIT),
	USER("data.4k", 0),
	USER("data.32k", 3),
	USER("data.64k", 4),
};

const unsigned int nr_paths = ARRAY_SIZE(paths);

struct path *find_path(const char *name)
{
	struct path *path;

	for_each_path(path)
		if (!strcmp(path->name, name))
			return path;
	return NULL;
}
