/*-
 * SPDX-FileCopyrightText: The Vnet for Java authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The contenders of the benchmarks that are written in C; not shipped.
 */
#ifndef ROWS_H
#define	ROWS_H

#include "frozen/bench.h"

/* Rows beyond those of the frozen loop, on its functions; its limit. */
extern const struct op row_ops[], limit_ops[];

/*
 * What an operation measured itself, in nanoseconds, if only a part of it
 * counts; and the requests that were repeated, or -1.
 */
extern long long measured;
extern long retries;

long long	 now(void);
void		 busy(void);
void		 every_20ms(int n, void (*prepare)(void), void (*create)(void),
		    void (*end)(void));
void		 pace(long long *next);
const struct op	*find_op(const struct op *ops, const char *name);

#endif /* !ROWS_H */
