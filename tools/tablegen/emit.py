# SPDX-License-Identifier: BSD-2-Clause
"""C text from loaded tables. Nothing is checked here any more."""
from . import calls

HEAD = """/* SPDX-License-Identifier: BSD-2-Clause */
/* Generated from src/table by tools/gen_tables.py: edit the tables, not this. */
"""


def text(value):
    return "NULL" if value is None else '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def u64(value):
    return f"{value & 0xffffffffffffffff:#x}ull"


def ids(tables):
    names = sorted(tables.calls)
    out = [HEAD, "#ifndef PAP_TABLE_IDS_H", "#define PAP_TABLE_IDS_H", ""]
    for prefix, members in (("PAP_SYS_", names), ("PAP_PROMISE_", tables.promises),
                            ("PAP_RIGHT_", tables.rights)):
        out.append("enum {")
        out += [f"\t{prefix}{name} = {i}," for i, name in enumerate(members)]
        out += ["};", ""]
    out += [f"#define PAP_NSYSCALLS {len(names)}", f"#define PAP_NPROMISES {len(tables.promises)}",
            f"#define PAP_NRIGHTS {len(tables.rights)}",
            f"#define PAP_NUMBER_LIMIT {number_limit(tables)}", "", "#endif", ""]
    return "\n".join(out)


def conditions_header(tables):
    out = [HEAD, "/* Conditions that code refers to by name. */",
           "#ifndef PAP_TABLE_CONDITIONS_H", "#define PAP_TABLE_CONDITIONS_H", "",
           "struct pap_cond;", ""]
    out += [f"extern const struct pap_cond pap_cond_{name}; /* {bound.about} */"
            for name, bound in tables.exports]
    return "\n".join(out + ["", "#endif", ""])


class Conditions:
    """Emits each condition, clause, test list and range list once."""

    def __init__(self):
        self.out, self.names = [], {}

    def array(self, kind, prefix, items):
        key = (kind, tuple(items))
        if key not in self.names:
            name = f"{prefix}{sum(1 for known in self.names if known[0] == kind)}"
            self.names[key] = name
            body = "\n".join(f"\t{item}," for item in items)
            self.out.append(f"static const struct {kind} {name}[] = {{\n{body}\n}};\n")
        return self.names[key]

    def test(self, test):
        ranges = "NULL"
        if test.ranges:
            ranges = self.array("pap_range", "ranges_",
                                [f"{{{u64(low)}, {u64(high)}}}" for low, high in test.ranges])
        symbol = f"PAP_SYM_{test.symbol or 'NONE'}"
        return (f"{{{test.arg}, {test.bits}, {str(test.negate).lower()}, {symbol}, "
                f"{len(test.ranges)}, {u64(test.mask)}, {ranges}}}")

    def body(self, bound):
        clauses = []
        for clause in bound.clauses:
            tests = self.array("pap_test", "tests_", [self.test(test) for test in clause])
            clauses.append(f"{{{tests}, {len(clause)}}}")
        name = self.array("pap_clause", "clauses_", clauses)
        return f"{{{text(bound.name)}, {text(bound.about)}, {name}, {len(clauses)}}}"

    def reference(self, bound):
        return "NULL" if bound is None else f"&{self.array('pap_cond', 'cond_', [self.body(bound)])}[0]"


def exercise(conds, item):
    return (f"{{PAP_X_{item.touch.upper()}, {item.arg}, {item.path}, PAP_RR_{item.rule.upper()}, "
            f"{item.by}, {{{{{u64(item.rights[0])}, {u64(item.rights[1])}}}}}, "
            f"{conds.reference(item.cond)}}}")


def permit(conds, item):
    names, cond = item
    bits = " | ".join(f"PAP_PROMISE_BIT({name})" for name in names) or "0"
    return f"{{{bits}, {conds.reference(cond)}}}"


def confinement(conds, item):
    verdict, cond = item
    words = {"allow": "PAP_CONFINE_ALLOW", "supervise": "PAP_CONFINE_SUPERVISE"}
    error = f"PAP_{verdict}" if verdict in calls.OWN_ERRORS else verdict
    return f"{{{words.get(verdict, error)}, {conds.reference(cond)}}}"


def call_row(conds, call):
    def listed(kind, prefix, items):
        return conds.array(kind, prefix, items) if items else "NULL"

    exercises = listed("pap_exercise", "exercises_", [exercise(conds, x) for x in call.exercises])
    permits = listed("pap_permit", "permits_", [permit(conds, p) for p in call.permits])
    base = listed("pap_confinement", "base_", [confinement(conds, b) for b in call.base])
    mode = listed("pap_confinement", "mode_", [confinement(conds, m) for m in call.mode])
    args = ", ".join(f"{{{text(name)}, PAP_T_{kind.upper()}}}" for kind, name in call.args)
    return f"""	{{
		.name = {text(call.name)},
		.number = {{{call.number[0]}, {call.number[1]}}},
		.since_major = {call.since[0]}, .since_minor = {call.since[1]},
		.heat = {call.heat}, .capmode = PAP_CAP_{call.capmode.upper()},
		.nargs = {len(call.args)}, .args = {{{args or '{0}'}}},
		.exercises = {exercises}, .nexercises = {len(call.exercises)},
		.permits = {permits}, .npermits = {len(call.permits)},
		.base = {base}, .nbase = {len(call.base)}, .mode = {mode}, .nmode = {len(call.mode)},
		.refusal = {call.refusal or 0}, .grave = {conds.reference(call.grave)},
		.about = {text(call.about)},
		.file = {text(call.place[0])}, .line = {call.place[1]},
	}},"""


def number_limit(tables):
    return max(max(call.number) for call in tables.calls.values()) + 1


def number_index(tables, names):
    size = number_limit(tables)
    out = ["const int16_t pap_number_index[PAP_ARCH_COUNT][PAP_NUMBER_LIMIT] = {"]
    for arch in range(2):
        row = [-1] * size
        for index, name in enumerate(names):
            if tables.calls[name].number[arch] >= 0:
                row[tables.calls[name].number[arch]] = index
        out.append("\t{" + ", ".join(map(str, row)) + "},")
    return out + ["};", ""]


def small_tables(tables):
    out = ["const uint8_t pap_type_bits[] = {", "\t[PAP_T_NONE] = 0,"]
    out += [f"\t[PAP_T_{kind.upper()}] = {bits}," for kind, bits in calls.TYPES.items()]
    out += ["};", f"const unsigned pap_type_count = {len(calls.TYPES) + 1};", "",
            "const struct pap_promise pap_promise_table[PAP_NPROMISES] = {"]
    out += [f"\t{{{text(p.name)}, {text(p.about)}, {str(p.nothing).lower()}}},"
            for p in tables.promises.values()]
    out += ["};", "", "const struct pap_right pap_right_table[PAP_NRIGHTS] = {"]
    out += [f"\t{{{text(r.name)}, {{{{{u64(r.bits[0])}, {u64(r.bits[1])}}}}}, {text(r.about)}, "
            f"{str(r.composite).lower()}, {str(r.linux).lower()}}}," for r in tables.rights.values()]
    return out + ["};", ""]


def constants(tables):
    names, rows, offset = ["const char pap_constant_names[] ="], [], 0
    for name, both in sorted(tables.constants.items()):
        names.append(f'\t"{name}\\0"')
        rows.append(f"\t{{{offset}, {{{u64(both[0])}, {u64(both[1])}}}}},")
        offset += len(name) + 1
    names[-1] += ";"
    return names + ["", f"const unsigned pap_constant_count = {len(rows)};",
                    "const struct pap_constant pap_constant_table[] = {"] + rows + ["};", ""]


def tables_c(tables):
    names, conds = sorted(tables.calls), Conditions()
    rows = [call_row(conds, tables.calls[name]) for name in names]
    exports = [f"const struct pap_cond pap_cond_{name} = {conds.body(bound)};"
               for name, bound in tables.exports]
    out = [HEAD, "#include <errno.h>", "", '#include "base/codes.h"',
           '#include "table/private.h"', ""]
    out += conds.out + ["const struct pap_syscall pap_syscall_table[PAP_NSYSCALLS] = {"] + rows
    out += ["};", ""] + exports + [""] + number_index(tables, names)
    out += small_tables(tables) + constants(tables)
    return "\n".join(out)


def all_files(tables):
    return {"ids.h": ids(tables), "conditions.h": conditions_header(tables),
            "tables.c": tables_c(tables)}
