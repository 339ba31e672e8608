/*-
 * SPDX-FileCopyrightText: The Vnet for Java authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Starts a program in a stack, or reports why it could not be started.
 */
#ifdef __linux__
#define	_GNU_SOURCE
#endif

#include <sys/types.h>
#include <sys/wait.h>

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

/* The error that a child reports before it exits. */
struct failure {
	int	error;
	char	call[32];
};

struct program {
	const char	*directory;
	const char	*user;
	const char	*hostname;
	char		**argv;
	char		**envp;
};

static int
become(const char *user, const char **call)
{
	struct passwd *pw;

	errno = 0;
	*call = "getpwnam";
	if ((pw = getpwnam(user)) == NULL) {
		if (errno == 0)
			errno = ENOENT;
		return (-1);
	}
	*call = "initgroups";
	if (initgroups(pw->pw_name, pw->pw_gid) == -1)
		return (-1);
	*call = "setgid";
	if (setgid(pw->pw_gid) == -1)
		return (-1);
	*call = "setuid";
	return (setuid(pw->pw_uid));
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
 * In the helper 0, 1 and 2 are /dev/null or its standard error: all
 * descriptors of a request are higher.
 */
static void
child(const struct msg *m, const struct program *pr, int report, pid_t parent)
{
	struct failure fl;
	const char *call;
	int fd;

	call = "dup2";
	for (fd = 0; fd < 3; fd++)
		if (dup2(m->fds[fd], fd) == -1)
			goto failed;
	setsid();
	if (stack_enter(m, &call) == -1 ||
	    stack_exec(m, pr->hostname, &call) == -1)
		goto failed;
	if (*pr->user != '\0' && become(pr->user, &call) == -1)
		goto failed;
	call = "chdir";
	if (*pr->directory != '\0' && chdir(pr->directory) == -1)
		goto failed;
	stack_tie(parent);
	if (report != FAILURE_FD)
		dup2(report, FAILURE_FD);
	report = FAILURE_FD;
	fcntl(report, F_SETFD, FD_CLOEXEC);
	close_from(FAILURE_FD + 1);
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
 * Forks; returns the pid of a running program, or -1 with the error in the
 * answer.
 */
static pid_t
start(const struct msg *m, const struct program *pr, struct answer *an)
{
	struct failure fl;
	pid_t pid, self;
	ssize_t n;
	int report[2];

	self = getpid();
	if (pipe2(report, O_CLOEXEC) == -1)
		return (fail(an, errno, "pipe2"));
	if ((pid = fork()) == 0)
		child(m, pr, report[1], self);
	close(report[1]);
	if (pid == -1) {
		close(report[0]);
		return (fail(an, errno, "fork"));
	}
	while ((n = read(report[0], &fl, sizeof(fl))) == -1 && errno == EINTR)
		;
	close(report[0]);
	if (n == 0)
		return (pid);
	waitpid(pid, NULL, 0);
	if (n != (ssize_t)sizeof(fl))
		return (fail(an, EIO, "fork"));
	return (fail(an, fl.error, fl.call));
}

int
do_exec(struct msg *m, struct answer *an)
{
	struct program pr;
	const char *s;
	char **vec;
	pid_t pid;
	int status[2];
	int argc, envc, i;

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
	if (i < argc + envc || m->len != 0 || *pr.argv[0] == '\0')
		fail(an, i < argc + envc || m->len != 0 ? EPROTO : ENOENT,
		    i < argc + envc || m->len != 0 ? "request" : "execve");
	else if (pipe2(status, O_CLOEXEC) == -1)
		fail(an, errno, "pipe2");
	else if ((pid = start(m, &pr, an)) == -1) {
		close(status[0]);
		close(status[1]);
	} else {
		add_child(pid, status[1]);
		give_fd(an, status[0]);
		an->rp.value = pid;
	}
	free(vec);
	return (an->rp.error == 0 ? 0 : -1);
}
