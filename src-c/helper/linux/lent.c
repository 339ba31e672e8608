/*-
 * SPDX-FileCopyrightText: The Vnet for Java authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Linux: returns the interfaces that were lent to a namespace before it is
 * destroyed: the kernel would destroy the virtual ones, and move the physical
 * ones to the first namespace of the machine, which is not a container's.
 */
#ifdef __linux__
#define	_GNU_SOURCE

#include <sys/types.h>
#include <sys/socket.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "helper.h"

#define	LENT		"[vnet4j lent home="	/* ends the alias of such a link */
#define	MAXLINKS	256			/* in one namespace */
#define	MAXALIAS	256
#define	NAMES		1000			/* tried if a name is taken */

struct lent {
	int	index;
	char	text[MAXALIAS];		/* the alias without the mark */
};

struct request {
	struct nlmsghdr	 h;
	struct ifinfomsg i;
	char		 attributes[MAXALIAS + 64];
};

static void
add(struct request *rq, unsigned short type, const void *data, size_t len)
{
	struct rtattr *ra;

	ra = (struct rtattr *)(void *)((char *)rq + NLMSG_ALIGN(rq->h.nlmsg_len));
	ra->rta_type = type;
	ra->rta_len = (unsigned short)RTA_LENGTH(len);
	memcpy(RTA_DATA(ra), data, len);
	rq->h.nlmsg_len = NLMSG_ALIGN(rq->h.nlmsg_len) + RTA_LENGTH(len);
}

static void
begin(struct request *rq, unsigned short type, unsigned short flags)
{

	memset(rq, 0, sizeof(*rq));
	rq->h.nlmsg_len = NLMSG_LENGTH(sizeof(rq->i));
	rq->h.nlmsg_type = type;
	rq->h.nlmsg_flags = NLM_F_REQUEST | flags;
}

/* Records a link if its alias bears the mark of one that was lent. */
static int
consider(const struct nlmsghdr *h, struct lent *lent)
{
	const struct ifinfomsg *i;
	struct rtattr *ra;
	char *mark, *next;
	size_t len;
	int left;

	i = NLMSG_DATA(h);
	left = (int)h->nlmsg_len - (int)NLMSG_LENGTH(sizeof(*i));
	for (ra = IFLA_RTA(i); RTA_OK(ra, left); ra = RTA_NEXT(ra, left)) {
		len = RTA_PAYLOAD(ra);
		if (ra->rta_type != IFLA_IFALIAS || len == 0 || len > MAXALIAS)
			continue;
		memcpy(lent->text, RTA_DATA(ra), len);
		lent->text[len - 1] = '\0';
		mark = NULL;
		for (next = lent->text;
		    (next = strstr(next, LENT)) != NULL; next++)
			mark = next;
		if (mark == NULL)
			return (0);
		if (mark > lent->text && mark[-1] == ' ')
			mark--;
		*mark = '\0';
		lent->index = i->ifi_index;
		return (1);
	}
	return (0);
}

/* Lists the links of the current namespace that were lent to it. */
static int
list(int s, struct lent *lent)
{
	static char answer[65536] __attribute__((aligned(8)));
	struct request rq;
	struct nlmsghdr *h;
	ssize_t n;
	int found;

	begin(&rq, RTM_GETLINK, NLM_F_DUMP);
	if (send(s, &rq, rq.h.nlmsg_len, 0) == -1)
		return (0);
	found = 0;
	for (;;) {
		if ((n = recv(s, answer, sizeof(answer), 0)) <= 0)
			return (found);
		for (h = (struct nlmsghdr *)(void *)answer;
		    NLMSG_OK(h, (size_t)n); h = NLMSG_NEXT(h, n)) {
			if (h->nlmsg_type != RTM_NEWLINK)
				return (found);		/* the end, or an error */
			if (found < MAXLINKS && consider(h, &lent[found]))
				found++;
		}
	}
}

/* Moves a link home, under another name if its own is taken there. */
static void
move(int s, const struct lent *lent)
{
	struct {
		struct nlmsghdr h;
		struct nlmsgerr e;
	} answer;
	struct request rq;
	char name[IFNAMSIZ];
	int attempt;

	for (attempt = -1; attempt < NAMES; attempt++) {
		begin(&rq, RTM_NEWLINK, NLM_F_ACK);
		rq.i.ifi_index = lent->index;
		add(&rq, IFLA_NET_NS_FD, &home_ns, sizeof(home_ns));
		add(&rq, IFLA_IFALIAS, lent->text, strlen(lent->text));
		if (attempt >= 0) {
			snprintf(name, sizeof(name), "vnet%d", attempt);
			add(&rq, IFLA_IFNAME, name, strlen(name) + 1);
		}
		if (send(s, &rq, rq.h.nlmsg_len, 0) == -1 ||
		    recv(s, &answer, sizeof(answer), MSG_TRUNC) <
		    (ssize_t)sizeof(answer) || answer.e.error != -EEXIST)
			return;
	}
}

void
ns_return_lent(int ns)
{
	static struct lent lent[MAXLINKS];
	int i, n, s;

	if (setns(ns, CLONE_NEWNET) == -1)
		return;
	s = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (setns(home_ns, CLONE_NEWNET) == -1)
		_exit(111);
	if (s == -1)
		return;
	n = list(s, lent);
	for (i = 0; i < n; i++)
		move(s, &lent[i]);
	close(s);
}

#endif /* __linux__ */
