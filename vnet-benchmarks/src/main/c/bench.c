/*-
 * SPDX-FileCopyrightText: The Vnet for Java authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * One contender of the benchmarks: performs an operation as often as standard
 * input requests, in a network stack of its own that ends with it.
 *
 *	vnet-bench loop|batch|tool		lists the operations
 *	vnet-bench loop|batch|tool OPERATION SIZE
 *	vnet-bench sandbox PROGRAM ...		runs a program in such a stack
 *
 * It prints "ready" and then answers each line: "prepare" and "undo" with
 * "done", "run N" with the nanoseconds that N operations took.
 */
#define	_GNU_SOURCE

#include <sys/types.h>
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

const char *operation;

static void
usage(void)
{

	fprintf(stderr, "usage: vnet-bench loop | batch | tool "
	    "[operation size]\n       vnet-bench sandbox program ...\n");
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

static const struct op *
find(const struct op *ops, const char *name)
{

	for (; ops->name != NULL; ops++)
		if (strcmp(ops->name, name) == 0)
			return (ops);
	errx(100, "no operation %s", name);
}

static long long
now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (ts.tv_sec * 1000000000LL + ts.tv_nsec);
}

static void
serve(const struct op *op)
{
	char line[64];
	long long start;
	int n;

	puts("ready");
	fflush(stdout);
	while (fgets(line, sizeof(line), stdin) != NULL) {
		if (sscanf(line, "run %d", &n) == 1) {
			start = now();
			op->run(n);
			printf("%lld\n", now() - start);
		} else if (strcmp(line, "prepare\n") == 0) {
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
	const struct op *op, *ops;

	if (argc < 2)
		usage();
	if (strcmp(argv[1], "sandbox") == 0 && argc > 2) {
		sandbox();
		execvp(argv[2], argv + 2);
		err(111, "%s", argv[2]);
	}
	ops = NULL;
#ifdef __linux__
	if (strcmp(argv[1], "loop") == 0)
		ops = loop_ops;
#endif
	if (strcmp(argv[1], "batch") == 0)
		ops = batch_ops;
	else if (strcmp(argv[1], "tool") == 0)
		ops = tool_ops;
	if (ops == NULL || (argc != 2 && argc != 4))
		usage();
	if (argc == 2) {
		for (; ops->name != NULL; ops++)
			puts(ops->name);
		return (0);
	}
	operation = argv[2];
	op = find(ops, operation);
	sandbox();
	if (op->setup != NULL)
		op->setup(atoi(argv[3]));
	serve(op);
	return (0);
}
