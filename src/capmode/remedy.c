/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What people do wrong first when a program enters capability mode, and what helps:
 * looked for by the name that was asked for, then by the call.
 */
#include <string.h>

#include "base/codes.h"
#include "capmode/denial.h"

struct by_name {
	const char *part; /* of the path */
	const char *remedy;
};

static const struct by_name names[] = {
    {"/localtime", "call tzset(), or caph_cache_tzdata(), before entering"},
    {"/zoneinfo", "call tzset(), or caph_cache_tzdata(), before entering"},
    {"/resolv.conf", "resolve names before entering, or ask Casper's system.dns"},
    {"/etc/hosts", "resolve names before entering, or ask Casper's system.dns"},
    {"/nsswitch.conf", "look names up before entering, or ask Casper's system.dns or system.pwd"},
    {"/nscd/", "look names up before entering, or ask Casper's system.pwd"},
    {"/etc/passwd", "look users up before entering, or ask Casper's system.pwd"},
    {"/etc/group", "look groups up before entering, or ask Casper's system.grp"},
    {"/etc/services", "look services up before entering, or ask Casper's system.netdb"},
    {"/etc/protocols", "look protocols up before entering, or ask Casper's system.netdb"},
    {"/dev/urandom", "use getrandom(2), which needs no name"},
    {"/dev/random", "use getrandom(2), which needs no name"},
    {"/dev/log", "call openlog() with LOG_NDELAY before entering, or use Casper's system.syslog"},
    {"/locale", "call setlocale(), and caph_cache_catpages(), before entering"},
    {"/gconv", "open conversions with iconv_open() before entering"},
    {".so", "load it with dlopen() before entering, or link it with -z now"},
    {"/tmp/", "open the directory before entering, and the file beneath it with openat()"},
    {"/proc/", "read it before entering: it describes whoever opens it"},
};

static const char *by_call(const struct pap_denial *denial)
{
	switch (pap_syscall_id(denial->call)) {
	case PAP_SYS_open:
	case PAP_SYS_openat:
	case PAP_SYS_openat2:
	case PAP_SYS_creat:
		return "open it before entering, or open its directory and use openat() beneath it";
	case PAP_SYS_execve:
	case PAP_SYS_execveat:
		return "open a static program before entering, limit it to CAP_FEXECVE and "
		       "CAP_READ, "
		       "and use fexecve()";
	case PAP_SYS_connect:
	case PAP_SYS_bind:
	case PAP_SYS_sendto:
	case PAP_SYS_sendmsg:
		return "connect or bind before entering, or let Casper's system.net do it";
	case PAP_SYS_socket:
		return "make this kind of socket before entering";
	case PAP_SYS_wait4:
	case PAP_SYS_waitid:
	case PAP_SYS_kill:
		return "use process descriptors: pdfork(), pdkill(), pdwait()";
	case PAP_SYS_ioctl:
		return "name the command with cap_ioctls_limit() before entering";
	case PAP_SYS_fstat:
	case PAP_SYS_newfstatat:
	case PAP_SYS_statx:
		return "leave the descriptor CAP_FSTAT: stdio looks at a stream once";
	default:
		return "do it before entering";
	}
}

const char *pap_denial_remedy(const struct pap_denial *denial)
{
	if (!denial->call)
		return "nothing is known about this call";
	for (size_t i = 0;
	     denial->path && denial->error == PAP_ECAPMODE && i < sizeof(names) / sizeof(names[0]);
	     i++) {
		if (strstr(denial->path, names[i].part))
			return names[i].remedy;
	}
	if (denial->error == PAP_ENOTCAPABLE && denial->held)
		return "leave it that when it is limited";
	if (denial->error == PAP_ENOTCAPABLE && denial->path && denial->path[0] == '/')
		return "name it relative to a directory that is held";
	return by_call(denial);
}
