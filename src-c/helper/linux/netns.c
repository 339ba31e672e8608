/*-
 * SPDX-FileCopyrightText: The Vnet for Java authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Linux: named network namespaces, in the place and form of ip-netns(8).
 */
#ifdef __linux__
#define	_GNU_SOURCE

#include <sys/types.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "helper.h"

#define	RUNDIR		"/run/netns"
#define	RUNDIR_MS	1000		/* to wait for ip-netns(8) */

#ifndef SO_NETNS_COOKIE
#define	SO_NETNS_COOKIE	71
#endif

/*
 * A namespace that ends with the helper.  The descriptor keeps its inode
 * number from being reused.
 */
struct ns {
	int	 fd;
	struct ns_id id;
	char	*name;		/* "" if it has none */
};

static struct ns *ours;
static size_t nours;
static struct ns_id parent;	/* the stack of the parent process */

/* Must be called before the helper enters a stack of its own. */
void
ns_init(void)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/ns/net", (int)getppid());
	parent = ns_of_path(path);
}

/* Takes a name from the payload; returns 0, or -1 with errno set. */
static int
take_name(struct msg *m, const char **name)
{

	errno = EPROTO;
	if (take_string(m, name) == -1)
		return (-1);
	errno = EINVAL;
	return (strlen(*name) > VH_MAXNAME || strchr(*name, '/') != NULL ||
	    strcmp(*name, ".") == 0 || strcmp(*name, "..") == 0 ? -1 : 0);
}

/* Returns the path below RUNDIR, "" for no name. */
static const char *
ns_path(const char *name)
{
	static char path[sizeof(RUNDIR) + VH_MAXNAME + 1];

	if (*name == '\0')
		return ("");
	snprintf(path, sizeof(path), "%s/%s", RUNDIR, name);
	return (path);
}

static int
bad_name(struct answer *an)
{

	return (fail(an, errno, errno == EPROTO ? "request" : "name"));
}

/*
 * Makes the directory a shared mount, so that names bound there appear in all
 * mount namespaces; the names themselves stay as they are.  Only to make it a
 * mount at all takes the lock of ip-netns(8): any user can hold that, so it is
 * not waited for long.
 */
static int
make_rundir(struct answer *an)
{
	static int made;
	int fd, rc;

	if (made && own_stack_is_new)
		return (0);	/* no other process uses a sandbox's /run */
	if (mkdir(RUNDIR, 0755) == -1 && errno != EEXIST)
		return (fail(an, errno, "mkdir"));
	if ((fd = open(RUNDIR, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) == -1)
		return (fail(an, errno, "open"));
	rc = mount("", RUNDIR, "none", MS_SHARED, NULL);
	if (rc == -1 && errno == EINVAL) {
		take_lock(fd, LOCK_EX, RUNDIR_MS);
		rc = mount("", RUNDIR, "none", MS_SHARED, NULL);
	}
	if (rc == -1 && errno == EINVAL) {
		rc = mount(RUNDIR, RUNDIR, "none", MS_BIND | MS_REC, NULL);
		if (rc == 0)
			rc = mount("", RUNDIR, "none", MS_SHARED, NULL);
	}
	if (rc == -1)
		fail(an, errno, "mount");
	close(fd);
	made = rc == 0;
	return (rc);
}

/* Records a namespace; keeps the descriptor. */
static int
remember(int fd, const char *name)
{
	struct ns *more;

	if ((more = realloc(ours, (nours + 1) * sizeof(*more))) == NULL)
		return (-1);
	ours = more;
	if ((ours[nours].name = strdup(name)) == NULL)
		return (-1);
	ours[nours].fd = fd;
	ours[nours++].id = ns_of_fd(fd);
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
 * Answers with the cookie of the namespace in which a socket was opened, which
 * is never used again.
 */
static void
give_cookie(struct answer *an, int s)
{
	static uint64_t cookie;
	socklen_t len;

	cookie = 0;
	len = sizeof(cookie);
	getsockopt(s, SOL_SOCKET, SO_NETNS_COOKIE, &cookie, &len);
	an->data = (const char *)&cookie;
	an->rp.len = sizeof(cookie);
}

/* Answers with the cookie of the current namespace. */
static void
give_current_cookie(struct answer *an)
{
	int s;

	s = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	give_cookie(an, s);
	if (s != -1)
		close(s);
}

/*
 * Prepares the namespace that the calling thread has just created: opens it and
 * gives it its settings, which it inherits only now.
 */
int
ns_describe(struct fresh_ns *ns, struct inherited *last)
{

	ns->fd = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	if (ns->fd == -1)
		return (-1);
	ns->unset = settings_init(last);
	return (0);
}

/* Enters a spare namespace; closes it on failure. */
static int
enter_spare(const struct fresh_ns *ns, struct answer *an)
{

	if (setns(ns->fd, CLONE_NEWNET) == 0)
		return (0);
	fail(an, errno, "setns");
	close(ns->fd);
	return (-1);
}

/* Enters a new namespace, a spare one if there is one, and opens it. */
static int
enter_new(struct fresh_ns *ns, struct answer *an)
{
	static struct inherited last;
	int error;

	if (spare_take(ns))
		return (enter_spare(ns, an));
	if (unshare(CLONE_NEWNET) == -1) {
		error = errno;
		return (spare_await(ns) ? enter_spare(ns, an) :
		    fail(an, error, "unshare"));
	}
	if (ns_describe(ns, &last) == 0)
		return (0);
	fail(an, errno, "open");
	if (setns(home_ns, CLONE_NEWNET) == -1)
		_exit(111);
	return (-1);
}

/*
 * Creates a namespace, binds it to the path if there is one, opens sockets in
 * it, and returns home.
 */
static int
new_ns(const char *path, struct msg *m, struct answer *an)
{
	struct fresh_ns ns;
	int rc;

	if (ns_lock(LOCK_SH) == -1)
		return (fail(an, errno, "flock"));
	if (enter_new(&ns, an) == -1) {
		ns_lock(LOCK_UN);
		spare_drop();
		return (-1);
	}
	give_fd(an, ns.fd);
	an->rp.value = ns.unset;
	rc = -1;
	if (*path != '\0' &&
	    mount("/proc/self/ns/net", path, "none", MS_BIND, NULL) == -1)
		fail(an, errno, "mount");
	else if (m->rq.a == 0) {
		give_current_cookie(an);
		rc = 0;
	} else if ((rc = open_sockets(m, an)) == 0)
		give_cookie(an, an->fds[1]);
	if (setns(home_ns, CLONE_NEWNET) == -1)
		_exit(111);
	ns_lock(LOCK_UN);
	if (rc == -1)
		spare_drop();
	return (rc);
}

int
ns_create(struct msg *m, struct answer *an)
{
	const char *name, *path;
	int rc;

	if (m->rq.a < 0 || m->rq.a >= VH_MAXFDS)
		return (fail(an, EPROTO, "request"));
	if (take_name(m, &name) == -1)
		return (bad_name(an));
	if (m->len != (size_t)m->rq.a * 3 * sizeof(int32_t))
		return (fail(an, EPROTO, "request"));
	path = ns_path(name);
	if (*path != '\0') {
		if (make_rundir(an) == -1)
			return (-1);
		if (mknod(path, S_IFREG, 0) == -1)
			return (fail(an, errno, "mknod"));
	}
	rc = new_ns(path, m, an);
	/* In a sandbox nobody else can keep a namespace without a name. */
	if (rc == 0 && (m->rq.flags & VH_PERSIST) == 0 &&
	    (*path != '\0' || !own_stack_is_new)) {
		if (remember(an->fds[0], name) == 0)
			an->kept = 1;
		else
			rc = fail(an, ENOMEM, "malloc");
	}
	if (rc == -1 && *path != '\0')
		unbind(path);
	return (rc);
}

int
ns_open(struct msg *m, struct answer *an)
{
	const char *name;
	int fd;

	if (take_name(m, &name) == -1)
		return (bad_name(an));
	if (m->len != 0)
		return (fail(an, EPROTO, "request"));
	if (*name == '\0')
		return (fail(an, EINVAL, "name"));
	fd = open(ns_path(name), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd == -1)
		return (fail(an, errno, "open"));
	give_fd(an, fd);
	if (ns_lock(LOCK_SH) == -1)
		return (fail(an, errno, "flock"));
	if (setns(fd, CLONE_NEWNET) == 0) {
		give_current_cookie(an);
		if (setns(home_ns, CLONE_NEWNET) == -1)
			_exit(111);
	}	/* else a file to which no namespace was bound yet */
	ns_lock(LOCK_UN);
	return (0);
}

/*
 * Takes the names and the namespaces, opening those that are not attached;
 * rejects the helper's own, its parent's, and any that is not bound to its
 * name.
 */
static int
take_doomed(struct msg *m, const char **names, struct ns_id *ids,
    struct answer *an)
{
	static struct ns_id home;
	int i, n;

	n = m->rq.a;
	if (n < 1 || n > VH_MAXFDS || (m->nfds != 0 && m->nfds != n))
		return (fail(an, EPROTO, "request"));
	for (i = 0; i < n; i++)
		if (take_name(m, &names[i]) == -1)
			return (bad_name(an));
	if (m->len != 0)
		return (fail(an, EPROTO, "request"));
	for (i = m->nfds; i < n; m->nfds = ++i) {
		if (*names[i] == '\0')
			return (fail(an, EPROTO, "request"));
		m->fds[i] = open(ns_path(names[i]),
		    O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
		if (m->fds[i] == -1)
			return (fail(an, errno, "open"));
	}
	if (home.ino == 0)
		home = ns_of_fd(home_ns);
	for (i = 0; i < n; i++) {
		ids[i] = ns_of_fd(m->fds[i]);
		if (ns_same(ids[i], home) || ns_same(ids[i], parent))
			return (fail(an, EBUSY, "kill"));
		if (*names[i] != '\0' &&
		    !ns_same(ns_of_path(ns_path(names[i])), ids[i]))
			return (fail(an, ENOENT, "name"));
	}
	return (0);
}

int
ns_remove(struct msg *m, struct answer *an)
{
	const char *call, *names[VH_MAXFDS];
	struct ns_id ids[VH_MAXFDS];
	size_t k;
	int i;

	if (take_doomed(m, names, ids, an) == -1)
		return (-1);
	if ((an->rp.value = ns_kill(ids, m->rq.a, &call)) == -1)
		return (fail(an, errno, call));
	for (i = 0; i < m->rq.a; i++) {
		if (*names[i] != '\0' && unbind(ns_path(names[i])) == -1)
			return (fail(an, errno, "umount2"));
		for (k = 0; k < nours && !ns_same(ours[k].id, ids[i]); k++)
			;
		if (k < nours)
			forget(k);
	}
	return (0);
}

void
ns_cleanup(void)
{
	struct ns_id ids[VH_MAXFDS];
	const char *call, *path;
	size_t i, n;

	for (n = 0; nours > 0; forget(nours - 1), n--) {
		if (n == 0) {	/* one look at all processes for many */
			n = nours < VH_MAXFDS ? nours : VH_MAXFDS;
			for (i = 0; i < n; i++)
				ids[i] = ours[nours - 1 - i].id;
			ns_kill(ids, (int)n, &call);
		}
		if (!own_stack_is_new)
			ns_return_lent(ours[nours - 1].fd);
		path = ns_path(ours[nours - 1].name);
		if (*path != '\0' &&
		    ns_same(ns_of_path(path), ours[nours - 1].id))
			unbind(path);
	}
}

#endif /* __linux__ */
