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
#include <string.h>
#include <unistd.h>

#include "helper.h"

#define	PATIENCE	2000		/* ms until one more of them has ended */
#define	LONGEST		8000		/* ms for all; less than LOCK_MS, lock.c */
#define	ROUND		100		/* ms for those killed in one round */

struct victims {
	struct process	*all;
	size_t		 n;
	size_t		 room;
};

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

/* HIDDEN: this user may not see it, as root in most containers. */
enum where { FAILED, OUTSIDE, PARTLY, INSIDE, HIDDEN };

/* Where a process is that cannot be looked at. */
static enum where
unseen(void)
{

	if (errno == ENOENT || errno == ESRCH)	/* it has ended */
		return (OUTSIDE);
	return (errno == EACCES || errno == EPERM ? HIDDEN : FAILED);
}

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
	enum where where;
	DIR *dir;
	long tid;
	int in, out;

	snprintf(path, sizeof(path), "/proc/%ld/ns/net", pid);
	ns = ns_of_path(path);
	if (ns.ino != 0 && !is_doomed(ns, doomed, n))
		return (OUTSIDE);
	if (ns.ino == 0 && (where = unseen()) != OUTSIDE)
		return (where);
	snprintf(path, sizeof(path), "/proc/%ld/task", pid);
	if ((dir = opendir(path)) == NULL)
		return (unseen());
	in = out = 0;
	where = OUTSIDE;
	while (where == OUTSIDE && (de = readdir(dir)) != NULL) {
		if ((tid = strtol(de->d_name, NULL, 10)) <= 0)
			continue;
		snprintf(task, sizeof(task), "/proc/%ld/task/%ld/ns/net", pid,
		    tid);
		ns = ns_of_path(task);
		if (ns.ino == 0)
			where = unseen();
		else if (is_doomed(ns, doomed, n))
			in++;
		else
			out++;
	}
	closedir(dir);
	if (where != OUTSIDE)
		return (where);
	return (in == 0 ? OUTSIDE : out == 0 ? INSIDE : PARTLY);
}

static int
add_victim(struct victims *v, pid_t pid, pid_t parent)
{
	struct process *more;

	if (v->n == v->room) {
		more = realloc(v->all, (v->room + 64) * sizeof(*more));
		if (more == NULL)
			return (-1);
		v->all = more;
		v->room += 64;
	}
	v->all[v->n].pid = pid;
	v->all[v->n++].parent = parent;
	return (0);
}

/*
 * Adds the programs that this helper started in the namespaces, and their
 * descendants, as far as nobody else could look at them.
 */
static int
add_hidden(struct victims *v, const struct ns_id *doomed, int n)
{
	struct process *found;
	pid_t *roots, root;
	size_t i, nfound, nroots;
	int rc;

	nroots = children_in(doomed, n, &roots);
	nfound = descendants(roots, nroots, &found);
	rc = 0;
	for (i = 0; i < nroots && rc == 0; i++) {
		root = roots[i];
		if (find(root, doomed, n) == HIDDEN)
			rc = add_victim(v, root, getpid());
	}
	for (i = 0; i < nfound && rc == 0; i++)
		if (find(found[i].pid, doomed, n) == HIDDEN)
			rc = add_victim(v, found[i].pid, found[i].parent);
	free(found);
	free(roots);
	return (rc);
}

/*
 * Finds the processes in the namespaces.  Counts those of which only some
 * threads are there: they visit, as the helper does.
 */
static int
find_all(struct victims *v, const struct ns_id *doomed, int n, int *visitors,
    const char **call)
{
	struct dirent *de;
	DIR *dir;
	long pid;
	int hidden, rc;

	*call = "opendir";
	if ((dir = opendir("/proc")) == NULL)
		return (-1);
	hidden = *visitors = rc = 0;
	while (rc == 0 && (de = readdir(dir)) != NULL) {
		if ((pid = strtol(de->d_name, NULL, 10)) <= 1 || pid == getpid())
			continue;
		switch (find(pid, doomed, n)) {
		case INSIDE:
			*call = "malloc";
			rc = add_victim(v, (pid_t)pid, 0);
			break;
		case PARTLY:
			++*visitors;
			break;
		case HIDDEN:
			hidden = 1;
			break;
		case FAILED:
			*call = "stat";
			rc = -1;
			break;
		case OUTSIDE:
			break;
		}
	}
	closedir(dir);
	if (rc == 0 && hidden) {
		*call = "malloc";
		rc = add_hidden(v, doomed, n);
	}
	return (rc);
}

/*
 * Kills a process if it is still where it was found.  The descriptor refers to
 * the process, so its pid cannot be reused during the check.
 */
static int
kill_one(const struct process *p, const struct ns_id *doomed, int n,
    const char **call)
{
	enum where where;
	pid_t parent;
	int error, fd, rc;

	*call = "pidfd_open";
	if ((fd = (int)syscall(SYS_pidfd_open, p->pid, 0)) == -1)
		return (errno == ESRCH ? 0 : -1);
	*call = "kill";
	where = find(p->pid, doomed, n);
	if (where == HIDDEN && p->parent != 0) {
		parent = parent_of(p->pid);
		if (parent == p->parent || parent == getpid())
			where = INSIDE;
	}
	rc = 0;
	if (where == INSIDE && syscall(SYS_pidfd_send_signal, fd, SIGKILL,
	    NULL, 0) == -1 && errno != ESRCH)
		rc = -1;
	error = errno;
	close(fd);
	errno = error;
	return (rc);
}

static int
has(const struct victims *v, pid_t pid)
{
	size_t i;

	for (i = 0; i < v->n; i++)
		if (v->all[i].pid == pid)
			return (1);
	return (0);
}

/*
 * Kills what is in the namespaces: all of it before it waits for any, since one
 * process may be the tracer for whom another waits at its end.  Children come
 * before their parents, which have lower numbers as a rule.  Replaces those of
 * the last round by those of this one; counts those that are new among them.
 */
static int
kill_round(struct victims *last, const struct ns_id *doomed, int n,
    int *visitors, int *fresh, const char **call)
{
	struct victims v;
	struct pollfd pfd;
	int64_t now, until;
	size_t i;
	int error, rc;

	memset(&v, 0, sizeof(v));
	rc = find_all(&v, doomed, n, visitors, call);
	*fresh = 0;
	for (i = v.n; i-- > 0 && rc == 0;) {
		rc = kill_one(&v.all[i], doomed, n, call);
		*fresh += !has(last, v.all[i].pid);
	}
	error = errno;
	until = now_ms() + ROUND;
	pfd.events = POLLIN;
	for (i = 0; i < v.n && rc == 0; i++) {
		pfd.fd = (int)syscall(SYS_pidfd_open, v.all[i].pid, 0);
		if (pfd.fd == -1)
			continue;	/* it has ended, or is found again */
		now = now_ms();
		poll(&pfd, 1, now < until ? (int)(until - now) : 0);
		close(pfd.fd);
	}
	free(last->all);
	*last = v;
	errno = error;
	return (rc);
}

/*
 * Returns how many processes are left, or -1: visitors, and those killed that
 * do not come to their end, for which it waits as long as they become fewer.
 * Those run no more, but a tracer or a file system may hold them for ever.
 *
 * The namespaces of a sandbox contain only descendants of the helper, since
 * their names are visible nowhere else.  Without a child they are empty.
 */
int
ns_kill(const struct ns_id *doomed, int n, const char **call)
{
	struct victims v;
	int64_t end, until;
	size_t least;
	int error, fresh, rc, visitors;

	if (own_stack_is_new && childless())
		return (0);
	*call = "flock";
	if (ns_lock(LOCK_EX) == -1)
		return (-1);
	memset(&v, 0, sizeof(v));
	end = now_ms() + LONGEST;
	until = 0;
	least = 0;
	do {
		rc = kill_round(&v, doomed, n, &visitors, &fresh, call);
		if (fresh > 0 || v.n < least) {
			least = v.n;
			until = now_ms() + PATIENCE;
		}
	} while (rc == 0 && v.n > 0 && now_ms() < until && now_ms() < end);
	error = errno;
	if (rc == 0 && fresh > 0) {	/* others start meanwhile */
		*call = "kill";
		error = ETIMEDOUT;
		rc = -1;
	}
	free(v.all);
	ns_lock(LOCK_UN);
	errno = error;
	return (rc == 0 ? visitors + (int)v.n : -1);
}

#endif /* __linux__ */
