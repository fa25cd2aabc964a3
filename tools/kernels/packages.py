# SPDX-License-Identifier: BSD-2-Clause
"""Kernels from Debian's archive, kept in the user's cache.

apt does the fetching, in a directory of its own with its own list of sources, so
that nothing of the machine's configuration changes: it checks the signature of the
suite and the checksum of the package. The archive is the one that the machine's own
apt uses.
"""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"

# What `--kernels` names, where it comes from, and which package has the image.
KERNELS = {
    "5.10": ("bullseye", r"linux-image-5\.10\.[-0-9]+-cloud-amd64"),
    "6.1": ("bookworm", r"linux-image-6\.1\.[-0-9]+-cloud-amd64"),
    "6.12": ("bookworm-backports", r"linux-image-6\.12\.[^ ]+-cloud-amd64"),
    "7.3": ("trixie-backports", r"linux-binary-unsigned-7\.3\.[^ ]+-cloud-amd64"),
}


class Trouble(Exception):
    """A message for a person; nothing can go on."""


def cache_directory():
    base = os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache"
    return pathlib.Path(base) / "paprika"


def run(argv, **more):
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, text=True, **more)
    if done.returncode:
        raise Trouble(f"{' '.join(argv[:1] + argv[-3:])}: {done.stderr.strip()[-800:]}")
    return done.stdout


def archive():
    """Where this machine's own apt finds Debian."""
    lines = run(["apt-get", "indextargets", "--format", "$(SITE) $(LABEL)",
                 "Created-By: Packages"]).splitlines()
    sites = [line.split(" ", 1)[0] for line in lines if line.endswith(" Debian")]
    if not sites:
        raise Trouble("this machine's apt knows no archive of Debian")
    return sites[0]


def options(root):
    return ["-o", f"Dir={root}", "-o", f"Dir::State::status={root}/var/lib/dpkg/status",
            "-o", "Dir::Etc::parts=/etc/apt/apt.conf.d", "-o", "Dir::Etc::main=/etc/apt/apt.conf",
            "-o", "Dir::Bin::methods=/usr/lib/apt/methods", "-o", "APT::Architecture=amd64",
            "-o", "APT::Architectures::=amd64", "-o", "Acquire::Languages=none",
            "-o", "APT::Sandbox::User=root"]


def prepare(root, suites):
    for name in ("etc/apt/preferences.d", "etc/apt/sources.list.d", "etc/apt/trusted.gpg.d",
                 "var/lib/apt/lists/partial", "var/cache/apt/archives/partial", "var/lib/dpkg"):
        (root / name).mkdir(parents=True, exist_ok=True)
    (root / "var/lib/dpkg/status").touch()
    site = archive()
    (root / "etc/apt/sources.list").write_text("".join(
        f"deb [signed-by={KEYRING}] {site} {suite} main\n" for suite in suites))
    run(["apt-get", *options(root), "-q", "update"])


def newest(root, suite, pattern):
    """(package, version): of those in the suite, by dpkg's own order."""
    best = None
    for package in run(["apt-cache", *options(root), "pkgnames", "linux-"]).split():
        if not re.fullmatch(pattern, package):
            continue
        for line in run(["apt-cache", *options(root), "madison", package]).splitlines():
            version, place = (part.strip() for part in line.split("|")[1:3])
            if f" {suite}/" in place and (not best or older(best[1], version)):
                best = (package, version)
    if not best:
        raise Trouble(f"{suite} has no package {pattern}")
    return best


def older(one, other):
    return subprocess.run(["dpkg", "--compare-versions", one, "lt", other]).returncode == 0


def unpack(root, package, version, target):
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        run(["apt-get", *options(root), "-q", "download", f"{package}={version}"], cwd=scratch)
        deb, = pathlib.Path(scratch).glob("*.deb")
        tree = pathlib.Path(scratch, "tree")
        run(["dpkg-deb", "-x", str(deb), str(tree)])
        images = [*tree.glob("boot/vmlinuz-*"), *tree.glob("usr/lib/modules/*/vmlinuz*"),
                  *tree.glob("lib/modules/*/vmlinuz*")]
        if len(images) != 1:
            raise Trouble(f"{deb.name} has {len(images)} kernel images")
        shutil.move(images[0], target)


def fetch(names, fresh=False):
    """{name: (image, "package version")}; asks the archive only for what the cache lacks."""
    cache = cache_directory() / "kernels"
    cache.mkdir(parents=True, exist_ok=True)
    found = {}
    for name in names:
        known = sorted(cache.glob(f"{name}@*"), key=lambda path: path.stat().st_mtime)
        if known and not fresh:
            found[name] = (known[-1], known[-1].name.split("@", 1)[1].replace("@", " "))
    lacking = [name for name in names if name not in found]
    if not lacking:
        return found
    root = cache_directory() / "apt"
    prepare(root, sorted({KERNELS[name][0] for name in KERNELS}))
    for name in lacking:
        package, version = newest(root, *KERNELS[name])
        image = cache / f"{name}@{package}@{version.replace('/', '_')}"
        if not image.exists():
            unpack(root, package, version, image)
        found[name] = (image, f"{package} {version}")
    return found
