/*-
 * SPDX-FileCopyrightText: The Vnet for Java authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * FreeBSD: a stack belongs to a jail.  A process cannot leave a jail after
 * jail_attach(2); so a child attaches, performs the one request and sends the
 * answer.  jail_attach(2) fails with EPERM while a directory is open: the
 * helper opens none.
 */
#ifdef __FreeBSD__
#include <sys/param.h>
#include <sys/event.h>
#include <sys/ioctl.h>
#include <sys/jail.h>
#include <sys/procctl.h>
#include <sys/socket.h>
#include <sys/sysctl.h>
#include <sys/wait.h>
#include <net/bpf.h>
#include <net/if.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "helper.h"

int
stack_init(int in_sandbox, struct answer *an)
{

	if (in_sandbox)
		return (fail(an, EOPNOTSUPP, "sandbox"));
	if (stack_reaper() == -1)
		return (fail(an, errno, "procctl"));
	return (0);
}

/* Orphans among its descendants become children of this process. */
int
stack_reaper(void)
{

	return (procctl(P_PID, getpid(), PROC_REAP_ACQUIRE, NULL));
}

/* Returns a descriptor that becomes readable when the process has ended. */
int
stack_watch(pid_t pid)
{
	struct kevent ev;
	int kq;

	if ((kq = kqueue()) == -1)
		return (-1);
	EV_SET(&ev, (uintptr_t)pid, EVFILT_PROC, EV_ADD, NOTE_EXIT, 0, NULL);
	if (kevent(kq, &ev, 1, NULL, 0, NULL) == -1) {
		close(kq);
		return (-1);
	}
	return (kq);
}

/*
 * Root in the jail may not trace the process, which can hold descriptors from
 * outside until it answers or runs a program.
 */
int
stack_enter(const struct msg *m, const char **call)
{
	int off;

	if (m->rq.jid == 0)
		return (0);
	off = PROC_TRACE_CTL_DISABLE;
	*call = "procctl";
	if (procctl(P_PID, getpid(), PROC_TRACE_CTL, &off) == -1)
		return (-1);
	*call = "jail_attach";
	return (jail_attach(m->rq.jid));
}

int
stack_drop(const char **call)
{

	(void)call;	/* setuid(2) leaves nothing */
	return (0);
}

/* Rejects a hostname: on FreeBSD it belongs to the jail, not to a process. */
int
stack_exec(const struct msg *m, const char *hostname, const char **call)
{

	(void)m;
	*call = "sethostname";
	if (*hostname == '\0')
		return (0);
	errno = EOPNOTSUPP;
	return (-1);
}

/* The program dies with the helper, even if the helper is killed. */
void
stack_tie(pid_t parent)
{
	int sig;

	sig = SIGKILL;
	procctl(P_PID, 0, PROC_PDEATHSIG_CTL, &sig);
	if (getppid() != parent)
		_exit(111);
}

/* The child attaches itself to the jail: that cannot be undone. */
pid_t
stack_fork(const struct msg *m, const char **call)
{

	(void)m;
	*call = "fork";
	return (fork());
}

/* A removal kills by itself what is in a jail. */
uint64_t
stack_id(const struct msg *m)
{

	(void)m;
	return (0);
}

void
stack_kill_descendants(void)
{
	struct procctl_reaper_kill rk;

	memset(&rk, 0, sizeof(rk));
	rk.rk_sig = SIGKILL;
	procctl(P_PID, getpid(), PROC_REAP_KILL, &rk);
}

void
stack_cleanup(void)
{
}

/* Nothing is made ahead. */
int
stack_idle_wait(void)
{

	return (-1);
}

void
stack_idle(void)
{

}

/*
 * Checks whether a port is free: bind(2) checks in the jail of the calling
 * process.
 */
static int
do_bind(struct msg *m, struct answer *an)
{
	int32_t kind[3];
	int error, fd, on;

	if (m->len <= sizeof(kind))
		return (fail(an, EPROTO, "request"));
	memcpy(kind, m->p, sizeof(kind));
	fd = socket(kind[0], kind[1] | SOCK_CLOEXEC, kind[2]);
	if (fd == -1)
		return (fail(an, errno, "socket"));
	on = kind[1] == SOCK_STREAM;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	error = bind(fd, (struct sockaddr *)(void *)(m->p + sizeof(kind)),
	    (socklen_t)(m->len - sizeof(kind))) == -1 ? errno : 0;
	close(fd);
	return (error == 0 ? 0 : fail(an, error, "bind"));
}

static int
take_interface(struct msg *m, struct ifreq *ifr)
{
	const char *name;

	memset(ifr, 0, sizeof(*ifr));
	if (take_string(m, &name) == -1 || m->len != 0 ||
	    strlen(name) >= sizeof(ifr->ifr_name))
		return (-1);
	strcpy(ifr->ifr_name, name);
	return (0);
}

/*
 * Parses a numeric name such as "4.17.0.2.1.0": some variables have no other.
 */
static int
take_mib(const char *name, int *mib, size_t *n)
{
	char *end;
	long number;

	for (*n = 0; *n < CTL_MAXNAME; name = end + 1) {
		if (*name < '0' || *name > '9')
			return (-1);
		number = strtol(name, &end, 10);
		if (number > INT_MAX)
			return (-1);
		mib[(*n)++] = (int)number;
		if (*end == '\0')
			return (0);
		if (*end != '.')
			return (-1);
	}
	return (-1);
}

static int
do_sysctl(struct msg *m, struct answer *an)
{
	static char value[65536];
	const char *name;
	size_t len, n;
	int mib[CTL_MAXNAME];

	if (take_string(m, &name) == -1)
		return (fail(an, EPROTO, "request"));
	if (m->rq.op == VH_SYSCTL_WRITE) {
		if (sysctlbyname(name, NULL, NULL, m->p, m->len) == -1)
			return (fail(an, errno, "sysctlbyname"));
		return (0);
	}
	len = sizeof(value);
	if (take_mib(name, mib, &n) == 0) {
		if (sysctl(mib, (u_int)n, value, &len, NULL, 0) == -1)
			return (fail(an, errno, "sysctl"));
		an->data = value;
		an->rp.len = (uint32_t)len;
		return (0);
	}
	if (sysctlbyname(name, value, &len, NULL, 0) == -1)
		return (fail(an, errno, "sysctlbyname"));
	an->data = value;
	an->rp.len = (uint32_t)len;
	return (0);
}

/* BIOCSETIF searches the interface in the stack of the calling process. */
static int
bind_bpf(struct msg *m, struct answer *an)
{
	struct ifreq ifr;
	u_int room;

	room = (u_int)m->rq.a;
	if (take_interface(m, &ifr) == -1)
		return (fail(an, EPROTO, "request"));
	if (ioctl(an->fds[0], BIOCSBLEN, &room) == -1)
		return (fail(an, errno, "BIOCSBLEN"));
	if (ioctl(an->fds[0], BIOCSETIF, &ifr) == -1)
		return (fail(an, errno, "BIOCSETIF"));
	return (0);
}

/*
 * To lend from a jail to its child, both the caller and the socket must be in
 * the jail: with a socket received from elsewhere a kernel with assertions
 * panics.
 */
static int
do_move(struct msg *m, struct answer *an)
{
	struct ifreq ifr;
	int error, fd, give;

	give = m->rq.op == VH_GIVE;
	if (take_interface(m, &ifr) == -1)
		return (fail(an, EPROTO, "request"));
	ifr.ifr_jid = m->rq.a;
	if ((fd = socket(AF_LOCAL, SOCK_DGRAM | SOCK_CLOEXEC, 0)) == -1)
		return (fail(an, errno, "socket"));
	error = ioctl(fd, give ? SIOCSIFVNET : SIOCSIFRVNET, &ifr) == -1 ?
	    errno : 0;
	close(fd);
	if (error != 0)
		return (fail(an, error, give ? "SIOCSIFVNET" : "SIOCSIFRVNET"));
	return (0);
}

/*
 * Receives the answer of a child and passes it on.  Nothing in it is trusted:
 * root in the jail may have replaced it.  The child must not answer
 * the peer itself: jail_remove(2) kills every process in the jail, also a
 * child that has sent its answer and not exited yet, and a request must have
 * exactly one answer.
 */
static void
take_answer(int fd, struct answer *an)
{
	static char value[65536];
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int) * VH_MAXFDS)];
	} control;
	struct cmsghdr *cm;
	struct iovec iov[2];
	struct msghdr mh;
	ssize_t n;

	drop_answer(an);	/* the child has copies of these */
	memset(&mh, 0, sizeof(mh));
	iov[0].iov_base = &an->rp;
	iov[0].iov_len = sizeof(an->rp);
	iov[1].iov_base = value;
	iov[1].iov_len = sizeof(value);
	mh.msg_iov = iov;
	mh.msg_iovlen = 2;
	mh.msg_control = control.bytes;
	mh.msg_controllen = sizeof(control.bytes);
	if (await_child(fd) == -1) {
		fail(an, errno, "jail_attach");
		return;
	}
	while ((n = recvmsg(fd, &mh, MSG_CMSG_CLOEXEC)) == -1 &&
	    errno == EINTR)
		;
	an->data = value;
	an->rp.nfds = 0;
	an->rp.call[sizeof(an->rp.call) - 1] = '\0';
	cm = n > 0 ? CMSG_FIRSTHDR(&mh) : NULL;
	if (cm != NULL && cm->cmsg_level == SOL_SOCKET &&
	    cm->cmsg_type == SCM_RIGHTS) {
		an->rp.nfds = (cm->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		if (an->rp.nfds > VH_MAXFDS)
			an->rp.nfds = VH_MAXFDS;	/* room for no more */
		memcpy(an->fds, CMSG_DATA(cm), an->rp.nfds * sizeof(int));
	}
	if (n == 0)
		fail(an, EINVAL, "jail_attach");	/* killed: no such jail */
	else if (n == -1)
		fail(an, errno, "recvmsg");
	else if ((mh.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0)
		fail(an, EMFILE, "recvmsg");
	else if (n < (ssize_t)sizeof(an->rp) ||
	    (an->rp.error == 0 && an->rp.len != (size_t)n - sizeof(an->rp)))
		fail(an, EIO, "recvmsg");
}

/* Closes, before the child enters a jail, all but what the request needs. */
static void
close_ours(const struct msg *m, const struct answer *an)
{
	int keep[2 * VH_MAXFDS];
	int i, n;

	n = 0;
	for (i = 0; i < m->nfds; i++)
		keep[n++] = m->fds[i];
	for (i = 0; i < (int)an->rp.nfds; i++)
		keep[n++] = an->fds[i];
	close_but(keep, n, VH_SOCKET + 1);
}

static int
in_stack(int (*what)(struct msg *, struct answer *), struct msg *m,
    struct answer *an)
{
	const char *call;
	pid_t pid;
	int i, pair[2], size;

	if (m->rq.jid == 0)
		return (what(m, an));
	if (socketpair(AF_LOCAL, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == -1)
		return (fail(an, errno, "socketpair"));
	size = VH_MAXMSG;
	for (i = 0; i < 2; i++) {
		setsockopt(pair[i], SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
		setsockopt(pair[i], SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	}
	if ((pid = fork()) == 0) {
		dup2(pair[1], VH_SOCKET);
		close_ours(m, an);
		if (stack_enter(m, &call) == -1)
			fail(an, errno, call);
		else
			what(m, an);
		send_answer(an);
		_exit(0);
	}
	close(pair[1]);
	if (pid == -1)
		fail(an, errno, "fork");
	else
		take_answer(pair[0], an);
	close(pair[0]);
	if (pid != -1)
		kill(pid, SIGKILL);	/* it has answered, or is too late */
	while (pid != -1 && waitpid(pid, NULL, 0) == -1 && errno == EINTR)
		;
	return (an->rp.error == 0 ? 0 : -1);
}

/*
 * The helper opens the device outside the jail: the jail's /dev may lack it,
 * and a file opened in a jail keeps the jail from dying.  Read-only: nothing
 * can be sent on it.
 */
static int
do_bpf(struct msg *m, struct answer *an)
{
	int fd;

	if ((fd = open("/dev/bpf", O_RDONLY | O_NONBLOCK | O_CLOEXEC)) == -1)
		return (fail(an, errno, "open /dev/bpf"));
	give_fd(an, fd);
	return (in_stack(bind_bpf, m, an));
}

int
stack_request(struct msg *m, struct answer *an)
{

	switch (m->rq.op) {
	case VH_SOCKETS:
		return (in_stack(open_sockets, m, an));
	case VH_SYSCTL_READ:
	case VH_SYSCTL_WRITE:
		return (in_stack(do_sysctl, m, an));
	case VH_BPF:
		return (do_bpf(m, an));
	case VH_GIVE:
	case VH_RECLAIM:
		return (in_stack(do_move, m, an));
	case VH_ANCHOR:
		return (do_anchor(m, an));
	case VH_BIND:
		return (in_stack(do_bind, m, an));
	default:
		return (fail(an, EOPNOTSUPP, "request"));
	}
}

#endif /* __FreeBSD__ */
