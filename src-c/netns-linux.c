/*-
 * SPDX-FileCopyrightText: The Vnet for Java authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Linux: network namespaces by name, as ip-netns(8) makes and shows them.
 */
#ifdef __linux__
#define	_GNU_SOURCE

#include <sys/types.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vnet-helper.h"

#define	RUNDIR		"/run/netns"
#define	ROUNDS		50		/* of killing, while new ones start */
#define	PATIENCE	2000		/* ms for a killed process to end */

/* What goes with us.  The descriptor keeps its inode number from reuse. */
struct ns {
	int	 fd;
	char	*name;		/* "" if it has none */
};

static struct ns *ours;
static size_t nours;

static int
same_ns(const char *path, int fd)
{
	struct stat a, b;

	return (stat(path, &a) == 0 && fstat(fd, &b) == 0 &&
	    a.st_ino == b.st_ino && a.st_dev == b.st_dev);
}

static int
same_fd(int one, int other)
{
	struct stat a, b;

	return (fstat(one, &a) == 0 && fstat(other, &b) == 0 &&
	    a.st_ino == b.st_ino && a.st_dev == b.st_dev);
}

/* Returns the path below RUNDIR, "" for no name, NULL for a bad one. */
static const char *
ns_path(struct msg *m, const char **name, size_t rest)
{
	static char path[sizeof(RUNDIR) + VH_MAXNAME + 1];

	if (take_string(m, name) == -1 || m->len != rest) {
		errno = EPROTO;
		return (NULL);
	}
	errno = EINVAL;
	if (strlen(*name) > VH_MAXNAME || strchr(*name, '/') != NULL ||
	    strcmp(*name, ".") == 0 || strcmp(*name, "..") == 0)
		return (NULL);
	if (**name == '\0')
		return ("");
	snprintf(path, sizeof(path), "%s/%s", RUNDIR, *name);
	return (path);
}

static int
bad_name(struct answer *an)
{

	return (fail(an, errno, errno == EPROTO ? "request" : "name"));
}

/* A shared mount, so that what is bound there is seen in all mount namespaces. */
static int
make_rundir(struct answer *an)
{
	static int made;
	int fd, rc;

	if (made && own_stack_is_new)
		return (0);	/* nobody else is in a sandbox's /run */
	if (mkdir(RUNDIR, 0755) == -1 && errno != EEXIST)
		return (fail(an, errno, "mkdir"));
	if ((fd = open(RUNDIR, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) == -1)
		return (fail(an, errno, "open"));
	rc = flock(fd, LOCK_EX);
	if (rc == 0)
		rc = mount("", RUNDIR, "none", MS_SHARED | MS_REC, NULL);
	if (rc == -1 && errno == EINVAL) {
		rc = mount(RUNDIR, RUNDIR, "none", MS_BIND | MS_REC, NULL);
		if (rc == 0)
			rc = mount("", RUNDIR, "none", MS_SHARED | MS_REC, NULL);
	}
	if (rc == -1)
		fail(an, errno, "mount");
	close(fd);
	made = rc == 0;
	return (rc);
}

/*
 * A helper that is in a stack for a moment is not one of its processes, though
 * it looks like one: while a helper visits (LOCK_SH) none kills (LOCK_EX).  In
 * a sandbox there is no other.
 */
void
ns_lock(int how)
{
	static int dir = -1;

	if (own_stack_is_new)
		return;
	if (dir == -1)
		dir = open(RUNDIR, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	while (dir != -1 && flock(dir, how) == -1 && errno == EINTR)
		;
}

static int
remember(int fd, const char *name)
{
	struct ns *more;

	if ((more = realloc(ours, (nours + 1) * sizeof(*more))) == NULL)
		return (-1);
	ours = more;
	if ((ours[nours].name = strdup(name)) == NULL)
		return (-1);
	ours[nours].fd = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	if (ours[nours].fd == -1) {
		free(ours[nours].name);
		return (-1);
	}
	nours++;
	return (0);
}

static void
forget(size_t i)
{

	close(ours[i].fd);
	free(ours[i].name);
	ours[i] = ours[--nours];
}

static int
unbind(const char *path)
{

	if (umount2(path, MNT_DETACH) == -1 && errno != EINVAL && errno != ENOENT)
		return (-1);
	return (unlink(path) == -1 && errno != ENOENT ? -1 : 0);
}

/*
 * Makes a namespace, binds it where a path is given, opens sockets in it;
 * leaves us at home.
 */
static int
new_ns(const char *path, struct msg *m, struct answer *an)
{
	int fd, rc;

	ns_lock(LOCK_SH);
	if (unshare(CLONE_NEWNET) == -1) {
		fail(an, errno, "unshare");
		ns_lock(LOCK_UN);
		return (-1);
	}
	rc = -1;
	fd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	if (fd == -1)
		fail(an, errno, "open");
	else if (give_fd(an, fd) == -1)
		rc = -1;
	else if (*path != '\0' &&
	    mount("/proc/self/ns/net", path, "none", MS_BIND, NULL) == -1)
		fail(an, errno, "mount");
	else
		rc = m->rq.a == 0 ? 0 : open_sockets(m, an);
	if (setns(home_ns, CLONE_NEWNET) == -1)
		_exit(111);
	ns_lock(LOCK_UN);
	return (rc);
}

int
ns_create(struct msg *m, struct answer *an)
{
	const char *name, *path;
	int fd, rc;

	if (m->rq.a < 0 || m->rq.a >= VH_MAXFDS)
		return (fail(an, EPROTO, "request"));
	path = ns_path(m, &name, (size_t)m->rq.a * 3 * sizeof(int32_t));
	if (path == NULL)
		return (bad_name(an));
	if (*path != '\0') {
		if (make_rundir(an) == -1)
			return (-1);
		fd = open(path, O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0);
		if (fd == -1)
			return (fail(an, errno, "open"));
		close(fd);
	}
	rc = new_ns(path, m, an);
	if (rc == 0 && (m->rq.flags & VH_PERSIST) == 0 &&
	    remember(an->fds[0], name) == -1)
		rc = fail(an, errno, "malloc");
	if (rc == -1 && *path != '\0')
		unbind(path);
	return (rc);
}

int
ns_open(struct msg *m, struct answer *an)
{
	const char *name, *path;
	int fd;

	if ((path = ns_path(m, &name, 0)) == NULL || *path == '\0')
		return (bad_name(an));
	if ((fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)) == -1)
		return (fail(an, errno, "open"));
	return (give_fd(an, fd));
}

/*
 * Kills a process if it is still in the namespace: the descriptor holds the
 * process while we look, so its number cannot pass to another one meanwhile.
 */
static int
kill_if_in(long pid, const char *path, int ns)
{
	struct pollfd pfd;
	int rc;

	if ((pfd.fd = (int)syscall(SYS_pidfd_open, (pid_t)pid, 0)) == -1)
		return (0);
	rc = 0;
	if (same_ns(path, ns) &&
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

/* Returns how many there were, or -1. */
static int
kill_round(int ns)
{
	char path[64];
	struct dirent *de;
	DIR *dir;
	long pid;
	int n, rc;

	if ((dir = opendir("/proc")) == NULL)
		return (-1);
	n = 0;
	while ((de = readdir(dir)) != NULL) {
		if ((pid = strtol(de->d_name, NULL, 10)) <= 1 || pid == getpid())
			continue;
		snprintf(path, sizeof(path), "/proc/%ld/ns/net", pid);
		if (!same_ns(path, ns))
			continue;
		if ((rc = kill_if_in(pid, path, ns)) == -1) {
			closedir(dir);
			return (-1);
		}
		n += rc;
	}
	closedir(dir);
	return (n);
}

/*
 * Only what we started, and what came of it, is in the namespaces of a sandbox:
 * their names are seen nowhere else.  Without a child there is nobody.
 */
static int
nobody_can_be_in(void)
{
	siginfo_t si;

	return (own_stack_is_new &&
	    waitid(P_ALL, 0, &si, WEXITED | WNOHANG | WNOWAIT) == -1 &&
	    errno == ECHILD);
}

static int
kill_all_in(int ns)
{
	int error, i, n;

	if (nobody_can_be_in())
		return (0);
	ns_lock(LOCK_EX);
	for (i = 0, n = 1; i < ROUNDS && n > 0; i++)
		n = kill_round(ns);
	error = n > 0 ? EBUSY : errno;
	ns_lock(LOCK_UN);
	errno = error;
	return (n == 0 ? 0 : -1);
}

int
ns_remove(struct msg *m, struct answer *an)
{
	char parent[64];
	const char *name, *path;
	size_t i;

	if ((path = ns_path(m, &name, 0)) == NULL)
		return (bad_name(an));
	if (m->nfds == 0 && *path != '\0') {
		m->fds[0] = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
		if (m->fds[0] == -1)
			return (fail(an, errno, "open"));
		m->nfds = 1;
	}
	if (m->nfds != 1)
		return (fail(an, EPROTO, "request"));
	snprintf(parent, sizeof(parent), "/proc/%d/ns/net", (int)getppid());
	if (same_ns("/proc/self/ns/net", m->fds[0]) ||
	    same_ns(parent, m->fds[0]))
		return (fail(an, EBUSY, "kill"));
	if (*path != '\0' && !same_ns(path, m->fds[0]))
		return (fail(an, ENOENT, "name"));
	if (kill_all_in(m->fds[0]) == -1)
		return (fail(an, errno, "kill"));
	if (*path != '\0' && unbind(path) == -1)
		return (fail(an, errno, "umount2"));
	for (i = 0; i < nours; i++)
		if (same_fd(ours[i].fd, m->fds[0]))
			break;
	if (i < nours)
		forget(i);
	return (0);
}

void
ns_cleanup(void)
{
	char path[sizeof(RUNDIR) + VH_MAXNAME + 1];

	for (; nours > 0; forget(nours - 1)) {
		kill_all_in(ours[nours - 1].fd);
		snprintf(path, sizeof(path), "%s/%s", RUNDIR,
		    ours[nours - 1].name);
		if (*ours[nours - 1].name != '\0' &&
		    same_ns(path, ours[nours - 1].fd))
			unbind(path);
	}
}

#endif /* __linux__ */
