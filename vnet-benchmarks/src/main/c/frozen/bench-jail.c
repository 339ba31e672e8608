/*-
 * SPDX-FileCopyrightText: The Vnet for Java authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The C loop's jails: network namespaces, as ip-netns(8) makes and shows them.
 */
#ifdef __linux__
#define	_GNU_SOURCE

#include <sys/types.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>

#include <err.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"

#define	RUNDIR	"/run/netns"

int home;

static void
enter(int ns)
{

	if (setns(ns, CLONE_NEWNET) == -1)
		err(111, "setns");
}

void
jail_init(void)
{

	home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	if (home == -1 || mkdir(RUNDIR, 0755) == -1 ||
	    mount(RUNDIR, RUNDIR, "none", MS_BIND | MS_REC, NULL) == -1 ||
	    mount("", RUNDIR, "none", MS_SHARED | MS_REC, NULL) == -1)
		err(111, "%s", RUNDIR);
}

/* With its netlink socket, as the library opens one for what comes next. */
void
jail_create(struct jail *j, const char *name)
{
	char path[64];

	snprintf(j->name, sizeof(j->name), "%s", name);
	snprintf(path, sizeof(path), RUNDIR "/%s", name);
	if (mknod(path, S_IFREG, 0) == -1)
		err(111, "%s", path);
	if (unshare(CLONE_NEWNET) == -1)
		err(111, "unshare");
	j->ns = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	if (j->ns == -1 ||
	    mount("/proc/self/ns/net", path, "none", MS_BIND, NULL) == -1)
		err(111, "%s", path);
	j->nl = nl_open();
	enter(home);
}

/* Looks before and after what is in it that must not go, as the library does. */
void
jail_drop(struct jail *j)
{
	char path[64];

	read_links(j->nl);
	snprintf(path, sizeof(path), RUNDIR "/%s", j->name);
	if (umount2(path, MNT_DETACH) == -1 || unlink(path) == -1)
		err(111, "%s", path);
	read_links(j->nl);
	close(j->nl);
	close(j->ns);
}

/* Starts a program in a jail and waits for its end. */
void
jail_run(const struct jail *j)
{
	static char *argv[] = { "true", NULL };
	int status;
	pid_t pid;

	if ((pid = fork()) == -1)
		err(111, "fork");
	if (pid == 0) {
		enter(j->ns);
		if (unshare(CLONE_NEWNS | CLONE_NEWUTS) == -1 ||
		    mount("none", "/", NULL, MS_REC | MS_SLAVE, NULL) == -1 ||
		    mount("sysfs", "/sys", "sysfs", 0, NULL) == -1)
			_exit(111);
		execvp(argv[0], argv);
		_exit(111);
	}
	if (waitpid(pid, &status, 0) == -1 || status != 0)
		errx(111, "true: status %d", status);
}

static uint16_t
checksum(const void *data, size_t len)
{
	const uint16_t *p;
	uint32_t sum;

	for (p = data, sum = 0; len > 1; len -= 2)
		sum += *p++;
	while (sum >> 16 != 0)
		sum = (sum & 0xffff) + (sum >> 16);
	return ((uint16_t)~sum);
}

/*
 * One round trip; returns whether there was one within a second.  The socket is
 * kept, and emptied first, as the library's.
 */
int
ping(uint32_t destination)
{
	struct {
		struct icmphdr header;
		char data[56];
	} request;
	struct sockaddr_in sin;
	struct pollfd pfd;
	struct icmphdr *reply;
	static uint16_t sequence;
	static int icmp = -1;
	char in[2048];

	memset(&request, 0, sizeof(request));
	memset(&sin, 0, sizeof(sin));
	sin.sin_family = AF_INET;
	sin.sin_addr.s_addr = destination;
	request.header.type = ICMP_ECHO;
	request.header.un.echo.id = (uint16_t)getpid();
	request.header.un.echo.sequence = ++sequence;
	request.header.checksum = checksum(&request, sizeof(request));
	if (icmp == -1)
		icmp = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP);
	if (icmp == -1)
		err(111, "socket");
	while (recv(icmp, in, sizeof(in), MSG_DONTWAIT) != -1)
		;
	pfd.fd = icmp;
	pfd.events = POLLIN;
	if (sendto(icmp, &request, sizeof(request), 0,
	    (struct sockaddr *)&sin, sizeof(sin)) == -1)
		err(111, "sendto");
	for (;;) {
		if (poll(&pfd, 1, 1000) != 1)
			return (0);
		if (recv(pfd.fd, in, sizeof(in), 0) == -1)
			err(111, "recv");
		reply = (struct icmphdr *)(void *)(in + (in[0] & 0xf) * 4);
		if (reply->type == ICMP_ECHOREPLY &&
		    reply->un.echo.id == request.header.un.echo.id &&
		    reply->un.echo.sequence == sequence)
			return (1);
	}
}

#endif /* __linux__ */
