/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The calls that Docker's default seccomp profile (as of version 29) does not let an
 * ordinary process make. The profile itself lists what it allows; this is the remainder of
 * our table, written down from what is published about it, and compiled by our own
 * compiler. Not modelled: what it allows to holders of capabilities, a list of its own for
 * the 32-bit entry (which passes here, as its common calls do there), and everything else
 * that a container consists of.
 */
#include <errno.h>

#include "compare/model.h"

/* Families of sockets that are left out: kernel ciphers, X.25's and other museum pieces, vsock. */
static const struct pap_range families[] = {{12, 12}, {19, 20}, {23, 23}, {25, 25},
					    {34, 34}, {37, 38}, {40, 40}, {46, UINT32_MAX}};
static const struct pap_test odd_family = {
    .arg = 0, .bits = 32, .mask = UINT32_MAX, .nranges = 8, .ranges = families};

/* Any of the flags that make namespaces. */
static const struct pap_range none = {0, 0};
static const struct pap_test new_namespace = {
    .arg = 0, .bits = 64, .negate = true, .mask = 0x7e020000, .nranges = 1, .ranges = &none};

static const struct pap_range usual[] = {
    {0, 0}, {8, 8}, {0x20000, 0x20000}, {0x20008, 0x20008}, {UINT32_MAX, UINT32_MAX}};
static const struct pap_test odd_personality = {
    .arg = 0, .bits = 32, .negate = true, .mask = UINT32_MAX, .nranges = 5, .ranges = usual};

#define ONE(id, words)                                                                             \
	static const struct pap_clause id##_clause = {&id, 1};                                     \
	static const struct pap_cond id##_cond = {#id, words, &id##_clause, 1}

ONE(odd_family, "an unusual family of sockets");
ONE(new_namespace, "makes a namespace");
ONE(odd_personality, "an unusual personality");

#define NO(name) {PAP_SYS_##name, NULL}

static const struct pap_listed refused[] = {
    {PAP_SYS_socket, &odd_family_cond},
    {PAP_SYS_clone, &new_namespace_cond},
    {PAP_SYS_personality, &odd_personality_cond},
    /* namespaces and mounts */
    NO(unshare), NO(setns), NO(mount), NO(umount2), NO(pivot_root), NO(fsconfig), NO(fsmount),
    NO(fsopen), NO(fspick), NO(mount_setattr), NO(move_mount), NO(open_tree), NO(open_tree_attr),
    /* other processes, and handles */
    NO(kcmp), NO(pidfd_getfd), NO(process_madvise), NO(move_pages), NO(migrate_pages),
    NO(open_by_handle_at), NO(lookup_dcookie), NO(chroot),
    /* the kernel's surface */
    NO(bpf), NO(perf_event_open), NO(userfaultfd), NO(io_uring_setup), NO(io_uring_enter),
    NO(io_uring_register), NO(keyctl), NO(add_key), NO(request_key), NO(fanotify_init),
    NO(uselib), NO(ustat), NO(sysfs), NO(get_mempolicy), NO(set_mempolicy), NO(mbind),
    NO(set_mempolicy_home_node), NO(lsm_get_self_attr), NO(lsm_set_self_attr),
    NO(lsm_list_modules), NO(vhangup),
    /* the machine */
    NO(acct), NO(swapon), NO(swapoff), NO(quotactl), NO(quotactl_fd), NO(reboot), NO(syslog),
    NO(sethostname), NO(setdomainname), NO(settimeofday), NO(clock_settime), NO(ioperm), NO(iopl),
    NO(init_module), NO(finit_module), NO(delete_module), NO(create_module), NO(query_module),
    NO(get_kernel_syms), NO(kexec_load), NO(kexec_file_load), NO(nfsservctl), NO(_sysctl),
    /* newer than the profile */
    NO(file_getattr), NO(file_setattr), NO(listns), NO(fchroot), NO(rseq_slice_yield), NO(uprobe),
};

static int enter(const struct pap_scene *scene, struct pap_error *err)
{
	(void)scene;
	return pap_model_filter(refused, sizeof(refused) / sizeof(refused[0]),
				PAP_RET_ERRNO | EPERM, PAP_RET_ALLOW, PAP_RET_ALLOW, err);
}

const struct pap_model pap_model_docker = {
    .name = "docker",
    .title = "Docker's default filter",
    .about = "The default seccomp profile of Docker, alone: without the namespaces, dropped "
	     "capabilities and cgroups that come with it in a container. It is made so that "
	     "nearly every program runs, and takes away what nearly no program needs: new "
	     "namespaces, io_uring, keys, modules. It has no opinion about files, addresses or "
	     "descriptors; a container leaves those to its namespaces.",
    .speaks_of = PAP_ABOUT_CALLS | PAP_ABOUT_PROCESSES | PAP_ABOUT_SIGNALS | PAP_ABOUT_LIMITS |
		 PAP_ABOUT_TERMINAL,
    .enter = enter,
};
