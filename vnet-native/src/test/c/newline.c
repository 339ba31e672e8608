/*-
 * SPDX-FileCopyrightText: The Vnet for Java authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A process with a newline in its name leaves a child with that name.
 */
#define	_GNU_SOURCE
#include <sys/prctl.h>
#include <stdio.h>
#include <unistd.h>

int
main(void)
{

	prctl(PR_SET_NAME, "two\nlines");
	if (fork() != 0)
		return (0);
	printf("%d\n", (int)getpid());
	fflush(stdout);
	for (;;)
		pause();
}
