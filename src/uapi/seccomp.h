/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Our own copies of kernel constants, so that a build never depends on how old
 * the installed headers are. tests/meta compares them with the system's headers
 * wherever those know the name.
 */
#ifndef PAP_UAPI_SECCOMP_H
#define PAP_UAPI_SECCOMP_H

#include <stdint.h>

#define PAP_SECCOMP_SET_MODE_STRICT 0u
#define PAP_SECCOMP_SET_MODE_FILTER 1u
#define PAP_SECCOMP_GET_ACTION_AVAIL 2u
#define PAP_SECCOMP_GET_NOTIF_SIZES 3u

#define PAP_SECCOMP_FILTER_FLAG_TSYNC (1ul << 0)	      /* 3.17 */
#define PAP_SECCOMP_FILTER_FLAG_LOG (1ul << 1)		      /* 4.14 */
#define PAP_SECCOMP_FILTER_FLAG_SPEC_ALLOW (1ul << 2)	      /* 4.17 */
#define PAP_SECCOMP_FILTER_FLAG_NEW_LISTENER (1ul << 3)	      /* 5.0 */
#define PAP_SECCOMP_FILTER_FLAG_TSYNC_ESRCH (1ul << 4)	      /* 5.7 */
#define PAP_SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1ul << 5) /* 5.19 */

#define PAP_RET_KILL_PROCESS 0x80000000u
#define PAP_RET_KILL_THREAD 0x00000000u
#define PAP_RET_TRAP 0x00030000u
#define PAP_RET_ERRNO 0x00050000u
#define PAP_RET_USER_NOTIF 0x7fc00000u
#define PAP_RET_TRACE 0x7ff00000u
#define PAP_RET_LOG 0x7ffc0000u
#define PAP_RET_ALLOW 0x7fff0000u
#define PAP_RET_ACTION_FULL 0xffff0000u
#define PAP_RET_DATA 0x0000ffffu

struct pap_seccomp_data {
	int32_t nr;
	uint32_t arch;
	uint64_t instruction_pointer;
	uint64_t args[6];
};

struct pap_seccomp_notif {
	uint64_t id;
	uint32_t pid; /* thread id, in the reader's pid namespace; 0: not visible there */
	uint32_t flags;
	struct pap_seccomp_data data;
};

struct pap_seccomp_notif_resp {
	uint64_t id;
	int64_t val;
	int32_t error; /* negative errno */
	uint32_t flags;
};

struct pap_seccomp_notif_sizes {
	uint16_t seccomp_notif;
	uint16_t seccomp_notif_resp;
	uint16_t seccomp_data;
};

struct pap_seccomp_notif_addfd {
	uint64_t id;
	uint32_t flags;
	uint32_t srcfd;
	uint32_t newfd;
	uint32_t newfd_flags;
};

#define PAP_USER_NOTIF_FLAG_CONTINUE 1u		/* 5.5 */
#define PAP_USER_NOTIF_FD_SYNC_WAKE_UP (1ul << 0) /* 6.6 */
#define PAP_ADDFD_FLAG_SETFD (1u << 0)		/* 5.9 */
#define PAP_ADDFD_FLAG_SEND (1u << 1)		/* 5.14 */

#define PAP_IOCTL_NOTIF_RECV 0xc0502100ul
#define PAP_IOCTL_NOTIF_SEND 0xc0182101ul
#define PAP_IOCTL_NOTIF_ID_VALID 0x40082102ul
#define PAP_IOCTL_NOTIF_ADDFD 0x40182103ul
#define PAP_IOCTL_NOTIF_SET_FLAGS 0x40082104ul

/* Classic BPF, as in linux/filter.h and linux/bpf_common.h. */
struct pap_bpf_insn {
	uint16_t code;
	uint8_t jt;
	uint8_t jf;
	uint32_t k;
};

#define PAP_BPF_LD_W_ABS 0x20
#define PAP_BPF_AND_K 0x54
#define PAP_BPF_JA 0x05
#define PAP_BPF_JEQ_K 0x15
#define PAP_BPF_JGT_K 0x25
#define PAP_BPF_JGE_K 0x35
#define PAP_BPF_JSET_K 0x45
#define PAP_BPF_RET_K 0x06

#define PAP_AUDIT_ARCH_X86_64 0xc000003eu
#define PAP_AUDIT_ARCH_I386 0x40000003u
#define PAP_AUDIT_ARCH_AARCH64 0xc00000b7u
#define PAP_AUDIT_ARCH_ARM 0x40000028u

#endif
