/*-
 * SPDX-FileCopyrightText: The Vnet for Java authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * One contender of the benchmarks: performs an operation as often as standard
 * input requests, in a network stack of its own that ends with it.
 *
 *	vnet-bench loop|limit|batch|tool	lists the operations
 *	vnet-bench loop|limit|batch|tool OPERATION SIZE
 *	vnet-bench sandbox PROGRAM ...		runs a program in such a stack
 *	vnet-bench files PROGRAM ...		runs one that needs many files
 *	vnet-bench busy				changes a firewall each 20 ms
 *
 * It prints "ready" and then answers each line: "prepare" and "undo" with
 * "done", "run N" with the nanoseconds that N operations took and, where
 * requests may be lost, " retries=" and how many were repeated.  "also NAME"
 * runs another operation once in what the first has built.
 */
#define	_GNU_SOURCE

#include <sys/types.h>
#include <sys/resource.h>
#ifdef __linux__
#include <sys/mount.h>
#else
#include <sys/param.h>
#include <sys/jail.h>
#include <sys/uio.h>
#endif

#include <err.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"

#define	MOST_FILES	100000
#define	STEP		20000000LL	/* nanoseconds */

const char *operation;
long long measured;
long retries;

static const struct op *ops;
static int size;

static void
usage(void)
{

	fprintf(stderr, "usage: vnet-bench loop | limit | batch | tool "
	    "[operation size]\n       vnet-bench sandbox | files program ...\n");
	exit(100);
}

#ifndef __linux__
#define	WORD(text)		{ __DECONST(char *, text), sizeof(text) }
#define	VALUE(name, value)	WORD(name), { &(value), sizeof(value) }

/*
 * A second process stays outside and removes the jail when this process ends.
 */
static void
sandbox_jail(void)
{
	char byte, name[NAME];
	int children, end[2], jid, vnet;

	children = 16;
	vnet = JAIL_SYS_NEW;
	snprintf(name, sizeof(name), "bench%d", (int)getpid());
	struct iovec params[] = {
		VALUE("name", name), WORD("path"), WORD("/"),
		VALUE("vnet", vnet), VALUE("children.max", children),
		WORD("allow.raw_sockets"), { NULL, 0 },
		WORD("persist"), { NULL, 0 },
	};
	params[1].iov_len = strlen(name) + 1;
	if ((jid = jail_set(params, nitems(params), JAIL_CREATE)) == -1)
		err(111, "jail_set(%s)", name);
	if (pipe2(end, O_CLOEXEC) == -1)
		err(111, "pipe2");
	switch (fork()) {
	case -1:
		err(111, "fork");
	case 0:
		close(0);
		close(1);
		close(end[1]);
		while (read(end[0], &byte, 1) == -1)
			continue;
		if (jail_remove(jid) == -1)
			err(111, "jail_remove(%d)", jid);
		_exit(0);
	}
	close(end[0]);
	if (jail_attach(jid) == -1)
		err(111, "jail_attach(%d)", jid);
}
#endif

static void
sandbox(void)
{
#ifdef __linux__
	if (unshare(CLONE_NEWNET | CLONE_NEWNS) == -1)
		err(111, "unshare");
	if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == -1 ||
	    mount("none", "/run", "tmpfs", 0, NULL) == -1)
		err(111, "mount");
	mount("sysfs", "/sys", "sysfs", 0, NULL);
#else
	sandbox_jail();
#endif
}

/* Raises the limit of open files as far as this user may: a jail needs two. */
static void
many_files(void)
{
	struct rlimit limit = { MOST_FILES, MOST_FILES };

	if (setrlimit(RLIMIT_NOFILE, &limit) == -1 &&
	    getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}

/* Returns the operation of that name, or NULL. */
const struct op *
find_op(const struct op *op, const char *name)
{

	for (; op->name != NULL; op++)
		if (strcmp(op->name, name) == 0)
			return (op);
	return (NULL);
}

static const struct op *
find(const char *name)
{
	const struct op *op;

	op = find_op(ops, name);
#ifdef __linux__
	if (op == NULL && ops == loop_ops)
		op = find_op(row_ops, name);
#endif
	if (op == NULL)
		errx(100, "no operation %s", name);
	return (op);
}

static void
list(const struct op *op)
{

	for (; op->name != NULL; op++)
		puts(op->name);
}

long long
now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (ts.tv_sec * 1000000000LL + ts.tv_nsec);
}

/* Waits for the next of the times that are 20 ms apart. */
void
pace(long long *next)
{
	struct timespec ts;

	*next = *next == 0 || *next + STEP < now() ? now() + STEP :
	    *next + STEP;
	ts.tv_sec = *next / 1000000000;
	ts.tv_nsec = *next % 1000000000;
	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL);
}

/*
 * Creates something each 20 ms.  Measures the creation; what prepares the next
 * one, if anything, and the end have the time until then.
 */
void
every_20ms(int n, void (*prepare)(void), void (*create)(void),
    void (*end)(void))
{
	long long next, start;

	next = 0;
	while (n-- > 0) {
		if (prepare != NULL)
			prepare();
		pace(&next);
		start = now();
		create();
		measured += now() - start;
		end();
	}
}

/*
 * Returns the echo requests that this stack has sent, 0 where the system does
 * not say.
 */
static long
echoes(void)
{
	char line[1024];
	long count;
	FILE *f;
	int column, i;
	char *word, *rest;

	count = 0;
	column = -1;
	if ((f = fopen("/proc/self/net/snmp", "re")) == NULL)
		return (0);
	while (fgets(line, sizeof(line), f) != NULL) {
		if (strncmp(line, "Icmp:", 5) != 0)
			continue;
		rest = line;
		for (i = 0; (word = strsep(&rest, " \n")) != NULL; i++)
			if (strcmp(word, "OutEchos") == 0)
				column = i;
			else if (i == column)
				count = atol(word);
	}
	fclose(f);
	return (count);
}

static void
answer(const struct op *op, int n)
{
	long long start;
	long before;

	measured = 0;
	retries = -1;
	before = strcmp(op->name, "starPingAll") == 0 ? echoes() : -1;
	start = now();
	op->run(n);
	start = now() - start;
	if (before != -1)
		retries = echoes() - before - (long)size * n;
	printf("%lld", measured > 0 ? measured : start);
	if (retries != -1)
		printf(" retries=%ld", retries);
	putchar('\n');
}

static void
serve(const struct op *op)
{
	char line[64], name[32];
	int n;

	puts("ready");
	fflush(stdout);
	while (fgets(line, sizeof(line), stdin) != NULL) {
		if (sscanf(line, "run %d", &n) == 1)
			answer(op, n);
		else if (sscanf(line, "also %31s", name) == 1)
			answer(find(name), 1);
		else if (strcmp(line, "prepare\n") == 0) {
			if (op->prepare != NULL)
				op->prepare();
			puts("done");
		} else if (strcmp(line, "undo\n") == 0) {
			if (op->undo != NULL)
				op->undo();
			puts("done");
		} else
			errx(100, "what is %s", line);
		fflush(stdout);
	}
}

int
main(int argc, char *argv[])
{
	const struct op *op;

	if (argc < 2)
		usage();
	if ((strcmp(argv[1], "sandbox") == 0 ||
	    strcmp(argv[1], "files") == 0) && argc > 2) {
		many_files();
		if (strcmp(argv[1], "sandbox") == 0)
			sandbox();
		execvp(argv[2], argv + 2);
		err(111, "%s", argv[2]);
	}
#ifdef __linux__
	if (strcmp(argv[1], "busy") == 0)
		busy();
#endif
	if (strcmp(argv[1], "loop") == 0)
		ops = loop_ops;
#ifdef __linux__
	else if (strcmp(argv[1], "limit") == 0)
		ops = limit_ops;
#endif
	else if (strcmp(argv[1], "batch") == 0)
		ops = batch_ops;
	else if (strcmp(argv[1], "tool") == 0)
		ops = tool_ops;
	if (ops == NULL || (argc != 2 && argc != 4))
		usage();
	if (argc == 2) {
		list(ops);
#ifdef __linux__
		if (ops == loop_ops)
			list(row_ops);
#endif
		return (0);
	}
	operation = argv[2];
	size = atoi(argv[3]);
	op = find(operation);
	many_files();
	sandbox();
	if (op->setup != NULL)
		op->setup(size);
	serve(op);
	return (0);
}
