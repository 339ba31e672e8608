/*-
 * SPDX-FileCopyrightText: The Vnet for Java authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * vnet-helper: enters network stacks for a process that must not do so itself.
 *
 *	vnet-helper own	serves the stack in which it was started
 *	vnet-helper sandbox	(Linux) serves a new, empty stack of its own, with a
 *				private /run; as an ordinary user in a user namespace
 *
 *	lease-hook	called by that name: for a DHCP client, see lease_hook()
 *
 * The program forks: the process that was started, the keeper, only waits for
 * its child, the helper, and then kills what that left running.  SIGALRM to the
 * keeper kills the helper.
 *
 * Descriptor 3 is one end of a SOCK_SEQPACKET socketpair.  One message is one
 * request, answered by one message, in order; all integers in the machine's
 * byte order.  When the peer closes the socket, the helper performs the
 * deferred requests (VH_LATER), kills every process it started with all their
 * descendants, removes the namespaces it created without VH_PERSIST, and exits
 * with 0.  It ignores SIGTERM, SIGINT and SIGHUP.  The keeper ends as the helper
 * ended.  Exit status 100: usage; 111: an indispensable system call failed.
 *
 * The helper sends the first message: a reply with the value VH_VERSION and,
 * as data, an int32 each, its pid and how many settings of a new stack it could
 * not set; or the error that leaves it without a stack to
 * serve (it then exits with 111).  On Linux this reply hands over the namespace
 * of the helper's own stack.
 *
 * A request is struct vh_request and its payload; descriptors are attached as
 * SCM_RIGHTS.  "stack" below: on Linux, with VH_STACK, the first descriptor is
 * a network namespace; on FreeBSD a jid other than 0 is a jail.  Otherwise it
 * is the helper's own stack.  Strings end in NUL.
 *
 *	op		stack	a	b	payload		descriptors
 *	VH_SOCKETS	yes	count		3 int32 each:
 *						domain type protocol
 *	VH_EXEC		yes	argc	envc	directory user	stdin stdout
 *						hostname argv	stderr
 *						envp ids
 *	VH_KILL			pid	signal
 *	VH_SYSCTL_READ	yes			name
 *	VH_SYSCTL_WRITE	yes			name value
 *	VH_NS_CREATE		count		name, may be "";
 *						as VH_SOCKETS
 *	VH_NS_OPEN				name
 *	VH_NS_REMOVE		count		count names,	[count
 *						may be ""	namespaces]
 *	VH_SEND			offset		message		socket [fd]
 *	VH_TAP		yes			name, may be ""
 *	VH_BPF		yes	bytes		interface
 *	VH_ANCHOR	yes
 *	VH_GIVE		yes	jid		interface
 *	VH_RECLAIM	yes	jid		interface
 *	VH_SETSOCKOPT		level	name	value		socket
 *	VH_LATER		ms		a request	its own
 *	VH_CANCEL		id
 *	VH_BIND		yes			domain type protocol
 *						sockaddr
 *
 * A reply is struct vh_reply and its data.  error is an errno, call then names
 * the failed call; a malformed request yields EPROTO "request", a request of
 * which descriptors were lost, for lack of free ones, EMFILE "recvmsg".
 *
 *	VH_SOCKETS	hands over count sockets, all close-on-exec
 *	VH_EXEC		value is the pid; hands over two pipes.  On the first the
 *			status of wait(2), an int32, is written when the process
 *			has ended.  On the second struct vh_failure, which names
 *			the step (chdir, setuid, execve ...), if the program could
 *			not be started; it is closed when the program runs.
 *			Directory, user and hostname may be "".  ids are the uid,
 *			the gid and the further groups of the program, an int32
 *			each, or nothing for those of the helper.  A user is
 *			looked up in the jail (FreeBSD), instead of ids
 *	VH_KILL		ESRCH if that process is not, or no longer, a child
 *	VH_SYSCTL_READ	data is the value: bytes on FreeBSD, where the name may
 *			also be a MIB in decimal (4.17.0.2.1.0), text of the
 *			file below /proc/sys on Linux, where names begin with
 *			net/
 *	VH_NS_CREATE	hands over the namespace, bound to /run/netns/name, and
 *			count sockets opened in it, may be 0; value is how many of
 *			its settings could not be set.  It may have been made
 *			ahead.  In a sandbox, one without a name is kept by its
 *			descriptor alone.
 *			Data is the namespace's cookie (SO_NETNS_COOKIE), 8
 *			bytes, 0 before Linux 5.14
 *	VH_NS_OPEN	hands over the namespace; data as for VH_NS_CREATE, or none
 *			if the name is that of a plain file
 *	VH_NS_REMOVE	kills all processes in the namespaces, waits for their
 *			end, unbinds the names; value is how many processes are
 *			left: those of which only some threads are there, and
 *			those killed that do not come to their end within 2
 *			seconds.  EBUSY if a namespace is the helper's, or was its
 *			parent's when the helper started;
 *			ENOENT if a name is bound to another namespace: in both
 *			cases nothing is done.  Without descriptors the
 *			namespaces are those bound to the names
 *	VH_SEND		value is the return value of send(2); a second descriptor's
 *			number, an int32, is first inserted in the message at
 *			offset.  With VH_FILE the message is the content of the
 *			second descriptor, a file: for messages longer than
 *			VH_MAXMSG
 *	VH_TAP		data is the name of the new interface; hands over its
 *			descriptor; the interface is destroyed when that is closed,
 *			unless TUNSETPERSIST was set on it
 *	VH_BPF		hands over /dev/bpf, non-blocking, bound to the interface,
 *			with buffers of that many bytes, or of the maximum if that
 *			is less
 *	VH_ANCHOR	value is the pid of a child that lives in the jail until
 *			VH_KILL or the end of the helper
 *	VH_GIVE		SIOCSIFVNET of the interface to jid, by a process in the
 *			stack
 *	VH_RECLAIM	SIOCSIFRVNET of the interface from jid, likewise
 *	VH_SETSOCKOPT	setsockopt(2) with the helper's privileges
 *	VH_LATER	value is an id; the request, VH_SEND, VH_SETSOCKOPT or VH_EXEC,
 *			is performed after ms milliseconds, or earlier if the
 *			socket closes; its result is not reported
 *	VH_CANCEL	ESRCH if the request was already performed
 *	VH_BIND		fails as bind(2) of such a socket in the stack fails; the
 *			socket is closed again
 */
#ifndef VNET_PROTOCOL_H
#define VNET_PROTOCOL_H

#include <stdint.h>

#define	VH_LEASE_HOOK	"lease-hook"	/* name for a DHCP client */
#define	VH_VERSION	5
#define	VH_SOCKET	3		/* the helper's end of the socketpair */
#define	VH_MAXMSG	131072		/* bytes of a request or a reply */
#define	VH_MAXFDS	16		/* descriptors with one message */
#define	VH_MAXNAME	200		/* bytes of a namespace's name */

#define	VH_STACK	0x1		/* the first descriptor is the stack */
#define	VH_PERSIST	0x2		/* outlives the helper */
#define	VH_FILE		0x4		/* the payload is in the last descriptor */

enum vh_op {
	VH_SOCKETS = 1, VH_EXEC, VH_KILL, VH_SYSCTL_READ, VH_SYSCTL_WRITE,
	VH_NS_CREATE, VH_NS_OPEN, VH_NS_REMOVE, VH_SEND, VH_TAP,
	VH_BPF, VH_ANCHOR, VH_GIVE, VH_RECLAIM, VH_SETSOCKOPT,
	VH_LATER, VH_CANCEL, VH_BIND
};

struct vh_request {
	uint32_t	op;
	uint32_t	flags;
	int32_t		jid;
	int32_t		a;
	int32_t		b;
};

/* What a program that could not be started writes on its failure pipe. */
struct vh_failure {
	int32_t		error;
	char		call[32];
};

struct vh_reply {
	int32_t		error;
	int32_t		value;
	uint32_t	nfds;
	uint32_t	len;		/* bytes of data that follow */
	char		call[32];
};

#endif /* !VNET_PROTOCOL_H */
