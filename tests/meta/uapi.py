# SPDX-License-Identifier: BSD-2-Clause
"""Our copies of kernel constants and structures against the system's headers.

Every PAP_ name of src/uapi must be comparable by a rule below; the installed
headers need not know it, because they may be older than we are, but then it is
printed, and most must be known.
"""

import re
import tempfile
import pathlib

from lib import SOURCE, case, main, run, seen

HEADERS = ["fcntl.h", "sched.h", "sys/ioctl.h", "sys/prctl.h", "sys/socket.h", "linux/audit.h",
           "linux/capability.h", "linux/close_range.h", "linux/filter.h", "linux/landlock.h",
           "linux/openat2.h", "linux/seccomp.h"]

# First match decides.
RENAMED = [
    ("PAP_LL_FS_", "LANDLOCK_ACCESS_FS_"), ("PAP_LL_NET_", "LANDLOCK_ACCESS_NET_"),
    ("PAP_LL_SCOPE_", "LANDLOCK_SCOPE_"), ("PAP_LL_RESTRICT_", "LANDLOCK_RESTRICT_SELF_"),
    ("PAP_LL_RULE_", "LANDLOCK_RULE_"), ("PAP_RET_", "SECCOMP_RET_"),
    ("PAP_USER_NOTIF_", "SECCOMP_USER_NOTIF_"), ("PAP_ADDFD_", "SECCOMP_ADDFD_"),
    ("PAP_IOCTL_NOTIF_", "SECCOMP_IOCTL_NOTIF_"),
    ("PAP_CAPABILITY_VERSION_3", "_LINUX_CAPABILITY_VERSION_3"), ("PAP_", ""),
]
# Enumerators, which the preprocessor does not see.
ENUMERATORS = {"LANDLOCK_RULE_PATH_BENEATH", "LANDLOCK_RULE_NET_PORT"}
COMPOSED = {
    "PAP_BPF_LD_W_ABS": "BPF_LD | BPF_W | BPF_ABS", "PAP_BPF_AND_K": "BPF_ALU | BPF_AND | BPF_K",
    "PAP_BPF_JA": "BPF_JMP | BPF_JA", "PAP_BPF_JEQ_K": "BPF_JMP | BPF_JEQ | BPF_K",
    "PAP_BPF_JGT_K": "BPF_JMP | BPF_JGT | BPF_K", "PAP_BPF_JGE_K": "BPF_JMP | BPF_JGE | BPF_K",
    # <linux/pidfd.h> has it, but cannot stand beside <fcntl.h>
    "PAP_PIDFD_THREAD": "O_EXCL",
    "PAP_BPF_JSET_K": "BPF_JMP | BPF_JSET | BPF_K", "PAP_BPF_RET_K": "BPF_RET | BPF_K",
}
# In the kernel's own header, not in the one for programs.
KERNEL_ONLY = {"PAP_SOCK_TYPE_MASK"}

# ours, theirs, members in order; the system's structure may have grown at its end.
STRUCTURES = [
    ("pap_seccomp_data", "struct seccomp_data", ["nr", "arch", "instruction_pointer", "args"]),
    ("pap_seccomp_notif", "struct seccomp_notif", ["id", "pid", "flags", "data"]),
    ("pap_seccomp_notif_resp", "struct seccomp_notif_resp", ["id", "val", "error", "flags"]),
    ("pap_seccomp_notif_sizes", "struct seccomp_notif_sizes",
     ["seccomp_notif", "seccomp_notif_resp", "seccomp_data"]),
    ("pap_seccomp_notif_addfd", "struct seccomp_notif_addfd",
     ["id", "flags", "srcfd", "newfd", "newfd_flags"]),
    ("pap_bpf_insn", "struct sock_filter", ["code", "jt", "jf", "k"]),
    ("pap_ll_path_beneath_attr", "struct landlock_path_beneath_attr",
     ["allowed_access", "parent_fd"]),
    ("pap_ll_ruleset_attr", "struct landlock_ruleset_attr", ["handled_access_fs"]),
    ("pap_open_how", "struct open_how", ["flags", "mode", "resolve"]),
]


def headers():
    return sorted((SOURCE / "src" / "uapi").glob("*.h"))


def names():
    found = []
    for header in headers():
        for line in header.read_text().splitlines():
            match = re.match(r"#define (PAP_[A-Z0-9_]+)\s+\S", line)
            if match:
                found.append(match.group(1))
    return found


def theirs(name):
    if name in COMPOSED:
        return COMPOSED[name]
    for ours, system in RENAMED:
        if name.startswith(ours):
            return system + name[len(ours):]
    raise AssertionError(name)


def compile_and_run(body):
    with tempfile.TemporaryDirectory() as directory:
        source = pathlib.Path(directory) / "probe.c"
        binary = pathlib.Path(directory) / "probe"
        lines = ["#define _GNU_SOURCE", "#include <stddef.h>", "#include <stdio.h>"]
        lines += [f"#include <{h}>" for h in HEADERS]
        lines += [f'#include "uapi/{h.name}"' for h in headers()]
        lines += ["int main(void)", "{"] + body + ["\treturn 0;", "}"]
        source.write_text("\n".join(lines) + "\n")
        built = run("cc", "-I", SOURCE / "src", "-o", binary, source)
        if built.returncode:
            return None, built.stdout
        return run(binary).stdout, ""


def value_line(name, expression):
    return f'\tprintf("{name} %llx %llx\\n", (unsigned long long)({name}), ' \
           f'(unsigned long long)({expression}));'


@case
def constants_equal_the_systems():
    body, single, unknown, known = [], [], [], 0
    for name in names():
        system = theirs(name)
        if name in KERNEL_ONLY:
            continue
        if system in ENUMERATORS:
            single.append(name)
        elif name in COMPOSED:
            body.append(value_line(name, system))
        else:
            body += [f"#ifdef {system}", value_line(name, system), "#else",
                     f'\tputs("{name}");', "#endif"]
    output, problem = compile_and_run(body)
    if output is None:
        yield problem
        return
    for name in single:
        more, _ = compile_and_run([value_line(name, theirs(name))])
        output += more if more is not None else name + "\n"
    for line in output.splitlines():
        parts = line.split()
        if len(parts) == 1:
            unknown.append(parts[0])
            continue
        known += 1
        mask = 0xffffffff  # ours are unsigned, theirs sometimes int
        if int(parts[1], 16) & mask != int(parts[2], 16) & mask or \
                int(parts[1], 16) >> 32 not in (0, int(parts[2], 16) >> 32):
            yield f"{parts[0]} is 0x{parts[1]}, the system says 0x{parts[2]}"
    seen(known)
    if unknown:
        print("# newer than the installed headers: " + " ".join(unknown))
    if known < 2 * len(unknown):
        yield f"only {known} of {known + len(unknown)} names are known to the headers"


@case
def structures_lie_as_the_systems():
    body = []
    for ours, system, members in STRUCTURES:
        for member in members:
            body.append(f'\tprintf("{ours}.{member} %zu %zu %zu %zu\\n", '
                        f"offsetof(struct {ours}, {member}), offsetof({system}, {member}), "
                        f"sizeof(((struct {ours} *)0)->{member}), "
                        f"sizeof((({system} *)0)->{member}));")
        if len(members) > 1:
            body.append(f'\tprintf("{ours} 0 0 %zu %zu\\n", sizeof(struct {ours}), '
                        f"sizeof({system}));")
    output, problem = compile_and_run(body)
    if output is None:
        yield problem
        return
    for line in output.splitlines():
        name, offset, expected, size, expected_size = line.split()
        seen()
        if offset != expected or size != expected_size:
            yield f"{name}: at {offset}, size {size}; the system says {expected}, {expected_size}"


@case
def the_comparison_notices_a_wrong_value():
    output, problem = compile_and_run([value_line("PAP_RET_ALLOW", "SECCOMP_RET_LOG")])
    if output is None:
        yield problem
        return
    _, ours, other = output.split()
    seen()
    if ours == other:
        yield "two different constants compare equal"


main()
