/* SPDX-License-Identifier: BSD-2-Clause */
/* A list as text for people, one value a line; nothing in it can steer a terminal. */
#include <inttypes.h>
#include <string.h>

#include "nv/nv.h"

const char *pap_nv_type_name(int type)
{
	static const char *const names[] = {
	    [PAP_NV_NONE] = "NONE",
	    [PAP_NV_NULL] = "NULL",
	    [PAP_NV_BOOL] = "BOOL",
	    [PAP_NV_NUMBER] = "NUMBER",
	    [PAP_NV_STRING] = "STRING",
	    [PAP_NV_NVLIST] = "NVLIST",
	    [PAP_NV_DESCRIPTOR] = "DESCRIPTOR",
	    [PAP_NV_BINARY] = "BINARY",
	    [PAP_NV_BOOL_ARRAY] = "BOOL ARRAY",
	    [PAP_NV_NUMBER_ARRAY] = "NUMBER ARRAY",
	    [PAP_NV_STRING_ARRAY] = "STRING ARRAY",
	    [PAP_NV_NVLIST_ARRAY] = "NVLIST ARRAY",
	    [PAP_NV_DESCRIPTOR_ARRAY] = "DESCRIPTOR ARRAY",
	};

	return type >= 0 && type < PAP_NV_TYPES ? names[type] : "unknown";
}

static void print_list(const struct nvlist *list, unsigned depth, struct pap_text *text);

static void print_string(const char *string, struct pap_text *text)
{
	pap_text_str(text, " \"");
	pap_text_escape(text, string, strlen(string));
	pap_text_str(text, "\"");
}

static void print_binary(const struct pap_nv_value *value, struct pap_text *text)
{
	const unsigned char *bytes = value->binary;

	pap_text_printf(text, " %zu bytes:", value->count);
	for (size_t i = 0; i < value->count; i++)
		pap_text_printf(text, " %02x", bytes[i]);
}

static void print_inner(const struct nvlist *list, unsigned depth, struct pap_text *text)
{
	pap_text_str(text, "\n");
	print_list(list, depth + 1, text);
}

static void print_value(const struct pap_nv_value *value, unsigned depth, struct pap_text *text)
{
	switch (value->type) {
	case PAP_NV_BOOL:
		pap_text_str(text, value->boolean ? " true" : " false");
		break;
	case PAP_NV_NUMBER:
		pap_text_printf(text, " %" PRIu64 " (0x%" PRIx64 ")", value->number, value->number);
		break;
	case PAP_NV_STRING:
		print_string(value->string, text);
		break;
	case PAP_NV_NVLIST:
		print_inner(value->nvlist, depth, text);
		break;
	case PAP_NV_DESCRIPTOR:
		pap_text_printf(text, " %d", value->descriptor);
		break;
	case PAP_NV_BINARY:
		print_binary(value, text);
		break;
	default:
		break;
	}
}

static void print_item(const struct pap_nv_value *value, size_t i, unsigned depth,
		       struct pap_text *text)
{
	switch (value->type) {
	case PAP_NV_BOOL_ARRAY:
		pap_text_str(text, value->bool_array[i] ? " true" : " false");
		break;
	case PAP_NV_NUMBER_ARRAY:
		pap_text_printf(text, " %" PRIu64, value->number_array[i]);
		break;
	case PAP_NV_STRING_ARRAY:
		print_string(value->string_array[i], text);
		break;
	case PAP_NV_NVLIST_ARRAY:
		print_inner(value->nvlist_array[i], depth, text);
		break;
	case PAP_NV_DESCRIPTOR_ARRAY:
		pap_text_printf(text, " %d", value->descriptor_array[i]);
		break;
	default:
		break;
	}
}

static void print_list(const struct nvlist *list, unsigned depth, struct pap_text *text)
{
	if (list->error)
		pap_text_printf(text, "%*serror: %d\n", (int)(4 * depth), "", list->error);
	for (const struct pap_nv_pair *pair = list->first; pair; pair = pair->next) {
		const struct pap_nv_value *value = &pair->value;

		pap_text_printf(text, "%*s", (int)(4 * depth), "");
		pap_text_escape(text, pair->name, strlen(pair->name));
		pap_text_printf(text, " (%s):", pap_nv_type_name(value->type));
		print_value(value, depth, text);
		for (size_t i = 0; value->type >= PAP_NV_BOOL_ARRAY && i < value->count; i++)
			print_item(value, i, depth, text);
		if (value->type != PAP_NV_NVLIST && value->type != PAP_NV_NVLIST_ARRAY)
			pap_text_str(text, "\n");
	}
}

void pap_nv_print(const struct nvlist *list, struct pap_text *text)
{
	print_list(list, 0, text);
}
