/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * More with a descriptor than it is held for: the capture is to be read, the report to be
 * appended to, and both were handed over open for reading and writing.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "compare/attack.h"

static int scribble(int fd)
{
	return fd < 0 || pwrite(fd, "X", 1, 0) != 1 ? -1 : 0;
}

static int write_capture(const struct pap_scene *scene)
{
	(void)scene;
	return scribble(PAP_FD_CAPTURE);
}

static int write_capture_plainly(const struct pap_scene *scene)
{
	(void)scene;
	return write(PAP_FD_CAPTURE, "X", 1) == 1 ? 0 : -1;
}

static int write_by_vector(const struct pap_scene *scene)
{
	const struct iovec byte = {(void *)"X", 1};

	(void)scene;
	return pwritev(PAP_FD_CAPTURE, &byte, 1, 0) == 1 ? 0 : -1;
}

static int truncate_capture(const struct pap_scene *scene)
{
	(void)scene;
	return ftruncate(PAP_FD_CAPTURE, 0);
}

static int punch_capture(const struct pap_scene *scene)
{
	(void)scene;
	return fallocate(PAP_FD_CAPTURE, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 24);
}

static int send_into_capture(const struct pap_scene *scene)
{
	off_t from = 0;

	(void)scene;
	return sendfile(PAP_FD_CAPTURE, PAP_FD_FILE, &from, 2) > 0 ? 0 : -1;
}

static int copy_into_capture(const struct pap_scene *scene)
{
	off64_t from = 0, to = 0;

	(void)scene;
	return copy_file_range(PAP_FD_REPORT, &from, PAP_FD_CAPTURE, &to, 2, 0) > 0 ? 0 : -1;
}

static int splice_into_capture(const struct pap_scene *scene)
{
	int ends[2];
	off64_t to = 0;

	(void)scene;
	if (pipe(ends) < 0 || write(ends[1], "X", 1) != 1)
		return -1;
	return splice(ends[0], NULL, PAP_FD_CAPTURE, &to, 1, 0) == 1 ? 0 : -1;
}

static int map_for_writing(const struct pap_scene *scene)
{
	char *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, PAP_FD_CAPTURE, 0);

	(void)scene;
	if (memory == MAP_FAILED)
		return -1;
	memory[0] = 'X';
	return 0;
}

static int map_then_raise(const struct pap_scene *scene)
{
	char *memory = mmap(NULL, 4096, PROT_READ, MAP_SHARED, PAP_FD_CAPTURE, 0);

	(void)scene;
	if (memory == MAP_FAILED || mprotect(memory, 4096, PROT_READ | PROT_WRITE) < 0)
		return -1;
	memory[0] = 'X';
	return 0;
}

static int read_report(const struct pap_scene *scene)
{
	char buf[128];
	ssize_t got = pread(PAP_FD_REPORT, buf, sizeof(buf), 0);

	return got <= 0 ? -1 : pap_loot_bytes(scene, buf, (size_t)got);
}

static int seek_and_read_report(const struct pap_scene *scene)
{
	if (lseek(PAP_FD_REPORT, 0, SEEK_SET) != 0)
		return -1;
	return pap_loot_descriptor(scene, PAP_FD_REPORT);
}

static int map_report(const struct pap_scene *scene)
{
	char *memory = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, PAP_FD_REPORT, 0);

	return memory == MAP_FAILED ? -1 : pap_loot_bytes(scene, memory, 64);
}

static int rewrite_report(const struct pap_scene *scene)
{
	(void)scene;
	return scribble(PAP_FD_REPORT);
}

static int duplicate(const struct pap_scene *scene)
{
	(void)scene;
	return scribble(dup(PAP_FD_CAPTURE));
}

static int duplicate_by_command(const struct pap_scene *scene)
{
	(void)scene;
	return scribble(fcntl(PAP_FD_CAPTURE, F_DUPFD, 20));
}

static int duplicate_onto(const struct pap_scene *scene)
{
	(void)scene;
	/* Where writing is allowed. */
	if (dup2(PAP_FD_CAPTURE, PAP_FD_REPORT) < 0)
		return -1;
	return write(PAP_FD_REPORT, "X", 1) == 1 ? 0 : -1;
}

static int in_a_child(const struct pap_scene *scene)
{
	pid_t pid = fork();
	int result = 1;

	(void)scene;
	if (pid == 0)
		_exit(scribble(dup(PAP_FD_CAPTURE)) < 0);
	if (pid < 0 || waitpid(pid, &result, 0) != pid)
		return -1;
	errno = EPERM;
	return result ? -1 : 0;
}

static int by_message_to_itself(const struct pap_scene *scene)
{
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(int))];
	} control = {.header = {CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS}};
	const int number = PAP_FD_CAPTURE;
	struct iovec byte = {(char[]){'x'}, 1};
	struct msghdr message = {.msg_iov = &byte, .msg_iovlen = 1, .msg_control = &control,
				 .msg_controllen = sizeof(control)};
	int pair[2], got;

	(void)scene;
	memcpy(CMSG_DATA(&control.header), &number, sizeof(number));
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0 || sendmsg(pair[0], &message, 0) < 0 ||
	    recvmsg(pair[1], &message, 0) != 1 || !CMSG_FIRSTHDR(&message))
		return -1;
	memcpy(&got, CMSG_DATA(&control.header), sizeof(got));
	return scribble(got);
}

static int reopened(int fd)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return scribble(open(path, O_RDWR));
}

static int reopen_capture(const struct pap_scene *scene)
{
	(void)scene;
	return reopened(PAP_FD_CAPTURE);
}

static int reopen_forgotten(const struct pap_scene *scene)
{
	(void)scene;
	return reopened(PAP_FD_FILE);
}

static int asynchronously(const struct pap_scene *scene)
{
	struct iocb request = {.aio_lio_opcode = IOCB_CMD_PWRITE,
			       .aio_fildes = PAP_FD_CAPTURE,
			       .aio_buf = (uint64_t)(uintptr_t)"X",
			       .aio_nbytes = 1};
	struct iocb *requests[] = {&request};
	struct io_event done = {0};
	aio_context_t context = 0;

	(void)scene;
	if (syscall(PAP_NUMBER(io_setup), 1, &context) < 0 ||
	    syscall(PAP_NUMBER(io_submit), context, 1, requests) != 1 ||
	    syscall(PAP_NUMBER(io_getevents), context, 1, 1, &done, NULL) != 1)
		return -1;
	return done.res == 1 ? 0 : -1;
}

static int change_flags(const struct pap_scene *scene)
{
	(void)scene;
	/* The description is shared: its owner would block no more. */
	return fcntl(PAP_FD_REPORT, F_SETFL, O_NONBLOCK);
}

static int lock_capture(const struct pap_scene *scene)
{
	(void)scene;
	return flock(PAP_FD_CAPTURE, LOCK_EX | LOCK_NB);
}

static int read_client(const struct pap_scene *scene)
{
	char byte;

	(void)scene;
	return recv(PAP_FD_CLIENT, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 1 ? 0 : -1;
}

static int shut_client(const struct pap_scene *scene)
{
	(void)scene;
	return shutdown(PAP_FD_CLIENT, SHUT_RDWR);
}

#define RIGHT(id, words, proof, function)                                                          \
	{id, words, PAP_ABOUT_RIGHTS, proof, function}
#define CHANGES(id, words, function) RIGHT(id, words, PAP_PROOF_CHANGED, function)
#define READS(id, words, function) RIGHT(id, words, PAP_PROOF_SECRET, function)

const struct pap_attack pap_attacks_rights[] = {
    CHANGES("write-input", "write to the capture", write_capture_plainly),
    CHANGES("pwrite-input", "write to a place in it", write_capture),
    CHANGES("pwritev-input", "write to it from a vector", write_by_vector),
    CHANGES("truncate-input", "empty it", truncate_capture),
    CHANGES("punch-input", "punch a hole into it", punch_capture),
    CHANGES("sendfile-input", "send another file into it", send_into_capture),
    CHANGES("copy-input", "copy a range into it", copy_into_capture),
    CHANGES("splice-input", "splice a pipe into it", splice_into_capture),
    CHANGES("map-input", "map it for writing", map_for_writing),
    CHANGES("map-raise", "map it for reading, then raise the protection", map_then_raise),
    CHANGES("dup-input", "write to a duplicate", duplicate),
    CHANGES("dupfd-input", "write to a duplicate made by fcntl", duplicate_by_command),
    CHANGES("dup2-input", "put it where writing is allowed", duplicate_onto),
    CHANGES("fork-input", "write to a duplicate in a child", in_a_child),
    CHANGES("message-input", "write to what comes back from a message to itself",
	    by_message_to_itself),
    CHANGES("aio-input", "write to it asynchronously, its number in memory", asynchronously),
    CHANGES("reopen-input", "open it again by way of /proc/self/fd", reopen_capture),
    CHANGES("reopen-forgotten", "open a file for writing that is held for reading",
	    reopen_forgotten),
    CHANGES("rewrite-output", "change what the report said before", rewrite_report),
    READS("read-output", "read what the report said before", read_report),
    READS("seek-output", "the same by seeking", seek_and_read_report),
    READS("map-output", "the same by mapping it", map_report),
    CHANGES("flags-output", "change the flags that are shared with its owner", change_flags),
    CHANGES("lock-input", "lock others out of the capture", lock_capture),
    RIGHT("read-client", "read from a socket that is only to be written to", PAP_PROOF_SAID,
	  read_client),
    RIGHT("shut-client", "end the connection for its owner, too", PAP_PROOF_SAID, shut_client),
    {0},
};
