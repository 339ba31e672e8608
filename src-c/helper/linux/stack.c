/*-
 * SPDX-FileCopyrightText: The Vnet for Java authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Linux: a stack is a network namespace.  The helper enters it, performs one
 * request and returns home; it exits if it cannot return.
 */
#ifdef __linux__
#define	_GNU_SOURCE

#include <sys/types.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <net/if.h>
#include <linux/capability.h>
#include <linux/if_tun.h>
#include <linux/keyctl.h>

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "helper.h"

#ifndef OPEN_TREE_CLONE
#define	OPEN_TREE_CLONE		1
#define	OPEN_TREE_CLOEXEC	O_CLOEXEC
#define	MOVE_MOUNT_F_EMPTY_PATH	4
#endif
#ifndef AT_RECURSIVE
#define	AT_RECURSIVE		0x8000
#endif

int home_ns = -1;
int own_stack_is_new;

int
stack_init(int in_sandbox, struct answer *an)
{
	static const unsigned long none[8];	/* struct kernel_sigaction */
	int fd, sig, unset;

	/*
	 * posix_spawn(3) leaves these two ignored, and sigaction(3) cannot
	 * reset them.
	 */
	for (sig = 32; sig <= 33; sig++)
		syscall(SYS_rt_sigaction, sig, none, NULL, 8);
	own_stack_is_new = in_sandbox;
	ns_init();
	prctl(PR_SET_NAME, "vnet-helper");
	if (stack_reaper() == -1)
		return (fail(an, errno, "prctl"));
	unset = in_sandbox ? sandbox_enter(an) : 0;
	if (unset == -1)
		return (-1);
	home_ns = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	if (home_ns == -1 || (fd = fcntl(home_ns, F_DUPFD_CLOEXEC, 3)) == -1)
		return (fail(an, errno, "open"));
	give_fd(an, fd);
	return (unset);
}

/* Orphans among its descendants become children of this process. */
int
stack_reaper(void)
{

	return (prctl(PR_SET_CHILD_SUBREAPER, 1));
}

/* Returns a descriptor that becomes readable when the process has ended. */
int
stack_watch(pid_t pid)
{

	return ((int)syscall(SYS_pidfd_open, pid, 0));
}

int
stack_enter(const struct msg *m, const char **call)
{

	*call = "setns";
	return (m->stack == -1 ? 0 : setns(m->stack, CLONE_NEWNET));
}

/* Returns what tells the stack of a program from others, 0 for none. */
uint64_t
stack_id(const struct msg *m)
{

	return (m->stack == -1 ? 0 : (uint64_t)ns_of_fd(m->stack).ino);
}

static void
go_home(const struct msg *m)
{

	if (m->stack != -1 && setns(home_ns, CLONE_NEWNET) == -1)
		_exit(111);
}

/*
 * Mounts a new /sys: /sys/class/net shows the stack in which it was mounted.
 * The control groups in it remain: a JVM reads there how much memory it has.
 */
static void
new_sys(void)
{
	int groups;

	groups = (int)syscall(SYS_open_tree, AT_FDCWD, "/sys/fs/cgroup",
	    OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);
	/* If it fails, the program runs with the existing /sys. */
	if (mount("sysfs", "/sys", "sysfs", 0, NULL) == 0 && groups != -1)
		syscall(SYS_move_mount, groups, "", AT_FDCWD, "/sys/fs/cgroup",
		    MOVE_MOUNT_F_EMPTY_PATH);
	if (groups != -1)
		close(groups);
	errno = 0;
}

/* Other processes see no change of what is mounted. */
int
stack_exec(const struct msg *m, const char *hostname, const char **call)
{

	*call = "unshare";
	if (unshare(CLONE_NEWNS | CLONE_NEWUTS) == -1) {
		/*
		 * An ordinary user in the machine's own stack needs neither.
		 */
		if (errno == EPERM && m->stack == -1 && *hostname == '\0')
			return (0);
		return (-1);
	}
	if ((m->stack != -1 || own_stack_is_new) &&
	    mount("none", "/", NULL, MS_REC | MS_SLAVE, NULL) == 0)
		new_sys();
	*call = "sethostname";
	if (*hostname != '\0')
		return (sethostname(hostname, strlen(hostname)));
	return (0);
}

/*
 * After setuid(2): drops what that call leaves, the capabilities of a helper
 * that is not root, and the session keyring.
 */
int
stack_drop(const char **call)
{
	struct __user_cap_header_struct head;
	struct __user_cap_data_struct none[2];

	memset(&head, 0, sizeof(head));
	memset(none, 0, sizeof(none));
	head.version = _LINUX_CAPABILITY_VERSION_3;
	*call = "capset";
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) == -1 ||
	    syscall(SYS_capset, &head, none) == -1)
		return (-1);
	*call = "keyctl";
	if (syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL) == -1 &&
	    errno != ENOSYS && errno != EPERM)
		return (-1);	/* those two: no program reaches a keyring */
	return (0);
}

/* The program dies with the helper, even if the helper is killed. */
void
stack_tie(pid_t parent)
{

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(111);
}

/* Others may be started meanwhile: the caller repeats the call. */
void
stack_kill_descendants(void)
{
	struct process *found;
	size_t i, n;
	pid_t self;

	self = getpid();
	n = descendants(&self, 1, &found);
	for (i = 0; i < n; i++)
		kill(found[i].pid, SIGKILL);
	free(found);
}

void
stack_cleanup(void)
{

	ns_cleanup();
}

/* Returns the milliseconds without a request before stack_idle(); -1: never. */
int
stack_idle_wait(void)
{

	return (spare_wait());
}

void
stack_idle(void)
{

	spare_idle();
}

/*
 * Only below /proc/sys/net, which belongs to the caller's stack; the rest is
 * shared by all.
 */
static int
open_sysctl(struct msg *m, int flags)
{
	static struct procfs proc;
	const char *name, *s;
	size_t n;

	if (take_string(m, &name) == -1) {
		errno = EPROTO;
		return (-1);
	}
	errno = EINVAL;
	if (strncmp(name, "net/", 4) != 0)
		return (-1);
	for (s = name;; s += n + 1) {
		n = strcspn(s, "/");
		if (n == 0 || (s[0] == '.' && (n == 1 || (n == 2 && s[1] == '.'))))
			return (-1);
		if (s[n] == '\0')
			break;
	}
	return (open_net_setting(&proc, name + 4, flags));
}

static int
do_sysctl(struct msg *m, struct answer *an)
{
	static char value[65536];
	ssize_t n;
	int fd, writing;

	writing = m->rq.op == VH_SYSCTL_WRITE;
	if ((fd = open_sysctl(m, writing ? O_WRONLY : O_RDONLY)) == -1)
		return (fail(an, errno, errno == EPROTO ? "request" : "open"));
	n = writing ? write(fd, m->p, m->len) : read(fd, value, sizeof(value));
	if (n == -1)
		fail(an, errno, writing ? "write" : "read");
	else if (!writing) {
		an->data = value;
		an->rp.len = (uint32_t)n;
	}
	close(fd);
	return (n == -1 ? -1 : 0);
}

static int
do_tap(struct msg *m, struct answer *an)
{
	static struct ifreq ifr;
	const char *name;
	int fd;

	if (take_string(m, &name) == -1 || m->len != 0)
		return (fail(an, EPROTO, "request"));
	if (strlen(name) >= IFNAMSIZ)
		return (fail(an, EINVAL, "TUNSETIFF"));
	if ((fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC)) == -1)
		return (fail(an, errno, "open /dev/net/tun"));
	give_fd(an, fd);
	memset(&ifr, 0, sizeof(ifr));
	strcpy(ifr.ifr_name, name);
	ifr.ifr_flags = (short)(IFF_TAP | IFF_NO_PI | IFF_TUN_EXCL);
	if (ioctl(fd, TUNSETIFF, &ifr) == -1)
		return (fail(an, errno, "TUNSETIFF"));
	an->data = ifr.ifr_name;
	an->rp.len = (uint32_t)strlen(ifr.ifr_name);
	return (0);
}

/* Sends a copy, so that the file cannot change while it is sent. */
static int
send_file(struct msg *m, struct answer *an)
{
	struct stat st;
	char *p;
	ssize_t n;
	int error;

	if (m->nfds != 2 || m->len != 0)
		return (fail(an, EPROTO, "request"));
	if (fstat(m->fds[1], &st) == -1)
		return (fail(an, errno, "fstat"));
	if (st.st_size <= 0 || st.st_size > INT32_MAX)
		return (fail(an, EMSGSIZE, "fstat"));
	if ((p = malloc((size_t)st.st_size)) == NULL)
		return (fail(an, ENOMEM, "malloc"));
	n = pread(m->fds[1], p, (size_t)st.st_size, 0);
	error = n == st.st_size ? 0 : n == -1 ? errno : EIO;
	if (error != 0) {
		free(p);
		return (fail(an, error, "pread"));
	}
	n = send(m->fds[0], p, (size_t)n, MSG_NOSIGNAL | MSG_DONTWAIT);
	error = errno;
	free(p);
	if (n == -1)
		return (fail(an, error, "send"));
	an->rp.value = (int32_t)n;
	return (0);
}

static int
do_send(struct msg *m, struct answer *an)
{
	ssize_t n;
	int32_t fd;

	if ((m->rq.flags & VH_FILE) != 0)
		return (send_file(m, an));
	if (m->nfds != 1 && m->nfds != 2)
		return (fail(an, EPROTO, "request"));
	if (m->nfds == 2) {
		/*
		 * The helper's number of the second descriptor, not the
		 * peer's.
		 */
		fd = m->fds[1];
		if (m->rq.a < 0 || m->len < sizeof(fd) ||
		    (size_t)m->rq.a > m->len - sizeof(fd))
			return (fail(an, EPROTO, "request"));
		memcpy(m->p + m->rq.a, &fd, sizeof(fd));
	}
	n = send(m->fds[0], m->p, m->len, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (n == -1)
		return (fail(an, errno, "send"));
	an->rp.value = (int32_t)n;
	return (0);
}

/*
 * Forks in the stack, so that a removal finds the child from its beginning.  If
 * the stack cannot be entered, the child, which tries again, reports that.
 */
pid_t
stack_fork(const struct msg *m, const char **call)
{
	pid_t pid;
	int error;

	*call = "flock";
	if (m->stack != -1 && ns_lock(LOCK_SH) == -1)
		return (-1);
	stack_enter(m, call);
	*call = "fork";
	if ((pid = fork()) == 0)
		return (0);
	error = errno;
	go_home(m);
	if (m->stack != -1)
		ns_lock(LOCK_UN);
	errno = error;
	return (pid);
}

static int
in_stack(int (*what)(struct msg *, struct answer *), struct msg *m,
    struct answer *an)
{
	const char *call;
	int rc;

	if (m->stack != -1 && ns_lock(LOCK_SH) == -1)
		return (fail(an, errno, "flock"));
	if (stack_enter(m, &call) == -1)
		rc = fail(an, errno, call);
	else {
		rc = what(m, an);
		go_home(m);
	}
	if (m->stack != -1)
		ns_lock(LOCK_UN);
	return (rc);
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
	case VH_TAP:
		return (in_stack(do_tap, m, an));
	case VH_SEND:
		return (do_send(m, an));
	case VH_NS_CREATE:
		return (ns_create(m, an));
	case VH_NS_OPEN:
		return (ns_open(m, an));
	case VH_NS_REMOVE:
		return (ns_remove(m, an));
	default:
		return (fail(an, EOPNOTSUPP, "request"));
	}
}

#endif /* __linux__ */
