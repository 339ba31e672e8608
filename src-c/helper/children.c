/*-
 * SPDX-FileCopyrightText: The Vnet for Java authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The processes that the helper started: records them, reports how they ended,
 * and kills them all in the end.
 */
#ifdef __linux__
#define	_GNU_SOURCE
#endif

#include <sys/types.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "helper.h"

#define	REPORT_MS	2000	/* for a child to enter a jail and report */

struct child {
	pid_t		pid;
	int		status;	/* write end of the pipe, or -1 */
	uint64_t	stack;	/* see stack_id() */
};

static struct child *children;
static size_t nchildren;
static size_t room;
static int nobody;		/* wait(2) found no child; none started since */

static void
on_child(int sig)
{

	(void)sig;
}

/* Blocks SIGCHLD, so that it arrives only while ppoll(2) waits. */
void
children_init(void)
{
	struct sigaction sa;
	sigset_t set;

	memset(&sa, 0, sizeof(sa));
	sa.sa_handler = on_child;
	sigaction(SIGCHLD, &sa, NULL);
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

int
reserve_child(void)
{
	struct child *more;

	nobody = 0;
	if (nchildren < room)
		return (0);
	if ((more = realloc(children, (room + 16) * sizeof(*more))) == NULL)
		return (-1);
	children = more;
	room += 16;
	return (0);
}

void
add_child(pid_t pid, int status, uint64_t stack)
{

	children[nchildren].pid = pid;
	children[nchildren].stack = stack;
	children[nchildren++].status = status;
}

/*
 * Reports the ends of children on their pipes; orphans that the system gave to
 * the helper are only reaped.  Returns the number of children left.
 */
size_t
reap(void)
{
	int32_t wire;
	pid_t pid;
	size_t i;
	int status;

	if (nobody)
		return (0);
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		for (i = 0; i < nchildren && children[i].pid != pid; i++)
			;
		if (i == nchildren)
			continue;
		wire = status;
		if (children[i].status != -1) {
			/* EPIPE if nobody reads the pipe any more. */
			if (write(children[i].status, &wire, sizeof(wire)) == -1)
				(void)errno;
			close(children[i].status);
		}
		children[i] = children[--nchildren];
	}
	nobody = pid == -1 && errno == ECHILD;
	return (nchildren);
}

/*
 * A process without children has no descendants: orphans become its children.
 */
int
childless(void)
{

	reap();
	return (nobody);
}

/* Kills all descendants; gives up after ms on those that do not die. */
void
kill_children(int ms)
{
	int64_t until;

	until = now_ms() + ms;
	while (!childless() && now_ms() < until) {
		stack_kill_descendants();
		poll(NULL, 0, 1);
	}
}

int
is_child(pid_t pid)
{
	size_t i;

	for (i = 0; i < nchildren; i++)
		if (children[i].pid == pid)
			return (1);
	return (0);
}

#ifdef __linux__
/*
 * Finds the children that were started in some stacks.  Returns their number;
 * the caller frees the array.
 */
size_t
children_in(const struct ns_id *stacks, int n, pid_t **found)
{
	size_t i, nfound;
	int k;

	reap();
	*found = NULL;
	if (nchildren == 0 ||
	    (*found = calloc(nchildren, sizeof(**found))) == NULL)
		return (0);
	for (i = nfound = 0; i < nchildren; i++)
		for (k = 0; k < n; k++)
			if (children[i].stack == (uint64_t)stacks[k].ino)
				(*found)[nfound++] = children[i].pid;
	return (nfound);
}
#endif

int
do_kill(struct msg *m, struct answer *an)
{

	if (m->len != 0)
		return (fail(an, EPROTO, "request"));
	reap();
	if (!is_child(m->rq.a))
		return (fail(an, ESRCH, "kill"));
	if (kill(m->rq.a, m->rq.b) == -1)
		return (fail(an, errno, "kill"));
	return (0);
}

/*
 * Waits for a report of a child, which others may stop or slow down; fails with
 * ETIMEDOUT.
 */
int
await_child(int fd)
{
	struct pollfd pfd;
	int n;

	pfd.fd = fd;
	pfd.events = POLLIN;
	while ((n = poll(&pfd, 1, REPORT_MS)) == -1 && errno == EINTR)
		;
	if (n == 0)
		errno = ETIMEDOUT;
	return (n > 0 ? 0 : -1);
}

/*
 * Keeps alive a jail that is not persistent: it lives as long as a process is
 * in it.
 */
int
do_anchor(struct msg *m, struct answer *an)
{
	const char *call;
	pid_t pid, self;
	ssize_t n;
	int error, report[2];

	if (m->len != 0)
		return (fail(an, EPROTO, "request"));
	if (reserve_child() == -1)
		return (fail(an, ENOMEM, "malloc"));
	if (pipe2(report, O_CLOEXEC) == -1)
		return (fail(an, errno, "pipe2"));
	self = getpid();
	if ((pid = fork()) == 0) {
		close_but(&report[1], 1, 0);
		error = stack_enter(m, &call) == -1 ? errno : 0;
		stack_tie(self);
		reset_signals();
		if (write(report[1], &error, sizeof(error)) == -1 || error != 0)
			_exit(111);
		close(report[1]);
		for (;;)
			pause();
	}
	error = errno;
	close(report[1]);
	if (pid != -1 && await_child(report[0]) == -1) {
		error = errno;
		kill(pid, SIGKILL);
	} else if (pid != -1) {
		n = read(report[0], &error, sizeof(error));
		if (n != (ssize_t)sizeof(error))
			error = n == -1 ? errno : EINVAL;	/* killed: no such jail */
	}
	close(report[0]);
	if (pid == -1)
		return (fail(an, error, "fork"));
	add_child(pid, -1, 0);
	if (error != 0)
		return (fail(an, error, "jail_attach"));
	an->rp.value = pid;
	return (0);
}
