/*-
 * SPDX-FileCopyrightText: The Vnet for Java authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Linux: finds the descendants of processes.
 */
#ifdef __linux__
#define	_GNU_SOURCE

#include <sys/types.h>

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "helper.h"

/* Returns 0 if the process has ended. */
pid_t
parent_of(pid_t pid)
{
	char path[64], line[512], *paren;
	ssize_t n;
	long parent;
	int fd;

	snprintf(path, sizeof(path), "/proc/%ld/stat", (long)pid);
	if ((fd = open(path, O_RDONLY | O_CLOEXEC)) == -1)
		return (0);
	n = read(fd, line, sizeof(line) - 1);
	close(fd);
	line[n < 0 ? 0 : n] = '\0';
	/* The name is in parentheses; it may contain some, and newlines. */
	if ((paren = strrchr(line, ')')) == NULL ||
	    sscanf(paren, ") %*c %ld", &parent) != 1)
		return (0);
	return ((pid_t)parent);
}

/* Reads all processes; the caller frees the array. */
static size_t
read_all(struct process **all)
{
	struct process *more;
	struct dirent *de;
	DIR *dir;
	size_t n, room;
	long pid;

	*all = NULL;
	if ((dir = opendir("/proc")) == NULL)
		return (0);
	n = room = 0;
	while ((de = readdir(dir)) != NULL) {
		if ((pid = strtol(de->d_name, NULL, 10)) <= 1)
			continue;
		if (n == room) {
			room += 256;
			if ((more = realloc(*all, room * sizeof(*more))) == NULL)
				break;
			*all = more;
		}
		(*all)[n].pid = (pid_t)pid;
		(*all)[n].parent = parent_of((pid_t)pid);
		(*all)[n++].below = 0;
	}
	closedir(dir);
	return (n);
}

static int
by_pid(const void *a, const void *b)
{
	pid_t p, q;

	p = ((const struct process *)a)->pid;
	q = ((const struct process *)b)->pid;
	return (p < q ? -1 : p > q);
}

static int
is_below(pid_t pid, const pid_t *roots, size_t nroots,
    const struct process *all, size_t n)
{
	struct process key, *it;
	size_t i;

	for (i = 0; i < nroots; i++)
		if (roots[i] == pid)
			return (1);
	key.pid = pid;
	it = bsearch(&key, all, n, sizeof(*all), by_pid);
	return (it != NULL && it->below);
}

/*
 * Finds the descendants of some processes, not only their children: a process
 * that cannot end keeps its own.  Returns their number; the caller frees the
 * array.
 */
size_t
descendants(const pid_t *roots, size_t nroots, struct process **found)
{
	struct process *all;
	size_t i, n, nfound;
	int more;

	*found = NULL;
	if (nroots == 0)
		return (0);
	n = read_all(&all);
	if (n > 0)
		qsort(all, n, sizeof(*all), by_pid);
	do {
		more = 0;
		for (i = 0; i < n; i++)
			if (!all[i].below && is_below(all[i].parent, roots,
			    nroots, all, n))
				more = all[i].below = 1;
	} while (more);
	for (i = nfound = 0; i < n; i++)
		if (all[i].below)
			all[nfound++] = all[i];
	*found = all;
	return (nfound);
}

#endif /* __linux__ */
