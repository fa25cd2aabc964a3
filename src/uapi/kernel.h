/* SPDX-License-Identifier: BSD-2-Clause */
/* Single constants of calls that need no header of their own, with the kernel that brought each. */
#ifndef PAP_UAPI_KERNEL_H
#define PAP_UAPI_KERNEL_H

#define PAP_CLOSE_RANGE_UNSHARE (1u << 1) /* 5.9 */
#define PAP_CLOSE_RANGE_CLOEXEC (1u << 2) /* 5.11 */

#define PAP_MADV_POPULATE_WRITE 23 /* 5.14 */

#define PAP_PIDFD_THREAD 0200u /* 6.9; the value of O_EXCL */

#define PAP_KCMP_FILES 2 /* 3.5 */

#define PAP_SOL_SOCKET 1
#define PAP_SO_PASSRIGHTS 83 /* 6.16 */

#define PAP_CLONE_VM 0x00000100u
#define PAP_CLONE_FILES 0x00000400u
#define PAP_CLONE_VFORK 0x00004000u
#define PAP_CLONE_NEWUSER 0x10000000u
#define PAP_CLONE_NEWNS 0x00020000u

#define PAP_O_ACCMODE 03u
#define PAP_O_TRUNC 01000u

#define PAP_PR_SET_NO_NEW_PRIVS 38
#define PAP_PR_SET_PTRACER 0x59616d61

#define PAP_FUTEX_WAIT 0
#define PAP_FUTEX_WAKE 1

#endif
