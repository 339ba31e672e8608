/*-
 * SPDX-FileCopyrightText: The Vnet for Java authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Holds a key in a session keyring and runs a program, or looks for the key.
 */
#define	_GNU_SOURCE
#include <sys/syscall.h>
#include <linux/keyctl.h>

#include <stdio.h>
#include <unistd.h>

int
main(int argc, char *argv[])
{
	long key;

	if (argc > 1) {
		if (syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, "test") == -1 ||
		    syscall(SYS_add_key, "user", "vnet4j-secret", "4711", 4L,
		    KEY_SPEC_SESSION_KEYRING) == -1)
			return (1);
		execv(argv[1], argv + 1);
		return (2);
	}
	key = syscall(SYS_keyctl, KEYCTL_SEARCH, (long)KEY_SPEC_SESSION_KEYRING,
	    "user", "vnet4j-secret", 0L);
	puts(key == -1 ? "no key" : "the key");
	return (0);
}
