/*-
 * SPDX-FileCopyrightText: The Vnet for Java authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Pings with several requests on their way at a time.
 */
#ifndef WINDOW_H
#define	WINDOW_H

int	 window_socket(void);

/*
 * Pings the n addresses from 10.0.0.2 on, but for that with number but; -1
 * leaves none out.  Returns how many requests were repeated.
 */
long	 window_ping(int fd, int n, int but);

#endif /* !WINDOW_H */
