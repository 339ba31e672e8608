/*-
 * SPDX-FileCopyrightText: The Vnet for Java authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The C loop's netlink: as little as there can be.
 */
#ifdef __linux__
#define	_GNU_SOURCE

#include <sys/socket.h>
#include <linux/netlink.h>

#include <err.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"

static _Alignas(8) char in[65536];
static _Alignas(8) char out[65536];
static size_t len, message;
static uint32_t sequence;

int
nl_open(void)
{
	static const int options[] = {
		NETLINK_CAP_ACK, NETLINK_EXT_ACK, NETLINK_GET_STRICT_CHK
	};
	size_t i;
	int fd, one;

	one = 1;
	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (fd == -1)
		err(111, "socket");
	for (i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		if (setsockopt(fd, SOL_NETLINK, options[i], &one,
		    sizeof(one)) == -1)
			err(111, "setsockopt");
	return (fd);
}

void
nl_clear(void)
{

	len = 0;
}

void
nl_put(const void *value, size_t size)
{

	if (len + size + NLMSG_ALIGNTO > sizeof(out))
		errx(111, "too many requests at once");
	memcpy(out + len, value, size);
	memset(out + len + size, 0, NLMSG_ALIGN(size) - size);
	len += NLMSG_ALIGN(size);
	((struct nlmsghdr *)(void *)(out + message))->nlmsg_len =
	    (uint32_t)(len - message);
}

void
nl_begin(int type, int flags, const void *header, size_t size)
{
	struct nlmsghdr h;

	memset(&h, 0, sizeof(h));
	h.nlmsg_type = (uint16_t)type;
	h.nlmsg_flags = (uint16_t)(flags | NLM_F_REQUEST);
	h.nlmsg_seq = ++sequence;
	message = len;
	nl_put(&h, sizeof(h));
	nl_put(header, size);
}

void
nl_attr(int type, const void *value, size_t size)
{
	struct nlattr a;

	a.nla_type = (uint16_t)type;
	a.nla_len = (uint16_t)(sizeof(a) + size);
	nl_put(&a, sizeof(a));
	if (size > 0)
		nl_put(value, size);
}

void
nl_string(int type, const char *value)
{

	nl_attr(type, value, strlen(value) + 1);
}

void
nl_u32(int type, uint32_t value)
{

	nl_attr(type, &value, sizeof(value));
}

size_t
nl_nest(int type)
{
	size_t at;

	at = len;
	nl_attr(type, NULL, 0);
	return (at);
}

void
nl_close(size_t nest)
{

	((struct nlattr *)(void *)(out + nest))->nla_len =
	    (uint16_t)(len - nest);
}

static void
transmit(int fd)
{

	if (send(fd, out, len, 0) != (ssize_t)len)
		err(111, "send");
}

/* The last request asks for an acknowledgement; the others tell of errors. */
void
nl_execute(int fd, const char *what)
{
	const struct nlmsgerr *e;
	const struct nlmsghdr *h;
	struct nlmsghdr *r;
	ssize_t n;
	size_t at;

	for (at = 0; at < message; at += NLMSG_ALIGN(r->nlmsg_len)) {
		r = (struct nlmsghdr *)(void *)(out + at);
		r->nlmsg_flags &= (uint16_t)~NLM_F_ACK;
	}
	transmit(fd);
	for (;;) {
		if ((n = recv(fd, in, sizeof(in), 0)) == -1)
			err(111, "recv");
		for (h = (const void *)in; NLMSG_OK(h, (size_t)n);
		    h = NLMSG_NEXT(h, n)) {
			if (h->nlmsg_type != NLMSG_ERROR)
				continue;
			e = NLMSG_DATA(h);
			if (e->error != 0) {
				errno = -e->error;
				err(111, "%s", what);
			}
			if (h->nlmsg_seq == sequence) {
				nl_clear();
				return;
			}
		}
	}
}

/* One request: its only answer, or a dump up to its end. */
void
nl_read(int fd, void (*each)(const struct nlmsghdr *))
{
	const struct nlmsghdr *h;
	int more;
	ssize_t n;

	transmit(fd);
	nl_clear();
	for (more = 1; more;) {
		if ((n = recv(fd, in, sizeof(in), 0)) == -1)
			err(111, "recv");
		for (h = (const void *)in; NLMSG_OK(h, (size_t)n);
		    h = NLMSG_NEXT(h, n)) {
			more = (h->nlmsg_flags & NLM_F_MULTI) != 0 &&
			    h->nlmsg_type != NLMSG_DONE;
			if (h->nlmsg_type == NLMSG_ERROR)
				errx(111, "netlink read refused");
			if (h->nlmsg_type != NLMSG_DONE)
				each(h);
		}
	}
}

#endif /* __linux__ */
