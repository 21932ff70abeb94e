// SPDX-License-Identifier: GPL-2.0
/* Unload the module, and load it again, see module.h */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "ktap.h"
#include "module.h"

#define MODULE		"kvm_css"
/* The environment variable with the path of the module's file */
#define MODULE_FILE	"KVM_CSS_KO"

const char *module_file(void)
{
	const char *name = getenv(MODULE_FILE);

	if (!name)
		ktap_skip(MODULE_FILE
			  " doesn't say where the module's file is");
	return name;
}

bool module_unload(void)
{
	return !syscall(SYS_delete_module, MODULE, O_NONBLOCK);
}

bool module_load(const char *name)
{
	int fd = open(name, O_RDONLY | O_CLOEXEC);
	bool loaded = fd >= 0 && !syscall(SYS_finit_module, fd, "", 0);

	close(fd);
	return loaded;
}
