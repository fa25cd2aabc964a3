/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a policy means without saying so: the promises that `paprika run` starts
 * from, and the files and ports that a promise brings along because C libraries
 * open them behind a program's back.
 *
 * Not here: the program's own files and libraries (apply/program.c). Nothing below
 * /proc/self: a rule for it would name the launcher's directory, not the
 * program's. Not /dev/pts either: a terminal of another session of the same user
 * could be written to; a program's own terminal is its descriptor 0, or /dev/tty.
 */
#include "compile/parts.h"

pap_promises pap_promises_effective(const struct pap_policy *policy)
{
	pap_promises promises = P(stdio) | P(rpath) | P(wpath) | P(cpath) | P(dpath) | P(fattr) |
				P(chown) | P(flock) | P(proc) | P(exec) | P(prot_exec) | P(tty);

	if (policy->promises_given)
		return policy->promises;
	if (policy->ports.count)
		promises |= P(inet);
	return promises;
}

#define R PAP_ACCESS_READ
#define W PAP_ACCESS_WRITE

#define STDIO P(stdio), R
#define STDIO_RW P(stdio), R | W
#define BY_STDIO "implied by promise stdio"
#define BY_TTY "implied by promise tty"
#define BY_GETPW "implied by promise getpw"
#define BY_DNS "implied by promise dns"
#define BY_VMINFO "implied by promise vminfo"
#define BY_PS "implied by promise ps"

/* Each is optional: it is granted where it exists. */
const struct pap_implied_file pap_implied_files[] = {
    {STDIO_RW, "/dev/null", BY_STDIO},
    {STDIO, "/dev/zero", BY_STDIO},
    {STDIO_RW, "/dev/full", BY_STDIO},
    {STDIO, "/dev/random", BY_STDIO},
    {STDIO, "/dev/urandom", BY_STDIO},
    /* a symbolic link as a rule: the rule lands on what it leads to */
    {STDIO, "/etc/localtime", BY_STDIO},
    {STDIO, "/usr/share/zoneinfo", BY_STDIO},
    {STDIO, "/usr/lib/locale", BY_STDIO},
    {STDIO, "/usr/share/locale", BY_STDIO},
    {STDIO, "/usr/lib/x86_64-linux-gnu/gconv", BY_STDIO},
    {STDIO, "/usr/lib/aarch64-linux-gnu/gconv", BY_STDIO},
    {STDIO, "/usr/lib64/gconv", BY_STDIO},
    /* how many processors there are */
    {STDIO, "/sys/devices/system/cpu", BY_STDIO},
    {P(tty), R | W, "/dev/tty", BY_TTY},
    {P(getpw), R, "/etc/passwd", BY_GETPW},
    {P(getpw), R, "/etc/group", BY_GETPW},
    {P(getpw) | P(dns), R, "/etc/nsswitch.conf", "implied by promises getpw and dns"},
    {P(dns), R, "/etc/resolv.conf", BY_DNS},
    /* where resolv.conf leads on most systems, and where it is replaced by renaming */
    {P(dns), R, "/run/systemd/resolve", BY_DNS},
    {P(dns), R, "/run/resolvconf", BY_DNS},
    {P(dns), R, "/run/NetworkManager", BY_DNS},
    {P(dns), R, "/etc/hosts", BY_DNS},
    {P(dns), R, "/etc/host.conf", BY_DNS},
    {P(dns), R, "/etc/gai.conf", BY_DNS},
    {P(dns), R, "/etc/services", BY_DNS},
    {P(dns), R, "/etc/protocols", BY_DNS},
    {P(vminfo), R, "/proc/meminfo", BY_VMINFO},
    {P(vminfo), R, "/proc/vmstat", BY_VMINFO},
    {P(vminfo), R, "/proc/stat", BY_VMINFO},
    {P(vminfo), R, "/proc/loadavg", BY_VMINFO},
    {P(vminfo), R, "/proc/uptime", BY_VMINFO},
    {P(vminfo), R, "/proc/swaps", BY_VMINFO},
    {P(vminfo), R, "/proc/cpuinfo", BY_VMINFO},
    {P(ps), R, "/proc", BY_PS},
    {0},
};

/*
 * Port 65535: musl connects a datagram socket to it on the loopback addresses, to
 * learn which families there are, and gives up on EACCES.
 */
const struct pap_implied_port pap_implied_ports[] = {
    {P(dns), PAP_NET_CONNECT, PAP_NET_UDP, 53, BY_DNS},
    {P(dns), PAP_NET_CONNECT, PAP_NET_TCP, 53, BY_DNS},
    {P(dns), PAP_NET_CONNECT, PAP_NET_UDP, 65535, BY_DNS},
    {0},
};
