/*-
 * SPDX-FileCopyrightText: The Vnet for Java authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Linux: spare namespaces.  unshare(2) is most of what a new stack costs, and
 * may wait for seconds while the kernel takes other stacks apart.  A program
 * that created a stack often creates another: while the helper has nothing to
 * do, a thread makes some ahead.  They have no name, so they end with the
 * helper.
 */
#ifdef __linux__
#define	_GNU_SOURCE

#include <sys/types.h>

#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <unistd.h>

#include "helper.h"

#define	SPARES		2
#define	IDLE_MS		5	/* without a request, before some are made */
#define	KEEP_MS		10000	/* after the last new stack */
#define	STACK_BYTES	65536	/* of the thread */

enum { NONE, MAKING, MADE };

static struct fresh_ns spares[SPARES];
static int nspares;
static int64_t until;		/* when to close them; 0: none are wanted */
static int failed;		/* none are made before the next new stack */

/* What the thread makes; all of this is the thread's while it is MAKING. */
static struct fresh_ns made[SPARES];
static struct inherited last;
static int nmade, wanted;
static atomic_int state;

/*
 * The thread.  It allocates nothing, since the helper may fork meanwhile, and
 * need not return home, since it ends.
 */
static void *
make(void *unused)
{

	(void)unused;
	while (nmade < wanted && unshare(CLONE_NEWNET) == 0 &&
	    ns_describe(&made[nmade], &last) == 0)
		nmade++;
	atomic_store(&state, MADE);
	return (NULL);
}

/* Takes over what the thread made; fewer than wanted if the kernel refused. */
static void
collect(void)
{

	if (atomic_load(&state) != MADE)
		return;
	failed |= nmade < wanted;
	while (nmade > 0)
		spares[nspares++] = made[--nmade];
	atomic_store(&state, NONE);
}

static void
begin(void)
{
	pthread_attr_t attr;
	pthread_t thread;

	wanted = SPARES - nspares;
	atomic_store(&state, MAKING);
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK_BYTES);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	if (pthread_create(&thread, &attr, make, NULL) != 0)
		atomic_store(&state, MADE);
	pthread_attr_destroy(&attr);
}

/* Takes a spare namespace; returns 0 if there is none. */
int
spare_take(struct fresh_ns *ns)
{

	collect();
	until = now_ms() + KEEP_MS;
	failed = 0;
	if (nspares == 0)
		return (0);
	*ns = spares[--nspares];
	return (1);
}

/*
 * As spare_take(), but waits for those that are being made: the kernel may have
 * granted the last namespaces to the thread.
 */
int
spare_await(struct fresh_ns *ns)
{

	while (atomic_load(&state) == MAKING)
		poll(NULL, 0, 1);
	return (spare_take(ns));
}

/* Closes the spares: they count against limits that another stack needs. */
void
spare_drop(void)
{

	collect();
	while (nspares > 0)
		close(spares[--nspares].fd);
	failed = 1;
}

/* Returns the milliseconds of idleness before spare_idle(); -1 for ever. */
int
spare_wait(void)
{
	int64_t left;

	if (until == 0)
		return (-1);
	collect();
	if (!failed && nspares < SPARES && atomic_load(&state) == NONE)
		return (IDLE_MS);
	left = until - now_ms();
	return (left < 0 ? 0 : (int)left);
}

void
spare_idle(void)
{

	if (until == 0)
		return;
	if (now_ms() >= until) {
		spare_drop();
		/* A spare that is still being made is closed later. */
		until = atomic_load(&state) == NONE ? 0 : now_ms() + IDLE_MS;
	} else if (!failed && nspares < SPARES && atomic_load(&state) == NONE)
		begin();
}

#endif /* __linux__ */
