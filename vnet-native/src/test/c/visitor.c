/*-
 * SPDX-FileCopyrightText: The Vnet for Java authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A process of which the first thread visits the network namespace given.
 */
#define	_GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <unistd.h>

static void *
stay(void *unused)
{

	for (;;)
		pause();
	return (unused);
}

int
main(int argc, char *argv[])
{
	pthread_t thread;
	int fd;

	if (argc != 2 || (fd = open(argv[1], O_RDONLY)) == -1 ||
	    pthread_create(&thread, NULL, stay, NULL) != 0 ||
	    setns(fd, CLONE_NEWNET) == -1)
		return (1);
	puts("ready");
	fflush(stdout);
	stay(NULL);
	return (0);
}
