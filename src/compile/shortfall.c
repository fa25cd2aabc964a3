/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a policy asks for and a kernel cannot enforce. A shortfall is raised only
 * when this very policy is weaker for it: a program that may make no socket does
 * not care whether ports can be told apart. Each is refused unless it is waived by
 * name, or only makes the sandbox stricter than asked for.
 */
#include "compile/parts.h"

#include <errno.h>
#include <string.h>

const struct pap_shortfall_info pap_shortfall_table[PAP_SHORT_COUNT] = {
    [PAP_SHORT_FILES] = {"files", "which files can be opened",
			 "every file of the user can be read, written and executed", "5.13", false},
    [PAP_SHORT_RENAME] = {"rename", "renaming between directories",
			  "moving or linking a file to another directory fails", "5.19", true},
    [PAP_SHORT_TCP_PORTS] = {"tcp-ports", "which TCP ports are used",
			     "once a program may use TCP, it can use every port", "6.7", false},
    [PAP_SHORT_UDP_PORTS] = {"udp-ports", "which UDP ports are used",
			     "once a program may use UDP, it can use every port", "7.2", false},
    [PAP_SHORT_DEVICE_IOCTL] = {"device-ioctl", "ioctl on devices granted for execution alone",
				"such a device answers the ioctl commands of the promises", "6.10",
				false},
    [PAP_SHORT_SIGNALS] = {"signals", "who can be sent signals",
			   "every process of the user can be signalled, unless it is hidden by "
			   "--pid-namespace",
			   "6.12", false},
    [PAP_SHORT_ABSTRACT] = {"abstract-sockets", "which abstract unix sockets are reached",
			    "with promise unix, services outside answer on abstract sockets, "
			    "unless cut off by --no-network",
			    "6.12", false},
    [PAP_SHORT_UNIX_PATHS] = {"unix-paths", "which unix sockets in the file system are reached",
			      "with promise unix, every socket file that the user may write to "
			      "can be connected to",
			      "7.1", false},
    [PAP_SHORT_SUPERVISOR] = {"supervisor", "answering calls one by one",
			      "mode, owner, times and attributes of files cannot be changed, and "
			      "denials are silent",
			      "5.6", true},
    [PAP_SHORT_SECCOMP] = {"seccomp", "which system calls are made", "nothing can be confined",
			   "3.17", false},
    [PAP_SHORT_PROCESSES] = {"processes", "the number of processes of root",
			     "a process limit does not bind root; run as another user", NULL,
			     false},
    [PAP_SHORT_NAMESPACES] = {"namespaces", "walls made of namespaces",
			      "--private-tmp, --no-network, --pid-namespace and --hide do nothing",
			      "3.8, where the system allows them to users", false},
};

/* ---- waivers ----------------------------------------------------------------------------- */

static int unknown_waiver(const struct pap_name *waiver, struct pap_error *err)
{
	const char *names[PAP_SHORT_COUNT + 1] = {0};
	const char *near;
	char shown[96];
	size_t length = strlen(waiver->name);

	for (size_t i = 0; i < PAP_SHORT_COUNT; i++)
		names[i] = pap_shortfall_table[i].name;
	pap_fail_at(err, -EINVAL, waiver->origin, "nothing named \"%s\" can be waived",
		    pap_escape(shown, sizeof(shown), waiver->name, length));
	near = pap_nearest(waiver->name, names);
	if (near)
		pap_hint(err, "did you mean \"%s\"?", near);
	else
		pap_hint(err, "`paprika check` lists what a kernel may lack");
	return -EINVAL;
}

int pap_shortfall_check_waivers(const struct pap_policy *policy, struct pap_error *err)
{
	for (size_t i = 0; i < policy->waivers.count; i++) {
		const struct pap_name *waiver = &policy->waivers.items[i];
		size_t id;

		for (id = 0; id < PAP_SHORT_COUNT; id++)
			if (!strcmp(waiver->name, pap_shortfall_table[id].name))
				break;
		if (id == PAP_SHORT_COUNT)
			return unknown_waiver(waiver, err);
		if (id != PAP_SHORT_SECCOMP)
			continue;
		pap_fail_at(err, -EINVAL, waiver->origin, "\"seccomp\" cannot be waived");
		pap_hint(err, "without it there is no sandbox at all");
		return -EINVAL;
	}
	return 0;
}

static bool is_waived(const struct pap_policy *policy, enum pap_shortfall_id id)
{
	for (size_t i = 0; i < policy->waivers.count; i++)
		if (!strcmp(policy->waivers.items[i].name, pap_shortfall_table[id].name))
			return true;
	return false;
}

/* ---- finding ----------------------------------------------------------------------------- */

static int raise(struct pap_plan *plan, enum pap_shortfall_id id, struct pap_origin origin)
{
	if (!PAP_LIST_GROW(&plan->shortfalls))
		return -ENOMEM;
	plan->shortfalls.items[plan->shortfalls.count++] = (struct pap_shortfall){
	    .id = id, .waived = is_waived(plan->policy, id), .origin = origin};
	return 0;
}

static struct pap_origin origin_of_promises(const struct pap_policy *policy)
{
	return policy->promises_given ? policy->promises_origin
				      : (struct pap_origin){.source = "default promises"};
}

/* The first grant with all bits of `with` and none of `without`; NULL: none. */
static const struct pap_file_grant *find_grant(const struct pap_policy *policy, unsigned with,
					       unsigned without)
{
	for (size_t i = 0; i < policy->files.count; i++) {
		const struct pap_file_grant *grant = &policy->files.items[i];

		if ((grant->access & with) == with && !(grant->access & without))
			return grant;
	}
	return NULL;
}

static int find_files(struct pap_plan *plan)
{
	unsigned abi = plan->options.features->landlock_abi;
	const struct pap_file_grant *grant;
	int rc = 0;

	if (!abi)
		rc = raise(plan, PAP_SHORT_FILES, origin_of_promises(plan->policy));
	grant = find_grant(plan->policy, PAP_ACCESS_WRITE, 0);
	if (!rc && abi == 1 && grant && (plan->promises & P(cpath)))
		rc = raise(plan, PAP_SHORT_RENAME, grant->origin);
	grant = find_grant(plan->policy, PAP_ACCESS_EXECUTE, PAP_ACCESS_READ | PAP_ACCESS_WRITE);
	if (!rc && abi && abi < 5 && grant)
		rc = raise(plan, PAP_SHORT_DEVICE_IOCTL, grant->origin);
	return rc;
}

/* Below ABI 4: is there a direction that neither needs confining nor is refused by the filter? */
static bool tcp_is_loose(const struct pap_net *net)
{
	bool connect = !net->any[PAP_NET_CONNECT][PAP_NET_TCP] && !net->refuse_connect;
	bool listen = !net->any[PAP_NET_LISTEN][PAP_NET_TCP] && !net->refuse_bind;

	return net->inet && (connect || listen);
}

static bool udp_is_used(const struct pap_net *net)
{
	return net->some[PAP_NET_CONNECT][PAP_NET_UDP] || net->some[PAP_NET_LISTEN][PAP_NET_UDP];
}

static struct pap_origin origin_of_ports(const struct pap_plan *plan, const struct pap_net *net,
					 enum pap_transport transport)
{
	if (net->some[PAP_NET_CONNECT][transport])
		return net->origin[PAP_NET_CONNECT][transport];
	if (net->some[PAP_NET_LISTEN][transport])
		return net->origin[PAP_NET_LISTEN][transport];
	return origin_of_promises(plan->policy);
}

static int find_network(struct pap_plan *plan, const struct pap_net *net)
{
	unsigned abi = plan->options.features->landlock_abi;
	bool cut_off = plan->policy->walls & PAP_WALL_NO_NETWORK;
	bool udp_free =
	    net->any[PAP_NET_CONNECT][PAP_NET_UDP] && net->any[PAP_NET_LISTEN][PAP_NET_UDP];
	int rc = 0;

	/* In a network namespace of its own a program has no peer but itself. */
	if (abi < 4 && tcp_is_loose(net) && !cut_off)
		rc = raise(plan, PAP_SHORT_TCP_PORTS, origin_of_ports(plan, net, PAP_NET_TCP));
	if (!rc && abi < 10 && net->inet && udp_is_used(net) && !udp_free && !cut_off)
		rc = raise(plan, PAP_SHORT_UDP_PORTS, origin_of_ports(plan, net, PAP_NET_UDP));
	if (!rc && abi < 6 && net->local && !cut_off)
		rc = raise(plan, PAP_SHORT_ABSTRACT, origin_of_promises(plan->policy));
	if (!rc && abi < 9 && net->local)
		rc = raise(plan, PAP_SHORT_UNIX_PATHS, origin_of_promises(plan->policy));
	return rc;
}

int pap_shortfall_find(struct pap_plan *plan, const struct pap_net *net)
{
	const struct pap_features *features = plan->options.features;
	const struct pap_policy *policy = plan->policy;
	const struct pap_limit_value *processes = &policy->limits[PAP_LIMIT_PROCESSES];
	int rc = 0;

	if (!features->seccomp_filter)
		rc = raise(plan, PAP_SHORT_SECCOMP, origin_of_promises(policy));
	if (!rc)
		rc = find_files(plan);
	if (!rc)
		rc = find_network(plan, net);
	if (!rc && features->landlock_abi < 6 && (plan->promises & P(proc)) &&
	    !(policy->walls & PAP_WALL_PID_NAMESPACE))
		rc = raise(plan, PAP_SHORT_SIGNALS, origin_of_promises(policy));
	if (!rc && !plan->options.supervisor)
		rc = raise(plan, PAP_SHORT_SUPERVISOR, origin_of_promises(policy));
	if (!rc && processes->set && plan->options.privileged)
		rc = raise(plan, PAP_SHORT_PROCESSES, processes->origin);
	if (!rc && !features->user_namespaces && !plan->options.privileged &&
	    (policy->walls || policy->hidden.count))
		rc = raise(plan, PAP_SHORT_NAMESPACES,
			   policy->walls ? policy->walls_origin : policy->hidden.items[0].origin);
	return rc;
}

/* ---- judging ----------------------------------------------------------------------------- */

static bool is_refused(const struct pap_shortfall *shortfall)
{
	return !pap_shortfall_table[shortfall->id].stricter && !shortfall->waived;
}

int pap_shortfall_judge(const struct pap_plan *plan, struct pap_error *err)
{
	struct pap_text list = {0}, flags = {0};
	const struct pap_shortfall *first = NULL;
	const char *label = plan->options.features->label;

	for (size_t i = 0; i < plan->shortfalls.count; i++) {
		const struct pap_shortfall *shortfall = &plan->shortfalls.items[i];
		const struct pap_shortfall_info *info = &pap_shortfall_table[shortfall->id];

		if (!is_refused(shortfall))
			continue;
		pap_text_printf(&list, "%s%s (%s%s%s)", first ? ", " : "", info->name, info->what,
				info->since ? ", from Linux " : "", info->since ? info->since : "");
		pap_text_printf(&flags, "%s--waive %s", first ? " " : "", info->name);
		if (!first)
			first = shortfall;
	}
	if (first) {
		pap_fail_at(err, -EOPNOTSUPP, first->origin, "%s%s cannot enforce: %s",
			    *label >= '0' && *label <= '9' ? "Linux " : "", label,
			    list.data ? list.data : "");
		if (first->id == PAP_SHORT_SECCOMP)
			pap_hint(err, "there is no sandbox without it");
		else
			pap_hint(err,
				 "%s would run it nevertheless; `paprika check` says what "
				 "that costs",
				 flags.data ? flags.data : "");
	}
	pap_text_free(&list);
	pap_text_free(&flags);
	return first ? -EOPNOTSUPP : 0;
}
