/*-
 * SPDX-FileCopyrightText: The Vnet for Java authors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * The constants and structures of Linux that the codecs in Java use; see
 * abi-freebsd.h.
 */

#ifdef ABI_INCLUDES
#define	_DEFAULT_SOURCE
#include <sys/socket.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#endif

#ifdef ABI_CONSTANTS
C(AF_INET)
C(AF_INET6)
C(AF_NETLINK)
C(IFNAMSIZ)
C(IFF_UP)
C(NETLINK_ROUTE)
C(NLM_F_REQUEST)
C(NLM_F_ACK)
C(NLM_F_DUMP)
C(NLM_F_CREATE)
C(NLM_F_EXCL)
C(NLMSG_ERROR)
C(NLMSG_DONE)
C(RTM_NEWLINK)
C(RTM_DELLINK)
C(RTM_GETLINK)
C(RTM_NEWADDR)
C(RTM_DELADDR)
C(RTM_GETADDR)
C(RTM_NEWROUTE)
C(RTM_DELROUTE)
C(RTM_GETROUTE)
C(SOCK_CLOEXEC)
C(SOCK_NONBLOCK)
#endif

#ifdef ABI_STRUCTS
S(sockaddr_nl)
O(sockaddr_nl, nl_family)
O(sockaddr_nl, nl_pid)
O(sockaddr_nl, nl_groups)
S(nlmsghdr)
O(nlmsghdr, nlmsg_len)
O(nlmsghdr, nlmsg_type)
O(nlmsghdr, nlmsg_flags)
O(nlmsghdr, nlmsg_seq)
O(nlmsghdr, nlmsg_pid)
S(ifinfomsg)
O(ifinfomsg, ifi_family)
O(ifinfomsg, ifi_type)
O(ifinfomsg, ifi_index)
O(ifinfomsg, ifi_flags)
O(ifinfomsg, ifi_change)
S(ifaddrmsg)
O(ifaddrmsg, ifa_family)
O(ifaddrmsg, ifa_prefixlen)
O(ifaddrmsg, ifa_flags)
O(ifaddrmsg, ifa_scope)
O(ifaddrmsg, ifa_index)
S(rtmsg)
O(rtmsg, rtm_family)
O(rtmsg, rtm_dst_len)
O(rtmsg, rtm_table)
O(rtmsg, rtm_protocol)
O(rtmsg, rtm_scope)
O(rtmsg, rtm_type)
O(rtmsg, rtm_flags)
#endif
