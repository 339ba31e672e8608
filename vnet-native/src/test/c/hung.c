/*-
 * SPDX-FileCopyrightText: The Vnet for Java authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Mounts a file system that never answers on the directory given.
 */
#include <sys/mount.h>

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int
main(int argc, char *argv[])
{
	char options[128];
	int fd;

	if (argc != 2 || (fd = open("/dev/fuse", O_RDWR)) == -1)
		return (1);
	snprintf(options, sizeof(options),
	    "fd=%d,rootmode=40000,user_id=0,group_id=0,allow_other", fd);
	if (mount("hung", argv[1], "fuse", 0, options) == -1)
		return (2);
	puts("ready");
	fflush(stdout);
	for (;;)
		pause();
}
