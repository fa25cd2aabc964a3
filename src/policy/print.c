/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Policies as text, in one canonical form: sections in a fixed order, items
 * sorted, so that equal policies print alike. Relative paths are printed as they
 * are: they mean the same only to a file in the directory where paprika runs.
 * Implied grants are left out, since they follow again from the rest. Origins
 * are not printed.
 */
#include <string.h>

#include "policy/order.h"
#include "policy/policy.h"

/* ---- values ---------------------------------------------------------------------------------- */

static bool is_plain(const char *value)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789/._+:@%,=-";

	return *value && !value[strspn(value, plain)];
}

/* Inside quotes; a $ is escaped too, so that no variable is seen where none was. */
static void add_escaped(struct pap_text *out, const char *value)
{
	for (;;) {
		size_t length = strcspn(value, "$");

		pap_text_escape(out, value, length);
		if (!value[length])
			return;
		pap_text_str(out, "\\$");
		value += length + 1;
	}
}

static void add_value(struct pap_text *out, const char *value)
{
	if (is_plain(value)) {
		pap_text_str(out, value);
		return;
	}
	pap_text_str(out, "\"");
	add_escaped(out, value);
	pap_text_str(out, "\"");
}

struct printer {
	struct pap_text *out;
	const char *section; /* not begun yet; NULL: it has */
	bool first;          /* nothing was printed at all */
};

static void begin(struct printer *printer, const char *section)
{
	printer->section = section;
}

/* "key = ", after the section's line where this is its first key. */
static void start(struct printer *printer, const char *key)
{
	if (printer->section)
		pap_text_printf(printer->out, "%s[%s]\n", printer->first ? "" : "\n",
				printer->section);
	printer->section = NULL;
	printer->first = false;
	pap_text_printf(printer->out, "%s = ", key);
}

static void line(struct printer *printer, const char *key, const char *value)
{
	start(printer, key);
	add_value(printer->out, value);
	pap_text_str(printer->out, "\n");
}

/* ---- sections -------------------------------------------------------------------------------- */

static void print_files(struct printer *printer, const struct pap_order *order)
{
	static const char *const keys[8][2] = {
	    [PAP_ACCESS_READ] = {"ro", "ro-try"},
	    [PAP_ACCESS_WRITE] = {"wo", "wo-try"},
	    [PAP_ACCESS_EXECUTE] = {"xo", "xo-try"},
	    [PAP_ACCESS_READ | PAP_ACCESS_WRITE] = {"rw", "rw-try"},
	    [PAP_ACCESS_READ | PAP_ACCESS_EXECUTE] = {"rx", "rx-try"},
	    [PAP_ACCESS_WRITE | PAP_ACCESS_EXECUTE] = {"wx", "wx-try"},
	    [PAP_ACCESS_READ | PAP_ACCESS_WRITE | PAP_ACCESS_EXECUTE] = {"rwx", "rwx-try"},
	};

	begin(printer, "files");
	for (size_t i = 0; i < order->nfiles; i++) {
		const struct pap_file_grant *grant = order->files[i];

		line(printer, keys[grant->access & 7][grant->optional], grant->path);
	}
}

static void print_ports(struct printer *printer, const struct pap_order *order)
{
	char port[32];

	begin(printer, "network");
	for (size_t i = 0; i < order->nports; i++) {
		const struct pap_port_grant *grant = order->ports[i];

		line(printer, grant->direction == PAP_NET_CONNECT ? "connect" : "listen",
		     pap_port_text((enum pap_transport)grant->transport, grant->port, port,
				   sizeof(port)));
	}
}

static void print_promises(struct printer *printer, const struct pap_policy *policy)
{
	const char *between = "";

	if (!policy->promises_given)
		return;
	if (!policy->promises) {
		line(printer, "promises", "");
		return;
	}
	start(printer, "promises");
	for (unsigned i = 0; i < PAP_NPROMISES; i++) {
		if (!(policy->promises >> i & 1))
			continue;
		pap_text_printf(printer->out, "%s%s", between, pap_promise_table[i].name);
		between = " ";
	}
	pap_text_str(printer->out, "\n");
}

static void print_names(struct printer *printer, const char *key,
			const struct pap_name *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		line(printer, key, names[i]->name);
}

static void print_process(struct printer *printer, const struct pap_policy *policy,
			  const struct pap_order *order)
{
	begin(printer, "process");
	print_promises(printer, policy);
	if (policy->walls & PAP_WALL_PRIVATE_TMP)
		line(printer, "private-tmp", "yes");
	if (policy->walls & PAP_WALL_NO_NETWORK)
		line(printer, "no-network", "yes");
	if (policy->walls & PAP_WALL_PID_NAMESPACE)
		line(printer, "pid-namespace", "yes");
	print_names(printer, "hide", order->hidden, order->nhidden);
	print_names(printer, "capability", order->capabilities, order->ncapabilities);
	if (policy->violation == PAP_VIOLATION_KILL)
		line(printer, "on-violation", "kill");
}

static void print_limits(struct printer *printer, const struct pap_policy *policy)
{
	char value[32];

	begin(printer, "limits");
	for (unsigned i = 0; i < PAP_LIMIT_COUNT; i++)
		if (policy->limits[i].set)
			line(printer, pap_limit_name((enum pap_limit)i),
			     pap_limit_text((enum pap_limit)i, policy->limits[i].value, value,
					    sizeof(value)));
}

static void print_environment(struct printer *printer, const struct pap_order *order)
{
	begin(printer, "environment");
	for (size_t i = 0; i < order->nenvironment; i++) {
		const struct pap_env_grant *grant = order->environment[i];
		struct pap_text both = {0};

		if (!grant->value) {
			line(printer, "pass", grant->name);
			continue;
		}
		pap_text_printf(&both, "%s=%s", grant->name, grant->value);
		if (both.failed)
			printer->out->failed = true;
		else
			line(printer, "set", both.data);
		pap_text_free(&both);
	}
}

static void print_descriptors(struct printer *printer, const struct pap_order *order)
{
	begin(printer, "descriptors");
	for (size_t i = 0; i < order->ndescriptors; i++) {
		struct pap_text number = {0};

		pap_text_printf(&number, "%d", order->descriptors[i]->fd);
		if (number.failed)
			printer->out->failed = true;
		else
			line(printer, "keep", number.data);
		pap_text_free(&number);
	}
}

void pap_policy_print(const struct pap_policy *policy, struct pap_text *out)
{
	struct printer printer = {.out = out, .first = true};
	struct pap_order order;

	if (!pap_order_make(&order, policy)) {
		out->failed = true;
		return;
	}
	pap_text_add(out, "", 0); /* an empty policy is an empty text, not none */
	print_files(&printer, &order);
	print_ports(&printer, &order);
	print_process(&printer, policy, &order);
	print_limits(&printer, policy);
	print_environment(&printer, &order);
	print_descriptors(&printer, &order);
	begin(&printer, "policy");
	print_names(&printer, "waive", order.waivers, order.nwaivers);
	pap_order_free(&order);
}
