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

#define	MOST	256		/* files opened in one procfs */

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

/*
 * Returns a procfs of our own, or -1.  A procfs keeps the names it has looked
 * up, those of all stacks in one list each: after many, a fresh one is faster.
 */
static int
fresh_proc(struct procfs *proc)
{
	int fresh;

	if (!proc->tried) {
		proc->fd = own_proc();
		proc->tried = 1;
	} else if (proc->fd != -1 && proc->used == MOST) {
		if ((fresh = own_proc()) != -1) {	/* else the old one does */
			close(proc->fd);
			proc->fd = fresh;
		}
		proc->used = 0;
	}
	proc->used++;
	return (proc->fd);
}

/*
 * Opens a file below /proc/sys/net, of the current stack.  A procfs is used by
 * one thread.
 */
int
open_net_setting(struct procfs *proc, const char *name, int flags)
{
	char path[512];
	int fd;

	if (snprintf(path, sizeof(path), "/proc/sys/net/%s", name) >=
	    (int)sizeof(path)) {
		errno = ENAMETOOLONG;
		return (-1);
	}
	flags |= O_CLOEXEC | O_NOFOLLOW;
	if ((fd = fresh_proc(proc)) == -1)
		return (open(path, flags));
	return (openat(fd, path + sizeof("/proc/") - 1, flags));
}

#endif /* __linux__ */
