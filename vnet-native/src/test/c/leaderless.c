/*-
 * SPDX-FileCopyrightText: The Vnet for Java authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A process whose first thread has ended.
 */
#include <pthread.h>
#include <stddef.h>
#include <unistd.h>

static void *
work(void *unused)
{

	for (;;)
		pause();
	return (unused);
}

int
main(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, work, NULL) != 0)
		return (1);
	pthread_exit(NULL);
}
