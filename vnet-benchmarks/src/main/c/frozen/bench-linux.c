/*-
 * SPDX-FileCopyrightText: The Vnet for Java authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The C loop: what the library asks the kernel, asked from C.
 */
#ifdef __linux__
#define	_GNU_SOURCE

#include <arpa/inet.h>
#include <linux/if.h>
#include <linux/rtnetlink.h>

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"

#define	MADE	"[vnet4j made home=0 by=vnet4j/4711/815]"
#define	GROUP	0x766e
#define	MOST_TRIES	5

static struct jail one;
static struct jail *jails;
static int nl, size;

static void
open_up(int n)
{

	size = n;
	jail_init();
	nl = nl_open();
}

static void
epair(const char *a, const char *b)
{

	link_epair(a, b, -1);
	link_alias(a, MADE);
	link_alias(b, MADE);
	nl_execute(nl, a);
}

static void
with_epair(int n)
{

	open_up(n);
	epair("epair0a", "epair0b");
}

static void
with_address(int n)
{

	with_epair(n);
	address(RTM_NEWADDR, link_index(nl, "epair0a"), "192.0.2.1", 24);
	link_up("epair0a");
	nl_execute(nl, "epair0a");
}

static void
read_one_interface(int n)
{

	while (n-- > 0)
		read_one(nl, "epair0a");
}

/* The loopback interface is one of them. */
static void
with_interfaces(int n)
{
	char a[NAME], b[NAME];
	int i;

	open_up(n);
	for (i = 0; i < n / 2; i++) {
		snprintf(a, sizeof(a), "epair%da", i);
		snprintf(b, sizeof(b), "epair%db", i);
		epair(a, b);
	}
}

static void
list_interfaces(int n)
{

	while (n-- > 0)
		read_all(nl);
	if (nifaces != size / 2 * 2 + 1)
		errx(111, "%d interfaces", nifaces);
}

static void
create_destroy_epair(int n)
{

	while (n-- > 0) {
		epair("epair0a", "epair0b");
		link_delete("epair0a");
		nl_execute(nl, "epair0a");
	}
}

static void
create_remove_jail(int n)
{

	while (n-- > 0) {
		jail_create(&one, "jail");
		jail_drop(&one);
	}
}

static void
with_jail(int n)
{

	with_epair(n);
	jail_create(&one, "jail");
}

static void
give_take_back(int n)
{

	while (n-- > 0) {
		read_link(nl, "epair0b");
		link_move(ifaces[0].index, "epair0b", MADE, one.ns);
		nl_execute(nl, "epair0b -> jail");
		read_link(one.nl, "epair0b");
		link_move(ifaces[0].index, "epair0b", MADE, home);
		nl_execute(one.nl, "epair0b -> host");
	}
}

static void
add_remove_address(int n)
{
	unsigned int index;

	while (n-- > 0) {
		index = link_index(nl, "epair0a");
		address(RTM_NEWADDR, index, "192.0.2.2", 24);
		nl_execute(nl, "192.0.2.2");
		index = link_index(nl, "epair0a");
		link_promote((int)index);
		address(RTM_DELADDR, index, "192.0.2.2", 24);
		nl_execute(nl, "192.0.2.2");
	}
}

static void
with_bridge(int n)
{

	with_epair(n);
	link_bridge("bridge0");
	nl_execute(nl, "bridge0");
}

static void
bridge_member(const char *name, int add)
{
	int index;

	index = (int)link_index(nl, "bridge0");
	read_link(nl, name);
	if (ifaces[0].master != (add ? 0 : index))
		errx(111, "%s is elsewhere", name);
	link_master(name, add ? index : 0);
	nl_execute(nl, name);
}

static void
bridge_add_delete_member(int n)
{

	while (n-- > 0) {
		bridge_member("epair0a", 1);
		bridge_member("epair0a", 0);
	}
}

static void
epair_to(struct jail *j, int i, const char *inet, int prefix)
{
	char a[NAME], b[NAME];

	snprintf(a, sizeof(a), "epair%da", i);
	snprintf(b, sizeof(b), "epair%db", i);
	link_epair(a, b, j->ns);
	link_alias(a, MADE);
	nl_execute(nl, a);
	link_alias(b, MADE);
	nl_execute(j->nl, b);
	address(RTM_NEWADDR, link_index(j->nl, b), inet, prefix);
	nl_execute(j->nl, inet);
	link_up(b);
	nl_execute(j->nl, b);
}

/* Asks again where nobody answered: a fresh cable loses packets, many do too. */
static void
reach(const char *inet)
{
	int tries;

	for (tries = 0; tries < MOST_TRIES; tries++)
		if (ping(inet_addr(inet)))
			return;
	errx(111, "%s does not answer", inet);
}

static void
with_neighbour(int n)
{

	open_up(n);
	jail_create(&one, "jail");
	epair_to(&one, 0, "192.0.2.2", 24);
	address(RTM_NEWADDR, link_index(nl, "epair0a"), "192.0.2.1", 24);
	link_up("epair0a");
	nl_execute(nl, "epair0a");
	reach("192.0.2.2");
}

static void
ping_round_trip(int n)
{

	while (n-- > 0)
		if (!ping(inet_addr("192.0.2.2")))
			errx(111, "no answer");
}

static void
start_process(int n)
{

	while (n-- > 0)
		jail_run(&one);
}

/* The hub of the star, and room for its jails. */
static void
star(int n)
{

	open_up(n);
	if ((jails = calloc((size_t)n, sizeof(*jails))) == NULL)
		err(111, "calloc");
	link_bridge("bridge0");
	nl_execute(nl, "bridge0");
	link_alias("bridge0", MADE);
	address(RTM_NEWADDR, link_index(nl, "bridge0"), "10.0.0.1", 16);
	link_up("bridge0");
	nl_execute(nl, "bridge0");
}

/* Links come up last: while they do, the kernel takes longer for all else. */
static void
build(void)
{
	char name[NAME];
	int i;

	for (i = 0; i < size; i++) {
		snprintf(name, sizeof(name), "10.0.%d.%d", (i + 2) / 256,
		    (i + 2) % 256);
		jail_create(&jails[i], name);
		epair_to(&jails[i], i, name, 16);
		snprintf(name, sizeof(name), "epair%da", i);
		bridge_member(name, 1);
	}
	for (i = 0; i < size; i++) {
		snprintf(name, sizeof(name), "epair%da", i);
		link_up(name);
		nl_execute(nl, name);
	}
}

static void
ping_all(int n)
{
	int i;

	(void)n;
	for (i = 0; i < size; i++)
		reach(jails[i].name);
}

static void
drop_all(void)
{
	int i;

	for (i = 0; i < size; i++)
		jail_drop(&jails[i]);
}

/* All cables in one request; the kernel waits once for all of them. */
static void
tear_down(void)
{
	char name[NAME];
	int i;

	for (i = 0; i < size; i++) {
		snprintf(name, sizeof(name), "epair%da", i);
		link_group((int)link_index(nl, name), GROUP);
		if (i % 100 == 99 || i == size - 1)
			nl_execute(nl, "group");
	}
	link_group_delete(GROUP);
	nl_execute(nl, "group");
	drop_all();
}

/* What a tool does that deletes what it made, one after the other. */
static void
tear_down_one_by_one(int n)
{
	char name[NAME];
	int i;

	(void)n;
	for (i = 0; i < size; i++) {
		snprintf(name, sizeof(name), "epair%da", i);
		link_delete(name);
		nl_execute(nl, name);
	}
	drop_all();
}

static void
build_once(int n)
{

	(void)n;
	build();
}

static void
tear_down_once(int n)
{

	(void)n;
	tear_down();
}

/* The kernel brings links up in its own time, and drops what is sent before. */
static void
await_carrier(int fd)
{
	int i;

	do {
		read_links(fd);
		for (i = 0; i < nifaces; i++)
			if (strcmp(ifaces[i].name, "lo") != 0 &&
			    ifaces[i].operstate != IF_OPER_UP)
				break;
	} while (i < nifaces && usleep(1000) == 0);
}

static void
built(int n)
{
	int i;

	star(n);
	build();
	await_carrier(nl);
	for (i = 0; i < n; i++)
		await_carrier(jails[i].nl);
}

const struct op loop_ops[] = {
	{ "readOneInterface", with_address, NULL, read_one_interface, NULL },
	{ "listInterfaces", with_interfaces, NULL, list_interfaces, NULL },
	{ "createDestroyEpair", open_up, NULL, create_destroy_epair, NULL },
	{ "createRemoveJail", open_up, NULL, create_remove_jail, NULL },
	{ "giveTakeBack", with_jail, NULL, give_take_back, NULL },
	{ "addRemoveAddress", with_address, NULL, add_remove_address, NULL },
	{ "bridgeAddDeleteMember", with_bridge, NULL,
	    bridge_add_delete_member, NULL },
	{ "ping", with_neighbour, NULL, ping_round_trip, NULL },
	{ "startProcess", with_jail, NULL, start_process, NULL },
	{ "starBuild", star, NULL, build_once, tear_down },
	{ "starPingAll", built, NULL, ping_all, NULL },
	{ "starTearDown", star, build, tear_down_once, NULL },
	{ "starTearDownOneByOne", star, build, tear_down_one_by_one, NULL },
	{ NULL, NULL, NULL, NULL, NULL }
};

#endif /* __linux__ */
