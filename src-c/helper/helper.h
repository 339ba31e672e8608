/*-
 * SPDX-FileCopyrightText: The Vnet for Java authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Declarations shared by the files of the helper.  The protocol is in
 * protocol.h.
 */
#ifndef VNET_HELPER_H
#define VNET_HELPER_H

#include <sys/types.h>

#include <stddef.h>

#include "protocol.h"

/*
 * A request as received: the unread part of its payload, and its descriptors.
 */
struct msg {
	struct vh_request rq;
	char		*p;		/* payload; a NUL follows its last byte */
	size_t		 len;
	int		 cut;		/* descriptors were lost in transit */
	int		 stack;		/* Linux: the namespace, or -1 */
	int		 fds[VH_MAXFDS];
	int		 nfds;
};

/* The answer in preparation; its descriptors are closed once it is sent. */
struct answer {
	struct vh_reply	rp;
	int		fds[VH_MAXFDS];
	uint32_t	kept;		/* the first so many are not closed */
	const char	*data;
};

/* vnet-helper.c */
void	close_but(const int *, int, int);
int	dispatch(struct msg *, struct answer *);
void	drop_answer(struct answer *);
int	fail(struct answer *, int, const char *);
int	give_fd(struct answer *, int);
int64_t	now_ms(void);
int	open_sockets(struct msg *, struct answer *);
void	reset_signals(void);
void	send_answer(struct answer *);
int	take_string(struct msg *, const char **);
void	usage(void);

/* children.c */
void	add_child(pid_t, int, uint64_t);
int	await_child(int);
void	children_init(void);
int	childless(void);
int	do_anchor(struct msg *, struct answer *);
int	do_kill(struct msg *, struct answer *);
int	is_child(pid_t);
void	kill_children(int);
size_t	reap(void);
int	reserve_child(void);

/* exec.c */
int	do_exec(struct msg *, struct answer *);

/* keeper.c */
pid_t	keeper_init(void);

/* later.c */
int	do_cancel(struct msg *, struct answer *);
int	do_later(struct msg *, struct answer *);
void	later_flush(void);
size_t	later_run(int, pid_t *);
int	later_wait(void);

/*
 * linux/stack.c, freebsd/stack.c: one implementation per system.  A function
 * that fails returns -1 with errno set and the name of the failed call in its
 * last argument.
 */
void	stack_cleanup(void);
int	stack_drop(const char **);
int	stack_enter(const struct msg *, const char **);
int	stack_exec(const struct msg *, const char *, const char **);
pid_t	stack_fork(const struct msg *, const char **);
uint64_t stack_id(const struct msg *);
void	stack_idle(void);
int	stack_idle_wait(void);
int	stack_init(int, struct answer *);
void	stack_kill_descendants(void);
int	stack_reaper(void);
int	stack_request(struct msg *, struct answer *);
void	stack_tie(pid_t);
int	stack_watch(pid_t);

#ifdef __linux__
/* Identifies a namespace, as long as that exists. */
struct ns_id {
	dev_t	dev;
	ino_t	ino;		/* 0: none */
};

#define	MAXSETTINGS	32	/* of a new stack */

/* A procfs of our own. */
struct procfs {
	int	tried;
	int	fd;		/* -1: not permitted */
	int	used;
};

/* What a new stack inherits, as one thread last saw it. */
struct inherited {
	struct procfs	proc;
	int64_t		until;			/* to believe it; 0: unknown */
	unsigned char	wrong[MAXSETTINGS][2];
};

/* A new namespace. */
struct fresh_ns {
	int	fd;
	int	unset;		/* settings that could not be set */
};

/* A process and its parent. */
struct process {
	pid_t	pid;
	pid_t	parent;
	int	below;		/* tree.c: one of those sought */
};

/* children.c */
size_t	children_in(const struct ns_id *, int, pid_t **);

/* linux/kill.c */
int	ns_kill(const struct ns_id *, int, const char **);
struct ns_id ns_of_fd(int);
struct ns_id ns_of_path(const char *);
int	ns_same(struct ns_id, struct ns_id);

/* linux/lent.c */
void	ns_return_lent(int);

/* linux/lock.c */
int	ns_lock(int);
int	take_lock(int, int, int);

/* linux/netns.c */
void	ns_cleanup(void);
int	ns_create(struct msg *, struct answer *);
int	ns_describe(struct fresh_ns *, struct inherited *);
void	ns_init(void);
int	ns_open(struct msg *, struct answer *);
int	ns_remove(struct msg *, struct answer *);
extern int home_ns;
extern int own_stack_is_new;

/* linux/proc.c */
int	open_net_setting(struct procfs *, const char *, int);

/* linux/settings.c */
int	settings_init(struct inherited *);

/* linux/spare.c */
int	spare_await(struct fresh_ns *);
void	spare_drop(void);
void	spare_idle(void);
int	spare_take(struct fresh_ns *);
int	spare_wait(void);

/* linux/tree.c */
size_t	descendants(const pid_t *, size_t, struct process **);
pid_t	parent_of(pid_t);

/* linux/sandbox.c */
int	sandbox_enter(struct answer *);
#endif

#endif /* !VNET_HELPER_H */
