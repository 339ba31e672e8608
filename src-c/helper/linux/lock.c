/*-
 * SPDX-FileCopyrightText: The Vnet for Java authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Linux: the lock between the helpers of a machine.  A helper that is briefly
 * in a stack must not be killed as one of its processes: a helper in a stack
 * holds LOCK_SH, a helper that kills holds LOCK_EX.  In a sandbox there is only
 * one helper.
 */
#ifdef __linux__
#define	_GNU_SOURCE

#include <sys/types.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "helper.h"

#define	DIR		"/run/vnet4j"	/* also of the registry of jails */
#define	FILE		"helper.lock"
#define	LOCK_MS		10000

/* Opens the file, which only root may open: others could hold the lock. */
static int
open_lock(void)
{
	struct stat st;
	int dir, fd;

	if (mkdir(DIR, 0700) == -1 && errno != EEXIST)
		return (-1);
	dir = open(DIR, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (dir == -1)
		return (-1);
	fd = -1;
	if (fstat(dir, &st) == 0 &&
	    ((st.st_uid != 0 && st.st_uid != geteuid()) ||
	    (st.st_mode & 022) != 0))
		errno = EPERM;
	else
		fd = openat(dir, FILE, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC,
		    0600);
	close(dir);
	return (fd);
}

/* Fails with ETIMEDOUT if another process holds the lock for so long. */
int
take_lock(int fd, int how, int ms)
{
	int64_t until;

	if (flock(fd, how | LOCK_NB) == 0)
		return (0);
	until = now_ms() + ms;
	while (errno == EWOULDBLOCK || errno == EINTR) {
		if (now_ms() >= until) {
			errno = ETIMEDOUT;
			break;
		}
		poll(NULL, 0, 1);
		if (flock(fd, how | LOCK_NB) == 0)
			return (0);
	}
	return (-1);
}

int
ns_lock(int how)
{
	static int fd = -1;

	if (own_stack_is_new)
		return (0);
	if (fd == -1 && (fd = open_lock()) == -1)	/* who may not enter */
		return (errno == EACCES && geteuid() != 0 ? 0 : -1);
	return (take_lock(fd, how, LOCK_MS));
}

#endif /* __linux__ */
