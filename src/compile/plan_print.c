/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A plan in words, for --dry-run: every grant, where it comes from and what the
 * kernel will be told. Paths and names are hostile and therefore escaped. Not for
 * programs: the layout may change.
 */
#include "compile/parts.h"

#include <string.h>

static void escaped(struct pap_text *out, const char *string)
{
	pap_text_escape(out, string, strlen(string));
}

/* " [net.policy:7]"; the sources of flags quote what was typed, so they are escaped already. */
static void origin(struct pap_text *out, struct pap_origin from)
{
	if (from.source && from.line)
		pap_text_printf(out, "  [%s:%u]", from.source, from.line);
	else if (from.source)
		pap_text_printf(out, "  [%s]", from.source);
	pap_text_str(out, "\n");
}

static void rights(struct pap_text *out, char kind, uint64_t mask)
{
	pap_text_str(out, "      Landlock: ");
	pap_landlock_names(kind, mask, out);
}

static const char *waived_or_not(const struct pap_plan *plan, enum pap_shortfall_id id)
{
	for (size_t i = 0; i < plan->shortfalls.count; i++)
		if (plan->shortfalls.items[i].id == id)
			return "not enforced (see shortfalls)";
	return "nothing: the filter refuses what would need it";
}

/* ---- head -------------------------------------------------------------------------------- */

static void print_head(const struct pap_plan *plan, struct pap_text *out)
{
	const struct pap_features *features = plan->options.features;
	const char *label = features->label;
	bool version = *label >= '0' && *label <= '9';

	pap_text_printf(out, "kernel: %s%s, %s, ", version ? "Linux " : "", label,
			pap_arch_name(features->arch));
	if (features->landlock_abi)
		pap_text_printf(out, "Landlock ABI %u\n", features->landlock_abi);
	else
		pap_text_str(out, "no Landlock\n");
	pap_text_str(out, "promises:");
	for (unsigned id = 0; id < PAP_NPROMISES; id++)
		if (plan->promises & ((pap_promises)1 << id))
			pap_text_printf(out, " %s", pap_promise_table[id].name);
	if (!plan->promises)
		pap_text_str(out, " none");
	origin(out, plan->policy->promises_given ? plan->policy->promises_origin
						 : (struct pap_origin){.source = "default"});
}

/* ---- files ------------------------------------------------------------------------------- */

static void print_path(const struct pap_plan *plan, const struct pap_path_rule *rule,
		       struct pap_text *out)
{
	bool metadata =
	    (rule->access & PAP_ACCESS_WRITE) && (plan->promises & (P(fattr) | P(chown)));
	bool writes = (rule->access & PAP_ACCESS_WRITE) || (rule->file & PAP_LL_FS_WRITE_FILE);

	pap_text_printf(out, "  %s%s%s ", rule->access & PAP_ACCESS_READ ? "r" : "-",
			writes ? "w" : "-", rule->access & PAP_ACCESS_EXECUTE ? "x" : "-");
	escaped(out, rule->path);
	if (rule->optional)
		pap_text_str(out, "  (if it exists)");
	origin(out, rule->origin);
	if (rule->directory) {
		uint64_t more = rule->directory & ~rule->file;

		rights(out, 'f', rule->file);
		if (more) {
			pap_text_str(out,
				     rule->file ? "; on a directory also " : "on a directory ");
			pap_landlock_names('f', more, out);
		}
		pap_text_str(out, "\n");
	} else if (plan->options.features->landlock_abi) {
		pap_text_str(out, "      nothing: no promise uses it\n");
	}
	if (metadata && pap_writes_everywhere(plan->policy))
		pap_text_str(out, "      filter: mode, owner, times, attributes\n");
	else if (metadata && plan->options.supervisor)
		pap_text_str(out, "      supervisor: mode, owner, times, attributes\n");
}

static void print_files(const struct pap_plan *plan, struct pap_text *out)
{
	const struct pap_landlock_set *set = &plan->landlock;

	pap_text_str(out, "\nfiles\n");
	for (size_t i = 0; i < set->paths.count; i++)
		print_path(plan, &set->paths.items[i], out);
	for (size_t i = 0; i < plan->policy->hidden.count; i++) {
		pap_text_str(out, "  hidden ");
		escaped(out, plan->policy->hidden.items[i].name);
		origin(out, plan->policy->hidden.items[i].origin);
		pap_text_str(out, "      namespace: an empty file or directory lies over it\n");
	}
	if (!set->handled_fs) {
		pap_text_str(out, "  everything else: not enforced (see shortfalls)\n");
		return;
	}
	pap_text_str(out, "  everything else is refused\n");
	rights(out, 'f', set->handled_fs);
	pap_text_str(out, "\n");
}

/* ---- network ----------------------------------------------------------------------------- */

static void print_port(const struct pap_plan *plan, const struct pap_port_grant *grant,
		       struct pap_text *out)
{
	static const char *const directions[] = {"connect", "listen"};
	static const char *const transports[] = {"tcp", "udp"};
	bool handled = false;

	pap_text_printf(out, "  %s %s ", directions[grant->direction],
			transports[grant->transport]);
	if (grant->port == PAP_PORT_ANY)
		pap_text_str(out, "any");
	else
		pap_text_printf(out, "%u", grant->port);
	origin(out, grant->origin);
	for (size_t i = 0; i < plan->landlock.ports.count; i++) {
		const struct pap_port_rule *rule = &plan->landlock.ports.items[i];

		if (rule->port != grant->port ||
		    rule->access != pap_landlock_port(grant->direction, grant->transport))
			continue;
		rights(out, 'n', rule->access);
		pap_text_str(out, "\n");
		handled = true;
		break;
	}
	if (!handled && grant->port == PAP_PORT_ANY)
		pap_text_str(out, "      filter: sockets are permitted, ports are not judged\n");
	else if (!handled)
		pap_text_printf(out, "      %s\n",
				waived_or_not(plan, grant->transport == PAP_NET_TCP
							? PAP_SHORT_TCP_PORTS
							: PAP_SHORT_UDP_PORTS));
	if (grant->direction == PAP_NET_LISTEN && grant->transport == PAP_NET_TCP &&
	    grant->port != PAP_PORT_ANY && plan->options.supervisor)
		pap_text_str(out, "      supervisor: listen, when the socket is bound to it\n");
}

static void print_implied_ports(const struct pap_plan *plan, struct pap_text *out)
{
	for (const struct pap_implied_port *port = pap_implied_ports; port->origin; port++)
		if (port->promise & plan->promises)
			print_port(plan,
				   &(struct pap_port_grant){.direction = port->direction,
							    .transport = port->transport,
							    .port = port->port,
							    .origin = {.source = port->origin}},
				   out);
}

static void print_network(const struct pap_plan *plan, struct pap_text *out)
{
	pap_promises families = P(inet) | P(dns) | P(unix) | P(route) | P(wroute);

	pap_text_str(out, "\nnetwork\n");
	for (size_t i = 0; i < plan->policy->ports.count; i++)
		print_port(plan, &plan->policy->ports.items[i], out);
	print_implied_ports(plan, out);
	if (!(plan->promises & families))
		pap_text_str(out,
			     "  everything else is refused\n      filter: no socket is made\n");
	else if (plan->landlock.handled_net)
		pap_text_str(out, "  every other port is refused\n");
	if (plan->landlock.handled_net) {
		rights(out, 'n', plan->landlock.handled_net);
		pap_text_str(out, "\n");
	}
}

/* ---- the rest ---------------------------------------------------------------------------- */

static void print_processes(const struct pap_plan *plan, struct pap_text *out)
{
	pap_text_str(out, "\nprocesses\n");
	if (plan->landlock.scoped) {
		pap_text_str(out, "  signals and abstract sockets end at the sandbox\n");
		rights(out, 's', plan->landlock.scoped);
		pap_text_str(out, "\n");
	}
	if (!(plan->promises & P(proc)))
		pap_text_printf(out, "  no new process, signals to itself%s\n",
				plan->options.supervisor
				    ? "\n      supervisor: whom a signal aims at"
				    : " are refused too");
	if (!(plan->promises & P(exec)))
		pap_text_str(out, plan->options.exec_pointer
				      ? "  no other program than the one that is started\n"
				      : "  no other program is executed\n");
	for (size_t i = 0; i < plan->policy->capabilities.count; i++) {
		pap_text_str(out, "  keeps capability ");
		escaped(out, plan->policy->capabilities.items[i].name);
		origin(out, plan->policy->capabilities.items[i].origin);
	}
}

static void print_limits(const struct pap_plan *plan, struct pap_text *out)
{
	static const char *const becomes[PAP_LIMIT_COUNT] = {
	    [PAP_LIMIT_MEMORY] = "bytes of address space, each process (RLIMIT_AS)",
	    [PAP_LIMIT_PROCESSES] = "tasks more than the user has (RLIMIT_NPROC)",
	    [PAP_LIMIT_FILES] = "open descriptors, each process (RLIMIT_NOFILE)",
	    [PAP_LIMIT_CPU_TIME] = "seconds of processor time, each process (RLIMIT_CPU)",
	    [PAP_LIMIT_WALL_TIME] = "milliseconds, then everything is killed (launcher)",
	};
	bool any = false;

	for (int i = 0; i < PAP_LIMIT_COUNT; i++) {
		const struct pap_limit_value *limit = &plan->policy->limits[i];

		if (!limit->set)
			continue;
		pap_text_printf(out, "%s  %s: %llu %s", any ? "" : "\nlimits\n",
				pap_limit_name((enum pap_limit)i), (unsigned long long)limit->value,
				becomes[i]);
		origin(out, limit->origin);
		any = true;
	}
}

static void print_walls(const struct pap_plan *plan, struct pap_text *out)
{
	static const struct {
		unsigned wall;
		const char *words;
	} walls[] = {
	    {PAP_WALL_PRIVATE_TMP, "mount namespace: /tmp and /var/tmp are empty and private"},
	    {PAP_WALL_NO_NETWORK, "network namespace: without any interface"},
	    {PAP_WALL_PID_NAMESPACE, "process namespace: nobody outside can be seen"},
	};

	if (!plan->policy->walls)
		return;
	pap_text_str(out, "\nwalls\n");
	for (size_t i = 0; i < sizeof(walls) / sizeof(walls[0]); i++) {
		if (!(plan->policy->walls & walls[i].wall))
			continue;
		pap_text_printf(out, "  %s", walls[i].words);
		origin(out, plan->policy->walls_origin);
	}
}

static void print_inherited(const struct pap_plan *plan, struct pap_text *out)
{
	const struct pap_policy *policy = plan->policy;

	if (policy->environment.count || policy->descriptors.count)
		pap_text_str(out, "\ninherited\n");
	for (size_t i = 0; i < policy->environment.count; i++) {
		const struct pap_env_grant *grant = &policy->environment.items[i];

		pap_text_str(out, "  variable ");
		escaped(out, grant->name);
		if (grant->value) {
			pap_text_str(out, "=");
			escaped(out, grant->value);
		}
		origin(out, grant->origin);
	}
	for (size_t i = 0; i < policy->descriptors.count; i++) {
		pap_text_printf(out, "  descriptor %d", policy->descriptors.items[i].fd);
		origin(out, policy->descriptors.items[i].origin);
	}
}

/* ---- the filter -------------------------------------------------------------------------- */

/* Whether the supervisor's answer is more than a report of a refusal. */
static bool is_answered(const struct pap_rule *rule)
{
	return rule->verdict == PAP_RET_USER_NOTIF && rule->handler != PAP_BY_REPORT;
}

static void print_filter(const struct pap_plan *plan, struct pap_text *out)
{
	const struct pap_filter_spec *spec = plan->spec;
	unsigned plain = 0, judged = 0, notified = 0, refused = 0;

	for (unsigned id = 0; id < PAP_NSYSCALLS; id++) {
		const struct pap_call_rules *call = &spec->calls[id];
		bool asks = is_answered(&call->otherwise);

		if (pap_syscall_table[id].number[spec->arch] < 0)
			continue;
		for (unsigned i = 0; i < call->nrules; i++)
			asks |= is_answered(&call->rules[i]);
		if (asks)
			notified++;
		else if (call->nrules)
			judged++;
		else if (call->otherwise.verdict == PAP_RET_ALLOW)
			plain++;
		else
			refused++;
	}
	pap_text_printf(out,
			"\nfilter: %u instructions; calls: %u allowed, %u by their arguments, %u "
			"answered by the supervisor, %u refused\n",
			plan->filter.length, plain, judged, notified, refused);
}

static void print_shortfalls(const struct pap_plan *plan, struct pap_text *out)
{
	if (!plan->shortfalls.count) {
		pap_text_str(out, "shortfalls: none\n");
		return;
	}
	pap_text_str(out, "shortfalls\n");
	for (size_t i = 0; i < plan->shortfalls.count; i++) {
		const struct pap_shortfall *shortfall = &plan->shortfalls.items[i];
		const struct pap_shortfall_info *info = &pap_shortfall_table[shortfall->id];

		pap_text_printf(out, "  %s%s: %s", info->name,
				info->stricter      ? " (stricter)"
				: shortfall->waived ? " (waived)"
						    : " (refused unless waived)",
				info->cost);
		if (info->since)
			pap_text_printf(out, "; from Linux %s", info->since);
		origin(out, shortfall->origin);
	}
}

void pap_plan_print(const struct pap_plan *plan, struct pap_text *out)
{
	print_head(plan, out);
	print_files(plan, out);
	print_network(plan, out);
	print_processes(plan, out);
	print_limits(plan, out);
	print_walls(plan, out);
	print_inherited(plan, out);
	print_filter(plan, out);
	print_shortfalls(plan, out);
}
