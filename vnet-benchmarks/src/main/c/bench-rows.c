/*-
 * SPDX-FileCopyrightText: The Vnet for Java authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Rows beyond those of the frozen loop, made of its functions.
 */
#ifdef __linux__
#define	_GNU_SOURCE

#include <sys/socket.h>
#include <arpa/inet.h>
#include <linux/if.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>

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

static struct jail one;
static int *sockets, size;

static void
empty(int n)
{

	(void)n;
	jail_init();
}

static void
create(void)
{

	jail_create(&one, "jail");
}

static void
drop(void)
{

	jail_drop(&one);
}

static void
create_now_and_then(int n)
{

	every_20ms(n, NULL, create, drop);
}

static void
beside(int n)
{
	struct jail other;
	char name[NAME];
	int i;

	jail_init();
	for (i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "beside%d", i);
		jail_create(&other, name);
		close(other.nl);
		close(other.ns);
	}
}

static void
create_remove_jail(int n)
{

	find_op(loop_ops, "createRemoveJail")->run(n);
}

static void
enter(int ns)
{

	if (setns(ns, CLONE_NEWNET) == -1)
		err(111, "setns");
}

/* Enters the jail number i of the frozen star, which has its address's name. */
static void
visit(int i)
{
	char path[64];
	int ns;

	snprintf(path, sizeof(path), "/run/netns/10.0.%d.%d", (i + 2) / 256,
	    (i + 2) % 256);
	if ((ns = open(path, O_RDONLY | O_CLOEXEC)) == -1)
		err(111, "%s", path);
	enter(ns);
	close(ns);
}

static void
await_carrier(void)
{
	int fd, i;

	fd = nl_open();
	do {
		read_links(fd);
		for (i = 0; i < nifaces; i++)
			if (strcmp(ifaces[i].name, "lo") != 0 &&
			    ifaces[i].operstate != IF_OPER_UP)
				break;
	} while (i < nifaces && usleep(1000) == 0);
	close(fd);
}

static int
jails(void)
{
	char path[64];
	int n;

	for (n = 0;; n++) {
		snprintf(path, sizeof(path), "/run/netns/10.0.%d.%d",
		    (n + 2) / 256, (n + 2) % 256);
		if (access(path, F_OK) == -1)
			return (n);
	}
}

/* Waits for the carrier of all links of the star. */
static void
await_carriers(int n)
{
	int i;

	(void)n;
	await_carrier();
	for (i = jails(); i-- > 0;) {
		visit(i);
		await_carrier();
	}
	enter(home);
}

static void
meshed(int n)
{
	int i;

	size = n;
	find_op(loop_ops, "starPingAll")->setup(n);
	if ((sockets = calloc((size_t)n, sizeof(*sockets))) == NULL)
		err(111, "calloc");
	for (i = 0; i < n; i++) {
		visit(i);
		sockets[i] = window_socket();
	}
	enter(home);
}

/* Each jail pings all others, several at a time. */
static void
all_pairs(int n)
{
	int i;

	(void)n;
	retries = 0;
	for (i = 0; i < size; i++)
		retries += window_ping(sockets[i], size, i);
}

const struct op row_ops[] = {
	{ "createJailEvery20ms", empty, NULL, create_now_and_then, NULL },
	{ "jailBeside", beside, NULL, create_remove_jail, NULL },
	{ "starAwaitCarrier", NULL, NULL, await_carriers, NULL },
	{ "allPairs", meshed, NULL, all_pairs, NULL },
	{ NULL, NULL, NULL, NULL, NULL }
};

#endif /* __linux__ */
