/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From what was unveiled to Landlock rules. Rights of a rule hold for all that lies
 * beneath and cannot be taken away again, so a directory with something narrower in it
 * is not granted itself: what it holds now is, entry by entry, except for that.
 *
 * What cannot be expressed is refused or left out, never granted on something larger.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pledge/domain.h"
#include "pledge/veil.h"
#include "uapi/landlock.h"

enum { RULES_MAX = 10000 };

struct veil {
	int ruleset;
	uint64_t grantable; /* rights that this kernel has */
	uint64_t withheld;  /* rights that r, w and c do not give, because no promise does */
	unsigned rules;
};

#define ON_FILES                                                                                   \
	(PAP_LL_FS_EXECUTE | PAP_LL_FS_WRITE_FILE | PAP_LL_FS_READ_FILE | PAP_LL_FS_TRUNCATE |     \
	 PAP_LL_FS_IOCTL_DEV | PAP_LL_FS_RESOLVE_UNIX)

/* Devices answer ioctl(2) on OpenBSD whatever the letters; the kernel reads what it executes. */
static const struct {
	unsigned letter;
	uint64_t rights;
} meaning[] = {
    {PAP_LETTER_R, PAP_LL_FS_READ_FILE | PAP_LL_FS_READ_DIR | PAP_LL_FS_IOCTL_DEV},
    {PAP_LETTER_W,
     PAP_LL_FS_WRITE_FILE | PAP_LL_FS_TRUNCATE | PAP_LL_FS_IOCTL_DEV | PAP_LL_FS_RESOLVE_UNIX},
    {PAP_LETTER_X, PAP_LL_FS_EXECUTE | PAP_LL_FS_READ_FILE},
    {PAP_LETTER_C, PAP_LL_FS_MAKE_REG | PAP_LL_FS_MAKE_DIR | PAP_LL_FS_MAKE_SYM |
		       PAP_LL_FS_MAKE_FIFO | PAP_LL_FS_MAKE_SOCK | PAP_LL_FS_REMOVE_FILE |
		       PAP_LL_FS_REMOVE_DIR | PAP_LL_FS_REFER},
};

static int grant_rights(struct veil *veil, int fd, uint64_t rights)
{
	rights &= veil->grantable;
	if (++veil->rules > RULES_MAX)
		return -E2BIG;
	return pap_domain_add(veil->ruleset, fd, rights, rights & ON_FILES);
}

static int grant(struct veil *veil, int fd, unsigned letters)
{
	uint64_t rights = 0;

	for (size_t i = 0; i < sizeof(meaning) / sizeof(meaning[0]); i++) {
		uint64_t row = meaning[i].rights;

		if (meaning[i].letter != PAP_LETTER_X) /* which reads for the kernel's sake */
			row &= ~veil->withheld;
		if (letters & meaning[i].letter)
			rights |= row;
	}
	return grant_rights(veil, fd, rights);
}

/* ---- what lies beneath what -------------------------------------------------------------- */

/* Whether path is directory itself (0), beneath it (1), or neither (-1). */
static int beneath(const char *directory, const char *path)
{
	size_t length = strlen(directory);

	if (length == 1) /* "/" */
		return path[1] ? 1 : 0;
	if (strncmp(directory, path, length))
		return -1;
	return path[length] == '/' ? 1 : path[length] ? -1 : 0;
}

/* The same for what an entry stands for. */
static int entry_beneath(const char *directory, const struct pap_unveiled *entry)
{
	int place = beneath(directory, entry->directory);

	return entry->name && place >= 0 ? 1 : place;
}

static bool narrower_beneath(const char *directory, unsigned letters)
{
	for (size_t i = 0; i < pap_pledge.nveil; i++)
		if (entry_beneath(directory, &pap_pledge.veil[i]) == 1 &&
		    (letters & ~pap_pledge.veil[i].letters))
			return true;
	return false;
}

/* An entry for this very name decides about it itself. */
static bool has_entry(const char *directory, const char *name, const char *path)
{
	for (size_t i = 0; i < pap_pledge.nveil; i++) {
		const struct pap_unveiled *entry = &pap_pledge.veil[i];

		if (entry->name ? !strcmp(entry->name, name) && !strcmp(entry->directory, directory)
				: !strcmp(entry->directory, path))
			return true;
	}
	return false;
}

/* ---- directories ------------------------------------------------------------------------- */

static int expand(struct veil *veil, int fd, const char *path, unsigned letters);

static int expand_child(struct veil *veil, int fd, const char *path, const char *name,
			unsigned letters)
{
	char child[PATH_MAX];
	struct stat st;
	int rc, opened;
	int length = (int)strlen(path);

	if (length == 1)
		length = 0;
	if ((size_t)length + 1 + strlen(name) >= sizeof(child))
		return -ENAMETOOLONG;
	memcpy(child, path, (size_t)length);
	child[length] = '/';
	strcpy(child + length + 1, name);
	if (has_entry(path, name, child))
		return 0;
	opened = openat(fd, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (opened < 0) /* gone, or out of reach anyway */
		return errno == EMFILE || errno == ENFILE || errno == ENOMEM ? -errno : 0;
	rc = fstat(opened, &st) < 0 ? -errno : 0;
	if (!rc && S_ISDIR(st.st_mode) && narrower_beneath(child, letters))
		rc = expand(veil, opened, child, letters);
	else if (!rc && !S_ISLNK(st.st_mode))
		rc = grant(veil, opened, letters);
	close(opened);
	return rc;
}

/* fd may be a mere handle: it is opened again for reading. */
static int expand(struct veil *veil, int fd, const char *path, unsigned letters)
{
	int readable = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct dirent *entry;
	DIR *directory;
	int rc = 0;

	if (readable < 0)
		return -errno;
	directory = fdopendir(readable);
	if (!directory) {
		rc = -errno;
		close(readable);
		return rc;
	}
	for (;;) {
		errno = 0;
		entry = readdir(directory);
		if (!entry || rc < 0)
			break;
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			rc = expand_child(veil, fd, path, entry->d_name, letters);
	}
	if (!rc)
		rc = -errno;
	closedir(directory);
	return rc;
}

/* ---- entries ----------------------------------------------------------------------------- */

/* The very directory that was unveiled; -ESTALE when another, or none, has its place. */
static int open_directory(const struct pap_unveiled *entry)
{
	struct stat st;
	int fd = open(entry->directory, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR || errno == EACCES || errno == ELOOP
			   ? -ESTALE
			   : -errno;
	if (fstat(fd, &st) == 0 && st.st_dev == entry->device && st.st_ino == entry->inode)
		return fd;
	close(fd);
	return -ESTALE;
}

/* Whether the process may make a file at all. */
static bool may_create(void)
{
	const pap_promises needed = PAP_PROMISE_BIT(wpath) | PAP_PROMISE_BIT(cpath);

	return !pap_pledge.pledged || !(needed & ~pap_pledge.promises);
}

/*
 * A name that is not there yet: only a file that exists can be granted alone, so an
 * empty one is made where the letters say that the program was going to.
 */
static int open_named(int directory, const struct pap_unveiled *entry)
{
	const unsigned creating = PAP_LETTER_W | PAP_LETTER_C;
	int fd = openat(directory, entry->name, O_PATH | O_NOFOLLOW | O_CLOEXEC);

	if (fd >= 0 || errno != ENOENT || (creating & ~entry->letters) || !may_create())
		return fd;
	fd = openat(directory, entry->name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd < 0)
		return fd;
	close(fd);
	return openat(directory, entry->name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
}

static int grant_name(struct veil *veil, int directory, const struct pap_unveiled *entry)
{
	struct stat st;
	int rc = 0, fd;

	if (!entry->letters)
		return 0;
	fd = open_named(directory, entry);
	if (fd < 0)
		return errno == EMFILE || errno == ENFILE || errno == ENOMEM ? -errno : 0;
	/* It was no directory: one that is there now has nothing in it that was unveiled. */
	if (fstat(fd, &st) < 0)
		rc = -errno;
	else if (!S_ISLNK(st.st_mode) && !S_ISDIR(st.st_mode))
		rc = grant(veil, fd, entry->letters);
	close(fd);
	return rc;
}

/* Narrower than something above it: then its absence would leave it open elsewhere. */
static bool narrows(const struct pap_unveiled *entry)
{
	for (size_t i = 0; i < pap_pledge.nveil; i++) {
		const struct pap_unveiled *other = &pap_pledge.veil[i];

		if (!other->name && entry_beneath(other->directory, entry) == 1 &&
		    (other->letters & ~entry->letters))
			return true;
	}
	return false;
}

static int grant_entry(struct veil *veil, const struct pap_unveiled *entry)
{
	int fd = open_directory(entry), rc;

	if (fd < 0)
		return fd == -ESTALE && !narrows(entry) ? 0 : fd;
	if (entry->name)
		rc = grant_name(veil, fd, entry);
	else if (!entry->letters)
		rc = 0;
	else if (narrower_beneath(entry->directory, entry->letters))
		rc = expand(veil, fd, entry->directory, entry->letters);
	else
		rc = grant(veil, fd, entry->letters);
	close(fd);
	return rc;
}

/*
 * On OpenBSD the loader runs in a program that has no veil any more. Here it needs its
 * libraries, and the kernel needs the loader.
 */
static int grant_loading(struct veil *veil)
{
	static const struct {
		const char *path;
		uint64_t rights;
	} files[] = {
	    {"/lib64/ld-linux-x86-64.so.2", PAP_LL_FS_EXECUTE | PAP_LL_FS_READ_FILE},
	    {"/lib/ld-linux-aarch64.so.1", PAP_LL_FS_EXECUTE | PAP_LL_FS_READ_FILE},
	    {"/lib/ld-musl-x86_64.so.1", PAP_LL_FS_EXECUTE | PAP_LL_FS_READ_FILE},
	    {"/lib/ld-musl-aarch64.so.1", PAP_LL_FS_EXECUTE | PAP_LL_FS_READ_FILE},
	    {"/etc/ld.so.cache", PAP_LL_FS_READ_FILE},
	    {"/etc/ld.so.preload", PAP_LL_FS_READ_FILE},
	    {"/lib", PAP_LL_FS_READ_FILE},
	    {"/lib64", PAP_LL_FS_READ_FILE},
	    {"/usr/lib", PAP_LL_FS_READ_FILE},
	    {"/usr/lib64", PAP_LL_FS_READ_FILE},
	    {"/usr/local/lib", PAP_LL_FS_READ_FILE},
	};
	int rc = 0;

	for (size_t i = 0; !rc && i < sizeof(files) / sizeof(files[0]); i++) {
		char path[PATH_MAX];
		int fd;

		/* Something in it was to be hidden: then nothing of it is given by itself. */
		if (!realpath(files[i].path, path) || narrower_beneath(path, PAP_LETTER_R))
			continue;
		fd = open(path, O_PATH | O_CLOEXEC);
		if (fd < 0)
			continue;
		rc = grant_rights(veil, fd, files[i].rights);
		close(fd);
	}
	return rc;
}

int pap_veil_rules(int ruleset, unsigned abi, uint64_t withheld)
{
	struct veil veil = {
	    .ruleset = ruleset, .grantable = pap_landlock_fs(abi), .withheld = withheld};
	bool executes = false;
	int rc = 0;

	for (size_t i = 0; !rc && i < pap_pledge.nveil; i++) {
		executes |= pap_pledge.veil[i].letters & PAP_LETTER_X;
		rc = grant_entry(&veil, &pap_pledge.veil[i]);
	}
	return rc || !executes ? rc : grant_loading(&veil);
}
