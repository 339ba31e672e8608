/*-
 * SPDX-FileCopyrightText: The Vnet for Java authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The keeper: the parent of the helper.  When the helper has ended, however it
 * ended, the programs it left become children of the keeper, which kills them.
 * It holds no descriptor but one that reports the end of the client.
 */
#ifdef __linux__
#define	_GNU_SOURCE
#endif

#include <sys/types.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "helper.h"

#define	LAST_MS		60000	/* for a helper whose client has ended */
#define	ROUND_MS	1000	/* between two looks at such a helper */
#define	KILL_MS		3000	/* for what the helper left */

static volatile sig_atomic_t told;	/* to kill the helper */

static void
on_signal(int sig)
{

	if (sig == SIGALRM)
		told = 1;
}

/* Ends as the helper did, for whoever waits for the keeper. */
static _Noreturn void
end_as(int status)
{
	struct rlimit none;

	if (WIFSIGNALED(status)) {
		memset(&none, 0, sizeof(none));
		setrlimit(RLIMIT_CORE, &none);
		reset_signals();
		kill(getpid(), WTERMSIG(status));
	}
	_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 111);
}

/*
 * Waits for the end of the helper; kills it on SIGALRM.  When the client has
 * ended, a stopped helper is continued, so that it notices, and one that takes
 * too long is killed.
 */
static int
await(pid_t helper, int client)
{
	struct pollfd pfd;
	struct timespec ts;
	sigset_t none;
	pid_t pid;
	int64_t until;
	int status;

	sigemptyset(&none);
	pfd.fd = client;
	pfd.events = POLLIN;
	ts.tv_sec = ROUND_MS / 1000;
	ts.tv_nsec = 0;
	until = 0;
	for (;;) {
		while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
			if (pid == helper)
				return (status);
		if (told || (until != 0 && now_ms() >= until))
			kill(helper, SIGKILL);
		else if (until != 0)
			kill(helper, SIGCONT);
		if (ppoll(&pfd, until == 0 && client != -1 ? 1 : 0,
		    until == 0 ? NULL : &ts, &none) > 0)
			until = now_ms() + LAST_MS;
	}
}

/*
 * Forks.  Returns in the child, which becomes the helper, the pid of the
 * keeper, with which the helper dies; 0 if there is none.
 */
pid_t
keeper_init(void)
{
	struct sigaction sa;
	sigset_t set;
	pid_t client, helper, self;
	int status, watch;

	client = getppid();
	stack_reaper();
	self = getpid();
	if ((helper = fork()) == 0) {
		stack_tie(self);
		return (self);
	}
	if (helper == -1)
		return (0);
	watch = stack_watch(client);
	memset(&sa, 0, sizeof(sa));
	sa.sa_handler = on_signal;
	sigaction(SIGALRM, &sa, NULL);
	sigaction(SIGCHLD, &sa, NULL);
	sigemptyset(&set);
	sigaddset(&set, SIGALRM);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	close_but(&watch, 1, 0);
	status = await(helper, watch);
	kill_children(KILL_MS);
	end_as(status);
}
