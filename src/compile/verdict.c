/* SPDX-License-Identifier: BSD-2-Clause */
/* Verdicts and error numbers in words. Error names are the same on all architectures we know. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/codes.h"
#include "compile/filter.h"

#define NAME(e) [e] = #e

static const char *const errno_names[] = {
    NAME(EPERM),
    NAME(ENOENT),
    NAME(ESRCH),
    NAME(EINTR),
    NAME(EIO),
    NAME(ENXIO),
    NAME(E2BIG),
    NAME(ENOEXEC),
    NAME(EBADF),
    NAME(ECHILD),
    NAME(EAGAIN),
    NAME(ENOMEM),
    NAME(EACCES),
    NAME(EFAULT),
    NAME(ENOTBLK),
    NAME(EBUSY),
    NAME(EEXIST),
    NAME(EXDEV),
    NAME(ENODEV),
    NAME(ENOTDIR),
    NAME(EISDIR),
    NAME(EINVAL),
    NAME(ENFILE),
    NAME(EMFILE),
    NAME(ENOTTY),
    NAME(ETXTBSY),
    NAME(EFBIG),
    NAME(ENOSPC),
    NAME(ESPIPE),
    NAME(EROFS),
    NAME(EMLINK),
    NAME(EPIPE),
    NAME(EDOM),
    NAME(ERANGE),
    NAME(EDEADLK),
    NAME(ENAMETOOLONG),
    NAME(ENOLCK),
    NAME(ENOSYS),
    NAME(ENOTEMPTY),
    NAME(ELOOP),
    NAME(ENOMSG),
    NAME(EIDRM),
    NAME(ENOSTR),
    NAME(ENODATA),
    NAME(ETIME),
    NAME(ENOSR),
    NAME(ENOLINK),
    NAME(EPROTO),
    NAME(EMULTIHOP),
    NAME(EBADMSG),
    NAME(EOVERFLOW),
    NAME(EBADFD),
    NAME(EILSEQ),
    NAME(EUSERS),
    NAME(ENOTSOCK),
    NAME(EDESTADDRREQ),
    NAME(EMSGSIZE),
    NAME(EPROTOTYPE),
    NAME(ENOPROTOOPT),
    NAME(EPROTONOSUPPORT),
    NAME(ESOCKTNOSUPPORT),
    NAME(EOPNOTSUPP),
    NAME(EPFNOSUPPORT),
    NAME(EAFNOSUPPORT),
    NAME(EADDRINUSE),
    NAME(EADDRNOTAVAIL),
    NAME(ENETDOWN),
    NAME(ENETUNREACH),
    NAME(ENETRESET),
    NAME(ECONNABORTED),
    NAME(ECONNRESET),
    NAME(ENOBUFS),
    NAME(EISCONN),
    NAME(ENOTCONN),
    NAME(ESHUTDOWN),
    NAME(ETOOMANYREFS),
    NAME(ETIMEDOUT),
    NAME(ECONNREFUSED),
    NAME(EHOSTDOWN),
    NAME(EHOSTUNREACH),
    NAME(EALREADY),
    NAME(EINPROGRESS),
    NAME(ESTALE),
    NAME(EUCLEAN),
    NAME(EREMOTEIO),
    NAME(EDQUOT),
    NAME(ENOMEDIUM),
    NAME(EMEDIUMTYPE),
    NAME(ECANCELED),
    NAME(ENOKEY),
    NAME(EKEYEXPIRED),
    NAME(EKEYREVOKED),
    NAME(EKEYREJECTED),
    NAME(EOWNERDEAD),
    NAME(ENOTRECOVERABLE),
    NAME(ERFKILL),
    NAME(EHWPOISON),
};

const char *pap_errno_name(int number)
{
	if (number == PAP_ENOTCAPABLE)
		return "ENOTCAPABLE";
	if (number == PAP_ECAPMODE)
		return "ECAPMODE";
	if (number < 0 || (size_t)number >= sizeof(errno_names) / sizeof(errno_names[0]) ||
	    !errno_names[number])
		return "?";
	return errno_names[number];
}

static void name_errno(unsigned number, char *buf, size_t size)
{
	const char *name = pap_errno_name((int)number);

	if (name[0] == '?')
		snprintf(buf, size, "errno %u", number);
	else
		snprintf(buf, size, "errno %s", name);
}

void pap_verdict_name(uint32_t verdict, char *buf, size_t size)
{
	unsigned data = verdict & PAP_RET_DATA;

	switch (verdict & PAP_RET_ACTION_FULL) {
	case PAP_RET_KILL_PROCESS:
		snprintf(buf, size, "kill process");
		break;
	case PAP_RET_KILL_THREAD:
		snprintf(buf, size, "kill thread");
		break;
	case PAP_RET_TRAP:
		snprintf(buf, size, data ? "trap %u" : "trap", data);
		break;
	case PAP_RET_ERRNO:
		name_errno(data, buf, size);
		break;
	case PAP_RET_USER_NOTIF:
		snprintf(buf, size, "notify");
		break;
	case PAP_RET_TRACE:
		snprintf(buf, size, data ? "trace %u" : "trace", data);
		break;
	case PAP_RET_LOG:
		snprintf(buf, size, "log");
		break;
	case PAP_RET_ALLOW:
		snprintf(buf, size, "allow");
		break;
	default: /* the kernel takes what it does not know as this */
		snprintf(buf, size, "kill process (0x%08x)", verdict);
	}
}
