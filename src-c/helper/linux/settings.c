/*-
 * SPDX-FileCopyrightText: The Vnet for Java authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Linux: the settings of a new stack.  A new namespace inherits some from the
 * machine's first one (devinet_init_net() in net/ipv4/devinet.c): a host would
 * forward packets, or drop them, because the machine does.
 */
#ifdef __linux__
#define	_GNU_SOURCE

#include <sys/types.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "helper.h"

#define	FRESH_MS	1000		/* until the machine's may have changed */

/*
 * The kernel's own defaults, but for one: an interface that goes down keeps its
 * IPv6 addresses, as it keeps those of IPv4.  What conf/all decides for every
 * interface is left alone in conf/default.  Forwarding comes first: it sets
 * accept_redirects too.
 */
static const struct setting {
	const char	*name;		/* below conf/all and conf/default */
	int		 version;	/* of IP */
	char		 all;
	char		 fresh;		/* conf/default: of new interfaces */
} settings[] = {
	{ "forwarding",			4, '0', '0' },
	{ "rp_filter",			4, '0', '0' },
	{ "accept_redirects",		4, '1', '1' },
	{ "secure_redirects",		4, '1', '1' },
	{ "send_redirects",		4, '1', '1' },
	{ "accept_source_route",	4, '0', '1' },
	{ "arp_accept",			4, '0', '0' },
	{ "arp_announce",		4, '0', '0' },
	{ "arp_filter",			4, '0', '0' },
	{ "arp_ignore",			4, '0', '0' },
	{ "arp_notify",			4, '0', '0' },
	{ "proxy_arp",			4, '0', '0' },
	{ "route_localnet",		4, '0', '0' },
	{ "forwarding",			6, '0', '0' },
	{ "disable_ipv6",		6, '0', '0' },
	{ "accept_ra",			6, '1', '1' },
	{ "accept_redirects",		6, '1', '1' },
	{ "accept_source_route",	6, '0', '0' },
	{ "autoconf",			6, '1', '1' },
	{ "keep_addr_on_down",		6, '1', '0' },
	{ "proxy_ndp",			6, '0', '0' },
	{ "use_tempaddr",		6, '0', '0' },
};

#define	NSETTINGS	(int)(sizeof(settings) / sizeof(*settings))
_Static_assert(sizeof(settings) / sizeof(*settings) <= MAXSETTINGS,
    "MAXSETTINGS");

static int
open_setting(struct procfs *proc, const struct setting *s, int all, int flags)
{
	char name[64];

	snprintf(name, sizeof(name), "ipv%d/conf/%s/%s", s->version,
	    all ? "all" : "default", s->name);
	return (open_net_setting(proc, name, flags));
}

/* A kernel without IPv6 has no such file: nothing differs. */
static int
differs(struct procfs *proc, const struct setting *s, int all)
{
	char now[8];
	ssize_t n;
	int fd;

	if ((fd = open_setting(proc, s, all, O_RDONLY)) == -1)
		return (errno != ENOENT);
	n = read(fd, now, sizeof(now));
	close(fd);
	return (n < 1 || now[0] != (all ? s->all : s->fresh) ||
	    (n > 1 && now[1] != '\n'));
}

static int
set(struct procfs *proc, const struct setting *s, int all)
{
	int fd, rc;

	if ((fd = open_setting(proc, s, all, O_WRONLY)) == -1)
		return (-1);
	rc = write(fd, all ? &s->all : &s->fresh, 1) == 1 ? 0 : -1;
	close(fd);
	return (rc);
}

/*
 * Gives the current stack, which is new, the settings above; writes only what
 * differs.  Reads all once a second: until then a new stack inherits what the
 * last one did.  Returns how many could not be set.
 */
int
settings_init(struct inherited *last)
{
	int all, failed, i;

	if (last->until == 0 || now_ms() >= last->until) {
		for (i = 0; i < NSETTINGS; i++)
			for (all = 0; all < 2; all++)
				last->wrong[i][all] = (unsigned char)differs(
				    &last->proc, &settings[i], all);
		last->until = now_ms() + FRESH_MS;
	}
	failed = 0;
	for (i = 0; i < NSETTINGS; i++)
		for (all = 1; all >= 0; all--)
			if (last->wrong[i][all] &&
			    set(&last->proc, &settings[i], all) == -1)
				failed++;
	return (failed);
}

#endif /* __linux__ */
