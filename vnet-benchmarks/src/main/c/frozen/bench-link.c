/*-
 * SPDX-FileCopyrightText: The Vnet for Java authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The C loop's requests: the library's, byte for byte where it matters.
 */
#ifdef __linux__
#define	_GNU_SOURCE

#include <sys/ioctl.h>
#include <sys/socket.h>
#include <arpa/inet.h>
#include <net/if.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/ip.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>

#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

#define	CREATE	(NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL)

struct iface *ifaces;
int nifaces;

static int room;

static void
begin(int type, int flags, int index, unsigned int up)
{
	struct ifinfomsg i;

	memset(&i, 0, sizeof(i));
	i.ifi_index = index;
	i.ifi_flags = i.ifi_change = up;
	nl_begin(type, flags, &i, sizeof(i));
}

static void
set(const char *name)
{

	begin(RTM_SETLINK, NLM_F_ACK, 0, 0);
	nl_string(IFLA_IFNAME, name);
}

void
link_epair(const char *a, const char *b, int ns)
{
	struct ifinfomsg i;
	size_t data, info, peer;

	memset(&i, 0, sizeof(i));
	begin(RTM_NEWLINK, CREATE, 0, 0);
	nl_string(IFLA_IFNAME, a);
	info = nl_nest(IFLA_LINKINFO);
	nl_string(IFLA_INFO_KIND, "veth");
	data = nl_nest(IFLA_INFO_DATA);
	peer = nl_nest(VETH_INFO_PEER);
	nl_put(&i, sizeof(i));
	nl_string(IFLA_IFNAME, b);
	if (ns != -1)
		nl_u32(IFLA_NET_NS_FD, (uint32_t)ns);
	nl_close(peer);
	nl_close(data);
	nl_close(info);
}

void
link_bridge(const char *name)
{
	size_t info;

	begin(RTM_NEWLINK, CREATE, 0, 0);
	nl_string(IFLA_IFNAME, name);
	info = nl_nest(IFLA_LINKINFO);
	nl_string(IFLA_INFO_KIND, "bridge");
	nl_close(info);
}

void
link_alias(const char *name, const char *alias)
{

	set(name);
	nl_string(IFLA_IFALIAS, alias);
}

void
link_master(const char *name, int master)
{

	set(name);
	nl_u32(IFLA_MASTER, (uint32_t)master);
}

void
link_up(const char *name)
{

	begin(RTM_SETLINK, NLM_F_ACK, 0, IFF_UP);
	nl_string(IFLA_IFNAME, name);
}

void
link_move(int index, const char *name, const char *alias, int ns)
{

	begin(RTM_SETLINK, NLM_F_ACK, index, 0);
	nl_string(IFLA_IFNAME, name);
	nl_string(IFLA_IFALIAS, alias);
	nl_u32(IFLA_NET_NS_FD, (uint32_t)ns);
}

void
link_delete(const char *name)
{

	begin(RTM_DELLINK, NLM_F_ACK, 0, 0);
	nl_string(IFLA_IFNAME, name);
}

void
link_group(int index, int group)
{

	begin(RTM_SETLINK, NLM_F_ACK, index, 0);
	nl_u32(IFLA_GROUP, (uint32_t)group);
}

void
link_group_delete(int group)
{

	begin(RTM_DELLINK, NLM_F_ACK, 0, 0);
	nl_u32(IFLA_GROUP, (uint32_t)group);
}

/* Lets an address go alone: else the others of its network would go too. */
void
link_promote(int index)
{
	size_t conf, inet, spec;

	begin(RTM_SETLINK, NLM_F_ACK, index, 0);
	spec = nl_nest(IFLA_AF_SPEC);
	inet = nl_nest(AF_INET);
	conf = nl_nest(IFLA_INET_CONF);
	nl_u32(IPV4_DEVCONF_PROMOTE_SECONDARIES, 1);
	nl_close(conf);
	nl_close(inet);
	nl_close(spec);
}

void
address(int type, unsigned int index, const char *text, int prefix)
{
	struct ifaddrmsg a;
	uint32_t broadcast, inet;

	memset(&a, 0, sizeof(a));
	a.ifa_family = AF_INET;
	a.ifa_prefixlen = (uint8_t)prefix;
	a.ifa_index = index;
	if (inet_pton(AF_INET, text, &inet) != 1)
		errx(111, "address %s", text);
	broadcast = inet | htonl(0xffffffffU >> prefix);
	nl_begin(type, type == RTM_NEWADDR ?
	    NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE : NLM_F_ACK, &a,
	    sizeof(a));
	nl_u32(IFA_LOCAL, inet);
	nl_u32(IFA_ADDRESS, inet);
	if (type == RTM_NEWADDR)
		nl_u32(IFA_BROADCAST, broadcast);
}

unsigned int
link_index(int fd, const char *name)
{
	struct ifreq ifr;

	memset(&ifr, 0, sizeof(ifr));
	strncpy(ifr.ifr_name, name, sizeof(ifr.ifr_name) - 1);
	if (ioctl(fd, SIOCGIFINDEX, &ifr) == -1)
		err(111, "SIOCGIFINDEX %s", name);
	return ((unsigned int)ifr.ifr_ifindex);
}

static void
text(char *to, size_t size, const struct rtattr *a)
{
	size_t n;

	n = RTA_PAYLOAD(a) < size ? RTA_PAYLOAD(a) : size - 1;
	memcpy(to, RTA_DATA(a), n);
	to[n] = '\0';
}

static uint32_t
u32(const struct rtattr *a)
{
	uint32_t value;

	memcpy(&value, RTA_DATA(a), sizeof(value));
	return (value);
}

static void
take_link(const struct nlmsghdr *h)
{
	const struct ifinfomsg *i;
	const struct rtattr *a, *k;
	struct iface *f;
	int len, rest;

	if (nifaces == room) {
		room = room == 0 ? 64 : room * 2;
		ifaces = realloc(ifaces, (size_t)room * sizeof(*ifaces));
		if (ifaces == NULL)
			err(111, "realloc");
	}
	f = &ifaces[nifaces++];
	memset(f, 0, sizeof(*f));
	i = NLMSG_DATA(h);
	f->index = i->ifi_index;
	f->flags = i->ifi_flags;
	len = (int)IFLA_PAYLOAD(h);
	for (a = IFLA_RTA(i); RTA_OK(a, len); a = RTA_NEXT(a, len))
		switch (a->rta_type) {
		case IFLA_IFNAME:
			text(f->name, sizeof(f->name), a);
			break;
		case IFLA_IFALIAS:
			text(f->alias, sizeof(f->alias), a);
			break;
		case IFLA_MTU:
			f->mtu = u32(a);
			break;
		case IFLA_MASTER:
			f->master = (int)u32(a);
			break;
		case IFLA_OPERSTATE:
			f->operstate = *(const uint8_t *)RTA_DATA(a);
			break;
		case IFLA_ADDRESS:
			if (RTA_PAYLOAD(a) == sizeof(f->lladdr))
				memcpy(f->lladdr, RTA_DATA(a), 6);
			break;
		case IFLA_LINKINFO:
			rest = (int)RTA_PAYLOAD(a);
			for (k = RTA_DATA(a); RTA_OK(k, rest);
			    k = RTA_NEXT(k, rest))
				if (k->rta_type == IFLA_INFO_KIND)
					text(f->kind, sizeof(f->kind), k);
			break;
		}
}

/* Links come in the order of their indices. */
static int
by_index(const void *key, const void *element)
{

	return (*(const int *)key - ((const struct iface *)element)->index);
}

static void
take_address(const struct nlmsghdr *h)
{
	const struct ifaddrmsg *m;
	const struct rtattr *a;
	struct iface *f;
	int index, len;

	m = NLMSG_DATA(h);
	index = (int)m->ifa_index;
	f = bsearch(&index, ifaces, (size_t)nifaces, sizeof(*f), by_index);
	if (f == NULL || m->ifa_family != AF_INET || f->ninet == 8)
		return;
	len = (int)IFA_PAYLOAD(h);
	for (a = IFA_RTA(m); RTA_OK(a, len); a = RTA_NEXT(a, len))
		if (a->rta_type == IFA_LOCAL) {
			f->inet[f->ninet].address = u32(a);
			f->inet[f->ninet++].length = m->ifa_prefixlen;
		}
}

static void
addresses(int fd, int index)
{
	struct ifaddrmsg a;

	memset(&a, 0, sizeof(a));
	a.ifa_index = (unsigned int)index;
	nl_begin(RTM_GETADDR, NLM_F_DUMP, &a, sizeof(a));
	nl_read(fd, take_address);
}

void
read_link(int fd, const char *name)
{

	nifaces = 0;
	begin(RTM_GETLINK, 0, 0, 0);
	nl_u32(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
	nl_string(IFLA_IFNAME, name);
	nl_read(fd, take_link);
}

void
read_one(int fd, const char *name)
{

	read_link(fd, name);
	addresses(fd, ifaces[0].index);
}

void
read_links(int fd)
{

	nifaces = 0;
	begin(RTM_GETLINK, NLM_F_DUMP, 0, 0);
	nl_u32(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
	nl_read(fd, take_link);
}

void
read_all(int fd)
{

	read_links(fd);
	addresses(fd, 0);
}

#endif /* __linux__ */
