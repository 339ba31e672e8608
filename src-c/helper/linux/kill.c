/*-
 * SPDX-FileCopyrightText: The Vnet for Java authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Linux: identifies namespaces, and kills every process in some of them.
 */
#ifdef __linux__
#define	_GNU_SOURCE

#include <sys/types.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "helper.h"

#define	ROUNDS		50		/* of kills, while others start */
#define	PATIENCE	2000		/* ms for a killed process to end */

static struct ns_id
id(int rc, const struct stat *st)
{
	struct ns_id id;

	id.dev = rc == 0 ? st->st_dev : 0;
	id.ino = rc == 0 ? st->st_ino : 0;
	return (id);
}

struct ns_id
ns_of_fd(int fd)
{
	struct stat st;

	return (id(fstat(fd, &st), &st));
}

struct ns_id
ns_of_path(const char *path)
{
	struct stat st;

	return (id(stat(path, &st), &st));
}

int
ns_same(struct ns_id a, struct ns_id b)
{

	return (a.ino != 0 && a.ino == b.ino && a.dev == b.dev);
}

static int
is_doomed(struct ns_id ns, const struct ns_id *doomed, int n)
{
	int i;

	for (i = 0; i < n; i++)
		if (ns_same(ns, doomed[i]))
			return (1);
	return (0);
}

enum where { OUTSIDE, PARTLY, INSIDE };

/*
 * Where the living threads of a process are.  The first thread may have ended
 * and have no namespace any more; if it lives elsewhere, so does the process.
 */
static enum where
find(long pid, const struct ns_id *doomed, int n)
{
	char path[64], task[64];
	struct dirent *de;
	struct ns_id ns;
	DIR *dir;
	long tid;
	int in, out;

	snprintf(path, sizeof(path), "/proc/%ld/ns/net", pid);
	ns = ns_of_path(path);
	if (ns.ino != 0 && !is_doomed(ns, doomed, n))
		return (OUTSIDE);
	snprintf(path, sizeof(path), "/proc/%ld/task", pid);
	if ((dir = opendir(path)) == NULL)
		return (OUTSIDE);	/* it has ended */
	in = out = 0;
	while ((de = readdir(dir)) != NULL) {
		if ((tid = strtol(de->d_name, NULL, 10)) <= 0)
			continue;
		snprintf(task, sizeof(task), "/proc/%ld/task/%ld/ns/net", pid,
		    tid);
		ns = ns_of_path(task);
		if (ns.ino == 0)
			continue;
		if (is_doomed(ns, doomed, n))
			in++;
		else
			out++;
	}
	closedir(dir);
	return (in == 0 ? OUTSIDE : out == 0 ? INSIDE : PARTLY);
}

/*
 * Kills a process if it is still in the namespaces.  The descriptor refers to
 * the process, so its pid cannot be reused during the check.
 */
static int
kill_if_in(long pid, const struct ns_id *doomed, int n)
{
	struct pollfd pfd;
	int rc;

	if ((pfd.fd = (int)syscall(SYS_pidfd_open, (pid_t)pid, 0)) == -1)
		return (0);
	rc = 0;
	if (find(pid, doomed, n) == INSIDE &&
	    syscall(SYS_pidfd_send_signal, pfd.fd, SIGKILL, NULL, 0) == 0) {
		pfd.events = POLLIN;
		if (poll(&pfd, 1, PATIENCE) == 0) {
			errno = ETIMEDOUT;
			rc = -1;
		} else
			rc = 1;
	}
	close(pfd.fd);
	return (rc);
}

/*
 * Returns how many processes it killed, or -1.  Counts those of which only some
 * threads are in the namespaces: they visit, as the helper does.
 */
static int
kill_round(const struct ns_id *doomed, int n, int *visitors)
{
	struct dirent *de;
	DIR *dir;
	long pid;
	int killed, rc;

	if ((dir = opendir("/proc")) == NULL)
		return (-1);
	killed = *visitors = 0;
	while ((de = readdir(dir)) != NULL) {
		if ((pid = strtol(de->d_name, NULL, 10)) <= 1 || pid == getpid())
			continue;
		rc = 0;
		switch (find(pid, doomed, n)) {
		case INSIDE:
			rc = kill_if_in(pid, doomed, n);
			break;
		case PARTLY:
			++*visitors;
			break;
		case OUTSIDE:
			break;
		}
		if (rc == -1) {
			closedir(dir);
			return (-1);
		}
		killed += rc;
	}
	closedir(dir);
	return (killed);
}

/*
 * Returns how many processes were left alone, or -1.  The namespaces of a
 * sandbox contain only descendants of the helper, since their names are visible
 * nowhere else.  Without a child they are empty.
 */
int
ns_kill(const struct ns_id *doomed, int n)
{
	int error, i, killed, visitors;

	if (own_stack_is_new && childless())
		return (0);
	if (ns_lock(LOCK_EX) == -1)
		return (-1);
	visitors = 0;
	for (i = 0, killed = 1; i < ROUNDS && killed > 0; i++)
		killed = kill_round(doomed, n, &visitors);
	error = killed > 0 ? EBUSY : errno;
	ns_lock(LOCK_UN);
	errno = error;
	return (killed == 0 ? visitors : -1);
}

#endif /* __linux__ */
