/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rights that depend on flags and commands: each rule of the table as rows of
 * one or two tests and what is needed where they hold. Filters are made of these
 * rows and the supervisor asks them, so the two cannot differ.
 *
 * Unknown commands of fcntl and unknown file types need everything: whoever was
 * limited at all has not got it.
 */
#include "capmode/limits.h"

#define RIGHT0(bits)              \
	{                         \
		{                 \
			(bits), 0 \
		}                 \
	}
#define RIGHT1(bits)              \
	{                         \
		{                 \
			0, (bits) \
		}                 \
	}
#define R_READ 0x1ull
#define R_WRITE 0x2ull
#define R_SEEK 0xcull
#define R_MMAP 0x10ull
#define R_CREATE 0x40ull
#define R_FSYNC 0x100ull
#define R_FTRUNCATE 0x200ull
#define R_LOOKUP 0x400ull
#define R_FCHMOD 0x2000ull
#define R_FCNTL 0x8000ull
#define R_FLOCK 0x10000ull
#define R_FSTAT 0x80000ull
#define R_MKFIFOAT 0x1000400ull
#define R_MKNODAT 0x2000400ull
#define R_BIND 0x40000000ull
#define R_GETSOCKOPT (1ull << 34)
#define R_SETSOCKOPT (1ull << 37)
#define R_EVENT 0x20ull
#define R_IOCTL 0x80ull
#define R_FSIGNAL (1ull << 40)
#define R_NOTIFY (1ull << 42)
#define EVERYTHING                                       \
	{                                                \
		{                                        \
			PAP_RIGHTS_ALL0, PAP_RIGHTS_ALL1 \
		}                                        \
	}

#define VALUES(name, ...) static const struct pap_range name[] = {__VA_ARGS__}
#define ONE(v)           \
	{                \
		(v), (v) \
	}
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define IN(mask, values)                                  \
	{                                                 \
		0, false, COUNT(values), (mask), (values) \
	}
#define NOT_IN(mask, values)                             \
	{                                                \
		0, true, COUNT(values), (mask), (values) \
	}
#define NEXT_IN(mask, values)                             \
	{                                                 \
		1, false, COUNT(values), (mask), (values) \
	}
#define ALWAYS    \
	{         \
		0 \
	}

/* ---- open flags: the same bits on both architectures but for those not looked at here ---------
 */

#define O_RDONLY 0u
#define O_WRONLY 1u
#define O_RDWR 2u
#define O_ACCMODE 3u
#define O_CREAT 0100u
#define O_TRUNC 01000u
#define O_APPEND 02000u
#define TMPFILE_BIT 0x400000u
#define DSYNC_BIT 0x1000u
#define PATH_BIT 0x200000u

VALUES(reads, ONE(O_RDONLY), {O_RDWR, 3});
VALUES(writes, {O_WRONLY, 3});
VALUES(creates, ONE(O_CREAT));
VALUES(truncates, ONE(O_TRUNC));
VALUES(syncs, ONE(DSYNC_BIT));
VALUES(nameless, ONE(TMPFILE_BIT));

static const struct pap_need_row open_rows[] = {
    {ALWAYS, ALWAYS, RIGHT0(R_LOOKUP)},
    {IN(O_ACCMODE | PATH_BIT, reads), ALWAYS, RIGHT0(R_READ)},
    {IN(O_ACCMODE | PATH_BIT, writes), ALWAYS, RIGHT0(R_WRITE)},
    {IN(O_ACCMODE | PATH_BIT | O_APPEND | O_TRUNC, writes), ALWAYS, RIGHT0(R_SEEK)},
    {IN(O_CREAT | PATH_BIT, creates), ALWAYS, RIGHT0(R_CREATE)},
    {IN(O_TRUNC | PATH_BIT, truncates), ALWAYS, RIGHT0(R_FTRUNCATE)},
    {IN(DSYNC_BIT | PATH_BIT, syncs), ALWAYS, RIGHT0(R_FSYNC)},
    {IN(TMPFILE_BIT, nameless), ALWAYS, RIGHT0(R_CREATE | R_WRITE)},
};

/* ---- mmap: what the mapping may become counts, since mprotect asks nobody ----------------------
 */

VALUES(prot_unwritten, ONE(0));
VALUES(prot_read, ONE(1));
VALUES(prot_write, ONE(2));
VALUES(prot_exec, ONE(4));
VALUES(shared, ONE(1), ONE(3));
VALUES(private, ONE(0), ONE(2), {4, 15});

#define MAP_TYPE_MASK 0x0fu

static const struct pap_need_row mmap_rows[] = {
    {IN(2, prot_unwritten), ALWAYS, RIGHT0(R_MMAP | R_SEEK | R_READ)},
    {IN(1, prot_read), ALWAYS, RIGHT0(R_MMAP | R_SEEK | R_READ)},
    {IN(2, prot_write), NEXT_IN(MAP_TYPE_MASK, private), RIGHT0(R_MMAP | R_SEEK | R_READ)},
    {IN(2, prot_write), NEXT_IN(MAP_TYPE_MASK, shared), RIGHT0(R_MMAP | R_SEEK | R_WRITE)},
    {IN(4, prot_exec), ALWAYS, RIGHT0(R_MMAP | R_SEEK | 0x20)},
};

/* ---- fcntl --------------------------------------------------------------------------------------
 */

#define GETLEASE 1025
#define SETLEASE 1024
#define NOTIFY 1026
#define DUPFD_QUERY 1027
#define CREATED_QUERY 1028
#define DUPFD_CLOEXEC 1030
#define SETPIPE_SZ 1031
#define GETPIPE_SZ 1032
#define ADD_SEALS 1033
#define GET_SEALS 1034
#define GET_RW_HINT 1035
#define SET_RW_HINT 1036
#define GET_FILE_RW_HINT 1037
#define SET_FILE_RW_HINT 1038
#define OWNER_SET 8
#define OWNER_GET 9
#define SIG_SET 10
#define SIG_GET 11
#define OWNER_SET_EX 15
#define OWNER_GET_EX 16

VALUES(c_getfl, ONE(3));
VALUES(c_setfl, ONE(4));
VALUES(c_getown, ONE(OWNER_GET), ONE(OWNER_GET_EX));
VALUES(c_setown, ONE(OWNER_SET), ONE(OWNER_SET_EX));
VALUES(c_lock, {5, 7}, {36, 38});
VALUES(c_signal, {SIG_SET, SIG_GET});
VALUES(c_lease, {SETLEASE, GETLEASE});
VALUES(c_notify, ONE(NOTIFY));
VALUES(c_getpipe, ONE(GETPIPE_SZ));
VALUES(c_setpipe, ONE(SETPIPE_SZ));
VALUES(c_look, ONE(GET_SEALS), ONE(GET_RW_HINT), ONE(GET_FILE_RW_HINT));
VALUES(c_seal, ONE(ADD_SEALS));
VALUES(c_hint, ONE(SET_RW_HINT), ONE(SET_FILE_RW_HINT));
VALUES(c_known, {0, 11}, {OWNER_SET_EX, OWNER_GET_EX}, {36, 38}, {SETLEASE, CREATED_QUERY},
       {DUPFD_CLOEXEC, SET_FILE_RW_HINT});

static const struct pap_need_row fcntl_rows[] = {
    {IN(UINT32_MAX, c_getfl), ALWAYS, RIGHT0(R_FCNTL), PAP_FCNTL_GETFL},
    {IN(UINT32_MAX, c_setfl), ALWAYS, RIGHT0(R_FCNTL), PAP_FCNTL_SETFL},
    {IN(UINT32_MAX, c_getown), ALWAYS, RIGHT0(R_FCNTL), PAP_FCNTL_GETOWN},
    {IN(UINT32_MAX, c_setown), ALWAYS, RIGHT0(R_FCNTL), PAP_FCNTL_SETOWN},
    {IN(UINT32_MAX, c_lock), ALWAYS, RIGHT0(R_FLOCK)},
    {IN(UINT32_MAX, c_signal), ALWAYS, RIGHT1(R_EVENT | R_FSIGNAL)},
    {IN(UINT32_MAX, c_lease), ALWAYS, {{R_FLOCK, R_FSIGNAL}}},
    {IN(UINT32_MAX, c_notify), ALWAYS, RIGHT1(R_NOTIFY)},
    {IN(UINT32_MAX, c_getpipe), ALWAYS, RIGHT0(R_GETSOCKOPT)},
    {IN(UINT32_MAX, c_setpipe), ALWAYS, RIGHT0(R_SETSOCKOPT)},
    {IN(UINT32_MAX, c_look), ALWAYS, RIGHT0(R_FSTAT)},
    {IN(UINT32_MAX, c_seal), ALWAYS, RIGHT0(R_FCHMOD)},
    {IN(UINT32_MAX, c_hint), ALWAYS, RIGHT0(R_FCNTL)},
    {NOT_IN(UINT32_MAX, c_known), ALWAYS, EVERYTHING},
};

static const struct pap_need_row ioctl_rows[] = {{ALWAYS, ALWAYS, RIGHT1(R_IOCTL)}};

/* ---- mknod
 * ---------------------------------------------------------------------------------------- */

#define S_IFMT 0170000u
#define S_IFSOCK 0140000u
#define S_IFREG 0100000u
#define S_IFBLK 0060000u
#define S_IFCHR 0020000u
#define S_IFIFO 0010000u

VALUES(t_file, ONE(0), ONE(S_IFREG));
VALUES(t_socket, ONE(S_IFSOCK));
VALUES(t_pipe, ONE(S_IFIFO));
VALUES(t_device, ONE(S_IFCHR), ONE(S_IFBLK));
VALUES(t_known, ONE(0), ONE(S_IFREG), ONE(S_IFSOCK), ONE(S_IFIFO), ONE(S_IFCHR), ONE(S_IFBLK));

static const struct pap_need_row mknod_rows[] = {
    {IN(S_IFMT, t_file), ALWAYS, RIGHT0(R_CREATE | R_LOOKUP)},
    {IN(S_IFMT, t_socket), ALWAYS, RIGHT0(R_BIND | R_LOOKUP)},
    {IN(S_IFMT, t_pipe), ALWAYS, RIGHT0(R_MKFIFOAT)},
    {IN(S_IFMT, t_device), ALWAYS, RIGHT0(R_MKNODAT)},
    {NOT_IN(S_IFMT, t_known), ALWAYS, EVERYTHING},
};

const struct pap_need_row *pap_need_rows(enum pap_rights_rule rule, unsigned *count)
{
	static const struct {
		const struct pap_need_row *rows;
		unsigned count;
	} rules[] = {
	    [PAP_RR_FIXED] = {NULL, 0},
	    [PAP_RR_OPEN] = {open_rows, COUNT(open_rows)},
	    [PAP_RR_MMAP] = {mmap_rows, COUNT(mmap_rows)},
	    [PAP_RR_FCNTL] = {fcntl_rows, COUNT(fcntl_rows)},
	    [PAP_RR_IOCTL] = {ioctl_rows, COUNT(ioctl_rows)},
	    [PAP_RR_MKNOD] = {mknod_rows, COUNT(mknod_rows)},
	};

	*count = rules[rule].count;
	return rules[rule].rows;
}
