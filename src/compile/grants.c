/* SPDX-License-Identifier: BSD-2-Clause */
/* Questions about a policy that several steps of a plan ask. */
#include "compile/parts.h"

#include <stdlib.h>

static void note(struct pap_net *net, unsigned direction, unsigned transport, bool any,
		 struct pap_origin origin)
{
	if (!net->some[direction][transport])
		net->origin[direction][transport] = origin;
	net->some[direction][transport] = true;
	net->any[direction][transport] |= any;
}

struct pap_net pap_net_of(const struct pap_policy *policy, pap_promises promises)
{
	struct pap_net net = {
	    .inet = promises & (P(inet) | P(dns)),
	    .local = promises & P(unix),
	};
	/* Other families connect and bind too, and their promises say so. */
	bool others = promises & (P(unix) | P(route) | P(wroute));
	bool connects, listens;

	for (size_t i = 0; i < policy->ports.count; i++) {
		const struct pap_port_grant *grant = &policy->ports.items[i];

		note(&net, grant->direction, grant->transport, grant->port == PAP_PORT_ANY,
		     grant->origin);
	}
	for (const struct pap_implied_port *port = pap_implied_ports; port->origin; port++)
		if (promises & port->promise)
			note(&net, port->direction, port->transport, false,
			     (struct pap_origin){.source = port->origin});
	connects = net.some[PAP_NET_CONNECT][PAP_NET_TCP] || net.some[PAP_NET_CONNECT][PAP_NET_UDP];
	listens = net.some[PAP_NET_LISTEN][PAP_NET_TCP] || net.some[PAP_NET_LISTEN][PAP_NET_UDP];
	net.refuse_connect = net.inet && !others && !connects;
	/* A datagram client may bind to port 0 before it sends. */
	net.refuse_bind =
	    net.inet && !others && !listens && !net.some[PAP_NET_CONNECT][PAP_NET_UDP];
	return net;
}

bool pap_writes_everywhere(const struct pap_policy *policy)
{
	for (size_t i = 0; i < policy->files.count; i++) {
		const char *path = policy->files.items[i].path;

		if (!(policy->files.items[i].access & PAP_ACCESS_WRITE) || *path != '/')
			continue;
		while (*path == '/')
			path++;
		if (!*path)
			return true;
	}
	return false;
}

bool pap_list_grow(void **items, size_t count, size_t *capacity, size_t size)
{
	size_t more = *capacity ? *capacity * 2 : 32;
	void *grown;

	if (count < *capacity)
		return true;
	grown = reallocarray(*items, more, size);
	if (!grown)
		return false;
	*items = grown;
	*capacity = more;
	return true;
}
