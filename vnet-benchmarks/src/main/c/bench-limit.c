/*-
 * SPDX-FileCopyrightText: The Vnet for Java authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The limit: C with every trick the library knows, and some that it may not
 * use because it checks more.  Indices are chosen in advance, what belongs
 * together is one send, several answers are one receive, namespaces have no
 * names or are made ahead, and an answer is read before it is waited for.
 */
#ifdef __linux__
#define	_GNU_SOURCE

#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <arpa/inet.h>
#include <net/if.h>
#include <linux/icmp.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/ip.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"
#include "window.h"

#define	MADE	"[vnet4j made home=0 by=vnet4j/4711/815]"
#define	GROUP	0x766e
#define	FIRST	1000		/* index of the first link */
#define	BRIDGE	(FIRST - 1)
#define	CREATE	(NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL)
#define	BATCH	100		/* links brought up in one send */
#define	PARTS	8		/* of an answer, in one receive */

static _Alignas(8) char in[PARTS][32768];
static _Alignas(8) char out[65536];
static struct jail one, *jails;
static size_t len, message;
static int nl, size;

static void
put(const void *value, size_t n)
{

	memcpy(out + len, value, n);
	memset(out + len + n, 0, NLMSG_ALIGN(n) - n);
	len += NLMSG_ALIGN(n);
	((struct nlmsghdr *)(void *)(out + message))->nlmsg_len =
	    (uint32_t)(len - message);
}

static void
begin(int type, int flags, const void *header, size_t n)
{
	struct nlmsghdr h = { .nlmsg_type = (uint16_t)type,
	    .nlmsg_flags = (uint16_t)(flags | NLM_F_REQUEST) };

	message = len;
	put(&h, sizeof(h));
	put(header, n);
}

static size_t
attr(int type, const void *value, size_t n)
{
	struct nlattr a = { .nla_type = (uint16_t)type,
	    .nla_len = (uint16_t)(sizeof(a) + n) };
	size_t at;

	at = len;
	put(&a, sizeof(a));
	if (n > 0)
		put(value, n);
	return (at);
}

static void
number(int type, int value)
{

	attr(type, &value, sizeof(value));
}

static void
text(int type, const char *value)
{

	attr(type, value, strlen(value) + 1);
}

static void
close_nest(size_t at)
{

	((struct nlattr *)(void *)(out + at))->nla_len = (uint16_t)(len - at);
}

static void
link_of(int type, int flags, int index, unsigned int up)
{
	struct ifinfomsg i = { .ifi_index = index, .ifi_flags = up,
	    .ifi_change = up };

	begin(type, flags, &i, sizeof(i));
}

static void
transmit(int fd)
{

	if (send(fd, out, len, 0) != (ssize_t)len)
		err(111, "send");
	len = message = 0;
}

/* Only the last request is acknowledged; a failure of any ends the program. */
static void
execute(int fd)
{
	const struct nlmsgerr *e;
	const struct nlmsghdr *h;
	struct nlmsghdr *r;
	size_t at;

	for (at = 0; at < message; at += NLMSG_ALIGN(r->nlmsg_len)) {
		r = (struct nlmsghdr *)(void *)(out + at);
		r->nlmsg_flags &= (uint16_t)~NLM_F_ACK;
	}
	transmit(fd);
	if (recv(fd, in[0], sizeof(in[0]), 0) == -1)
		err(111, "recv");
	h = (const void *)in[0];
	e = NLMSG_DATA(h);
	if (h->nlmsg_type != NLMSG_ERROR || e->error != 0)
		errx(111, "netlink: error %d", e->error);
}

static void
epair(int index, const char *a, const char *b, int ns, int master)
{
	struct ifinfomsg i = { .ifi_index = index + 1 };
	size_t data, info, peer;

	link_of(RTM_NEWLINK, CREATE, index, 0);
	text(IFLA_IFNAME, a);
	number(IFLA_GROUP, GROUP);
	if (master != 0)
		number(IFLA_MASTER, master);
	info = attr(IFLA_LINKINFO, NULL, 0);
	text(IFLA_INFO_KIND, "veth");
	data = attr(IFLA_INFO_DATA, NULL, 0);
	peer = attr(VETH_INFO_PEER, NULL, 0);
	put(&i, sizeof(i));
	text(IFLA_IFNAME, b);
	if (ns != -1)
		number(IFLA_NET_NS_FD, ns);
	close_nest(peer);
	close_nest(data);
	close_nest(info);
	link_of(RTM_SETLINK, NLM_F_ACK, index, 0);
	text(IFLA_IFALIAS, MADE);
}

static void
inet(int type, int index, uint32_t host, int prefix)
{
	struct ifaddrmsg a = { .ifa_family = AF_INET,
	    .ifa_prefixlen = (uint8_t)prefix, .ifa_index = (unsigned)index };
	uint32_t net;

	begin(type, type == RTM_NEWADDR ?
	    NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE : NLM_F_ACK, &a,
	    sizeof(a));
	net = htonl(host);
	attr(IFA_LOCAL, &net, sizeof(net));
	attr(IFA_ADDRESS, &net, sizeof(net));
	if (type == RTM_NEWADDR) {
		net |= htonl(0xffffffffU >> prefix);
		attr(IFA_BROADCAST, &net, sizeof(net));
	}
}

static void
open_up(int n)
{

	size = n;
	jail_init();
	nl = nl_open();
}

static void
with_epair(int n)
{

	open_up(n);
	epair(FIRST, "epair0a", "epair0b", -1, 0);
	execute(nl);
}

static void
with_address(int n)
{

	with_epair(n);
	inet(RTM_NEWADDR, FIRST, 0xc0000201U, 24);
	link_of(RTM_SETLINK, NLM_F_ACK, FIRST, IFF_UP);
	execute(nl);
}

/* The link and its addresses: one send, and one receive of all answers. */
static void
read_one_interface(int n)
{
	struct iovec iov[PARTS];
	struct mmsghdr parts[PARTS];
	struct ifaddrmsg a = { .ifa_index = FIRST };
	const struct nlmsghdr *h;
	int done, got, i;

	while (n-- > 0) {
		link_of(RTM_GETLINK, 0, FIRST, 0);
		number(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
		begin(RTM_GETADDR, NLM_F_DUMP, &a, sizeof(a));
		transmit(nl);
		for (done = 0; !done;) {
			memset(parts, 0, sizeof(parts));
			for (i = 0; i < PARTS; i++) {
				iov[i].iov_base = in[i];
				iov[i].iov_len = sizeof(in[i]);
				parts[i].msg_hdr.msg_iov = &iov[i];
				parts[i].msg_hdr.msg_iovlen = 1;
			}
			got = recvmmsg(nl, parts, PARTS, MSG_WAITFORONE, NULL);
			if (got == -1)
				err(111, "recvmmsg");
			for (i = 0; i < got; i++) {
				h = (const void *)in[i];
				if (h->nlmsg_type == NLMSG_ERROR)
					errx(111, "refused");
				done |= h->nlmsg_type == NLMSG_DONE;
			}
		}
	}
}

static void
add_remove_address(int n)
{
	size_t conf, ip, spec;

	while (n-- > 0) {
		inet(RTM_NEWADDR, FIRST, 0xc0000202U, 24);
		execute(nl);
		link_of(RTM_SETLINK, NLM_F_ACK, FIRST, 0);
		spec = attr(IFLA_AF_SPEC, NULL, 0);
		ip = attr(AF_INET, NULL, 0);
		conf = attr(IFLA_INET_CONF, NULL, 0);
		number(IPV4_DEVCONF_PROMOTE_SECONDARIES, 1);
		close_nest(conf);
		close_nest(ip);
		close_nest(spec);
		inet(RTM_DELADDR, FIRST, 0xc0000202U, 24);
		execute(nl);
	}
}

static void
bridge(int index)
{
	size_t info;

	link_of(RTM_NEWLINK, CREATE, index, 0);
	text(IFLA_IFNAME, "bridge0");
	info = attr(IFLA_LINKINFO, NULL, 0);
	text(IFLA_INFO_KIND, "bridge");
	close_nest(info);
}

static void
with_bridge(int n)
{

	with_epair(n);
	bridge(BRIDGE);
	execute(nl);
}

static void
bridge_add_delete_member(int n)
{

	while (n-- > 0) {
		link_of(RTM_SETLINK, NLM_F_ACK, FIRST, 0);
		number(IFLA_MASTER, BRIDGE);
		execute(nl);
		link_of(RTM_SETLINK, NLM_F_ACK, FIRST, 0);
		number(IFLA_MASTER, 0);
		execute(nl);
	}
}

static void
enter(int ns)
{

	if (setns(ns, CLONE_NEWNET) == -1)
		err(111, "setns");
}

/* A namespace without a name, and a socket in it. */
static void
nameless(struct jail *j)
{

	if (unshare(CLONE_NEWNET) == -1)
		err(111, "unshare");
	if ((j->ns = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC)) == -1)
		err(111, "namespace");
	j->nl = nl_open();
	enter(home);
}

static void
forget(struct jail *j)
{

	close(j->nl);
	close(j->ns);
}

static void
create_remove_jail(int n)
{

	while (n-- > 0) {
		nameless(&one);
		read_links(one.nl);
		forget(&one);
	}
}

static char made_ahead[64];	/* the path of the namespace */

static void
make_ahead(void)
{

	nameless(&one);
	snprintf(made_ahead, sizeof(made_ahead), "/proc/self/fd/%d", one.ns);
}

static void
give_name(void)
{

	if (mknod("/run/netns/jail", S_IFREG, 0) == -1 || mount(made_ahead,
	    "/run/netns/jail", "none", MS_BIND, NULL) == -1)
		err(111, "jail");
}

static void
drop_named(void)
{

	umount2("/run/netns/jail", MNT_DETACH);
	unlink("/run/netns/jail");
	forget(&one);
}

/* The namespace is there already; what is measured gives it its name. */
static void
create_now_and_then(int n)
{

	every_20ms(n, make_ahead, give_name, drop_named);
}

static void
with_neighbour(int n)
{

	open_up(n);
	nameless(&one);
	epair(FIRST, "epair0a", "epair0b", one.ns, 0);
	inet(RTM_NEWADDR, FIRST, 0x0a000001U, 24);
	link_of(RTM_SETLINK, NLM_F_ACK, FIRST, IFF_UP);
	execute(nl);
	inet(RTM_NEWADDR, FIRST + 1, 0x0a000002U, 24);
	link_of(RTM_SETLINK, NLM_F_ACK, FIRST + 1, IFF_UP);
	execute(one.nl);
	one.nl = window_socket();
	window_ping(one.nl, 1, -1);
}

/* The answer of a neighbour on this machine is there when the send returns. */
static void
ping_round_trip(int n)
{
	struct {
		struct icmphdr header;
		char data[56];
	} request = { .header = { .type = ICMP_ECHO } };
	struct sockaddr_in to = { .sin_family = AF_INET,
	    .sin_addr = { .s_addr = htonl(0x0a000002U) } };
	struct pollfd pfd = { .fd = one.nl, .events = POLLIN };
	struct icmphdr *reply;

	request.header.checksum = (uint16_t)~htons(0x0800);
	while (n-- > 0) {
		if (sendto(one.nl, &request, sizeof(request), 0,
		    (struct sockaddr *)&to, sizeof(to)) == -1)
			err(111, "sendto");
		do {
			while (recv(one.nl, in[0], sizeof(in[0]),
			    MSG_DONTWAIT) == -1)
				if (poll(&pfd, 1, 1000) != 1)
					errx(111, "no answer");
			reply = (struct icmphdr *)(void *)(in[0] +
			    (in[0][0] & 0xf) * 4);
		} while (reply->type != ICMP_ECHOREPLY);
	}
}

static void
with_jail(int n)
{

	open_up(n);
	jail_create(&one, "jail");
}

/* The child shares the memory until it becomes the program. */
static void
start_process(int n)
{
	static char *argv[] = { "true", NULL };
	int status;
	pid_t pid;

	while (n-- > 0) {
		if ((pid = vfork()) == -1)
			err(111, "vfork");
		if (pid == 0) {
			if (setns(one.ns, CLONE_NEWNET) == -1 ||
			    unshare(CLONE_NEWNS | CLONE_NEWUTS) == -1 ||
			    mount("none", "/", NULL, MS_REC | MS_SLAVE,
			    NULL) == -1 ||
			    mount("sysfs", "/sys", "sysfs", 0, NULL) == -1)
				_exit(111);
			execvp(argv[0], argv);
			_exit(111);
		}
		if (waitpid(pid, &status, 0) == -1 || status != 0)
			errx(111, "true: status %d", status);
	}
}

static void
star(int n)
{

	open_up(n);
	if ((jails = calloc((size_t)n, sizeof(*jails))) == NULL)
		err(111, "calloc");
	bridge(BRIDGE);
	inet(RTM_NEWADDR, BRIDGE, 0x0a000001U, 16);
	link_of(RTM_SETLINK, NLM_F_ACK, BRIDGE, IFF_UP);
	execute(nl);
}

static void
build(int n)
{
	char a[NAME], b[NAME];
	int i, index;

	(void)n;
	for (i = 0; i < size; i++) {
		index = FIRST + 2 * i;
		snprintf(a, sizeof(a), "epair%da", i);
		snprintf(b, sizeof(b), "epair%db", i);
		nameless(&jails[i]);
		epair(index, a, b, jails[i].ns, BRIDGE);
		execute(nl);
		link_of(RTM_SETLINK, NLM_F_ACK, index + 1, 0);
		text(IFLA_IFALIAS, MADE);
		inet(RTM_NEWADDR, index + 1, 0x0a000002U + (unsigned)i, 16);
		link_of(RTM_SETLINK, NLM_F_ACK, index + 1, IFF_UP);
		execute(jails[i].nl);
	}
	for (i = 0; i < size; i++) {
		link_of(RTM_SETLINK, NLM_F_ACK, FIRST + 2 * i, IFF_UP);
		if (i % BATCH == BATCH - 1 || i == size - 1)
			execute(nl);
	}
}

static void
await_carrier(int fd)
{
	int i;

	do {
		read_links(fd);
		for (i = 0; i < nifaces; i++)
			if (strcmp(ifaces[i].name, "lo") != 0 &&
			    ifaces[i].operstate != 6)	/* IF_OPER_UP */
				break;
	} while (i < nifaces && usleep(1000) == 0);
}

static void
await_carriers(int n)
{
	int i;

	(void)n;
	await_carrier(nl);
	for (i = 0; i < size; i++)
		await_carrier(jails[i].nl);
}

static void
ping_all(int n)
{
	int fd;

	(void)n;
	fd = window_socket();
	retries = window_ping(fd, size, -1);
	close(fd);
}

static void
tear_down(int n)
{
	int i;

	(void)n;
	link_of(RTM_DELLINK, NLM_F_ACK, 0, 0);
	number(IFLA_GROUP, GROUP);
	execute(nl);
	for (i = 0; i < size; i++)
		forget(&jails[i]);
}

static void
tear_down_after(void)
{

	tear_down(1);
}

const struct op limit_ops[] = {
	{ "readOneInterface", with_address, NULL, read_one_interface, NULL },
	{ "addRemoveAddress", with_address, NULL, add_remove_address, NULL },
	{ "bridgeAddDeleteMember", with_bridge, NULL,
	    bridge_add_delete_member, NULL },
	{ "createRemoveJail", open_up, NULL, create_remove_jail, NULL },
	{ "createJailEvery20ms", open_up, NULL, create_now_and_then, NULL },
	{ "ping", with_neighbour, NULL, ping_round_trip, NULL },
	{ "startProcess", with_jail, NULL, start_process, NULL },
	{ "starBuild", star, NULL, build, tear_down_after },
	{ "starAwaitCarrier", NULL, NULL, await_carriers, NULL },
	{ "starPingAll", NULL, NULL, ping_all, NULL },
	{ "starTearDown", NULL, NULL, tear_down, NULL },
	{ NULL, NULL, NULL, NULL, NULL }
};

#endif /* __linux__ */
