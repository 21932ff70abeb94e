# SPDX-License-Identifier: GPL-2.0
"""What can be said of the sources without building them."""

import subprocess
from pathlib import Path

import cache
import calls
import documents
import example
import proc
import rst
import scripts
import source
import tools
import unittests
from report import Report

TREE = Path(__file__).resolve().parents[2]
MAX_LINES = 800
# How trace events are laid out, in the kernel as well.
TRACE_IGNORE = "OPEN_ENDED_LINE,PARENTHESIS_ALIGNMENT"
# BIT() is not for what userspace includes.
UAPI_IGNORE = "BIT_MACRO"
# What programs outside the kernel can't have (its attribute macros, BIT(), __func__ in its messages) or do differently:
# tables of tests as macros, linker symbols, storage that an interruption or another CPU changes.
USER_IGNORE = ("PREFER_DEFINED_ATTRIBUTE_MACRO,BIT_MACRO,EMBEDDED_FUNCTION_NAME,CAMELCASE,AVOID_EXTERNS,VOLATILE,"
               "ARRAY_SIZE,PREFER_FALLTHROUGH,COMPLEX_MACRO,MACRO_ARG_REUSE,MACRO_ARG_UNUSED,TRAILING_SEMICOLON,FUNCTION_ARGUMENTS,"
               "WEAK_DECLARATION")
# Headers that stand for the kernel's, with what those define
SHIM_IGNORE = "NEW_TYPEDEFS,MEMORY_BARRIER,IS_ENABLED_CONFIG,WAITQUEUE_ACTIVE,UNCOMMENTED_DEFINITION,MACRO_ARG_PRECEDENCE"


def tracked(*patterns: str) -> list[Path]:
    """The files of the project, also those not yet committed."""
    names = proc.output(["git", "ls-files", "-co", "--exclude-standard", *patterns], cwd=TREE)
    return sorted(TREE / name for name in names.split("\n") if name and (TREE / name).exists())


def complaints(argv: list, cwd: Path = TREE) -> str:
    """What a checker says; nothing when it is content and says nothing."""
    done = subprocess.run([str(arg) for arg in argv], cwd=cwd, capture_output=True, text=True, timeout=300)
    said = (done.stdout + done.stderr).strip()
    return said or (f"exit status {done.returncode}" if done.returncode else "")


def remembered(argv: list, path: Path, script: Path, cwd: Path = TREE) -> str:
    """What a checker, called with argv, says of a file.

    That it had nothing to say is kept in the cache with all that this depends on: the text, its name, the arguments, and
    the checker with the lists beside it, but not with the checkout's place: the same text in another checkout is as good.
    Asking again about all files takes minutes.
    """
    beside = [script.parent / name for name in ("spelling.txt", "const_structs.checkpatch")]
    options = [str(arg).replace(str(TREE), "") for arg in argv]
    key = cache.digest(options, str(path.relative_to(TREE)), path, script, *(file for file in beside if file.exists()))
    silent = cache.root() / "style" / key
    if silent.exists():
        return ""
    said = complaints([*argv, path], cwd)
    if not said:
        silent.parent.mkdir(exist_ok=True)
        silent.touch()
    return said


def checkpatch(report: Report, path: Path) -> str:
    command = ["perl", source.checkpatch(), "--strict", "--no-tree", "--terse", "--quiet", "--no-summary"]
    ignore = []
    if path.name == "trace.h":
        ignore.append(TRACE_IGNORE)
    if "uapi" in path.relative_to(TREE).parts:
        ignore.append(UAPI_IGNORE)
    if "tools" in path.relative_to(TREE).parts:
        ignore.append(USER_IGNORE)
        # Where it looks for headers when it finds a name as libraries have them
        command.append(f"--root={TREE}")
    if path.is_relative_to(TREE / "tools/fuzz/include"):
        ignore.append(SHIM_IGNORE)
    if ignore:
        command += ["--ignore", ",".join(ignore)]
    # It keeps what it knows of names in its working directory.
    return remembered([*command, "-f"], path, source.checkpatch(), cwd=report.path.parent)


def unit_tests(report: Report) -> None:
    """Those of the tools that need neither a host nor a build."""
    for path in tracked("tools/*/test_*.py"):
        if path.parent.name not in ("cssctl", "css-3270", "css-tape") and path != tools.SHELL_TEST:
            unittests.run(report, path.parent.name, [path])


def run(report: Report) -> None:
    """Every check on every file it is for."""
    for path in tracked("*.c", "*.h", "*.S"):
        report.check(f"checkpatch {path.relative_to(TREE)}", checkpatch(report, path))
    place = TREE / "build/check/example"
    example.write(place)
    for name in sorted(example.new_files()):
        report.check(f"checkpatch {name} of {example.DOCUMENT.name}", checkpatch(report, place / name))
    program = example.write_program(place / "tools")
    report.check(f"checkpatch {program.name} of {example.USER_DOCUMENT.name}", checkpatch(report, program))
    for path in tracked("include/*.h", "drivers/*.[ch]", "kunit/*.h"):
        report.check(f"kernel-doc {path.relative_to(TREE)}",
                     remembered(["perl", source.kernel_doc(), "-none", "-Wall"], path, source.kernel_doc()))
    scripts.run(report, tracked())
    unit_tests(report)
    documents.run(report)
    rst.run(report, tracked("Documentation/*.rst"))
    calls.run(report)
    # Documents are split as their readers need it.
    long = [f"{path.relative_to(TREE)}: {lines} lines" for path in tracked()
            if path.name != "COPYING" and path.suffix not in (".rst", ".md") and (lines := path.read_bytes().count(b"\n")) > MAX_LINES]
    report.check(f"no file of code is longer than {MAX_LINES} lines", "\n".join(long))
