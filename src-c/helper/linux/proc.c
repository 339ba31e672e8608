/*-
 * SPDX-FileCopyrightText: The Vnet for Java authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Linux: files below /proc/sys/net, which belong to the stack of the process
 * that opens them.
 */
#ifdef __linux__
#define	_GNU_SOURCE

#include <sys/types.h>
#include <sys/syscall.h>
#include <linux/mount.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "helper.h"

/*
 * In a container /proc/sys is often mounted read-only.  A procfs of our own is
 * not, and nobody else sees it.  Only root of the machine may have one.
 */
static int
own_proc(void)
{
	int fs, mount;

	if ((fs = (int)syscall(SYS_fsopen, "proc", FSOPEN_CLOEXEC)) == -1)
		return (-1);
	mount = -1;
	if (syscall(SYS_fsconfig, fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0) == 0)
		mount = (int)syscall(SYS_fsmount, fs, FSMOUNT_CLOEXEC, 0);
	close(fs);
	return (mount);
}

/* Opens a file below /proc/sys/net, of the current stack. */
int
open_net_setting(const char *name, int flags)
{
	static int own = -2;	/* not tried */
	char path[512];
	int error, fd;

	if (snprintf(path, sizeof(path), "/proc/sys/net/%s", name) >=
	    (int)sizeof(path)) {
		errno = ENAMETOOLONG;
		return (-1);
	}
	flags |= O_CLOEXEC | O_NOFOLLOW;
	fd = open(path, flags);
	if (fd != -1 || errno != EROFS)
		return (fd);
	if (own == -2)
		own = own_proc();
	error = EROFS;
	if (own != -1 && (fd = openat(own, path + sizeof("/proc/") - 1,
	    flags)) == -1)
		error = errno;
	errno = error;
	return (fd);
}

#endif /* __linux__ */
