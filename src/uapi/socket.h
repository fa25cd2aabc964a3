/* SPDX-License-Identifier: BSD-2-Clause */
/* Socket families and types, as the kernel numbers them on both architectures. */
#ifndef PAP_UAPI_SOCKET_H
#define PAP_UAPI_SOCKET_H

#define PAP_AF_UNIX 1u
#define PAP_AF_INET 2u
#define PAP_AF_INET6 10u
#define PAP_AF_NETLINK 16u
#define PAP_AF_PACKET 17u

#define PAP_SOCK_TYPE_MASK 0xfu
#define PAP_SOCK_STREAM 1u
#define PAP_SOCK_DGRAM 2u

#endif
