/* SPDX-License-Identifier: BSD-2-Clause */
/* Entering capability mode: everything that can fail first, then the wall, then the filter. */
#include "capsicum/enter.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "capsicum/session.h"
#include "capsicum/trace.h"
#include "capsicum/wall.h"
#include "kernel/raw.h"

#define READ_IMPLIES_EXEC 0x0400000

/* A core file is a file that the kernel writes under a name; 0 would still run a handler. */
static void no_core(void)
{
	struct rlimit core;

	if (getrlimit(RLIMIT_CORE, &core) == 0) {
		core.rlim_cur = core.rlim_cur < 1 ? core.rlim_cur : 1;
		core.rlim_max = core.rlim_max < 1 ? core.rlim_max : 1;
		(void)setrlimit(RLIMIT_CORE, &core);
	}
}

static int raise_wall(void *context)
{
	return pap_wall_enter(context);
}

static int install_mode(const struct pap_ledger *ledger, unsigned parts)
{
	struct pap_confine_spec confine;
	int rc = pap_confine_init(&confine, pap_arch_native(), parts);

	if (rc < 0)
		return rc;
	confine.traps = pap_trace_begin();
	/* Commands that were named for descriptors: the ledger is ours to read. */
	pap_confine_ledger(&confine, ledger, PAP_LEDGER_NAMED);
	pap_confine_finish(&confine, parts);
	rc = pap_session_install(&confine);
	pap_confine_free(&confine);
	return rc;
}

/* The bytes of our own ledger. Its size is not known: a mapping ends where the file does. */
static int map_own(struct pap_ledger *ledger, void **bytes, size_t *size)
{
	int fd = pap_session_ledger();
	off_t length = fd < 0 ? -1 : lseek(fd, 0, SEEK_END);

	if (length <= 0)
		return -EIO;
	*size = (size_t)length;
	*bytes = mmap(NULL, *size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (*bytes == MAP_FAILED)
		return -errno;
	return pap_ledger_view(ledger, *bytes, *size);
}

static int supervised(const struct pap_second_wall *wall, bool single)
{
	struct pap_ledger ledger;
	void *bytes;
	size_t size;
	int rc = map_own(&ledger, &bytes, &size);

	if (rc < 0)
		return rc;
	/* The supervisor knows first: it can only become stricter too early. */
	single = single || pap_session_single();
	rc = (int)pap_session_ask(PAP_CONTROL_ENTER, pap_wall_holds(wall, single), NULL);
	if (!rc)
		rc = pap_wall_enter(wall);
	if (!rc)
		rc = install_mode(&ledger, PAP_PART_MODE);
	munmap(bytes, size);
	return rc;
}

static int alone(const struct pap_second_wall *wall)
{
	struct pap_draft *draft = pap_session_alone();
	struct pap_ledger view = pap_draft_view(draft);
	int rc = pap_wall_enter(wall);

	if (!rc)
		rc = install_mode(&view, PAP_PART_MODE | PAP_PART_BASE | PAP_PART_ALONE);
	if (!rc)
		draft->head.flags |= PAP_LEDGER_ENTERED;
	return rc;
}

static int first(struct pap_second_wall *wall, bool single)
{
	static struct pap_draft draft;
	struct pap_engagement engagement = {.draft = &draft,
					    .parts = PAP_PART_MODE,
					    .single = single,
					    .before = raise_wall,
					    .context = wall};
	int rc = pap_session_draft(&draft);

	if (rc < 0)
		return rc;
	draft.head.flags =
	    PAP_LEDGER_ENTERED | (pap_wall_holds(wall, single) ? PAP_LEDGER_WALLED : 0);
	return pap_session_engage(&engagement);
}

int pap_enter_prepare(struct pap_second_wall *wall)
{
	int rc;

	if (pap_raw_call(PAP_SYS_personality, 0xffffffff, 0, 0, 0, 0, 0) & READ_IMPLIES_EXEC)
		return -EINVAL;
	rc = pap_wall_prepare(wall);
	/* No number is left for a ruleset: the filter alone, as OpenSSH's sandbox asks for. */
	if (rc == -EMFILE)
		wall->ruleset = -1;
	else if (rc < 0)
		return rc;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) {
		rc = -errno;
		pap_wall_free(wall);
		return rc;
	}
	no_core();
	return 0;
}

static int enter(int state)
{
	struct pap_second_wall wall = {.ruleset = -1};
	bool single = false;
	int rc = state || pap_session_alone() ? 0 : pap_session_check(&single);

	if (!rc)
		rc = pap_enter_prepare(&wall);
	if (!rc)
		rc = pap_session_alone() ? alone(&wall)
		     : state             ? supervised(&wall, single)
					 : first(&wall, single);
	pap_wall_free(&wall);
	return rc;
}

bool pap_capmode_entered(void)
{
	return pap_session_alone_entered() || (pap_session_state() & PAP_CONTROL_ENTERED);
}

int pap_capmode_enter(void)
{
	int rc = 0, state;

	pap_session_lock();
	state = pap_session_alone() ? 0 : pap_session_state();
	if (!(state & PAP_CONTROL_ENTERED) && !pap_session_alone_entered())
		rc = enter(state);
	pap_session_unlock();
	return rc;
}
