/*-
 * SPDX-FileCopyrightText: The Vnet for Java authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A busy writer: changes a firewall's table of its own each 20 ms, until it is
 * killed.
 */
#ifdef __linux__
#include <sys/socket.h>
#include <arpa/inet.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>

#include <err.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"

static _Alignas(8) char out[512];
static size_t len;

static void
add(int type, int flags, int family, int resource, const char *name)
{
	struct nlmsghdr h = { .nlmsg_type = (uint16_t)type,
	    .nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags) };
	struct nfgenmsg g = { .nfgen_family = (uint8_t)family,
	    .res_id = htons((uint16_t)resource) };
	struct nlattr a = { .nla_type = NFTA_TABLE_NAME };
	size_t start;

	start = len;
	len += sizeof(h);
	memcpy(out + len, &g, sizeof(g));
	len += sizeof(g);
	if (name != NULL) {
		a.nla_len = (uint16_t)(sizeof(a) + strlen(name) + 1);
		memcpy(out + len, &a, sizeof(a));
		strcpy(out + len + sizeof(a), name);
		len += NLMSG_ALIGN(a.nla_len);
	}
	h.nlmsg_len = (uint32_t)(len - start);
	memcpy(out + start, &h, sizeof(h));
}

static void
change(int fd, int type, int flags)
{
	char in[4096];
	const struct nlmsghdr *h;
	const struct nlmsgerr *e;

	memset(out, 0, sizeof(out));
	len = 0;
	add(NFNL_MSG_BATCH_BEGIN, 0, 0, NFNL_SUBSYS_NFTABLES, NULL);
	add(NFNL_SUBSYS_NFTABLES << 8 | type, NLM_F_ACK | flags, NFPROTO_INET,
	    0, "busy");
	add(NFNL_MSG_BATCH_END, 0, 0, NFNL_SUBSYS_NFTABLES, NULL);
	if (send(fd, out, len, 0) == -1 || recv(fd, in, sizeof(in), 0) == -1)
		err(111, "nf_tables");
	h = (const void *)in;
	e = NLMSG_DATA(h);
	if (h->nlmsg_type != NLMSG_ERROR || e->error != 0)
		errx(111, "nf_tables: error %d", e->error);
}

void
busy(void)
{
	long long next;
	int fd;

	next = 0;
	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);
	if (fd == -1)
		err(111, "socket");
	for (;;) {
		change(fd, NFT_MSG_NEWTABLE, NLM_F_CREATE);
		pace(&next);
		change(fd, NFT_MSG_DELTABLE, 0);
		pace(&next);
	}
}

#endif /* __linux__ */
