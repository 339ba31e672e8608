/*-
 * SPDX-FileCopyrightText: The Vnet for Java authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Deferred requests: performed when their time is up, or when the peer is
 * gone.  They revert a change that may cut off its maker.
 */
#ifdef __linux__
#define	_GNU_SOURCE
#endif

#include <sys/types.h>

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "helper.h"

#define	MAXLATER	64
#define	PATIENCE_MS	5000	/* for a program that reverts a change */

struct later {
	int		 id;	/* 0: free */
	int64_t		 due;
	struct msg	 m;	/* as received; its payload is copied */
	char		*bytes;
};

static struct later laters[MAXLATER];
static int last_id;

static void
release(struct later *lt)
{

	while (lt->m.nfds > 0)
		close(lt->m.fds[--lt->m.nfds]);
	free(lt->bytes);
	lt->bytes = NULL;
	lt->id = 0;
}

/* The payload is a whole request; the descriptors belong to it. */
int
do_later(struct msg *m, struct answer *an)
{
	struct vh_request rq;
	struct later *lt;
	int i;

	if (m->rq.a < 0 || m->stack != -1 || m->len < sizeof(rq))
		return (fail(an, EPROTO, "request"));
	memcpy(&rq, m->p, sizeof(rq));
	if (rq.op != VH_SEND && rq.op != VH_SETSOCKOPT && rq.op != VH_EXEC)
		return (fail(an, EPROTO, "request"));
	for (i = 0; i < MAXLATER && laters[i].id != 0; i++)
		;
	if (i == MAXLATER)
		return (fail(an, EAGAIN, "later"));
	lt = &laters[i];
	if ((lt->bytes = malloc(m->len + 1)) == NULL)
		return (fail(an, ENOMEM, "malloc"));
	memcpy(lt->bytes, m->p, m->len);
	lt->bytes[m->len] = '\0';
	lt->m = *m;
	lt->m.p = lt->bytes;
	m->nfds = 0;
	lt->due = now_ms() + m->rq.a;
	last_id = last_id == INT32_MAX ? 1 : last_id + 1;
	an->rp.value = lt->id = last_id;
	return (0);
}

int
do_cancel(struct msg *m, struct answer *an)
{
	int i;

	for (i = 0; i < MAXLATER; i++)
		if (laters[i].id != 0 && laters[i].id == m->rq.a) {
			release(&laters[i]);
			return (0);
		}
	return (fail(an, ESRCH, "later"));
}

/* Returns the milliseconds until the next is due; -1 if there is none. */
int
later_wait(void)
{
	int64_t wait, next;
	int i;

	next = -1;
	for (i = 0; i < MAXLATER; i++) {
		if (laters[i].id == 0)
			continue;
		wait = laters[i].due - now_ms();
		if (wait < 0)
			wait = 0;
		if (next == -1 || wait < next)
			next = wait;
	}
	return ((int)next);
}

/*
 * Performs those that are due, or all, the youngest first: changes are
 * reverted in reverse order.  Returns how many programs it started, and their
 * pids.
 */
size_t
later_run(int all, pid_t *started)
{
	struct answer an;
	struct later *lt;
	int64_t now;
	size_t n;
	int i;

	n = 0;
	now = now_ms();
	for (;;) {
		lt = NULL;
		for (i = 0; i < MAXLATER; i++)
			if (laters[i].id != 0 && (all || laters[i].due <= now) &&
			    (lt == NULL || laters[i].id > lt->id))
				lt = &laters[i];
		if (lt == NULL)
			return (n);
		memset(&an, 0, sizeof(an));
		if (dispatch(&lt->m, &an) == 0 && lt->m.rq.op == VH_EXEC &&
		    started != NULL)
			started[n++] = an.rp.value;
		drop_answer(&an);
		if (lt->m.stack != -1)
			close(lt->m.stack);
		release(lt);
	}
}

/*
 * The peer is gone: performs all of them, before anything that may take long,
 * and waits for the programs to end.
 */
void
later_flush(void)
{
	pid_t started[MAXLATER];
	int64_t until;
	size_t n;

	n = later_run(1, started);
	until = now_ms() + PATIENCE_MS;
	while (n > 0 && now_ms() < until) {
		reap();
		if (!is_child(started[n - 1]))
			n--;
		else
			poll(NULL, 0, 5);
	}
}
