# SPDX-License-Identifier: GPL-2.0
"""Which folder of the module calls which: compares the code with architecture.rst.

Calls are looked for in the sources: a file calls another when it names a function that the other defines, or that is
inline in the other's header. Calls through a pointer are not seen; architecture.rst lists these by hand.
"""

import re
from pathlib import Path

from report import Report

TREE = Path(__file__).resolve().parents[2]
MODULE = TREE / "drivers/s390/kvm_css"
HEADERS = TREE / "include/kvm_css"
DOCUMENT = TREE / "Documentation/architecture.rst"
# The folders from top to bottom. Each folder may include public headers of its own and of folders below.
PUBLIC = {
    "host": ("version",),
    "instructions": ("ioinst", "chsc", "chsc_layout"),
    "image": ("css", "crw", "number_map"),
    "subchannel": ("subchannel", "sch_shared", "measurement"),
    "chanprog": ("chanprog", "command", "budget"),
    "devices": ("control_unit", "backend", "backing", "device_type", "user_unit"),
    "seam": ("guest", "host_sch", "ending", "layout", "ccw", "timer"),
}
# What a device may include of the folder above it: a device asks it and moves data while its command is executed.
FOR_DEVICES = {"command"}
ROOM_OF = {header: room for room, headers in PUBLIC.items() for header in headers}
# What host/ implements, and a fake in KUnit.
SEAMS = ("guest.h", "host_sch.h")
COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*|\"(?:\\.|[^\"\\\n])*\"", re.DOTALL)
# The name of a function in the first line of its definition or declaration.
DEFINED = re.compile(r"^(?!static|typedef|#|\s|struct \w+ \{|DEFINE_|EXPORT_|MODULE_|module_)[\w\s*]*?\b(\w+)\(", re.MULTILINE)
INLINE = re.compile(r"^static inline [\w\s*]*?\b(\w+)\(", re.MULTILINE)
INCLUDE = re.compile(r'^#include [<"]([\w/.]+)[>"]', re.MULTILINE)
ARROW = re.compile(r"^  (\w+) +-> (.+)$", re.MULTILINE)

# Folders whose files are in an order as well, with the files that call each other.
ORDERED = "subchannel"
EACH_OTHER = {"runner.c", "present.c"}
# Any folder may have a reference and give it back.
EVERYBODY = {"subchannel_put"}

Calls = dict[str, set[str]]


def code(path: Path) -> str:
    """The source without comments and strings."""
    return COMMENT.sub(" ", path.read_text())


def room(path: Path) -> str:
    return path.relative_to(MODULE).parts[0] if path.parent != MODULE else "host"


def definitions() -> dict[str, str]:
    """Where functions that other files may call are defined: folder by name. host/ defines the seams."""
    found = {}
    for path in sorted(MODULE.rglob("*.c")):
        if path.name != "main.c":
            found.update({name: room(path) for name in DEFINED.findall(code(path))})
    for header, folder in ROOM_OF.items():
        found.update({name: folder for name in INLINE.findall(code(HEADERS / f"{header}.h"))})
    for header in SEAMS:
        found.update({name: "seam" for name in DEFINED.findall(code(HEADERS / header))})
    return found


def calls() -> Calls:
    """The folders that each folder calls."""
    defined = definitions()
    found: Calls = {name: set() for name in PUBLIC if name != "seam"}
    for path in sorted(MODULE.rglob("*.c")):
        words = set(re.findall(r"\b\w+\b", code(path)))
        found[room(path)] |= {defined[word] for word in words & defined.keys()} - {room(path)}
    return found


def picture(found: Calls) -> str:
    """The calls that architecture.rst lists."""
    order = list(PUBLIC)
    return "\n".join(f"  {name:<12} -> {', '.join(sorted(found[name], key=order.index))}" for name in order if name in found)


def documented(text: str) -> str:
    return "\n".join(match.group(0) for match in ARROW.finditer(text))


def upwards(found: Calls) -> list[str]:
    """Calls to a folder above. A device may call what command.h has, which its includes show."""
    order = list(PUBLIC)
    return [f"{caller} calls {callee}, which is above it" for caller, callees in found.items() for callee in sorted(callees)
            if order.index(callee) < order.index(caller) and (caller, callee) != ("devices", "chanprog")]


def within(text: str) -> list[str]:
    """Calls from one file of a folder to another that architecture.rst does not list below it."""
    block = re.search(rf"^  {ORDERED}/ (?:.*\n)+?(?=    \|)", text, re.MULTILINE)
    listed = re.findall(r"\b(\w+\.c)\b", block.group(0)) if block else []
    paths = sorted((MODULE / ORDERED).glob("*.c"))
    wrong = [f"{ORDERED}/{path.name} is not listed in architecture.rst" for path in paths if path.name not in listed]
    if wrong:
        return wrong
    defined = {name: path.name for path in paths for name in DEFINED.findall(code(path))}
    for path in paths:
        words = set(re.findall(r"\b\w+\b", code(path)))
        wrong += [f"{ORDERED}/{path.name} calls {word}() of {defined[word]}, which is listed above it"
                  for word in sorted(words & defined.keys() - EVERYBODY)
                  if listed.index(defined[word]) < listed.index(path.name) and not {path.name, defined[word]} <= EACH_OTHER]
    return wrong


def includes() -> list[str]:
    """Headers that a folder must not include: public ones of folders above, and internal ones of others."""
    order = list(PUBLIC)
    wrong = []
    files = [(path, room(path)) for path in sorted(MODULE.rglob("*.[ch]"))]
    files += [(HEADERS / f"{header}.h", folder) for header, folder in ROOM_OF.items()]
    for path, folder in files:
        for name in INCLUDE.findall(path.read_text()):
            if name.startswith("kvm_css/"):
                header = Path(name).stem
                if header not in ROOM_OF:
                    wrong.append(f"{path.relative_to(TREE)}: {name} is of no folder; calls.py lists them")
                elif order.index(ROOM_OF[header]) < order.index(folder) and not (folder == "devices" and header in FOR_DEVICES):
                    wrong.append(f"{path.relative_to(TREE)}: {name} is above {folder}")
            elif "/" in name and (MODULE / name).exists() and path.name != "main.c":
                wrong.append(f"{path.relative_to(TREE)}: {name} is internal to another folder")
    return wrong + [f"{path.relative_to(TREE)}: of no folder; calls.py lists them" for path in sorted(HEADERS.glob("*.h"))
                    if path.stem not in ROOM_OF]


def differences(found: Calls, text: str) -> str:
    said, is_so = documented(text), picture(found)
    return "" if said == is_so else f"expected in architecture.rst:\n{is_so}\nfound:\n{said or 'nothing'}"


def run(report: Report) -> None:
    """Compare the folders' headers and calls with their order and with architecture.rst."""
    found = calls()
    report.check("calls: headers of folders above are not included", "\n".join(includes()))
    report.check("calls: no folder calls one above it", "\n".join(upwards(found)))
    report.check(f"calls: the files of {ORDERED}/ call files listed below them", "\n".join(within(DOCUMENT.read_text())))
    report.check("calls: architecture.rst shows which folder calls which", differences(found, DOCUMENT.read_text()))


if __name__ == "__main__":
    print(picture(calls()))
