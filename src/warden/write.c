/* SPDX-License-Identifier: BSD-2-Clause */
#include "warden/write.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "kernel/raw.h"

int pap_ledger_write(const struct pap_draft *draft)
{
	static char bytes[PAP_LEDGER_BYTES];
	const int seals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
	size_t length = pap_draft_pack(draft, bytes);
	int fd = memfd_create("paprika-limits", MFD_CLOEXEC | MFD_ALLOW_SEALING), error;

	if (fd < 0)
		return -errno;
	if (write(fd, bytes, length) == (ssize_t)length && fcntl(fd, F_ADD_SEALS, seals) == 0)
		return fd;
	error = errno ? errno : EIO;
	pap_raw_close(fd);
	return -error;
}
