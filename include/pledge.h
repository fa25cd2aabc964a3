/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * OpenBSD's pledge(2) and unveil(2) on Linux: see pledge(3) and unveil(3), which list
 * what differs.
 *
 * On OpenBSD <unistd.h> declares both. Programs that know it only from there compile
 * unchanged with what `pkg-config --cflags pledge` says: an <unistd.h> that includes this.
 * A configure script that looks for the functions finds them with
 * `pkg-config --libs pledge` among its libraries.
 */
#ifndef PLEDGE_H
#define PLEDGE_H

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Gives up everything that no word in promises stands for, and for programs that are
 * executed later everything that no word in execpromises stands for. NULL leaves a set
 * as it is. Returns 0, or -1 with errno and nothing changed.
 */
int pledge(const char *promises, const char *execpromises);

/*
 * From the lock on (unveil(NULL, NULL), or a pledge without "unveil"), only what was
 * unveiled can be reached by name: permissions are letters of "rwxc". Returns 0, or -1
 * with errno.
 */
int unveil(const char *path, const char *permissions);

#ifdef __cplusplus
}
#endif

#endif
