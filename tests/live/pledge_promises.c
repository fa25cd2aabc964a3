/* SPDX-License-Identifier: BSD-2-Clause */
/* Each promise: what it permits, and what happens without it. */
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/xattr.h>
#include <termios.h>
#include <time.h>

#include "pledge_case.h"

static char file[4096], other[4096];
static int file_fd = -1, terminal = -1;

static void prepare(void)
{
	const char *directory = test_directory();

	snprintf(file, sizeof(file), "%s/file", directory);
	snprintf(other, sizeof(other), "%s/other", directory);
	file_fd = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	REQUIRE(file_fd >= 0);
	CHECK_EQ(write(file_fd, "text", 4), 4);
	terminal = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	REQUIRE(terminal >= 0);
}

static int done(int result)
{
	return result < 0 ? errno : 0;
}

static int closed(int fd)
{
	return fd < 0 ? errno : done(close(fd));
}

/* ---- files ------------------------------------------------------------------------------- */

static int act_read(void)
{
	return closed(open(file, O_RDONLY));
}

static int act_stat(void)
{
	struct stat st;

	return done(stat(file, &st));
}

static int act_getcwd(void)
{
	char path[4096];

	return getcwd(path, sizeof(path)) ? 0 : errno;
}

static int act_write(void)
{
	return closed(open(file, O_WRONLY));
}

static int act_empty(void)
{
	return closed(open(file, O_RDONLY | O_TRUNC));
}

static int act_truncate(void)
{
	return done(truncate(file, 2));
}

static int act_create(void)
{
	int rc = closed(open(other, O_WRONLY | O_CREAT | O_EXCL, 0600));

	return rc ? rc : done(unlink(other));
}

static int act_directory(void)
{
	return mkdir(other, 0700) < 0 ? errno : done(rmdir(other));
}

static int act_rename(void)
{
	return rename(file, other) < 0 ? errno : done(rename(other, file));
}

static int act_fifo(void)
{
	return mkfifo(other, 0600) < 0 ? errno : 0;
}

static int act_chmod(void)
{
	return done(chmod(file, 0644));
}

static int act_fchmod(void)
{
	return done(fchmod(file_fd, 0644));
}

static int act_futimens(void)
{
	return done(futimens(file_fd, NULL));
}

static int act_chown(void)
{
	return done(chown(file, geteuid(), getegid()));
}

static int act_flock(void)
{
	return done(flock(file_fd, LOCK_SH));
}

static int act_record_lock(void)
{
	struct flock lock = {.l_type = F_RDLCK, .l_whence = SEEK_SET};

	return done(fcntl(file_fd, F_SETLK, &lock));
}

TEST(files, .leaves_fds = 2)
{
	static const struct pledge_row rows[] = {
	    {"read", act_read, "stdio rpath", "stdio", EACCES},
	    {"read", act_read, "stdio rpath", "stdio wpath cpath", EACCES},
	    {"stat", act_stat, "stdio rpath", "stdio", EACCES},
	    {"getcwd", act_getcwd, "stdio rpath", "stdio", EACCES},
	    {"write", act_write, "stdio wpath", "stdio rpath", DIES},
	    {"write", act_write, "stdio rpath wpath", "stdio", DIES},
	    {"empty", act_empty, "stdio rpath wpath", "stdio rpath", DIES},
	    {"truncate", act_truncate, "stdio rpath wpath", "stdio rpath", DIES},
	    {"create", act_create, "stdio wpath cpath", "stdio wpath", DIES},
	    {"create", act_create, "stdio wpath cpath", "stdio rpath wpath", DIES},
	    {"mkdir", act_directory, "stdio cpath", "stdio rpath wpath", DIES},
	    {"rename", act_rename, "stdio rpath cpath", "stdio rpath wpath", DIES},
	    {"chmod", act_chmod, "stdio rpath fattr", "stdio rpath wpath cpath", DIES},
	    {"fchmod", act_fchmod, "stdio fattr", "stdio rpath wpath cpath", DIES},
	    {"futimens", act_futimens, "stdio fattr", "stdio rpath wpath cpath", DIES},
	    {"chown", act_chown, "stdio rpath chown", "stdio rpath", EPERM},
	    {"flock", act_flock, "stdio flock", "stdio", DIES},
	    {"record lock", act_record_lock, "stdio flock", "stdio rpath", DIES},
	};

	prepare();
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		pledge_check(&rows[i]);
}

TEST(named_pipes, .leaves_fds = 2)
{
	prepare();
	CHECK_EQ(pledge_result("stdio cpath", act_fifo), DIES);
	CHECK_EQ(access(other, F_OK), -1);
	CHECK_EQ(pledge_result("stdio dpath", act_fifo), 0);
	CHECK_EQ(access(other, F_OK), 0);
}

/* ---- sockets ----------------------------------------------------------------------------- */

static int act_inet(void)
{
	return closed(socket(AF_INET, SOCK_STREAM, 0));
}

static int act_inet6(void)
{
	return closed(socket(AF_INET6, SOCK_DGRAM, 0));
}

static int act_unix(void)
{
	return closed(socket(AF_UNIX, SOCK_STREAM, 0));
}

static int act_netlink(void)
{
	return closed(socket(AF_NETLINK, SOCK_RAW, 0));
}

static int act_listen(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	return fd < 0 ? errno : done(listen(fd, 1));
}

static int act_unix_listen(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(address.sun_path + 1, sizeof(address.sun_path) - 1, "pledge-%d", (int)getpid());
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		return errno;
	return done(listen(fd, 1));
}

static int act_multicast(void)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0), ttl = 2;

	return fd < 0 ? errno
		      : done(setsockopt(fd, IPPROTO_IP, IP_MULTICAST_TTL, &ttl, sizeof(ttl)));
}

static int act_traffic_kind(void)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0), tos = 8;

	return fd < 0 ? errno : done(setsockopt(fd, IPPROTO_IP, IP_TOS, &tos, sizeof(tos)));
}

TEST(sockets)
{
	static const struct pledge_row rows[] = {
	    {"inet", act_inet, "stdio inet", "stdio", DIES},
	    {"inet", act_inet, "stdio dns", "stdio unix", DIES},
	    {"inet6", act_inet6, "stdio inet", "stdio rpath", DIES},
	    {"unix", act_unix, "stdio unix", "stdio", EAFNOSUPPORT},
	    {"unix", act_unix, "stdio unix", "stdio inet", EAFNOSUPPORT},
	    {"netlink", act_netlink, "stdio route", "stdio inet", EAFNOSUPPORT},
	    {"listen", act_listen, "stdio inet", "stdio dns", DIES},
	    {"local listen", act_unix_listen, "stdio unix", "stdio inet", EAFNOSUPPORT},
	    {"multicast", act_multicast, "stdio inet mcast", "stdio inet", ENOPROTOOPT},
	    {"traffic", act_traffic_kind, "stdio inet", "stdio", DIES},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		pledge_check(&rows[i]);
}

/* ---- processes --------------------------------------------------------------------------- */

static int act_fork(void)
{
	pid_t child = fork();

	if (!child)
		_exit(0);
	return child < 0 ? errno : done(waitpid(child, NULL, 0));
}

static int act_signal_parent(void)
{
	return done(kill(getppid(), 0));
}

static int act_signal_self(void)
{
	return done(kill(getpid(), 0));
}

static int act_exec(void)
{
	char *const arguments[] = {(char[]){"true"}, NULL};

	execv("/bin/true", arguments);
	return errno;
}

static int act_executable_memory(void)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return page == MAP_FAILED ? errno : 0;
}

static int act_user(void)
{
	return done(setuid(getuid()));
}

static int act_clock(void)
{
	struct timespec time = {0, 0};

	/* one that nobody can set */
	return clock_settime(CLOCK_MONOTONIC, &time) < 0 && errno == EINVAL ? 0 : errno;
}

static int act_terminal(void)
{
	struct termios attributes;

	return tcgetattr(terminal, &attributes) < 0
		   ? errno
		   : done(tcsetattr(terminal, TCSANOW, &attributes));
}

static int act_unveil(void)
{
	return done(unveil("/", "r"));
}

TEST(processes, .leaves_fds = 2)
{
	static const struct pledge_row rows[] = {
	    {"fork", act_fork, "stdio proc", "stdio", DIES},
	    {"signal to the parent", act_signal_parent, "stdio proc", "stdio", DIES},
	    {"signal to itself", act_signal_self, "stdio", "", DIES},
	    {"exec", act_exec, "stdio rpath exec", "stdio rpath", DIES},
	    {"executable memory", act_executable_memory, "stdio prot_exec", "stdio", EACCES},
	    {"user", act_user, "stdio id", "stdio", DIES},
	    {"clock", act_clock, "stdio settime", "stdio", DIES},
	    {"terminal", act_terminal, "stdio tty", "stdio", ENOTTY},
	};
	/* What needs Landlock: there is no unveil without it, and no loader without rpath. */
	static const struct pledge_row by_landlock[] = {
	    {"exec", act_exec, "stdio exec", "stdio proc", DIES},
	    {"unveil", act_unveil, "stdio rpath unveil", "stdio rpath", DIES},
	};
	bool lacking = test_kernel_lacks("files");

	prepare();
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		pledge_check(&rows[i]);
	for (size_t i = 0; !lacking && i < sizeof(by_landlock) / sizeof(by_landlock[0]); i++)
		pledge_check(&by_landlock[i]);
	if (lacking) {
		CHECK_EQ(pledge_result("stdio rpath unveil", act_unveil), ENOSYS);
		CHECK_EQ(pledge_result("stdio exec", act_exec), 127);
	}
}

/* ---- under "" and "error" ---------------------------------------------------------------- */

static int act_nothing(void)
{
	return 0;
}

static int act_time(void)
{
	struct timespec time;

	return done(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time));
}

TEST(an_empty_set_only_ends)
{
	CHECK_EQ(pledge_result("", act_nothing), 0);
	CHECK_EQ(pledge_result("stdio", act_time), 0);
	CHECK_EQ(pledge_result("", act_time), DIES);
}

static int act_many_errors(void)
{
	return socket(AF_INET, SOCK_STREAM, 0) == -1 && errno == ENOSYS && fork() == -1 &&
	       errno == ENOSYS && open(file, O_WRONLY) == -1 && errno == ENOSYS ? 0 : 1;
}

TEST(error_makes_violations_fail, .leaves_fds = 2)
{
	prepare();
	CHECK_EQ(pledge_result(NULL, act_inet), 0);
	CHECK_EQ(pledge_result("stdio", act_inet), DIES);
	CHECK_EQ(pledge_result("stdio error", act_inet), ENOSYS);
	CHECK_EQ(pledge_result("stdio error", act_many_errors), 0);
	CHECK_EQ(pledge_result("stdio error", act_unveil), ENOSYS);
}

/* ---- files that promises bring along ------------------------------------------------------ */

static int act_null(void)
{
	return closed(open("/dev/null", O_RDWR));
}

static int act_zone(void)
{
	return closed(open("/usr/share/zoneinfo/UTC", O_RDONLY));
}

static int act_passwd(void)
{
	return closed(open("/etc/passwd", O_RDONLY));
}

static int act_hosts(void)
{
	return closed(open("/etc/hosts", O_RDONLY));
}

static int act_meminfo(void)
{
	return closed(open("/proc/meminfo", O_RDONLY));
}

static int act_device(void)
{
	return closed(open("/dev/ptmx", O_RDWR | O_NOCTTY));
}

/* Without Landlock a promise would bring every file along: it brings none. */
static void files_come_along_or_are_refused(void)
{
	if (!test_kernel_lacks("files"))
		return;
	CHECK_EQ(pledge_result(NULL, act_passwd), 0);
	CHECK_EQ(pledge_result("stdio getpw", act_passwd), EACCES);
	CHECK_EQ(pledge_result(NULL, act_hosts), 0);
	CHECK_EQ(pledge_result("stdio dns", act_hosts), EACCES);
	SKIP("refused: this kernel cannot enforce files");
}

TEST(promises_bring_files_along)
{
	static const struct pledge_row rows[] = {
	    {"null", act_null, "stdio", "", DIES},
	    {"null", act_null, "stdio rpath", "proc", DIES},
	    {"passwd", act_passwd, "stdio getpw", "stdio", EACCES},
	    {"hosts", act_hosts, "stdio dns", "stdio getpw", EACCES},
	    {"meminfo", act_meminfo, "stdio vminfo", "stdio", EACCES},
	    {"another device", act_device, "stdio rpath wpath", "stdio rpath", EACCES},
	};

	files_come_along_or_are_refused();
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		pledge_check(&rows[i]);
	if (access("/usr/share/zoneinfo/UTC", R_OK) == 0)
		CHECK_EQ(pledge_result("stdio", act_zone), 0);
}

static int act_temporary(void)
{
	char name[] = "/tmp/pledge-XXXXXX";
	int fd = mkstemp(name);

	if (fd < 0)
		return errno;
	if (write(fd, "x", 1) != 1 || close(fd) < 0 || (fd = open(name, O_RDWR | O_TRUNC)) < 0)
		return errno;
	return done(unlink(name));
}

static int act_elsewhere(void)
{
	return closed(open("/var/tmp/pledge-file", O_WRONLY | O_CREAT, 0600));
}

static int act_remove_elsewhere(void)
{
	return done(unlink("/var/tmp/pledge-file"));
}

TEST(temporary_files)
{
	/* Where Landlock cannot govern truncating, the promise permits nothing (pledge(3)). */
	bool nothing = test_kernel_lacks("truncate");
	int made = nothing ? DIES : 0, refused = nothing ? DIES : EACCES;

	CHECK_EQ(pledge_result(NULL, act_temporary), 0);
	CHECK_EQ(pledge_result("stdio", act_temporary), DIES);
	CHECK_EQ(pledge_result("stdio tmppath", act_temporary), made);
	CHECK_EQ(pledge_result("stdio rpath tmppath", act_temporary), made);
	CHECK_EQ(pledge_result("stdio rpath wpath cpath tmppath", act_temporary), 0);
	CHECK_EQ(pledge_result("stdio tmppath", act_elsewhere), refused);
	CHECK_EQ(access("/var/tmp/pledge-file", F_OK), -1);
	CHECK_EQ(pledge_result(NULL, act_elsewhere), 0);
	CHECK_EQ(pledge_result("stdio rpath tmppath", act_remove_elsewhere), refused);
	CHECK_EQ(pledge_result("stdio rpath wpath cpath tmppath", act_remove_elsewhere), 0);
	CHECK_EQ(pledge_result("stdio rpath tmppath", act_directory), DIES);
}

static int act_narrower_files(void)
{
	int rc = act_hosts();

	return rc ? rc : pledge("stdio", NULL) < 0 ? 1 : act_hosts();
}

/* What a promise brought goes with it. */
TEST(files_go_with_their_promise)
{
	files_come_along_or_are_refused();
	CHECK_EQ(pledge_result("stdio dns", act_hosts), 0);
	CHECK_EQ(pledge_result("stdio dns", act_narrower_files), EACCES);
}
