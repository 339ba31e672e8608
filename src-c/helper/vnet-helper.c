/*-
 * SPDX-FileCopyrightText: The Vnet for Java authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Receives requests and sends the answers: the part common to both systems.
 */
#ifdef __linux__
#define	_GNU_SOURCE
#include <sys/syscall.h>
#endif

#include <sys/types.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "helper.h"

extern char **environ;

#define	KILL_MS		2000	/* for the programs; then the keeper kills */

static char buf[VH_MAXMSG + 1];

void
usage(void)
{

	fprintf(stderr, "usage: vnet-helper own | sandbox\n"
	    "(started by Vnet for Java, with a socket as descriptor 3)\n");
	exit(100);
}

int
fail(struct answer *an, int error, const char *call)
{

	an->rp.error = error;
	snprintf(an->rp.call, sizeof(an->rp.call), "%s", call);
	return (-1);
}

/* The answer takes over the descriptor: it is sent and then closed. */
int
give_fd(struct answer *an, int fd)
{

	if (an->rp.nfds == VH_MAXFDS) {
		close(fd);
		return (fail(an, EPROTO, "request"));
	}
	an->fds[an->rp.nfds++] = fd;
	return (0);
}

/* Milliseconds since some moment, never set back. */
int64_t
now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ((int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000);
}

int
take_string(struct msg *m, const char **s)
{
	char *end;

	if ((end = memchr(m->p, '\0', m->len)) == NULL)
		return (-1);
	*s = m->p;
	m->len -= (size_t)(end + 1 - m->p);
	m->p = end + 1;
	return (0);
}

/* Opens the sockets in the current stack of the process. */
int
open_sockets(struct msg *m, struct answer *an)
{
	int32_t kind[3];
	int fd, i;

	if (m->rq.a < 1 || m->rq.a > VH_MAXFDS - (int)an->rp.nfds ||
	    m->len != (size_t)m->rq.a * sizeof(kind))
		return (fail(an, EPROTO, "request"));
	for (i = 0; i < m->rq.a; i++) {
		memcpy(kind, m->p + (size_t)i * sizeof(kind), sizeof(kind));
		fd = socket(kind[0], kind[1] | SOCK_CLOEXEC, kind[2]);
		if (fd == -1)
			return (fail(an, errno, "socket"));
		give_fd(an, fd);
	}
	return (0);
}

/*
 * If the peer is gone, the next receive notices.  A peer that is there would
 * wait for ever for an answer that cannot be sent: so the socket is shut down.
 */
void
send_answer(struct answer *an)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int) * VH_MAXFDS)];
	} control;
	struct cmsghdr *cm;
	struct iovec iov[2];
	struct msghdr mh;
	ssize_t n;
	uint32_t nfds;

	nfds = an->rp.nfds;
	if (an->rp.error != 0)
		an->rp.nfds = an->rp.len = 0;
	memset(&mh, 0, sizeof(mh));
	memset(&control, 0, sizeof(control));
	iov[0].iov_base = &an->rp;
	iov[0].iov_len = sizeof(an->rp);
	iov[1].iov_base = (void *)(uintptr_t)an->data;
	iov[1].iov_len = an->rp.len;
	mh.msg_iov = iov;
	mh.msg_iovlen = an->rp.len == 0 ? 1 : 2;
	if (an->rp.nfds > 0) {
		mh.msg_control = control.bytes;
		mh.msg_controllen = CMSG_SPACE(sizeof(int) * nfds);
		cm = CMSG_FIRSTHDR(&mh);
		cm->cmsg_len = CMSG_LEN(sizeof(int) * nfds);
		cm->cmsg_level = SOL_SOCKET;
		cm->cmsg_type = SCM_RIGHTS;
		memcpy(CMSG_DATA(cm), an->fds, sizeof(int) * nfds);
	}
	while ((n = sendmsg(VH_SOCKET, &mh, MSG_NOSIGNAL | MSG_EOR)) == -1 &&
	    errno == EINTR)
		;
	if (n == -1)
		shutdown(VH_SOCKET, SHUT_RDWR);
	an->rp.nfds = nfds;
	drop_answer(an);
}

void
drop_answer(struct answer *an)
{

	while (an->rp.nfds > an->kept)
		close(an->fds[--an->rp.nfds]);
}

/* Returns 0 when the peer has closed the socket. */
static int
receive(struct msg *m)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int) * VH_MAXFDS)];
	} control;
	struct cmsghdr *cm;
	struct iovec iov;
	struct msghdr mh;
	ssize_t n;
	size_t bytes;

	memset(m, 0, sizeof(*m));
	memset(&mh, 0, sizeof(mh));
	m->stack = -1;
	iov.iov_base = buf;
	iov.iov_len = VH_MAXMSG;
	mh.msg_iov = &iov;
	mh.msg_iovlen = 1;
	mh.msg_control = control.bytes;
	mh.msg_controllen = sizeof(control.bytes);
	while ((n = recvmsg(VH_SOCKET, &mh, MSG_CMSG_CLOEXEC)) == -1)
		if (errno != EINTR)
			return (0);
	for (cm = CMSG_FIRSTHDR(&mh); cm != NULL; cm = CMSG_NXTHDR(&mh, cm)) {
		if (cm->cmsg_level != SOL_SOCKET || cm->cmsg_type != SCM_RIGHTS)
			continue;
		bytes = cm->cmsg_len - CMSG_LEN(0);
		if (bytes > sizeof(m->fds) - (size_t)m->nfds * sizeof(int))
			bytes = 0;
		memcpy(m->fds + m->nfds, CMSG_DATA(cm), bytes);
		m->nfds += (int)(bytes / sizeof(int));
	}
	if (n == 0)
		return (0);
	buf[n] = '\0';
	m->p = buf;
	m->len = (size_t)n;
	if ((mh.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0)
		m->len = 0;
	m->cut = (mh.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) == MSG_CTRUNC &&
	    m->nfds < VH_MAXFDS;
	return (1);
}

static int
set_option(struct msg *m, struct answer *an)
{

	if (m->nfds != 1)
		return (fail(an, EPROTO, "request"));
	if (setsockopt(m->fds[0], m->rq.a, m->rq.b, m->p,
	    (socklen_t)m->len) == -1)
		return (fail(an, errno, "setsockopt"));
	return (0);
}

int
dispatch(struct msg *m, struct answer *an)
{

	if (m->cut)
		return (fail(an, EMFILE, "recvmsg"));
	if (m->len < sizeof(m->rq))
		return (fail(an, EPROTO, "request"));
	memcpy(&m->rq, m->p, sizeof(m->rq));
	m->p += sizeof(m->rq);
	m->len -= sizeof(m->rq);
	if ((m->rq.flags & VH_STACK) != 0) {
		if (m->nfds == 0)
			return (fail(an, EPROTO, "request"));
		m->stack = m->fds[0];
		memmove(m->fds, m->fds + 1, sizeof(int) * (size_t)--m->nfds);
	}
	switch (m->rq.op) {
	case VH_EXEC:
		return (do_exec(m, an));
	case VH_KILL:
		return (do_kill(m, an));
	case VH_SETSOCKOPT:
		return (set_option(m, an));
	case VH_LATER:
		return (do_later(m, an));
	case VH_CANCEL:
		return (do_cancel(m, an));
	default:
		return (stack_request(m, an));
	}
}

static void
serve(void)
{
	struct answer an;
	struct msg m;

	if (!receive(&m)) {
		later_flush();
		kill_children(KILL_MS);
		stack_cleanup();
		exit(0);
	}
	memset(&an, 0, sizeof(an));
	dispatch(&m, &an);
	send_answer(&an);
	if (m.stack != -1)
		close(m.stack);
	while (m.nfds > 0)
		close(m.fds[--m.nfds]);
}

static void
close_between(int low, unsigned high)
{
	long fd;

#ifdef __linux__
	if (syscall(SYS_close_range, low, high, 0) == 0)
		return;
#else
	if (close_range((unsigned)low, high, 0) == 0)
		return;
#endif
	fd = sysconf(_SC_OPEN_MAX) - 1;
	for (fd = fd < (long)high ? fd : (long)high; fd >= low; fd--)
		close((int)fd);
}

/* Closes all descriptors from low on, but for those to keep. */
void
close_but(const int *keep, int n, int low)
{
	int i, next;

	for (;;) {
		next = -1;
		for (i = 0; i < n; i++)
			if (keep[i] >= low && (next == -1 || keep[i] < next))
				next = keep[i];
		if (next == -1)
			break;
		if (next > low)
			close_between(low, (unsigned)next - 1);
		low = next + 1;
	}
	close_between(low, ~0U);
}

/*
 * The signals that end a whole control group or session: the helper ends when
 * its client has ended, after the deferred requests.
 */
static const int ignored[] = { SIGPIPE, SIGTERM, SIGINT, SIGHUP };

/* Resets the signals of a child to what a program expects. */
void
reset_signals(void)
{
	struct sigaction sa;
	sigset_t none;
	size_t i;

	memset(&sa, 0, sizeof(sa));
	sa.sa_handler = SIG_DFL;
	for (i = 0; i < sizeof(ignored) / sizeof(*ignored); i++)
		sigaction(ignored[i], &sa, NULL);
	sigaction(SIGCHLD, &sa, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/*
 * Discards what was inherited from the parent: descriptors, signals, terminal.
 * Returns 0, or -1 with errno set.
 */
static int
forget_parent(void)
{
	struct sigaction sa;
	sigset_t none;
	size_t i;
	int fd, sig;

	memset(&sa, 0, sizeof(sa));
	sa.sa_handler = SIG_DFL;
	for (sig = 1; sig < NSIG; sig++)
		sigaction(sig, &sa, NULL);
	sa.sa_handler = SIG_IGN;
	for (i = 0; i < sizeof(ignored) / sizeof(*ignored); i++)
		sigaction(ignored[i], &sa, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if ((fd = open("/dev/null", O_RDWR)) == -1)
		return (-1);
	dup2(fd, STDIN_FILENO);
	dup2(fd, STDOUT_FILENO);
	close_but(NULL, 0, VH_SOCKET + 1);
	fcntl(VH_SOCKET, F_SETFD, FD_CLOEXEC);
	setsid();
	return (0);
}

/* Reports an error on standard error, which the client logs. */
static int
hook_failed(const char *call)
{

	fprintf(stderr, "%s: %s: %s\n", VH_LEASE_HOOK, call, strerror(errno));
	return (111);
}

/*
 * Acts as the script of a DHCP client, which calls the helper by the name
 * VH_LEASE_HOOK: writes the environment to the file "lease" in the directory
 * of that name, one variable a line, atomically.
 */
static int
lease_hook(const char *self)
{
	char fresh[1024], lease[1024];
	FILE *f;
	int fd, i, len;

	len = (int)(strrchr(self, '/') - self);
	errno = ENAMETOOLONG;
	if (snprintf(fresh, sizeof(fresh), "%.*s/lease.new", len, self) >=
	    (int)sizeof(fresh))
		return (hook_failed("lease.new"));
	snprintf(lease, sizeof(lease), "%.*s/lease", len, self);
	fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC,
	    0600);
	if (fd == -1 || (f = fdopen(fd, "w")) == NULL)
		return (hook_failed("open lease.new"));
	for (i = 0; environ[i] != NULL; i++)
		if (strchr(environ[i], '\n') == NULL)
			fprintf(f, "%s\n", environ[i]);
	if (fclose(f) != 0)
		return (hook_failed("write lease.new"));
	if (rename(fresh, lease) == -1)
		return (hook_failed("rename lease.new"));
	return (0);
}

int
main(int argc, char *argv[])
{
	const char *name;
	struct answer an;
	struct pollfd pfd;
	struct timespec ts;
	sigset_t none;
	socklen_t len;
	pid_t keeper;
	int32_t self[2];	/* pid, settings that could not be set */
	int idle, ready, sandbox, type, wait;

	name = argc > 0 ? strrchr(argv[0], '/') : NULL;
	if (name != NULL && strcmp(name + 1, VH_LEASE_HOOK) == 0)
		return (lease_hook(argv[0]));
	if (argc != 2)
		usage();
	sandbox = strcmp(argv[1], "sandbox") == 0;
	if (!sandbox && strcmp(argv[1], "own") != 0)
		usage();
	len = sizeof(type);
	if (getsockopt(VH_SOCKET, SOL_SOCKET, SO_TYPE, &type, &len) == -1 ||
	    type != SOCK_SEQPACKET)
		usage();
	memset(&an, 0, sizeof(an));
	an.rp.value = VH_VERSION;
	if (forget_parent() == -1) {
		fail(&an, errno, "open /dev/null");
		send_answer(&an);
		exit(111);
	}
	keeper = keeper_init();
	if ((self[1] = stack_init(sandbox, &an)) == -1) {
		send_answer(&an);
		exit(111);
	}
	if (keeper != 0)
		stack_tie(keeper);
	self[0] = getpid();
	an.data = (const char *)self;
	an.rp.len = sizeof(self);
	send_answer(&an);
	children_init();
	sigemptyset(&none);
	pfd.fd = VH_SOCKET;
	pfd.events = POLLIN;
	for (;;) {
		wait = later_wait();
		idle = stack_idle_wait();
		if (childless() && wait == -1 && idle == -1) {
			serve();	/* no child can end, no action is due */
			continue;
		}
		if (wait == -1 || (idle != -1 && idle < wait))
			wait = idle;
		ts.tv_sec = wait / 1000;
		ts.tv_nsec = wait % 1000 * 1000000L;
		ready = ppoll(&pfd, 1, wait == -1 ? NULL : &ts, &none);
		/* What is due comes first: a request may cancel it. */
		later_run(0, NULL);
		if (ready > 0)
			serve();
		else if (ready == 0)
			stack_idle();
	}
}
