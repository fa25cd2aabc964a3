/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The supervisor's own filter: it makes files, looks at callers and answers, and does
 * nothing else. A plain list, because it must be put together without a heap; the kernel
 * answers such calls from its cache.
 */
#include <errno.h>

#include "kernel/raw.h"
#include "warden/warden.h"

static const uint16_t needed[] = {
    PAP_SYS_ioctl,
    PAP_SYS_process_vm_readv,
    PAP_SYS_process_vm_writev,
    PAP_SYS_tgkill,
    PAP_SYS_pidfd_open,
    PAP_SYS_pidfd_getfd,
    PAP_SYS_close,
    PAP_SYS_openat2,
    PAP_SYS_pidfd_send_signal,
    PAP_SYS_fstatfs,
    PAP_SYS_fstat,
    PAP_SYS_newfstatat,
    PAP_SYS_openat,
    PAP_SYS_open,
    PAP_SYS_fcntl,
    PAP_SYS_read,
    PAP_SYS_write,
    PAP_SYS_statx,
    PAP_SYS_readlinkat,
    PAP_SYS_faccessat2,
    PAP_SYS_fchmodat,
    PAP_SYS_chmod,
    PAP_SYS_fchownat,
    PAP_SYS_utimensat,
    PAP_SYS_mkdirat,
    PAP_SYS_mknodat,
    PAP_SYS_symlinkat,
    PAP_SYS_unlinkat,
    PAP_SYS_linkat,
    PAP_SYS_renameat2,
    PAP_SYS_umask,
    PAP_SYS_poll,
    PAP_SYS_ppoll,
    PAP_SYS_dup,
    PAP_SYS_accept4,
    PAP_SYS_setitimer,
    PAP_SYS_rt_sigaction,
    PAP_SYS_rt_sigprocmask,
    PAP_SYS_rt_sigreturn,
    PAP_SYS_listen,
    PAP_SYS_getsockname,
    PAP_SYS_sendmsg,
    PAP_SYS_memfd_create,
    PAP_SYS_mmap,
    PAP_SYS_munmap,
    PAP_SYS_clone,
    PAP_SYS_wait4,
    PAP_SYS_kill,
    PAP_SYS_prctl, /* these three for who waits in our place: to end with us */
    PAP_SYS_getpid,
    PAP_SYS_getppid,
    PAP_SYS_exit,
    PAP_SYS_exit_group,
    PAP_SYS_futex,
    PAP_SYS_restart_syscall,
    PAP_SYS_readlink,
    PAP_SYS_pread64,
    PAP_SYS_rt_tgsigqueueinfo,
    PAP_SYS_getsockopt,
    PAP_SYS_prlimit64,
    PAP_SYS_setsockopt,
    PAP_SYS_getcpu,
    PAP_SYS_sched_getaffinity,
    PAP_SYS_sched_setaffinity,
};

#define COUNT (sizeof(needed) / sizeof(needed[0]))

int pap_warden_confine(void)
{
	static struct pap_bpf_insn insns[COUNT + 6];
	const enum pap_arch arch = pap_arch_native();
	struct {
		unsigned short length;
		const struct pap_bpf_insn *insns;
	} filter = {0, insns};
	unsigned at = 0;

	insns[at++] = (struct pap_bpf_insn){PAP_BPF_LD_W_ABS, 0, 0, 4}; /* the architecture */
	insns[at++] = (struct pap_bpf_insn){PAP_BPF_JEQ_K, 1, 0, pap_arch_audit(arch)};
	insns[at++] = (struct pap_bpf_insn){PAP_BPF_RET_K, 0, 0, PAP_RET_KILL_PROCESS};
	insns[at++] = (struct pap_bpf_insn){PAP_BPF_LD_W_ABS, 0, 0, 0}; /* the number */
	for (unsigned i = 0; i < COUNT; i++) {
		int16_t number = pap_syscall_table[needed[i]].number[arch];
		unsigned below = (unsigned)COUNT - i;

		/* Over the rest of the list and the refusal behind it. */
		insns[at++] = (struct pap_bpf_insn){PAP_BPF_JEQ_K, (uint8_t)below, 0,
						    number < 0 ? UINT32_MAX : (uint32_t)number};
	}
	insns[at++] = (struct pap_bpf_insn){PAP_BPF_RET_K, 0, 0, PAP_RET_ERRNO | EPERM};
	insns[at++] = (struct pap_bpf_insn){PAP_BPF_RET_K, 0, 0, PAP_RET_ALLOW};
	filter.length = (unsigned short)at;
	return pap_raw_seccomp(PAP_SECCOMP_SET_MODE_FILTER, 0, &filter);
}
