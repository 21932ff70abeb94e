# SPDX-License-Identifier: GPL-2.0
"""What the documents name is there, and what they list is complete."""

import re
from pathlib import Path

import example
import toolchain
from report import Report

TREE = Path(__file__).resolve().parents[2]
DOCUMENTS = TREE / "Documentation"
MODULE = TREE / "drivers/s390/kvm_css"
LITERAL = re.compile(r"``([^`\n]+)``")
SUITE = re.compile(r'\.name = "(kvm_css_\w+)"')
CASE = re.compile(r"KUNIT_CASE(?:_PARAM)?\((\w+)")
TITLE = re.compile(r"^(.+)\n([=~-])\2+$", re.MULTILINE)
BEHIND = re.compile(r'"([^"]+)" in (?:``)?([\w-]+\.rst)')
BEFORE = re.compile(r'([\w-]+\.rst)(?:``)?, "([^"]+)"')
# With what a comment has at the beginning of a line
LINE_END = re.compile(r"\s*\n[ \t]*(?:\*(?!/))?[ \t]*")
FILE = re.compile(r"[\w/.-]+\.(?:c|h|rst|py)")
# Files of Linux, QEMU and Hercules that documents name without their directory.
ELSEWHERE = {"channel.c", "chp.c", "cio.c", "ckddasd.c", "cmf.c", "crw.c", "css.c", "dasd_3370_erp.c", "dasd_3990_erp.c",
             "dasd_alias.c", "dasd_eckd.c", "dasd_eckd.h", "dasd_fba.c", "dasdtab.c", "esa390.h", "io.c", "ioinst.h", "lcs.c", "machchk.c"}


def literals(path: Path) -> set[str]:
    return set(LITERAL.findall(path.read_text()))


def sources(pattern: str) -> str:
    return "\n".join(path.read_text() for path in sorted(TREE.glob(pattern)))


def suites(texts: dict[Path, str]) -> list[str]:
    """KUnit suites and cases: those named, and in testing.rst each of them."""
    kunit = sources("kunit/*.c")
    there, cases = set(SUITE.findall(kunit)), set(CASE.findall(kunit))
    wrong = []
    for path, text in texts.items():
        wrong += [f"{path.name}: no suite {name}" for name in set(LITERAL.findall(text))
                  if re.fullmatch(r"kvm_css_\w+", name) and name not in there | {"kvm_css_kunit"}]
        # In parentheses behind a suite stand cases.
        for listed in re.findall(r"``kvm_css_\w+``\s+\(([^)]*)\)", text):
            wrong += [f"{path.name}: no case {name}" for name in re.findall(r"\w+_test\b", listed) if name not in cases]
    said = literals(DOCUMENTS / "testing.rst")
    wrong += [f"testing.rst: not listed: {name}" for name in sorted(there)
              if name not in said and not any(part.startswith("_") and name.endswith(part) for part in said)
              and not (name.startswith("kvm_css_chanprog_") and f"``{name[len('kvm_css_chanprog_'):]}``" in
                       texts[DOCUMENTS / "testing.rst"])]
    return wrong


def files(texts: dict[Path, str]) -> list[str]:
    """Files of the project, by their path or by their name alone."""
    names = {path.name for path in TREE.rglob("*") if "build" not in path.parts and path.is_file()} | ELSEWHERE
    names |= {Path(name).name for name in example.new_files() | example.new_files(example.USER_DOCUMENT)}
    return [f"{path.name}: no file {name}" for path, text in texts.items() for name in sorted(set(LITERAL.findall(text)))
            if FILE.fullmatch(name) and "NAME" not in name and not (TREE / name).exists()
            and Path(name).name not in names and not name.startswith(("arch/", "drivers/s390/", "hw/", "target/", "include/hw/"))]


def references(texts: dict[Path, str]) -> list[str]:
    """A section that is named with its document, "Title" in ``x.rst`` or ``x.rst``, "Title", is in that one."""
    titles = {path.name: {title for title, _ in TITLE.findall(text)} for path, text in texts.items()}
    wrong = []
    for path in sorted([*texts, TREE / "README.md", *(file for top in ("drivers", "include", "kunit", "tools")
                                                      for file in (TREE / top).rglob("*.[ch]"))]):
        text = LINE_END.sub(" ", path.read_text())
        named = [(title, name) for title, name in BEHIND.findall(text)] + [(title, name) for name, title in BEFORE.findall(text)]
        wrong += [f"{path.relative_to(TREE)}: no section \"{title}\" in {name}" for title, name in named
                  if name in titles and title not in titles[name]]
    return wrong


def section(text: str, title: str) -> str:
    """What stands under a title, to the next one."""
    return re.split(r"\n.+\n=+\n", text.split(f"\n{title}\n{'=' * len(title)}\n", 1)[1])[0]


def lists(texts: dict[Path, str]) -> list[str]:
    """In architecture.rst every source of the module, or its folder, and every function of the seam; in index.rst every document."""
    text = texts[DOCUMENTS / "architecture.rst"]
    layers, seam = section(text, "Layers"), section(text, "The seam")
    wrong = [f"architecture.rst: not in the layers: {path.name}" for path in sorted(MODULE.rglob("*.[ch]"))
             if path.name not in layers and path.parent.name != "devices" and path.name != "host.h"
             and not (path.parent.parent.name == "devices" and f" {path.parent.name}/ " in layers)]
    for name in re.findall(r"\b(guest_\w+)\(\) - ", (TREE / "include/kvm_css/guest.h").read_text()):
        if f"{name}()" not in seam and f"_{name.rsplit('_', 1)[1]}()" not in seam:
            wrong.append(f"architecture.rst: not in the seam: {name}()")
    index = texts[DOCUMENTS / "index.rst"]
    wrong += [f"index.rst: not there twice, in the tree and in the table: {path.name}" for path in texts
              if path.stem != "index" and (f"\n   {path.stem}\n" not in index or f"\n``{path.name}`` " not in index)]
    return wrong


def packages(texts: dict[Path, str]) -> list[str]:
    """In lab.rst each package that the lab or a job installs, and no other one."""
    text = section(texts[DOCUMENTS / "lab.rst"], "What this machine needs")
    installed = {*toolchain.COMMON, *toolchain.CROSS, *toolchain.FUZZ, *toolchain.PATHLEN, *toolchain.DEBS, *toolchain.STYLE}
    (listed,) = re.findall(r"::\n\n((?:\t.+\n)+)", text)
    return [f"lab.rst: not said to be needed: {name}" for name in sorted(installed) if name not in re.split(r"[\s,.]+", text)] + [
        f"lab.rst: nothing installs {name}" for name in listed.split() if name not in installed]


def selftests(texts: dict[Path, str]) -> list[str]:
    """Each selftest that is built is run, and is in testing.rst."""
    makefile = (TREE / "tools/selftests/Makefile").read_text().replace("\\\n", "")
    built = {name for line in re.findall(r"^(?:host_)?programs := (.*)$", makefile, re.MULTILINE) for name in line.split()}
    script = (TREE / "tools/selftests/run").read_text()
    started = set(re.findall(r"^[\w-]+: \w+: ([\w-]+)", script.split("\nRUNS='", 1)[1].split("\n'\n", 1)[0], re.MULTILINE))
    # What helps it before the runs
    started |= built & set(re.findall(r'"\$here/(\w+)"', script))
    text = section(texts[DOCUMENTS / "testing.rst"], "Selftests")
    (table,) = re.findall(r"^program [^\n]*\n=+ +=+\n(.*?)^=", text, re.MULTILINE | re.DOTALL)
    said = set(re.findall(r"^``(\w+)`` ", table, re.MULTILINE))
    return [f"{name}: built: {name in built}, started by run: {name in started}, in testing.rst: {name in said}"
            for name in sorted(built | started | said) if name not in built & started & said]


def layers() -> list[str]:
    """The core includes nothing of s390 or KVM; calls.py looks at what its folders include of each other."""
    core = [MODULE / name.replace(".o", ".c") for name in re.findall(r"[\w/]+\.o", (MODULE / "core.mk").read_text())]
    host = re.compile(r"#include <(?:asm/(?!byteorder)|linux/kvm)[\w/.]*>")
    return [f"{path.relative_to(TREE)}: {line}" for path in [*core, *sorted((TREE / "include/kvm_css").glob("*.h"))]
            for line in host.findall(path.read_text()) if line != "#include <linux/kvm_css.h>"]


def run(report: Report) -> None:
    """Every check on every document."""
    texts = {path: path.read_text() for path in sorted(DOCUMENTS.glob("*.rst"))}
    report.check("documents: sections that others name", "\n".join(references(texts)))
    report.check("documents: KUnit suites and cases", "\n".join(suites(texts)))
    report.check("documents: files", "\n".join(files(texts)))
    report.check("documents: lists", "\n".join(lists(texts)))
    report.check("documents: packages", "\n".join(packages(texts)))
    report.check("documents: selftests", "\n".join(selftests(texts)))
    report.check("documents: layers", "\n".join(layers()))
