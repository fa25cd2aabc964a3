/* SPDX-License-Identifier: BSD-2-Clause */
/* The architecture that this build runs on; meson picks the file. */
#include "table/table.h"

enum pap_arch pap_arch_native(void)
{
	return PAP_ARCH_AARCH64;
}
