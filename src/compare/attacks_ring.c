/* SPDX-License-Identifier: BSD-2-Clause */
/* io_uring: the kernel does on a thread of its own what a filter never gets to see. */
#include <fcntl.h>
#include <linux/io_uring.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "compare/attack.h"

int pap_attack_ring(const struct pap_scene *scene);
int pap_attack_ring_write(const struct pap_scene *scene);

struct ring {
	int fd;
	char *queues; /* both in one mapping (5.4) */
	struct io_uring_sqe *entries;
	struct io_uring_params params;
};

static int make(struct ring *ring)
{
	size_t size;

	memset(&ring->params, 0, sizeof(ring->params));
	ring->fd = (int)syscall(PAP_NUMBER(io_uring_setup), 2, &ring->params);
	if (ring->fd < 0)
		return -1;
	size = ring->params.cq_off.cqes +
	       ring->params.cq_entries * sizeof(struct io_uring_cqe) + 4096;
	ring->queues = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE,
			    ring->fd, IORING_OFF_SQ_RING);
	ring->entries = mmap(NULL, ring->params.sq_entries * sizeof(struct io_uring_sqe),
			     PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring->fd,
			     IORING_OFF_SQES);
	return ring->queues == MAP_FAILED || ring->entries == MAP_FAILED ? -1 : 0;
}

static uint32_t *word(const struct ring *ring, uint32_t offset)
{
	return (uint32_t *)(void *)(ring->queues + offset);
}

/* Has one request done and returns its result. */
static int have_done(struct ring *ring, const struct io_uring_sqe *request)
{
	const struct io_sqring_offsets *sq = &ring->params.sq_off;
	const struct io_cqring_offsets *cq = &ring->params.cq_off;
	uint32_t tail = *word(ring, sq->tail), head = *word(ring, cq->head);
	struct io_uring_cqe done;

	ring->entries[0] = *request;
	word(ring, sq->array)[tail & *word(ring, sq->ring_mask)] = 0;
	__atomic_store_n(word(ring, sq->tail), tail + 1, __ATOMIC_RELEASE);
	if (syscall(PAP_NUMBER(io_uring_enter), ring->fd, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) < 0)
		return -1;
	if (__atomic_load_n(word(ring, cq->tail), __ATOMIC_ACQUIRE) == head)
		return -1;
	memcpy(&done,
	       ring->queues + cq->cqes + (head & *word(ring, cq->ring_mask)) * sizeof(done),
	       sizeof(done));
	__atomic_store_n(word(ring, cq->head), head + 1, __ATOMIC_RELEASE);
	return done.res;
}

int pap_attack_ring(const struct pap_scene *scene)
{
	struct io_uring_sqe request = {.opcode = IORING_OP_OPENAT, .fd = AT_FDCWD,
				       .open_flags = O_RDONLY};
	struct ring ring;

	request.addr = (uintptr_t)PAP_AT("outside/key");
	if (make(&ring) < 0)
		return -1;
	return pap_loot_descriptor(scene, have_done(&ring, &request));
}

int pap_attack_ring_write(const struct pap_scene *scene)
{
	struct io_uring_sqe request = {.opcode = IORING_OP_WRITE, .fd = PAP_FD_CAPTURE,
				       .addr = (uintptr_t)"X", .len = 1};
	struct ring ring;

	(void)scene;
	return make(&ring) < 0 ? -1 : have_done(&ring, &request) == 1 ? 0 : -1;
}
