/*-
 * SPDX-FileCopyrightText: The Vnet for Java authors
 * SPDX-License-Identifier: Apache-2.0
 */
#ifdef __linux__
#define	_GNU_SOURCE

#include <sys/socket.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>

#include <err.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"
#include "window.h"

#define	WINDOW		32	/* requests on their way */
#define	PATIENCE	1000000000LL
#define	MOST_TRIES	5

int
window_socket(void)
{
	int fd;

	if ((fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP)) ==
	    -1)
		err(111, "socket");
	return (fd);
}

static void
ask(int fd, int i)
{
	struct {
		struct icmphdr header;
		char data[56];
	} request;
	struct sockaddr_in to;
	uint32_t sum;

	memset(&request, 0, sizeof(request));
	memset(&to, 0, sizeof(to));
	to.sin_family = AF_INET;
	to.sin_addr.s_addr = htonl(0x0a000002U + (uint32_t)i);
	request.header.type = ICMP_ECHO;
	request.header.un.echo.id = htons((uint16_t)getpid());
	request.header.un.echo.sequence = htons((uint16_t)i);
	sum = 0x0800U + (uint16_t)getpid() + (uint16_t)i;
	sum = (sum & 0xffff) + (sum >> 16);
	request.header.checksum = htons((uint16_t)~((sum & 0xffff) +
	    (sum >> 16)));
	if (sendto(fd, &request, sizeof(request), 0,
	    (struct sockaddr *)&to, sizeof(to)) == -1 && errno != ENOBUFS)
		err(111, "sendto");
}

/* Returns the number of an answer, or -1. */
static int
answered(int fd)
{
	struct icmphdr *reply;
	char in[2048];

	if (recv(fd, in, sizeof(in), MSG_DONTWAIT) == -1)
		return (-1);
	reply = (struct icmphdr *)(void *)(in + (in[0] & 0xf) * 4);
	return (reply->type == ICMP_ECHOREPLY && reply->un.echo.id ==
	    htons((uint16_t)getpid()) ? ntohs(reply->un.echo.sequence) : -2);
}

long
window_ping(int fd, int n, int but)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	long long *sent;
	int *tries, i, left, next, pending;
	long again;

	sent = calloc((size_t)n, sizeof(*sent));	/* 0: not on its way */
	tries = calloc((size_t)n, sizeof(*tries));
	if (sent == NULL || tries == NULL)
		err(111, "calloc");
	again = 0;
	next = pending = 0;
	left = n;
	if (but != -1) {
		tries[but] = -1;
		left--;
	}
	while (left > 0) {
		for (; next < n && pending < WINDOW; next++)
			if (tries[next] == 0) {
				tries[next] = 1;
				sent[next] = now();
				ask(fd, next);
				pending++;
			}
		if ((i = answered(fd)) >= 0) {
			if (i < n && sent[i] != 0) {
				sent[i] = 0;
				pending--;
				left--;
			}
			continue;
		}
		if (i == -2 || poll(&pfd, 1, 100) == 1)
			continue;
		for (i = 0; i < n; i++)
			if (sent[i] != 0 && now() - sent[i] > PATIENCE) {
				if (++tries[i] > MOST_TRIES)
					errx(111, "number %d is silent", i);
				again++;
				sent[i] = now();
				ask(fd, i);
			}
	}
	free(sent);
	free(tries);
	return (again);
}

#endif /* __linux__ */
