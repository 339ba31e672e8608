/*-
 * SPDX-FileCopyrightText: The Vnet for Java authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Starts a program in a stack; the program reports why it could not start.
 */
#ifdef __linux__
#define	_GNU_SOURCE
#endif

#include <sys/types.h>

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "helper.h"

#define	MAXARGS		16384		/* arguments and environment */
#define	FAILURE_FD	3		/* in the child, until execve */

struct program {
	const char	*directory;
	const char	*user;		/* to look up in the jail, or "" */
	const char	*hostname;
	char		**argv;
	char		**envp;
	const char	*ids;		/* int32 each: uid, gid, groups */
	size_t		 nids;		/* 0: the user of the helper */
};

/* Takes the identity of a user, and none of the helper's privileges. */
static int
become(const struct program *pr, const char **call)
{
	struct passwd *pw;
	gid_t *groups;
	int32_t id;
	size_t i;
	gid_t gid;
	uid_t uid;

	if (*pr->user != '\0') {
		errno = 0;
		*call = "getpwnam";
		if ((pw = getpwnam(pr->user)) == NULL) {
			if (errno == 0)
				errno = ENOENT;
			return (-1);
		}
		uid = pw->pw_uid;
		gid = pw->pw_gid;
		*call = "initgroups";
		if (initgroups(pw->pw_name, gid) == -1)
			return (-1);
	} else {
		*call = "malloc";
		if ((groups = calloc(pr->nids, sizeof(*groups))) == NULL)
			return (-1);
		for (i = 0; i < pr->nids; i++) {
			memcpy(&id, pr->ids + i * sizeof(id), sizeof(id));
			groups[i] = (gid_t)id;
		}
		uid = (uid_t)groups[0];
		gid = groups[1];
		*call = "setgroups";
		if (setgroups(pr->nids - 2, groups + 2) == -1)
			return (-1);
		free(groups);
	}
	*call = "setgid";
	if (setgid(gid) == -1)
		return (-1);
	*call = "setuid";
	if (setuid(uid) == -1)
		return (-1);
	return (uid == 0 ? 0 : stack_drop(call));
}

/* As execvpe(3), but never runs a file by a shell. */
static void
run(const struct program *pr)
{
	char file[4096];
	const char *dir, *next, *path;
	int denied, i;

	if (strchr(pr->argv[0], '/') != NULL) {
		execve(pr->argv[0], pr->argv, pr->envp);
		return;
	}
	path = "/usr/bin:/bin";
	for (i = 0; pr->envp[i] != NULL; i++)
		if (strncmp(pr->envp[i], "PATH=", 5) == 0)
			path = pr->envp[i] + 5;
	denied = 0;
	for (dir = path; dir != NULL; dir = next) {
		next = strchr(dir, ':');
		i = next == NULL ? (int)strlen(dir) : (int)(next++ - dir);
		if (snprintf(file, sizeof(file), "%.*s%s%s", i, dir,
		    i == 0 ? "" : "/", pr->argv[0]) >= (int)sizeof(file))
			continue;
		execve(file, pr->argv, pr->envp);
		if (errno == EACCES)
			denied = 1;
		else if (errno != ENOENT && errno != ENOTDIR)
			return;
	}
	errno = denied ? EACCES : ENOENT;
}

/*
 * In the helper 0, 1 and 2 are /dev/null or its standard error, 3 its socket:
 * all descriptors of a request are higher.  The child closes what is not its
 * program's before it enters a jail, whose root could take it.
 */
static void
child(const struct msg *m, const struct program *pr, int report, pid_t parent)
{
	struct vh_failure fl;
	const char *call;
	int fd;

	call = "dup2";
	for (fd = 0; fd < 3; fd++)
		if (dup2(m->fds[fd], fd) == -1)
			goto failed;
	if (dup2(report, FAILURE_FD) == -1)
		goto failed;
	report = FAILURE_FD;
	fcntl(report, F_SETFD, FD_CLOEXEC);
	close_but(&m->stack, 1, FAILURE_FD + 1);
	setsid();
	if (stack_enter(m, &call) == -1 ||
	    stack_exec(m, pr->hostname, &call) == -1)
		goto failed;
	if ((*pr->user != '\0' || pr->nids != 0) && become(pr, &call) == -1)
		goto failed;
	call = "chdir";
	if (*pr->directory != '\0' && chdir(pr->directory) == -1)
		goto failed;
	stack_tie(parent);
	close_but(NULL, 0, FAILURE_FD + 1);
	reset_signals();
	call = "execve";
	run(pr);
failed:
	memset(&fl, 0, sizeof(fl));
	fl.error = errno;
	snprintf(fl.call, sizeof(fl.call), "%s", call);
	if (write(report, &fl, sizeof(fl)) != sizeof(fl))
		_exit(112);
	_exit(111);
}

/*
 * Forks and answers at once.  The peer reads from the second pipe whether the
 * program runs: a user to whose processes the child belongs before execve(2)
 * can stop it.
 */
static int
start(const struct msg *m, const struct program *pr, struct answer *an)
{
	const char *call;
	pid_t pid, self;
	int report[2], status[2];

	self = getpid();
	if (pipe2(status, O_CLOEXEC) == -1)
		return (fail(an, errno, "pipe2"));
	give_fd(an, status[0]);
	if (pipe2(report, O_CLOEXEC) == -1) {
		fail(an, errno, "pipe2");
		close(status[1]);
		return (-1);
	}
	give_fd(an, report[0]);
	if ((pid = stack_fork(m, &call)) == 0)
		child(m, pr, report[1], self);
	if (pid == -1) {
		fail(an, errno, call);
		close(status[1]);
	} else {
		add_child(pid, status[1], stack_id(m));
		an->rp.value = pid;
	}
	close(report[1]);
	return (pid == -1 ? -1 : 0);
}

int
do_exec(struct msg *m, struct answer *an)
{
	struct program pr;
	const char *s;
	char **vec;
	int argc, envc, i, rc;

	argc = m->rq.a;
	envc = m->rq.b;
	if (m->nfds != 3 || argc < 1 || envc < 0 || argc > MAXARGS ||
	    envc > MAXARGS || take_string(m, &pr.directory) == -1 ||
	    take_string(m, &pr.user) == -1 || take_string(m, &pr.hostname) == -1)
		return (fail(an, EPROTO, "request"));
	vec = calloc((size_t)argc + (size_t)envc + 2, sizeof(*vec));
	if (vec == NULL || reserve_child() == -1) {
		free(vec);
		return (fail(an, ENOMEM, "malloc"));
	}
	pr.argv = vec;
	pr.envp = vec + argc + 1;
	for (i = 0; i < argc + envc; i++) {
		if (take_string(m, &s) == -1)
			break;
		vec[i < argc ? i : i + 1] = (char *)(uintptr_t)s;
	}
	pr.ids = m->p;
	pr.nids = m->len / sizeof(int32_t);
	if (i < argc + envc || m->len % sizeof(int32_t) != 0 || pr.nids == 1)
		rc = fail(an, EPROTO, "request");
	else if (*pr.argv[0] == '\0')
		rc = fail(an, ENOENT, "execve");
	else
		rc = start(m, &pr, an);
	free(vec);
	return (rc);
}
