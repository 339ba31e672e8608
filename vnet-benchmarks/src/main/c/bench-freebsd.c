/*-
 * SPDX-FileCopyrightText: The Vnet for Java authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The C loop of FreeBSD: the system calls of the library, from C.  Written
 * against the headers of 14; it has not run on a FreeBSD yet.
 */
#ifdef __FreeBSD__
#include <sys/param.h>
#include <sys/ioctl.h>
#include <sys/jail.h>
#include <sys/socket.h>
#include <sys/sockio.h>
#include <sys/sysctl.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <net/if.h>
#include <net/if_bridgevar.h>
#include <net/route.h>
#include <netinet/in.h>
#include <netinet/in_systm.h>
#include <netinet/in_var.h>
#include <netinet/ip.h>
#include <netinet/ip_fw.h>
#include <netinet/ip_icmp.h>
#include <arpa/inet.h>

#include <err.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"

#define	WORD(text)		{ __DECONST(char *, text), sizeof(text) }
#define	VALUE(name, value)	WORD(name), { &(value), sizeof(value) }

static char epair_a[IFNAMSIZ], epair_b[IFNAMSIZ], bridge[IFNAMSIZ];
static int icmp = -1, inet, jid, rules = -1, size;

static void
request(unsigned long what, struct ifreq *ifr, const char *name)
{

	strlcpy(ifr->ifr_name, name, sizeof(ifr->ifr_name));
	if (ioctl(inet, what, ifr) == -1)
		err(111, "ioctl %#lx %s", what, name);
}

static void
clone_one(const char *kind, char *name)
{
	struct ifreq ifr;

	memset(&ifr, 0, sizeof(ifr));
	request(SIOCIFCREATE2, &ifr, kind);
	strlcpy(name, ifr.ifr_name, IFNAMSIZ);
}

static void
epair(void)
{

	clone_one("epair", epair_a);
	strlcpy(epair_b, epair_a, sizeof(epair_b));
	epair_b[strlen(epair_b) - 1] = 'b';
}

static void
destroy(const char *name)
{
	struct ifreq ifr;

	memset(&ifr, 0, sizeof(ifr));
	request(SIOCIFDESTROY, &ifr, name);
}

static void
up(const char *name)
{
	struct ifreq ifr;

	memset(&ifr, 0, sizeof(ifr));
	request(SIOCGIFFLAGS, &ifr, name);
	ifr.ifr_flags |= IFF_UP;
	request(SIOCSIFFLAGS, &ifr, name);
}

static void
sockaddr_of(struct sockaddr_in *to, const char *text)
{

	to->sin_len = sizeof(*to);
	to->sin_family = AF_INET;
	if (inet_pton(AF_INET, text, &to->sin_addr) != 1)
		errx(111, "address %s", text);
}

static void
add_address(const char *name, const char *text)
{
	struct in_aliasreq ifra;

	memset(&ifra, 0, sizeof(ifra));
	strlcpy(ifra.ifra_name, name, sizeof(ifra.ifra_name));
	sockaddr_of(&ifra.ifra_addr, text);
	sockaddr_of(&ifra.ifra_mask, "255.255.255.0");
	sockaddr_of(&ifra.ifra_broadaddr, "192.0.2.255");
	if (ioctl(inet, SIOCAIFADDR, &ifra) == -1)
		err(111, "SIOCAIFADDR %s", text);
}

static void
open_up(int n)
{

	size = n;
	if ((inet = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) == -1)
		err(111, "socket");
}

static void
with_epair(int n)
{

	open_up(n);
	epair();
}

static void
with_address(int n)
{

	with_epair(n);
	add_address(epair_a, "192.0.2.1");
	up(epair_a);
}

static void
read_list(int index)
{
	static char *buffer;
	static size_t room;
	int mib[] = { CTL_NET, PF_ROUTE, 0, AF_UNSPEC, NET_RT_IFLISTL, index };
	size_t len;

	for (;;) {
		len = room;
		if (room > 0 && sysctl(mib, nitems(mib), buffer, &len, NULL,
		    0) == 0)
			return;
		if (room > 0 && errno != ENOMEM)
			err(111, "sysctl");
		room = room == 0 ? 65536 : room * 2;
		if ((buffer = realloc(buffer, room)) == NULL)
			err(111, "realloc");
	}
}

static void
read_one_interface(int n)
{
	struct ifreq ifr;
	char description[64];

	while (n-- > 0) {
		read_list((int)if_nametoindex(epair_a));
		memset(&ifr, 0, sizeof(ifr));
		ifr.ifr_buffer.buffer = description;
		ifr.ifr_buffer.length = sizeof(description);
		request(SIOCGIFDESCR, &ifr, epair_a);
	}
}

/* The loopback interface is one of the n. */
static void
with_interfaces(int n)
{
	int i;

	open_up(n);
	for (i = 0; i < n / 2; i++)
		epair();
}

static void
list_interfaces(int n)
{

	while (n-- > 0)
		read_list(0);
}

static void
create_destroy_epair(int n)
{

	while (n-- > 0) {
		epair();
		destroy(epair_a);
	}
}

static void
add_remove_address(int n)
{
	struct ifreq ifr;

	while (n-- > 0) {
		add_address(epair_a, "192.0.2.2");
		memset(&ifr, 0, sizeof(ifr));
		sockaddr_of((struct sockaddr_in *)(void *)&ifr.ifr_addr, "192.0.2.2");
		request(SIOCDIFADDR, &ifr, epair_a);
	}
}

static void
with_bridge(int n)
{

	with_epair(n);
	clone_one("bridge", bridge);
}

static void
member(unsigned long what)
{
	struct ifbreq req;
	struct ifdrv ifd;

	memset(&req, 0, sizeof(req));
	memset(&ifd, 0, sizeof(ifd));
	strlcpy(req.ifbr_ifsname, epair_a, sizeof(req.ifbr_ifsname));
	strlcpy(ifd.ifd_name, bridge, sizeof(ifd.ifd_name));
	ifd.ifd_cmd = what;
	ifd.ifd_len = sizeof(req);
	ifd.ifd_data = &req;
	if (ioctl(inet, SIOCSDRVSPEC, &ifd) == -1)
		err(111, "SIOCSDRVSPEC %s", bridge);
}

static void
bridge_add_delete_member(int n)
{

	while (n-- > 0) {
		member(BRDGADD);
		member(BRDGDEL);
	}
}

static void
jail_make(const char *name)
{
	int vnet;

	vnet = JAIL_SYS_NEW;
	struct iovec params[] = {
		WORD("name"), { __DECONST(char *, name), strlen(name) + 1 },
		WORD("path"), WORD("/"),
		VALUE("vnet", vnet),
		WORD("allow.raw_sockets"), { NULL, 0 },
		WORD("persist"), { NULL, 0 },
	};
	if ((jid = jail_set(params, nitems(params), JAIL_CREATE)) == -1)
		err(111, "jail_set(%s)", name);
}

static void
jail_end(void)
{

	if (jail_remove(jid) == -1)
		err(111, "jail_remove(%d)", jid);
}

static void
create_remove_jail(int n)
{

	while (n-- > 0) {
		jail_make("jail");
		jail_end();
	}
}

static void
jail_begin(void)
{

	jail_make("jail");
}

static void
create_now_and_then(int n)
{

	every_20ms(n, NULL, jail_begin, jail_end);
}

static void
with_jail(int n)
{

	with_epair(n);
	jail_make("jail");
}

static void
move(unsigned long what)
{
	struct ifreq ifr;

	memset(&ifr, 0, sizeof(ifr));
	ifr.ifr_jid = jid;
	request(what, &ifr, epair_b);
}

static void
give_take_back(int n)
{

	while (n-- > 0) {
		move(SIOCSIFVNET);
		move(SIOCSIFRVNET);
	}
}

static void
start_process(int n)
{
	static char word[] = "true";
	static char *argv[] = { word, NULL };
	int status;
	pid_t pid;

	while (n-- > 0) {
		if ((pid = fork()) == -1)
			err(111, "fork");
		if (pid == 0) {
			if (jail_attach(jid) == 0)
				execvp(argv[0], argv);
			_exit(111);
		}
		if (waitpid(pid, &status, 0) == -1 || status != 0)
			errx(111, "true: status %d", status);
	}
}

static void
with_neighbour(int n)
{
	int status;
	pid_t pid;

	with_jail(n);
	move(SIOCSIFVNET);
	add_address(epair_a, "192.0.2.1");
	up(epair_a);
	if ((pid = fork()) == -1)
		err(111, "fork");
	if (pid == 0) {
		if (jail_attach(jid) == -1)
			err(111, "jail_attach");
		open_up(n);
		add_address(epair_b, "192.0.2.2");
		up(epair_b);
		_exit(0);
	}
	if (waitpid(pid, &status, 0) == -1 || status != 0)
		errx(111, "the jail: status %d", status);
	icmp = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP);
	if (icmp == -1)
		err(111, "socket");
}

static void
ping_round_trip(int n)
{
	struct {
		struct icmp header;
		char data[56];
	} echo;
	struct pollfd pfd;
	struct sockaddr_in to;
	char in[2048];
	const struct icmp *reply;

	memset(&to, 0, sizeof(to));
	memset(&echo, 0, sizeof(echo));
	sockaddr_of(&to, "192.0.2.2");
	echo.header.icmp_type = ICMP_ECHO;
	echo.header.icmp_cksum = (uint16_t)~htons(ICMP_ECHO << 8);
	pfd.fd = icmp;
	pfd.events = POLLIN;
	while (n-- > 0) {
		while (recv(icmp, in, sizeof(in), MSG_DONTWAIT) != -1)
			;
		if (sendto(icmp, &echo, ICMP_MINLEN + sizeof(echo.data), 0,
		    (struct sockaddr *)&to, sizeof(to)) == -1)
			err(111, "sendto");
		do {
			if (poll(&pfd, 1, 1000) != 1)
				errx(111, "no answer");
			if (recv(icmp, in, sizeof(in), 0) == -1)
				err(111, "recv");
			reply = (const void *)(in + (in[0] & 0xf) * 4);
		} while (reply->icmp_type != ICMP_ECHOREPLY);
	}
}

static void
with_firewall(int n)
{

	open_up(n);
	rules = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
	if (rules == -1)
		err(111, "socket");
}

/* 100 deny tcp from 192.0.2.1 to any 22 */
static void
add_rule(void)
{
	struct {
		ip_fw3_opheader op;
		ipfw_obj_ctlv list;
		struct ip_fw_rule rule;
		uint32_t more[8];
	} message;
	struct ip_fw_rule *r;
	socklen_t len;
	ipfw_insn *i;
	ipfw_insn_ip ip;
	ipfw_insn_u16 port;

	memset(&message, 0, sizeof(message));
	memset(&ip, 0, sizeof(ip));
	memset(&port, 0, sizeof(port));
	r = &message.rule;
	r->rulenum = 100;
	i = r->cmd;
	i->opcode = O_PROTO;
	i->len = 1;
	i->arg1 = IPPROTO_TCP;
	i++;
	ip.o.opcode = O_IP_SRC;
	ip.o.len = 2;
	inet_pton(AF_INET, "192.0.2.1", &ip.addr);
	memcpy(i, &ip, 2 * sizeof(*i));
	i += 2;
	port.o.opcode = O_IP_DSTPORT;
	port.o.len = 2;
	port.ports[0] = port.ports[1] = 22;
	memcpy(i, &port, 2 * sizeof(*i));
	i += 2;
	r->act_ofs = (uint16_t)(i - r->cmd);
	i->opcode = O_DENY;
	i->len = 1;
	i++;
	r->cmd_len = (uint16_t)(i - r->cmd);
	message.op.opcode = IP_FW_XADD;
	message.list.head.type = IPFW_TLV_RULE_LIST;
	message.list.head.length = (uint32_t)(sizeof(message.list) +
	    roundup2(offsetof(struct ip_fw_rule, cmd) +
	    r->cmd_len * sizeof(uint32_t), sizeof(uint64_t)));
	message.list.count = 1;
	len = (socklen_t)(sizeof(message.op) + message.list.head.length);
	if (getsockopt(rules, IPPROTO_IP, IP_FW3, &message, &len) == -1)
		err(111, "IP_FW_XADD");
}

static void
delete_rule(void)
{
	struct {
		ip_fw3_opheader op;
		ipfw_range_tlv range;
	} message;
	socklen_t len;

	memset(&message, 0, sizeof(message));
	message.op.opcode = IP_FW_XDEL;
	message.range.head.type = IPFW_TLV_RANGE;
	message.range.head.length = sizeof(message.range);
	message.range.flags = IPFW_RCFLAG_RANGE;
	message.range.start_rule = message.range.end_rule = 100;
	len = sizeof(message);
	if (getsockopt(rules, IPPROTO_IP, IP_FW3, &message, &len) == -1)
		err(111, "IP_FW_XDEL");
}

static void
add_delete_rule(int n)
{

	while (n-- > 0) {
		add_rule();
		delete_rule();
	}
}

const struct op loop_ops[] = {
	{ "readOneInterface", with_address, NULL, read_one_interface, NULL },
	{ "listInterfaces", with_interfaces, NULL, list_interfaces, NULL },
	{ "createDestroyEpair", open_up, NULL, create_destroy_epair, NULL },
	{ "createRemoveJail", open_up, NULL, create_remove_jail, NULL },
	{ "createJailEvery20ms", open_up, NULL, create_now_and_then, NULL },
	{ "giveTakeBack", with_jail, NULL, give_take_back, NULL },
	{ "addRemoveAddress", with_address, NULL, add_remove_address, NULL },
	{ "bridgeAddDeleteMember", with_bridge, NULL,
	    bridge_add_delete_member, NULL },
	{ "ping", with_neighbour, NULL, ping_round_trip, NULL },
	{ "startProcess", with_jail, NULL, start_process, NULL },
	{ "addDeleteRule", with_firewall, NULL, add_delete_rule, NULL },
	{ NULL, NULL, NULL, NULL, NULL }
};

#endif /* __FreeBSD__ */
