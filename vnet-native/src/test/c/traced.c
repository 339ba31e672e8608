/*-
 * SPDX-FileCopyrightText: The Vnet for Java authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A process that its child traces: it cannot end before the child has seen it.
 * With a pid as its argument it traces that process so.
 */
#define	_GNU_SOURCE
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int
main(int argc, char *argv[])
{
	int pid;

	prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
	pid = argc > 1 ? atoi(argv[1]) : 0;
	if (pid != 0 || fork() == 0) {
		if (pid == 0)
			pid = getppid();
		if (ptrace(PTRACE_SEIZE, pid, 0, PTRACE_O_TRACEEXIT) == -1)
			return (1);
		printf("%d\n", (int)getpid());
		fflush(stdout);
	}
	for (;;)
		pause();
}
