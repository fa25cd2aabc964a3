# SPDX-License-Identifier: BSD-2-Clause
"""What `meson install` puts where, and that a program can be built from it alone."""

import os
import pathlib
import re
import tempfile

import lib

LIBRARIES = ["paprika", "pledge", "capsicum", "nv"]

PROGRAM = """
#include <paprika.h>
#include <stdio.h>
int main(void) { return puts("linked") < 0; }
"""


def installed(folder):
    """The installed tree, with the prefix that was configured cut off."""
    result = lib.run("meson", "install", "-C", lib.BUILD, "--no-rebuild", "--destdir", folder)
    if result.returncode:
        raise RuntimeError(result.stdout)
    found = [p for p in pathlib.Path(folder).rglob("*") if p.is_file() or p.is_symlink()]
    program = next(p for p in found if p.name == "paprika" and p.parent.name == "bin")
    return program.parent.parent, found


@lib.case
def everything_is_installed():
    with tempfile.TemporaryDirectory() as folder:
        prefix, found = installed(folder)
        names = {str(p.relative_to(prefix)) for p in found}
        wanted = ["bin/paprika", "include/paprika.h", "include/pledge.h"]
        wanted += [f"include/paprika/{p.relative_to(lib.SOURCE / 'include')}"
                   for system in ("freebsd", "openbsd")
                   for p in (lib.SOURCE / "include" / system).rglob("*.h")]
        wanted += [f"share/man/man{p.suffix[1]}/{p.name}" for p in (lib.SOURCE / "man").iterdir()]
        for name in wanted:
            lib.seen()
            if name not in names:
                yield f"{name} is not installed"
        for pattern in [r"lib(64)?/.*libpaprika\.so", r"lib(64)?/.*libpaprika\.a",
                        r"lib(64)?/.*paprika\.pc", r"lib(64)?/.*libpledge\.so",
                        r"lib(64)?/.*libpledge\.a", r"lib(64)?/.*pledge\.pc",
                        r"lib(64)?/.*libcapsicum\.so", r"lib(64)?/.*libcapsicum\.a",
                        r"lib(64)?/.*capsicum\.pc",
                        r"lib(64)?/.*libnv\.so", r"lib(64)?/.*libnv\.a", r"lib(64)?/.*nv\.pc"]:
            lib.seen()
            if not any(re.fullmatch(pattern, name) for name in names):
                yield f"nothing installed matches {pattern}"
        for path in found:
            if path.suffix in (".h", ".pc", ".1") and str(lib.SOURCE) in path.read_text():
                yield f"{path.relative_to(prefix)} names the source directory"
        # Every command, so also the ones that a small launcher hands on.
        for command in ["run", "check", "filter"]:
            told = lib.run(prefix / "bin/paprika", command, "--help")
            if told.returncode or f"paprika {command}" not in told.stdout:
                yield f"installed, paprika {command} --help says: {told.stdout}"


@lib.case
def programs_link_with_either_form():
    with tempfile.TemporaryDirectory() as folder:
        prefix, found = installed(folder)
        source = pathlib.Path(folder, "program.c")
        source.write_text(PROGRAM)
        libdir = next(p for p in found if p.name == "libpaprika.a").parent
        for name, words in {"shared": [f"-L{libdir}", "-lpaprika"],
                            "static": [libdir / "libpaprika.a"]}.items():
            program = pathlib.Path(folder, name)
            built = lib.run("cc", f"-I{prefix / 'include'}", source, "-o", program, *words)
            lib.seen()
            if built.returncode:
                yield built.stdout
                continue
            ran = lib.run(program, env={"LD_LIBRARY_PATH": str(libdir), "PATH": os.environ["PATH"]})
            if ran.stdout != "linked\n":
                yield f"{name}: {ran.stdout}"


PORT = """
#include <unistd.h>
#include <stdio.h>
int main(void)
{
	if (unveil("/etc", "r") < 0 || pledge("stdio rpath", NULL) < 0)
		return 1;
	return fopen("/etc/passwd", "r") == NULL || fopen("/usr/bin/env", "r") != NULL ||
	       puts("pledged") < 0;
}
"""


@lib.case
def ports_find_pledge_as_on_openbsd():
    """A program that includes <unistd.h> alone, and the test of a configure script."""
    with tempfile.TemporaryDirectory() as folder:
        prefix, found = installed(folder)
        libdir = next(p for p in found if p.name == "libpledge.a").parent
        env = {"PKG_CONFIG_PATH": str(libdir / "pkgconfig"), "PATH": os.environ["PATH"],
               "PKG_CONFIG_SYSROOT_DIR": folder, "LD_LIBRARY_PATH": str(libdir)}
        flags = lib.run("pkg-config", "--cflags", "--libs", "pledge", env=env).stdout.split()
        lib.seen(len(flags))
        # A prefix that is not relocated by pkg-config: the words are what is looked at.
        if "-lpledge" not in flags or not any(f.endswith("paprika/openbsd") for f in flags):
            yield f"pkg-config says {' '.join(flags)}"
        source = pathlib.Path(folder, "port.c")
        probe = pathlib.Path(folder, "probe.c")
        source.write_text(PORT)
        probe.write_text("char pledge();\nchar unveil();\n"
                         "int main(void) { return pledge() + unveil(); }\n")
        include = [f"-I{prefix / 'include'}", f"-I{prefix / 'include/paprika/openbsd'}"]
        builds = {"port": [*include, "-Wall", "-Werror", source, f"-L{libdir}", "-lpledge"],
                  "static": [*include, source, libdir / "libpledge.a"],
                  "probe": [*include, probe, f"-L{libdir}", "-lpledge"]}
        for name, words in builds.items():
            program = pathlib.Path(folder, name)
            built = lib.run("cc", "-std=gnu99", "-o", program, *words)
            lib.seen()
            if built.returncode:
                yield f"{name}: {built.stdout}"
            elif name != "probe":
                ran = lib.run(program, env=env)
                if ran.stdout != "pledged\n":
                    yield f"{name}: {ran.returncode} {ran.stdout}"


CAPSICUM = """
#include <sys/capsicum.h>
#include <capsicum_helpers.h>
#include <stdio.h>
int main(void)
{
	cap_rights_t rights;

	cap_rights_init(&rights);
	if (!cap_rights_is_empty(&rights))
		return 1;
	cap_rights_set(&rights, CAP_READ, CAP_EVENT);
	return !cap_rights_is_set(&rights, CAP_READ) || puts("limited") < 0;
}
"""


@lib.case
def programs_find_capsicum_as_on_freebsd():
    """What pkg-config says, against the installed tree alone; both languages, both forms."""
    with tempfile.TemporaryDirectory() as folder:
        prefix, found = installed(folder)
        libdir = next(p for p in found if p.name == "libcapsicum.a").parent
        env = {"PKG_CONFIG_PATH": str(libdir / "pkgconfig"), "PATH": os.environ["PATH"],
               "PKG_CONFIG_SYSROOT_DIR": folder, "LD_LIBRARY_PATH": str(libdir)}
        flags = lib.run("pkg-config", "--cflags", "--libs", "capsicum", env=env).stdout.split()
        if "-lcapsicum" not in flags or not any(f.endswith("paprika/freebsd") for f in flags):
            yield f"pkg-config says {' '.join(flags)}"
        headers = f"-I{prefix / 'include/paprika/freebsd'}"
        for language, command in {"c": ["cc", "-std=gnu99"], "cc": ["c++", "-std=c++11"]}.items():
            source = pathlib.Path(folder, f"program.{language}")
            source.write_text(CAPSICUM)
            for form, words in {"shared": [f"-L{libdir}", "-lcapsicum"],
                                "static": [libdir / "libcapsicum.a"]}.items():
                program = pathlib.Path(folder, f"{language}-{form}")
                built = lib.run(*command, headers, "-Wall", "-Werror", "-O1", "-ffunction-sections",
                                "-Wl,--gc-sections", source, "-o", program, *words)
                lib.seen()
                if built.returncode:
                    yield f"{program.name}: {built.stdout}"
                elif lib.run(program, env=env).stdout != "limited\n":
                    yield f"{program.name} does not say that it is limited"


@lib.case
def the_library_needs_libc_alone():
    libraries = [p for name in LIBRARIES for p in lib.BUILD.rglob(f"lib{name}.so*")
                 if p.is_file() and not p.is_symlink()
                 and p.suffix != ".symbols"]
    for path in libraries:
        lib.seen()
        needed = re.findall(r"\(NEEDED\).*\[(.*)\]", lib.run("readelf", "-dW", path).stdout)
        for name in needed:
            if not re.match(rf"libc\.so|ld-linux|lib[au]san|lib({'|'.join(LIBRARIES)})", name):
                yield f"{path.name} needs {name}"


@lib.case
def the_library_exports_its_list_alone():
    for library in LIBRARIES:
        text = (lib.SOURCE / f"lib/lib{library}.map").read_text()
        exported = set(re.findall(r"^\s+(\w+);", text, re.M))
        forms = {p: ["nm", "-g", "--defined-only", *(["-D"] if ".so" in p.name else []), p]
                 for p in lib.BUILD.glob(f"lib/lib{library}.*")
                 if p.name.endswith(".a") or (".so" in p.name and p.is_file() and
                                              not p.is_symlink() and p.suffix != ".symbols")}
        for path, command in forms.items():
            names = set(re.findall(r"^[0-9a-f]+ [BCDRTVW] (\w+)", lib.run(*command).stdout, re.M))
            lib.seen(len(names))
            for name in sorted(names ^ exported):
                state = "missing" if name in exported else "not in the list"
                yield f"{path.name}: {name} is {state}"


lib.main()
