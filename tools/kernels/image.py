# SPDX-License-Identifier: BSD-2-Clause
"""The root file system that the test programs find under another kernel.

One archive in the kernel's initramfs form (cpio, "newc"): the files of the installed
packages that the tests use, with what those depend on, the built tree, and init. It
is what this machine has, so that only the kernel differs.
"""

import os
import pathlib
import re
import stat
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
TREE = "/paprika"  # where the guest finds the source tree

BASE = """bash bats coreutils dash diffutils findutils gawk gcc-12-base grep gzip hostname
iproute2 libc-bin libjansson4 login mawk mount ncurses-base passwd perl-base procps python3-minimal
python3 sed tar util-linux bsdextrautils bsdutils xz-utils libcap2-bin ncurses-bin
libseccomp2""".split()
PROGRAMS = """bzip2 curl file git gcc g++ libc6-dev make musl-tools openssl sqlite3 rsync less
libc-devtools tcpdump perl ruby openssh-client""".split()

LEFT_OUT = re.compile(r"/usr/share/(doc|man|info|locale|lintian|bug|icons|help|doc-base|zoneinfo)/|"
                      r"/usr/(lib|share)/(systemd|initramfs-tools)/|/usr/lib/debug/|"
                      r"/usr/share/i18n/|/__pycache__/|/usr/lib/python3/dist-packages/")
COPIED = """/etc/passwd /etc/group /etc/shadow /etc/gshadow /etc/nsswitch.conf /etc/hosts
/etc/ld.so.cache /etc/ld.so.conf /etc/locale.alias /etc/protocols /etc/services /etc/localtime
/etc/login.defs /etc/environment /etc/terminfo /etc/alternatives""".split()


def installed():
    """{package: (provided names, [[alternative...]...])} of everything installed."""
    listing = subprocess.run(
        ["dpkg-query", "-W", "-f",
         "${db:Status-Abbrev}\t${Package}\t${Provides}\t${Pre-Depends}, ${Depends}\n"],
        check=True, capture_output=True, text=True).stdout
    packages = {}
    for line in listing.splitlines():
        status, name, provides, depends = line.split("\t")
        if not status.startswith("ii"):
            continue
        names = [word.split()[0] for word in provides.split(",") if word.strip()]
        needs = [[re.split(r"[ (:]", choice.strip())[0] for choice in part.split("|")]
                 for part in depends.split(",") if part.strip()]
        packages[name] = (names, needs)
    return packages


def closure(wanted):
    """The wanted packages that are installed, and all that they depend on."""
    packages = installed()
    provider = {name: package for package, (names, _) in packages.items() for name in names}
    seen, todo = set(), [name for name in wanted if name in packages]
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        for choices in packages[name][1]:
            known = [c if c in packages else provider.get(c) for c in choices]
            todo += [k for k in known if k][:1]
    return sorted(seen)


def real(path):
    """The path with its directories' links followed, not its own."""
    head, tail = os.path.split(path)
    return os.path.join(os.path.realpath(head), tail)


def package_files(wanted):
    listing = subprocess.run(["dpkg-query", "-L", *closure(wanted)], check=True,
                             capture_output=True, text=True).stdout
    for path in listing.splitlines():
        if path.startswith("/") and path != "/." and os.path.lexists(path) and \
                not LEFT_OUT.search(path + ("/" if os.path.isdir(path) else "")):
            yield real(path)


def alternatives(have):
    """Links in the usual directories that lead by /etc/alternatives to what is there."""
    for directory in ("/usr/bin", "/usr/sbin"):
        for entry in os.scandir(directory):
            if entry.is_symlink() and os.readlink(entry.path).startswith("/etc/alternatives/") and \
                    os.path.realpath(entry.path) in have:
                yield entry.path


def copied():
    for path in COPIED:
        if os.path.isdir(path) and not os.path.islink(path):
            yield path
            for entry in os.scandir(path):
                yield entry.path
        elif os.path.lexists(path):
            yield path


BUILT = re.compile(r"\.(o|a|p|d|h)$|/\.|meson-private|meson-logs|\.ninja")


def tree_files(source, build):
    """(place in the guest, path here): sources that tests read, and what was built."""
    for top in ("tests", "tools", "docs", "man", "examples", "include"):
        for path in sorted((source / top).rglob("*")):
            if "__pycache__" not in path.parts:
                yield f"{TREE}/{path.relative_to(source)}", path
        yield f"{TREE}/{top}", source / top
    for path in sorted(build.rglob("*")):
        inner = "/" + str(path.relative_to(build))
        if not BUILT.search(inner) and not any(part.endswith(".p") for part in path.parts):
            yield f"{TREE}/build{inner}", path
    yield f"{TREE}/build", build


def built_libraries(build):
    """Libraries of programs in the tree that no package list named."""
    for path in sorted(build.rglob("*")):
        if path.is_file() and os.access(path, os.X_OK) and not path.suffix:
            done = subprocess.run(["ldd", str(path)], capture_output=True, text=True)
            for library in re.findall(r"(?:=> )?(/\S+) \(", done.stdout):
                yield real(library)
                yield os.path.realpath(library)


def entry(out, name, info, data, number):
    name = name.lstrip("/").encode()
    mode = info.st_mode
    fields = [number, mode, 0, 0, 1, int(info.st_mtime), len(data), 0, 0, 0, 0, len(name) + 1, 0]
    head = b"070701" + b"".join(b"%08x" % value for value in fields) + name + b"\0"
    out.write(head + b"\0" * (-len(head) % 4))
    out.write(data + b"\0" * (-len(data) % 4))


def write(target, source, build, programs):
    """Everything as root's own; hard links become copies. One device, for init's first words."""
    places = {}
    for path in package_files(BASE + (PROGRAMS if programs else [])):
        places[path] = path
    for path in [*copied(), *built_libraries(build)]:
        places[path] = path
    for path in alternatives({os.path.realpath(p) for p in places}):
        places[path] = path
    for place, path in tree_files(source, build):
        places[place] = str(path)
    for name in ("bin", "sbin", "lib", "lib64"):
        if os.path.islink(f"/{name}"):
            places[f"/{name}"] = f"/{name}"
    places["/init"] = str(HERE / "init")
    for place in list(places):
        for parent in pathlib.PurePosixPath(place).parents:
            if str(parent) not in places and str(parent) != "/":
                places[str(parent)] = str(parent) if os.path.isdir(parent) else "/usr"
    with open(target, "wb") as out:
        for number, place in enumerate(sorted(places), 1):
            path = places[place]
            info = os.lstat(path)
            if stat.S_ISLNK(info.st_mode):
                data = os.readlink(path).encode()
            elif stat.S_ISREG(info.st_mode):
                data = pathlib.Path(path).read_bytes()
            elif stat.S_ISDIR(info.st_mode):
                data = b""
            else:
                continue
            entry(out, place, info, data, number)
        for number, (name, mode) in enumerate([("proc", 0o555), ("sys", 0o555), ("dev", 0o755),
                                               ("tmp", 0o1777), ("run", 0o755), ("root", 0o700),
                                               ("var/tmp", 0o1777), ("home", 0o755)], 900000):
            fields = [stat.S_IFDIR | mode, 0, 0, 2, 0, 0, 0, 0, 0, 0]
            info = os.stat_result(fields)
            entry(out, name, info, b"", number)
        entry(out, "TRAILER!!!", os.stat_result([0] * 10), b"", 0)
