/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Calls whose descriptors sit in memory: waiting for events, and asynchronous input and
 * output. Where a number lacks EVENT, the answer is given at once, because such a call
 * never blocks. Otherwise the caller's own call goes on: who changes the memory in
 * between learns whether a descriptor is ready, and nothing more.
 */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/select.h>

#include "base/codes.h"
#include "warden/warden.h"

#define MOST 8192 /* entries, and bits of a set */

static bool lacks_event(const struct pap_request *request, int fd)
{
	struct pap_limits limits;

	pap_request_limits(request, fd, &limits);
	return !pap_rights_contain(limits.rights, pap_right_table[PAP_RIGHT_EVENT].bits);
}

/* Nearly always nobody lacks it, and no memory has to be looked at. */
static bool all_have_event(const struct pap_ledger *ledger)
{
	uint64_t event = pap_right_table[PAP_RIGHT_EVENT].bits.word[1];

	for (unsigned i = 0; i < ledger->head->nclasses; i++) {
		if (!(ledger->classes[i].word[1] & event))
			return false;
	}
	return true;
}

int64_t pap_on_poll(struct pap_request *request)
{
	static struct pollfd entries[MOST];
	uint64_t address = request->data.args[0];
	uint32_t count = (uint32_t)request->data.args[1];
	int64_t lacking = 0;

	if (all_have_event(request->ledger))
		return PAP_ANSWER_CONTINUE;
	if (count > MOST)
		return -EINVAL;
	if (pap_request_read(request, address, entries, count * sizeof(entries[0])) < 0)
		return -EFAULT;
	for (uint32_t i = 0; i < count; i++) {
		entries[i].revents = 0;
		if (entries[i].fd >= 0 && lacks_event(request, entries[i].fd)) {
			entries[i].revents = POLLNVAL;
			lacking++;
		}
	}
	if (!lacking)
		return PAP_ANSWER_CONTINUE;
	if (!pap_request_valid(request))
		return -EINTR;
	if (pap_request_write(request, address, entries, count * sizeof(entries[0])) < 0)
		return -EFAULT;
	return lacking;
}

int64_t pap_on_select(struct pap_request *request)
{
	unsigned long set[MOST / (8 * sizeof(unsigned long))];
	const size_t word = 8 * sizeof(unsigned long);
	int count = (int)request->data.args[0];
	size_t size = ((size_t)(count > 0 ? count : 0) + word - 1) / word * sizeof(unsigned long);

	if (all_have_event(request->ledger))
		return PAP_ANSWER_CONTINUE;
	if (count < 0 || count > MOST)
		return -EINVAL;
	for (unsigned i = 1; i <= 3; i++) {
		if (!request->data.args[i])
			continue;
		if (pap_request_read(request, request->data.args[i], set, size) < 0)
			return -EFAULT;
		for (int fd = 0; fd < count; fd++) {
			if (set[(size_t)fd / word] >> ((size_t)fd % word) & 1 &&
			    lacks_event(request, fd))
				return -PAP_ENOTCAPABLE;
		}
	}
	return PAP_ANSWER_CONTINUE;
}

/* ---- asynchronous input and output: only before entering
 * ------------------------------------------ */

struct control_block { /* struct iocb */
	uint64_t data;
	uint32_t key, rw_flags;
	uint16_t opcode;
	int16_t priority;
	uint32_t fd;
	uint64_t buffer, size;
	int64_t offset;
	uint64_t reserved;
	uint32_t flags, result_fd;
};

static bool block_permitted(const struct pap_request *request, const struct control_block *block)
{
	static const unsigned needed[] = {
	    [0] = PAP_RIGHT_PREAD,  [1] = PAP_RIGHT_PWRITE, [2] = PAP_RIGHT_FSYNC,
	    [3] = PAP_RIGHT_FSYNC,  [5] = PAP_RIGHT_EVENT,  [7] = PAP_RIGHT_PREAD,
	    [8] = PAP_RIGHT_PWRITE,
	};
	const uint32_t has_result_fd = 1;
	struct pap_limits limits;

	if ((block->flags & has_result_fd) &&
	    pap_request_limits(request, (int)block->result_fd, &limits) != PAP_CLASS_FULL &&
	    !pap_rights_contain(limits.rights, pap_right_table[PAP_RIGHT_WRITE].bits))
		return false;
	if (pap_request_limits(request, (int)block->fd, &limits) == PAP_CLASS_FULL)
		return true;
	return block->opcode < sizeof(needed) / sizeof(needed[0]) && needed[block->opcode] &&
	       pap_rights_contain(limits.rights, pap_right_table[needed[block->opcode]].bits);
}

int64_t pap_on_aio(struct pap_request *request)
{
	struct control_block block;
	uint64_t address;

	if (request->entered)
		return -PAP_ECAPMODE;
	for (int64_t i = 0; i < (int64_t)request->data.args[1] && i < MOST; i++) {
		if (pap_request_read(request, request->data.args[2] + (uint64_t)i * 8, &address,
				     8) < 0 ||
		    pap_request_read(request, address, &block, sizeof(block)) < 0)
			return PAP_ANSWER_CONTINUE; /* the kernel says which error that is */
		if (!block_permitted(request, &block))
			return -PAP_ENOTCAPABLE;
	}
	return PAP_ANSWER_CONTINUE;
}
