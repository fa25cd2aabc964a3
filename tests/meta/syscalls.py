# SPDX-License-Identifier: BSD-2-Clause
"""The tables against what others say: the kernel's headers and libseccomp.

The headers that are installed may be older than the tables, never newer: a call
that they know and the tables do not is a failure.
"""

import ctypes
import ctypes.util
import re
import sys

import lib

sys.dont_write_bytecode = True
sys.path.insert(0, str(lib.SOURCE / "tools"))

from tablegen import load  # noqa: E402

TABLES = load.load(str(lib.SOURCE / "src" / "table"))
ARCHES = {"x86_64": (0, 0xc000003e), "aarch64": (1, 0xc00000b7)}
# What arch/arm64 defines before it includes the generic list.
GENERIC = ["__ARCH_WANT_RENAMEAT", "__ARCH_WANT_NEW_STAT", "__ARCH_WANT_SET_GET_RLIMIT",
           "__ARCH_WANT_SYS_CLONE3", "__ARCH_WANT_MEMFD_SECRET"]
# Not calls: the size of the list, and a block of numbers that architectures may fill.
NO_CALLS = {"syscalls", "arch_specific_syscall"}
HIGHEST = 472
BEYOND = 600

HEADERS = """asm/prctl.h asm/termbits.h fcntl.h linux/close_range.h linux/fiemap.h linux/fs.h
linux/futex.h linux/ioprio.h linux/landlock.h linux/membarrier.h linux/memfd.h linux/mempolicy.h
linux/netlink.h linux/nsfs.h linux/openat2.h linux/seccomp.h linux/sockios.h linux/userfaultfd.h
linux/vt.h netinet/in.h netinet/tcp.h netinet/udp.h sched.h signal.h sound/asound.h sys/epoll.h
sys/eventfd.h sys/fanotify.h sys/inotify.h sys/ioctl.h sys/mman.h sys/mount.h sys/personality.h
sys/prctl.h sys/ptrace.h sys/random.h sys/resource.h sys/signalfd.h sys/socket.h sys/stat.h
sys/timerfd.h sys/un.h sys/wait.h time.h""".split()
# The C library's own idea of a name differs from the kernel's: 0 because 64-bit programs need no
# such flag; and a flag that includes another.
OTHER_IDEA = {"O_LARGEFILE", "__O_TMPFILE"}


def preprocess(text, *options):
    done = lib.subprocess.run(["cc", "-E", *options, "-x", "c", "-"], input=text, text=True,
                              capture_output=True, check=False)
    if done.returncode:
        raise lib.Skip("no compiler")
    return done.stdout


def header_version():
    text = preprocess("#include <linux/version.h>\nLINUX_VERSION_CODE\n")
    code = int(text.split()[-1])
    return code >> 16, (code >> 8) & 255


def header_numbers(arch):
    text = "#include <asm/unistd_64.h>\n"
    if arch == "aarch64":
        text = "".join(f"#define {name}\n" for name in GENERIC) + "#include <asm-generic/unistd.h>\n"
    macros = dict(re.findall(r"#define (__NR\w*) (\w+)", preprocess(text, "-dM")))
    numbers = {}
    for name, value in macros.items():
        while value in macros:
            value = macros[value]
        if name.startswith("__NR_") and value.isdigit() and name[5:] not in NO_CALLS:
            numbers[name[5:]] = int(value)
    return numbers


def against_headers(arch):
    index, _ = ARCHES[arch]
    known, version = header_numbers(arch), header_version()
    for name, number in sorted(known.items()):
        lib.seen()
        ours = TABLES.calls[name].number[index] if name in TABLES.calls else None
        if ours != number:
            yield f"{arch}: the headers say {name} is {number}, the table says {ours}"
    for name, call in TABLES.calls.items():
        if call.number[index] >= 0 and name not in known and call.since <= version:
            yield f"{arch}: the headers of {version[0]}.{version[1]} do not know {name}"
    if len(known) < 280:
        yield f"{arch}: the headers know only {len(known)} calls"


@lib.case
def x86_64_numbers_equal_the_headers():
    return against_headers("x86_64")


@lib.case
def aarch64_numbers_equal_the_headers():
    return against_headers("aarch64")


def libseccomp():
    name = ctypes.util.find_library("seccomp")
    if not name:
        raise lib.Skip("libseccomp is not installed")
    library, c = ctypes.CDLL(name), ctypes.CDLL(None)
    library.seccomp_syscall_resolve_num_arch.restype = ctypes.c_void_p
    library.seccomp_syscall_resolve_num_arch.argtypes = [ctypes.c_uint32, ctypes.c_int]
    library.seccomp_syscall_resolve_name_arch.argtypes = [ctypes.c_uint32, ctypes.c_char_p]
    c.free.argtypes = [ctypes.c_void_p]
    return library, c


@lib.case
def numbers_have_the_names_that_libseccomp_gives_them():
    library, c = libseccomp()
    for arch, (index, token) in ARCHES.items():
        ours = {call.number[index]: name for name, call in TABLES.calls.items()}
        found = 0
        for number in range(BEYOND):
            pointer = library.seccomp_syscall_resolve_num_arch(token, number)
            if not pointer:
                continue
            name = ctypes.string_at(pointer).decode()
            c.free(pointer)
            found += 1
            if ours.get(number) != name:
                yield f"{arch}: {number} is {name} to libseccomp, {ours.get(number)} to the table"
        lib.seen(found)
        if found < 280:
            yield f"{arch}: libseccomp knows only {found} calls"


@lib.case
def names_have_the_numbers_that_libseccomp_gives_them():
    library, _ = libseccomp()
    for arch, (index, token) in ARCHES.items():
        for name, call in TABLES.calls.items():
            number = library.seccomp_syscall_resolve_name_arch(token, name.encode())
            lib.seen()
            # -1: newer than the library; other negative numbers: not on this architecture.
            if number == -1 or (number < 0 and call.number[index] == -1):
                continue
            if number != call.number[index]:
                yield f"{arch}: {name} is {number} to libseccomp, {call.number[index]} to the table"


@lib.case
def every_number_up_to_the_highest_is_described():
    """Holes are those of the numbering itself."""
    holes = {"x86_64": range(337, 424), "aarch64": [*range(244, 260), *range(295, 424)]}
    for arch, (index, _) in ARCHES.items():
        ours = {call.number[index] for call in TABLES.calls.values()}
        for number in range(HIGHEST + 1):
            lib.seen()
            if (number in ours) == (number in holes[arch]):
                yield f"{arch}: number {number} is {'' if number in ours else 'not '}described"
        if max(ours) != HIGHEST:
            yield f"{arch}: the highest number is {max(ours)}"


@lib.case
def constants_equal_the_systems():
    """Each name that the headers of this machine define has the value that the table says."""
    arch = preprocess("__x86_64__ __aarch64__").split()[-2:]
    column = 1 if arch[1] == "1" else 0
    lines = ["#define _GNU_SOURCE", "#include <stdio.h>"] + [f"#include <{h}>" for h in HEADERS]
    lines += ["#define SHOW(name, value) "
              'printf("%s %llx %zu\\n", name, (unsigned long long)(value), sizeof(value))',
              "int main(void)", "{"]
    for name in TABLES.constants:
        lines += [f"#ifdef {name}", f'\tSHOW("{name}", {name});', "#endif"]
    output = compile_and_run("\n".join(lines + ["\treturn 0;", "}", ""]))
    known = 0
    for name, value, size in (line.split() for line in output.splitlines()):
        mask = 0xffffffff if size == "4" else 0xffffffffffffffff
        known += 1
        if name not in OTHER_IDEA and int(value, 16) & mask != TABLES.constants[name][column] & mask:
            yield f"{name} is {value} in the headers, {TABLES.constants[name][column]:#x} in the table"
    lib.seen(known)
    if known < len(TABLES.constants) * 3 // 4:
        yield f"the headers know only {known} of {len(TABLES.constants)} names"


def compile_and_run(text):
    import pathlib
    import tempfile
    with tempfile.TemporaryDirectory() as directory:
        source, binary = pathlib.Path(directory, "probe.c"), pathlib.Path(directory, "probe")
        source.write_text(text)
        built = lib.run("cc", "-w", "-o", binary, source)
        if built.returncode:
            raise AssertionError(built.stdout)
        return lib.run(binary).stdout


lib.main()
