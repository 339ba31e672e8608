/*-
 * SPDX-FileCopyrightText: The Vnet for Java authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The contenders of the benchmarks that are written in C; not shipped.
 */
#ifndef BENCH_H
#define	BENCH_H

#include <stddef.h>
#include <stdint.h>

#define	NAME	32	/* room for a name that a number makes */

/* What is measured.  Any of the functions but run may be NULL. */
struct op {
	const char	*name;
	void		(*setup)(int size);	/* once */
	void		(*prepare)(void);	/* before a run, not measured */
	void		(*run)(int n);		/* n times */
	void		(*undo)(void);		/* after it, not measured */
};

/* The name of the one that is measured. */
extern const char *operation;

extern const struct op loop_ops[], batch_ops[], tool_ops[];

#ifdef __linux__
/* bench-netlink.c: requests are put into one buffer, and sent together. */
struct nlmsghdr;
int	 nl_open(void);
void	 nl_attr(int type, const void *value, size_t len);
void	 nl_begin(int type, int flags, const void *header, size_t len);
void	 nl_close(size_t nest);
void	 nl_clear(void);
void	 nl_execute(int fd, const char *what);
size_t	 nl_nest(int type);
void	 nl_put(const void *value, size_t len);
void	 nl_read(int fd, void (*each)(const struct nlmsghdr *));
void	 nl_string(int type, const char *value);
void	 nl_u32(int type, uint32_t value);

/* bench-link.c: requests about links and addresses, and what comes back. */
struct iface {
	char		name[16], alias[256], kind[16];
	unsigned char	lladdr[6];
	int		index, master, operstate;
	unsigned int	flags, mtu;
	struct { uint32_t address; int length; } inet[8];
	int		ninet;
};

extern struct iface *ifaces;
extern int nifaces;

unsigned int link_index(int fd, const char *name);
void	 address(int type, unsigned int index, const char *text, int prefix);
void	 link_alias(const char *name, const char *alias);
void	 link_bridge(const char *name);
void	 link_delete(const char *name);
void	 link_epair(const char *a, const char *b, int ns);
void	 link_group(int index, int group);
void	 link_group_delete(int group);
void	 link_master(const char *name, int master);
void	 link_move(int index, const char *name, const char *alias, int ns);
void	 link_promote(int index);
void	 link_up(const char *name);
void	 read_all(int fd);
void	 read_link(int fd, const char *name);
void	 read_links(int fd);
void	 read_one(int fd, const char *name);

/* bench-jail.c: namespaces with a name, what runs in them, and a probe. */
struct jail {
	char	name[NAME];
	int	ns, nl;
};

extern int home;

void	 jail_create(struct jail *j, const char *name);
void	 jail_drop(struct jail *j);
void	 jail_init(void);
void	 jail_run(const struct jail *j);
int	 ping(uint32_t destination);
#endif /* __linux__ */

#endif /* !BENCH_H */
