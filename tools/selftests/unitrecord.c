// SPDX-License-Identifier: GPL-2.0
/*
 * The host's half of the theme "unitrecord": a guest has a card reader and a
 * printer of the host's, for which Linux has no driver.  The tests are in
 * guest/unitrecord.c.
 */
#include <errno.h>

#include "emulator.h"
#include "host_device.h"
#include "theme.h"
#include "guest/unitrecord.h"

#define READER_ID	"0.0.000c"
#define PRINTER_ID	"0.0.000e"

static void add(struct machine *machine, u32 sid, u16 devno)
{
	const struct kvm_css_passthrough arg = {
		.size = sizeof(arg),
		.devno = devno,
	};

	if (css_add_passthrough(machine->css_fd, sid, devno, &arg))
		die("lend the device %04x", devno);
}

static u64 setup(struct machine *machine)
{
	add(machine, READER_SID, READER_DEVNO);
	add(machine, PRINTER_SID, PRINTER_DEVNO);
	return 0;
}

static u64 return_printer(struct machine *machine)
{
	int error = 0;

	if (css_remove(machine->css_fd, PRINTER_SID))
		error = errno;
	else if (!host_device_wait(PRINTER_ID, false))
		error = ETIME;
	else
		add(machine, PRINTER_SID, PRINTER_DEVNO);
	return error;
}

static u64 call(struct machine *machine, const u64 *args)
{
	switch (args[0]) {
	case UNITRECORD_CALL_CARDS:
		emulator_told("cards");
		return 0;
	case UNITRECORD_CALL_RETURN:
		return return_printer(machine);
	}
	return -1;
}

static int skipped(void)
{
	ktap_plan(1);
	ktap_begin("a card reader and a printer of the host's");
	ktap_skip("there are none with the numbers " READER_ID " and " PRINTER_ID);
	ktap_end();
	return ktap_status();
}

int main(int argc, char **argv)
{
	static const struct theme theme = {
		.name = "unitrecord",
		.kernel = THEME_KERNEL,
		.nr_vcpus = 1,
		.setup = setup,
		.call = call,
	};

	if (!host_device_there(READER_ID) || !host_device_there(PRINTER_ID))
		return skipped();
	return theme_main(&theme, argc, argv);
}
