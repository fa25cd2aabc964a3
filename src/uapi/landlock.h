/* SPDX-License-Identifier: BSD-2-Clause */
/* Landlock's interface, ABI 1 to 11, with the ABI that brought each name. */
#ifndef PAP_UAPI_LANDLOCK_H
#define PAP_UAPI_LANDLOCK_H

#include <stdint.h>

#define PAP_LANDLOCK_CREATE_RULESET_VERSION 1u
#define PAP_LANDLOCK_CREATE_RULESET_ERRATA 2u

#define PAP_LL_FS_EXECUTE (1ull << 0)
#define PAP_LL_FS_WRITE_FILE (1ull << 1)
#define PAP_LL_FS_READ_FILE (1ull << 2)
#define PAP_LL_FS_READ_DIR (1ull << 3)
#define PAP_LL_FS_REMOVE_DIR (1ull << 4)
#define PAP_LL_FS_REMOVE_FILE (1ull << 5)
#define PAP_LL_FS_MAKE_CHAR (1ull << 6)
#define PAP_LL_FS_MAKE_DIR (1ull << 7)
#define PAP_LL_FS_MAKE_REG (1ull << 8)
#define PAP_LL_FS_MAKE_SOCK (1ull << 9)
#define PAP_LL_FS_MAKE_FIFO (1ull << 10)
#define PAP_LL_FS_MAKE_BLOCK (1ull << 11)
#define PAP_LL_FS_MAKE_SYM (1ull << 12)
#define PAP_LL_FS_REFER (1ull << 13)	    /* ABI 2 */
#define PAP_LL_FS_TRUNCATE (1ull << 14)	    /* ABI 3 */
#define PAP_LL_FS_IOCTL_DEV (1ull << 15)    /* ABI 5 */
#define PAP_LL_FS_RESOLVE_UNIX (1ull << 16) /* ABI 9 */

#define PAP_LL_NET_BIND_TCP (1ull << 0)		 /* ABI 4 */
#define PAP_LL_NET_CONNECT_TCP (1ull << 1)	 /* ABI 4 */
#define PAP_LL_NET_BIND_UDP (1ull << 2)		 /* ABI 10 */
#define PAP_LL_NET_CONNECT_SEND_UDP (1ull << 3) /* ABI 10 */

#define PAP_LL_SCOPE_ABSTRACT_UNIX_SOCKET (1ull << 0) /* ABI 6 */
#define PAP_LL_SCOPE_SIGNAL (1ull << 1)		      /* ABI 6 */

#define PAP_LL_RESTRICT_LOG_SAME_EXEC_OFF (1u << 0)  /* ABI 7 */
#define PAP_LL_RESTRICT_LOG_NEW_EXEC_ON (1u << 1)    /* ABI 7 */
#define PAP_LL_RESTRICT_LOG_SUBDOMAINS_OFF (1u << 2) /* ABI 7 */
#define PAP_LL_RESTRICT_TSYNC (1u << 3)		     /* ABI 8 */
#define PAP_LL_RESTRICT_NO_NEW_PRIVS (1u << 4)	     /* ABI 11 */

#define PAP_LL_RULE_PATH_BENEATH 1u
#define PAP_LL_RULE_NET_PORT 2u

struct pap_ll_ruleset_attr {
	uint64_t handled_access_fs;
	uint64_t handled_access_net; /* ABI 4 */
	uint64_t scoped;	     /* ABI 6 */
};

struct pap_ll_path_beneath_attr {
	uint64_t allowed_access;
	int32_t parent_fd;
} __attribute__((packed));

struct pap_ll_net_port_attr {
	uint64_t allowed_access;
	uint64_t port;
};

#endif
