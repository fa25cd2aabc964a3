/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a scene looks like from outside. Access times are left out: reading is not changing.
 * So are messages, which a program may write.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/msg.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <termios.h>
#include <unistd.h>

#include "compare/scene.h"

static void contents(int parent, const char *name, const struct stat *st, struct pap_text *out)
{
	char buf[1024];
	ssize_t got = -1;
	int fd;

	if (S_ISLNK(st->st_mode)) {
		got = readlinkat(parent, name, buf, sizeof(buf));
	} else if (S_ISREG(st->st_mode)) {
		fd = openat(parent, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
		if (fd >= 0) {
			got = read(fd, buf, sizeof(buf));
			/* Somebody may sit on its lock. */
			pap_text_printf(out, " free=%d", flock(fd, LOCK_EX | LOCK_NB) == 0);
			pap_text_printf(out, " attributes=%d", fgetxattr(fd, "user.mark", NULL, 0) >= 0);
			close(fd);
		}
	}
	if (got > 0)
		pap_text_escape(out, buf, (size_t)got);
}

static void tree(int parent, const char *name, struct pap_text *out)
{
	struct dirent **list;
	struct stat st;
	int fd, count;

	if (fstatat(parent, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return;
	pap_text_printf(out, "%s %o %u:%u %lld %lld.%09ld %lld.%09ld ", name, st.st_mode, st.st_uid,
			st.st_gid, (long long)(S_ISDIR(st.st_mode) ? 0 : st.st_size),
			(long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec,
			(long long)st.st_ctim.tv_sec, st.st_ctim.tv_nsec);
	contents(parent, name, &st, out);
	pap_text_str(out, "\n");
	if (!S_ISDIR(st.st_mode))
		return;
	fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	count = fd < 0 ? -1 : scandirat(fd, ".", &list, NULL, alphasort);
	for (int i = 0; i < count; i++) {
		const char *entry = list[i]->d_name;

		if (strcmp(entry, ".") && strcmp(entry, "..") && strcmp(entry, "messages"))
			tree(fd, entry, out);
		free(list[i]);
	}
	if (count >= 0)
		free(list);
	if (fd >= 0)
		close(fd);
}

static void pending_signals(pid_t pid, struct pap_text *out)
{
	char line[256];
	FILE *status;

	snprintf(line, sizeof(line), "/proc/%d/status", (int)pid);
	status = fopen(line, "re");
	while (status && fgets(line, sizeof(line), status))
		if (!strncmp(line, "SigPnd", 6) || !strncmp(line, "ShdPnd", 6))
			pap_text_str(out, line);
	if (status)
		fclose(status);
}

static void victim(const struct pap_scene *scene, struct pap_text *out)
{
	void *where = (void *)(uintptr_t)PAP_VICTIM_ADDRESS;
	char memory[PAP_SCENE_SECRET] = "";
	struct iovec local = {memory, sizeof(memory)}, remote = {where, sizeof(memory)};
	siginfo_t info = {0};
	struct rlimit files = {0};
	cpu_set_t set;

	/* WNOWAIT: it is collected when the scene ends. */
	waitid(P_PID, (id_t)scene->victim, &info, WEXITED | WSTOPPED | WNOHANG | WNOWAIT);
	pap_text_printf(out, "victim ended=%d\n", info.si_pid != 0);
	pending_signals(scene->victim, out);
	prlimit(scene->victim, RLIMIT_NOFILE, NULL, &files);
	CPU_ZERO(&set);
	sched_getaffinity(scene->victim, sizeof(set), &set);
	process_vm_readv(scene->victim, &local, 1, &remote, 1, 0);
	pap_text_printf(out, "nice=%d files=%llu cpus=%d policy=%d memory=", //
			getpriority(PRIO_PROCESS, (id_t)scene->victim),
			(unsigned long long)files.rlim_cur, CPU_COUNT(&set),
			sched_getscheduler(scene->victim));
	pap_text_escape(out, memory, sizeof(memory));
	pap_text_str(out, "\n");
}

/* What arrived at a socket: bytes and connections. */
static void service(int fd, struct pap_text *out)
{
	unsigned count = 0;
	char buf[64];
	int peer;

	while ((peer = accept4(fd, NULL, NULL, SOCK_CLOEXEC)) >= 0 && ++count)
		close(peer);
	while (recv(fd, buf, sizeof(buf), MSG_DONTWAIT) >= 0 && count < 1000)
		count++;
	pap_text_printf(out, "service %u\n", count);
}

/* Data is the client's due; descriptors are not. */
static void client(int fd, struct pap_text *out)
{
	unsigned descriptors = 0;
	char byte[64], control[256];
	struct iovec data = {byte, sizeof(byte)};

	for (;;) {
		struct msghdr message = {.msg_iov = &data,
					 .msg_iovlen = 1,
					 .msg_control = control,
					 .msg_controllen = sizeof(control)};
		struct cmsghdr *header;

		if (recvmsg(fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC) <= 0)
			break;
		for (header = CMSG_FIRSTHDR(&message); header;
		     header = CMSG_NXTHDR(&message, header)) {
			int got;

			memcpy(&got, CMSG_DATA(header), sizeof(got));
			if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS)
				continue;
			close(got);
			descriptors++;
		}
	}
	pap_text_printf(out, "client descriptors=%u\n", descriptors);
}

static void terminal(const struct pap_scene *scene, struct pap_text *out)
{
	int slave = scene->held[PAP_FD_TERMINAL], waiting = 0;
	struct winsize size = {0};
	struct termios mode = {0};

	ioctl(slave, FIONREAD, &waiting);
	ioctl(slave, TIOCGWINSZ, &size);
	tcgetattr(slave, &mode);
	pap_text_printf(out, "terminal waiting=%d rows=%d flags=%x %x\n", waiting, size.ws_row,
			mode.c_lflag, mode.c_iflag);
}

void pap_scene_portrait(const struct pap_scene *scene, struct pap_text *out)
{
	struct msqid_ds queue = {0};

	tree(AT_FDCWD, scene->dir, out);
	victim(scene, out);
	for (unsigned i = 0; i < PAP_SERVICES; i++)
		service(scene->services[i], out);
	client(scene->client, out);
	terminal(scene, out);
	if (scene->queue >= 0 && msgctl(scene->queue, IPC_STAT, &queue) == 0)
		pap_text_printf(out, "queue %lu\n", (unsigned long)queue.msg_qnum);
	pap_text_printf(out, "report flags=%o client flags=%o\n",
			fcntl(scene->held[PAP_FD_REPORT], F_GETFL),
			fcntl(scene->held[PAP_FD_CLIENT], F_GETFL));
}
