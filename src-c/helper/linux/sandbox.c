/*-
 * SPDX-FileCopyrightText: The Vnet for Java authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Linux: a new stack for the helper, destroyed with the last process in it.
 */
#ifdef __linux__
#define	_GNU_SOURCE

#include <sys/types.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <net/if.h>

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "helper.h"

static int
write_file(const char *path, const char *text, size_t len)
{
	int error, fd;

	if ((fd = open(path, O_WRONLY | O_CLOEXEC)) == -1)
		return (-1);
	error = write(fd, text, len) == (ssize_t)len ? 0 : errno;
	close(fd);
	errno = error;
	return (error == 0 ? 0 : -1);
}

/* The user becomes root in a user namespace, and only there. */
static int
map_ids(uid_t uid, gid_t gid)
{
	char line[64];

	if (write_file("/proc/self/setgroups", "deny", 4) == -1)
		return (-1);
	snprintf(line, sizeof(line), "0 %u 1", (unsigned)uid);
	if (write_file("/proc/self/uid_map", line, strlen(line)) == -1)
		return (-1);
	snprintf(line, sizeof(line), "0 %u 1", (unsigned)gid);
	return (write_file("/proc/self/gid_map", line, strlen(line)));
}

static int
loopback_up(void)
{
	struct ifreq ifr;
	int error, fd;

	memset(&ifr, 0, sizeof(ifr));
	strcpy(ifr.ifr_name, "lo");
	ifr.ifr_flags = IFF_UP | IFF_RUNNING;
	if ((fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) == -1)
		return (-1);
	error = ioctl(fd, SIOCSIFFLAGS, &ifr) == -1 ? errno : 0;
	close(fd);
	errno = error;
	return (error == 0 ? 0 : -1);
}

/* To bring its loopback up needs CAP_NET_ADMIN, as all else in it does. */
static int
new_stack(int more, struct answer *an)
{

	if (unshare(more | CLONE_NEWNS | CLONE_NEWNET) == -1)
		return (fail(an, errno, "unshare"));
	if (loopback_up() == -1)
		return (fail(an, errno, "SIOCSIFFLAGS"));
	return (0);
}

/* Returns how many settings could not be set, or -1. */
int
sandbox_enter(struct answer *an)
{
	struct inherited none;
	gid_t gid;
	uid_t uid;
	int rc;

	uid = geteuid();
	gid = getegid();
	memset(&none, 0, sizeof(none));
	/*
	 * Root without CAP_SYS_ADMIN or CAP_NET_ADMIN, as in a container, does
	 * as others do.
	 */
	if (uid != 0 || new_stack(0, an) == -1) {
		if (uid == 0 && an->rp.error != EPERM)
			return (-1);
		an->rp.error = 0;
		if (new_stack(CLONE_NEWUSER, an) == -1)
			return (-1);
		if (map_ids(uid, gid) == -1)
			return (fail(an, errno, "uid_map"));
	}
	/* A slave: what the machine unmounts is unmounted here too. */
	if (mount("none", "/", NULL, MS_REC | MS_SLAVE, NULL) == -1)
		return (fail(an, errno, "mount /"));
	if (mount("vnet", "/run", "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755")
	    == -1)
		return (fail(an, errno, "mount /run"));
	if (mkdir("/run/netns", 0755) == -1)
		return (fail(an, errno, "mkdir"));
	rc = settings_init(&none);
	if (none.proc.fd != -1)
		close(none.proc.fd);
	return (rc);
}

#endif /* __linux__ */
