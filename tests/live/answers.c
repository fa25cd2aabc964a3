/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Asks for metadata changes in every way that can go right or wrong, on its own
 * files in the working directory, and prints what the answers were and how the files
 * look afterwards. Run bare it says what the kernel does; run confined, where the
 * launcher performs these calls, it must say the same.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/xattr.h>
#include <unistd.h>
#include <utime.h>

static void look(const char *name)
{
	struct stat st;
	char value[64];
	ssize_t length = lgetxattr(name, "user.test", value, sizeof(value));

	if (lstat(name, &st) < 0) {
		printf("  %s: errno %d\n", name, errno);
		return;
	}
	printf("  %s: mode %o group %u size %lld times %lld.%09ld %lld.%09ld attribute %zd\n", name,
	       st.st_mode, st.st_gid, (long long)st.st_size, (long long)st.st_atim.tv_sec,
	       st.st_atim.tv_nsec, (long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec, length);
}

#define ASK(call)                                                                                  \
	do {                                                                                       \
		long rc_;                                                                          \
                                                                                                   \
		errno = 0;                                                                         \
		rc_ = (long)(call);                                                                \
		printf("%s = %ld errno %d\n", #call, rc_, rc_ < 0 ? errno : 0);                    \
	} while (0)

static const struct timespec then[2] = {{1000000000, 123456789}, {1100000000, 987654321}};
static const struct timespec omit[2] = {{0, UTIME_OMIT}, {1200000000, 1}};
static const struct timespec wrong[2] = {{0, 2000000000}, {0, 0}};
static const struct timeval micro[2] = {{1000000001, 5}, {1100000001, 6}};
static const struct timeval wrong_micro[2] = {{0, 1000000}, {0, 0}};
static const struct utimbuf whole = {1000000002, 1100000002};

/* Not known to the compiler, which would warn of them. */
static void *volatile bad = (void *)8, *volatile nothing;
static char *end_of_memory; /* of the last mapped byte: what follows is not there */

static void make_files(void)
{
	char *memory = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	munmap(memory + 4096, 4096);
	memset(memory, 'x', 4096);
	end_of_memory = memory + 4096;
	close(open("file", O_CREAT | O_WRONLY, 0644));
	if (mkdir("dir", 0755) < 0 || mkfifo("pipe", 0644) < 0 || symlink("file", "link") < 0 ||
	    symlink("nowhere", "dangling") < 0 || symlink("loop", "loop") < 0)
		exit(1);
	close(open("dir/below", O_CREAT | O_WRONLY, 0644));
}

static void modes(void)
{
	int file = open("file", O_RDWR), reading = open("file", O_RDONLY), handle = open("file", O_PATH);
	int dir = open("dir", O_RDONLY | O_DIRECTORY), hole = dup(file);
	char *fits = end_of_memory - 5;

	close(hole);
	memcpy(fits, "file", 5);
	ASK(chmod("file", 0600));
	look("file");
	ASK(chmod("link", 0640));
	ASK(chmod("./dir/../file", 01644));
	look("file");
	ASK(chmod(fits, 0604));
	ASK(chmod(fits + 5, 0600));
	end_of_memory[-1] = 'x'; /* not terminated */
	ASK(chmod(end_of_memory - 1, 0600));
	ASK(chmod(end_of_memory - 4096, 0600));
	ASK(chmod(bad, 0600));
	ASK(chmod((char *)-8, 0600));
	ASK(chmod(nothing, 0600));
	ASK(chmod("", 0600));
	ASK(chmod("nowhere", 0600));
	ASK(chmod("dangling", 0600));
	ASK(chmod("loop", 0600));
	ASK(chmod("file/below", 0600));
	ASK(chmod("file/", 0600));
	ASK(chmod("dir/", 0750));
	ASK(chmod("dir/.", 0755));
	ASK(chmod("pipe", 0600));
	ASK(syscall(SYS_chmod, "file", 0xffff0000006a4ul & ~06000ul));
	ASK(fchmod(file, 0611));
	ASK(fchmod(reading, 0612));
	ASK(fchmod(handle, 0613));
	ASK(fchmod(dir, 0751));
	ASK(fchmod(hole, 0600));
	ASK(fchmod(-1, 0600));
	ASK(fchmod(AT_FDCWD, 0600));
	ASK(syscall(SYS_fchmod, 0x700000000ul + (unsigned)file, 0614));
	ASK(syscall(SYS_fchmodat, AT_FDCWD, "file", 0600));
	ASK(syscall(SYS_fchmodat, dir, "below", 0600));
	ASK(syscall(SYS_fchmodat, 0xabc00000000ul + (unsigned)dir, "below", 0601));
	ASK(syscall(SYS_fchmodat, file, "below", 0600));
	ASK(syscall(SYS_fchmodat, hole, "below", 0600));
	ASK(syscall(SYS_fchmodat, hole, "/nowhere/at/all", 0600));
	ASK(syscall(SYS_fchmodat, dir, "", 0600));
	ASK(syscall(452, AT_FDCWD, "file", 0602, 0));
	ASK(syscall(452, AT_FDCWD, "link", 0602, AT_SYMLINK_NOFOLLOW));
	ASK(syscall(452, handle, "", 0603, AT_EMPTY_PATH));
	ASK(syscall(452, AT_FDCWD, "file", 0602, 0x40000000));
	ASK(syscall(452, dir, "", 0600, 0));
	look("file");
	look("dir");
	look("dir/below");
	look("link");
	ASK(close(file) | close(reading) | close(handle) | close(dir));
}

static void long_names(void)
{
	static char name[PATH_MAX + 10];

	memset(name, '/', sizeof(name) - 1);
	memcpy(name, "./", 2);
	memcpy(name + PATH_MAX - 6, "/file", 6);
	ASK(chmod(name + 1, 0600) | (long)strlen(name + 1));
	ASK(chmod(name, 0640));
	look("file");
	memset(name, 'n', sizeof(name) - 1);
	ASK(chmod(name, 0600));
	name[256] = '\0';
	ASK(chmod(name, 0600));
}

static void owners(void)
{
	int file = open("file", O_RDWR), handle = open("link", O_PATH | O_NOFOLLOW);

	ASK(chown("file", (uid_t)-1, getgid()));
	ASK(chown("nowhere", (uid_t)-1, getgid()));
	ASK(chown("dangling", (uid_t)-1, getgid()));
	ASK(lchown("dangling", (uid_t)-1, getgid()));
	ASK(lchown("link", (uid_t)-1, getgid()));
	ASK(fchown(file, (uid_t)-1, (gid_t)-1));
	ASK(fchown(999, (uid_t)-1, getgid()));
	ASK(fchownat(AT_FDCWD, "link", (uid_t)-1, getgid(), AT_SYMLINK_NOFOLLOW));
	ASK(fchownat(handle, "", (uid_t)-1, getgid(), AT_EMPTY_PATH));
	ASK(fchownat(handle, "", (uid_t)-1, getgid(), 0));
	ASK(fchownat(AT_FDCWD, "file", (uid_t)-1, getgid(), 0x40000));
	ASK(close(file) | close(handle));
}

static void times(void)
{
	int file = open("file", O_RDWR), handle = open("file", O_PATH);

	ASK(utimensat(AT_FDCWD, "file", then, 0));
	look("file");
	ASK(utimensat(AT_FDCWD, "file", omit, 0));
	look("file");
	ASK(utimensat(AT_FDCWD, "link", then, AT_SYMLINK_NOFOLLOW));
	look("link");
	ASK(utimensat(AT_FDCWD, "file", wrong, 0));
	ASK(utimensat(AT_FDCWD, "file", bad, 0));
	ASK(utimensat(AT_FDCWD, "file", then, 0x8000));
	ASK(utimensat(AT_FDCWD, "nowhere", NULL, 0));
	ASK(utimensat(handle, "", omit, AT_EMPTY_PATH));
	ASK(futimens(file, then));
	ASK(futimens(file, NULL));
	ASK(futimens(999, then));
	ASK(syscall(SYS_utimensat, AT_FDCWD, NULL, then, 0));
#ifdef SYS_utimes
	ASK(syscall(SYS_utimes, "file", micro));
	look("file");
	ASK(syscall(SYS_utimes, "file", wrong_micro));
	ASK(syscall(SYS_utimes, "file", bad));
	ASK(syscall(SYS_utime, "file", &whole));
	look("file");
	ASK(syscall(SYS_utime, "file", bad));
#endif
#ifdef SYS_futimesat
	ASK(syscall(SYS_futimesat, AT_FDCWD, "link", micro));
	ASK(syscall(SYS_futimesat, AT_FDCWD, "file", wrong_micro));
	ASK(syscall(SYS_futimesat, file, NULL, micro));
	ASK(syscall(SYS_futimesat, 999, NULL, micro));
#endif
	look("file");
	ASK(close(file) | close(handle));
}

static void attributes(void)
{
	static char large[70000], name[300];
	int file = open("file", O_RDWR);

	memset(name, 'n', sizeof(name) - 1);
	memcpy(name, "user.", 5);
	ASK(setxattr("file", "user.test", "value", 5, 0));
	look("file");
	ASK(setxattr("file", "user.test", "value", 5, XATTR_CREATE));
	ASK(setxattr("file", "user.other", "value", 5, XATTR_REPLACE));
	ASK(setxattr("file", "user.test", "", 0, 0));
	ASK(setxattr("file", "user.test", NULL, 0, 0));
	ASK(setxattr("file", "user.test", bad, 5, 0));
	ASK(setxattr("file", "user.test", large, sizeof(large), 0));
	ASK(setxattr("file", "user.test", "v", 1, 77));
	ASK(setxattr("file", "", "v", 1, 0));
	ASK(setxattr("file", name, "v", 1, 0));
	ASK(setxattr("file", bad, "v", 1, 0));
	ASK(setxattr("file", "nonsense", "v", 1, 0));
	ASK(setxattr("nowhere", "user.test", "v", 1, 0));
	ASK(lsetxattr("file", "user.test", "four", 4, 0));
	ASK(fsetxattr(file, "user.test", "seventh", 7, 0));
	ASK(fsetxattr(999, "user.test", "v", 1, 0));
	look("file");
	ASK(removexattr("file", "user.absent"));
	ASK(removexattr("file", "user.test"));
	ASK(fremovexattr(file, "user.test"));
	ASK(lremovexattr("file", "user.test"));
	ASK(lremovexattr("nowhere", "user.test"));
	look("file");
	ASK(close(file));
}

/* Descriptors under the names that C libraries give them. */
static void descriptors_by_name(void)
{
	char path[64];
	int file = open("file", O_RDWR), memory = memfd_create("memory", 0);

	dup2(file, 50);
	dup2(memory, 51);
	ASK(chmod("/proc/self/fd/50", 0604));
	snprintf(path, sizeof(path), "/proc/%d/fd/50", (int)getpid());
	ASK(chmod(path, 0605));
	ASK(chmod("/dev/fd/50", 0606));
	look("file");
	ASK(fchmod(51, 0600));
	ASK(chmod("/proc/self/fd/77", 0604));
	unlink("file");
	ASK(fchmod(50, 0600));
	ASK(futimens(50, then));
	ASK(chmod("file", 0600));
	close(open("file", O_CREAT | O_WRONLY, 0644));
	ASK(close(file) | close(memory) | close(50) | close(51));
}

int main(void)
{
	setvbuf(stdout, NULL, _IOFBF, 1 << 16);
	umask(022);
	make_files();
	modes();
	long_names();
	owners();
	times();
	attributes();
	descriptors_by_name();
	return 0;
}
