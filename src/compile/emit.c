/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From graph to instructions. The program is written from its end: a node is
 * placed once all that it leads to is placed, so every jump goes forward. While
 * writing, positions count from the end; the array is turned round at last.
 *
 * A jump reaches 255 instructions far. Where a target lies further away, a copy
 * is put in front of it: of the node itself when that is a return or a jump whose
 * own targets are within reach (nothing slower), else an unconditional jump.
 * Later nodes use the nearest copy.
 *
 * What this does not do: look for the order with the fewest copies. The larger
 * branch goes to the end, the smaller one next to its jump, which leaves few.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "compile/graph.h"

#define REACH 255u
#define NOWHERE UINT32_MAX

struct visit {
	pap_node node;
	uint8_t done; /* branches walked */
};

struct emitted {
	struct pap_bpf_insn insn;
	pap_node node; /* that it is */
};

struct emitter {
	const struct pap_graph *graph;
	struct emitted *emitted;    /* [0] is the last of the program */
	uint32_t *place;            /* for each node its nearest copy; NOWHERE: none yet */
	uint32_t *original;         /* ... that is the node itself and no JA to it */
	uint32_t length, capacity;
	struct visit *stack; /* room for every node: none is on it twice */
	uint32_t depth;
	int failed;
};

static uint32_t distance(const struct emitter *e, uint32_t place)
{
	return e->length - place - 1;
}

/* Few programs need many copies, so that room for them is not taken in advance. */
static bool grow(struct emitter *e)
{
	uint32_t capacity = e->capacity > PAP_BPF_MAX / 2 ? PAP_BPF_MAX : e->capacity * 2;
	struct emitted *emitted;

	if (e->capacity >= PAP_BPF_MAX) {
		e->failed = -E2BIG;
		return false;
	}
	emitted = reallocarray(e->emitted, capacity, sizeof(*emitted));
	if (!emitted) {
		e->failed = -ENOMEM;
		return false;
	}
	e->emitted = emitted;
	e->capacity = capacity;
	return true;
}

static uint32_t put(struct emitter *e, uint16_t code, uint32_t k, uint32_t jt, uint32_t jf,
		    pap_node node)
{
	if (e->length == e->capacity && !grow(e))
		return 0;
	e->emitted[e->length].insn = (struct pap_bpf_insn){code, (uint8_t)jt, (uint8_t)jf, k};
	e->emitted[e->length].node = node;
	return e->length++;
}

static bool is_jump(const struct pap_node_body *body)
{
	return body->no != PAP_NODE_NONE;
}

/* How far the next instruction jumps to node: to itself if it can, else to a jump there. */
static uint32_t reach(const struct emitter *e, pap_node node)
{
	uint32_t direct = distance(e, e->original[node]);

	return direct <= REACH ? direct : distance(e, e->place[node]);
}

static bool near(const struct emitter *e, pap_node node)
{
	return reach(e, node) <= REACH;
}

/* Makes node reachable from the next instruction, whatever that is. */
static void bring_near(struct emitter *e, pap_node node)
{
	const struct pap_node_body *body = &e->graph->nodes[node];

	if (body->code == PAP_BPF_RET_K) {
		e->original[node] = put(e, body->code, body->k, 0, 0, node);
	} else if (is_jump(body) && near(e, body->yes) && near(e, body->no)) {
		e->original[node] =
		    put(e, body->code, body->k, reach(e, body->yes), reach(e, body->no), node);
	} else {
		e->place[node] = put(e, PAP_BPF_JA, distance(e, e->original[node]), 0, 0, node);
		return;
	}
	e->place[node] = e->original[node];
}

static void put_jump(struct emitter *e, const struct pap_node_body *body, pap_node node)
{
	/* bringing one near moves the other away, by one: at most twice round */
	while (!e->failed && (!near(e, body->yes) || !near(e, body->no)))
		bring_near(e, near(e, body->yes) ? body->no : body->yes);
	if (e->failed)
		return;
	e->place[node] = put(e, body->code, body->k, reach(e, body->yes), reach(e, body->no), node);
}

static void put_node(struct emitter *e, pap_node node)
{
	const struct pap_node_body *body = &e->graph->nodes[node];

	if (is_jump(body)) {
		put_jump(e, body, node);
	} else {
		/* falls through to what follows it */
		if (body->yes != PAP_NODE_NONE && e->place[body->yes] != e->length - 1)
			bring_near(e, body->yes);
		e->place[node] = put(e, body->code, body->k, 0, 0, node);
	}
	e->original[node] = e->place[node];
}

static void push(struct emitter *e, pap_node node)
{
	if (e->place[node] != NOWHERE)
		return;
	e->stack[e->depth++] = (struct visit){node, 0};
}

/* The branch to walk first ends up furthest away. */
static pap_node branch(const struct emitter *e, const struct pap_node_body *body, unsigned which)
{
	bool yes_first;

	if (!is_jump(body))
		return which == 0 ? body->yes : PAP_NODE_NONE;
	yes_first = e->graph->nodes[body->yes].size > e->graph->nodes[body->no].size;
	return yes_first == (which == 0) ? body->yes : body->no;
}

static void walk(struct emitter *e, pap_node root)
{
	push(e, root);
	while (e->depth && !e->failed) {
		struct visit *top = &e->stack[e->depth - 1];
		pap_node node = top->node, next = PAP_NODE_NONE;

		if (top->done < 2)
			next = branch(e, &e->graph->nodes[node], top->done++);
		else {
			e->depth--;
			put_node(e, node);
		}
		if (next != PAP_NODE_NONE)
			push(e, next);
	}
}

/* Turns the program round and gives each instruction the words of its node. */
static int finish(const struct emitter *e, struct pap_program *program)
{
	struct pap_program out = {.length = (uint16_t)e->length};

	out.insns = calloc(e->length, sizeof(*out.insns));
	out.origin = calloc(e->length, sizeof(*out.origin));
	out.call = calloc(e->length, sizeof(*out.call));
	if (!out.insns || !out.origin || !out.call) {
		pap_program_free(&out);
		return -ENOMEM;
	}
	for (uint32_t i = 0; i < e->length; i++) {
		uint32_t from = e->length - 1 - i;
		const struct pap_node_body *body = &e->graph->nodes[e->emitted[from].node];

		out.insns[i] = e->emitted[from].insn;
		out.origin[i] = body->rule;
		out.call[i] = body->call;
	}
	*program = out;
	return 0;
}

static bool arrange(struct emitter *e, uint32_t nodes)
{
	e->capacity = nodes < PAP_BPF_MAX - 64 ? nodes + 64 : PAP_BPF_MAX;
	e->emitted = calloc(e->capacity, sizeof(*e->emitted));
	e->stack = calloc(nodes, sizeof(*e->stack) + sizeof(*e->place) + sizeof(*e->original));
	if (!e->emitted || !e->stack)
		return false;
	e->place = (uint32_t *)(e->stack + nodes);
	e->original = e->place + nodes;
	memset(e->place, 0xff, nodes * sizeof(*e->place));
	return true;
}

int pap_graph_emit(const struct pap_graph *graph, pap_node root, struct pap_program *program)
{
	struct emitter e = {.graph = graph};

	if (!arrange(&e, graph->count))
		e.failed = -ENOMEM;
	else
		walk(&e, root);
	if (!e.failed)
		e.failed = finish(&e, program);
	free(e.emitted);
	free(e.stack);
	return e.failed;
}
