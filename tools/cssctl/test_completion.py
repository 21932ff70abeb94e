#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Tests of what bash completes on a command line of cssctl."""

import subprocess
import unittest

from case import FAKE, HERE, USAGE, Case, build, kinds

COMMANDS = {"add", "apply", "attach", "create", "detach", "list", "remove", "reset", "serve", "show", "stat", "tape", "version"}


def setUpModule() -> None:  # noqa: N802
    build()


class Completion(Case):
    def setUp(self) -> None:
        super().setUp()
        (self.dir / "cssctl").symlink_to(FAKE)

    def complete(self, *words: str) -> set[str]:
        """The completions of the last word, in the directory of the test."""
        script = ('. "$1"; shift; COMP_WORDS=(cssctl "$@"); COMP_CWORD=$#; _cssctl; '
                  '[[ ${#COMPREPLY[@]} -eq 0 ]] || printf "%s\\n" "${COMPREPLY[@]}"')
        environment = self.environment()
        environment["PATH"] = f"{self.dir}:{environment['PATH']}"
        done = subprocess.run(["bash", "-c", script, "bash", HERE / "cssctl.bash", *words], env=environment, cwd=self.dir,
                              capture_output=True, text=True, check=False, timeout=60)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return set(done.stdout.splitlines())

    def help_of(self, command: str) -> list[str]:
        """The options that the help of a command lists."""
        lines = self.run_it(command, "--help").stdout.decode().splitlines()
        return [line.split()[0] for line in lines if line.startswith("  --")]

    def test_commands(self) -> None:
        self.assertEqual(self.complete(""), COMMANDS | {"--help", "--version"})
        self.assertEqual(self.complete("at"), {"attach"})

    def test_options(self) -> None:
        for command in COMMANDS:
            listed = self.help_of(command)
            self.assertEqual(len(listed), len(set(listed)), "an option is listed twice")
            self.assertEqual(self.complete(command, "--"), set(listed))
        self.assertEqual(self.complete("add", "--readonly", "--di"), {"--direct", "--discard"})
        self.assertEqual(self.complete("show", "--backing", "--bl"), set())

    def test_values(self) -> None:
        self.assertEqual(self.complete("add", "--type", ""), kinds())
        self.assertEqual(self.complete("add", "--model", ""), {"9336", "3370"})
        self.assertEqual(self.complete("add", "--model", "3"), {"3370"})
        for option in ("--blocks", "--devno", "--chpid", "--vm-fd", "--cu", "--ciw", "--area", "--text"):
            self.assertEqual(self.complete("add", option, ""), set())
        self.assertEqual(self.complete("apply", "--wait", ""), set())

    def test_files(self) -> None:
        for option in ("--backing", "--pidfile", "--qmp", "--qtree", "--serve"):
            self.assertEqual(self.complete("add", option, "dis"), {"disk"})
        self.assertEqual(self.complete("serve", "--socket", "dis"), {"disk"})
        self.assertEqual(self.complete("apply", "dis"), {"disk"})
        self.assertIn("--wait", self.complete("apply", "-"))

    def test_of_the_host(self) -> None:
        self.attach()
        self.it("add", "--type", "test")
        self.assertIn(self.pid, self.complete("attach", "--pid", ""))
        self.assertEqual(self.complete("show", "--pid", self.pid, "--id", ""), {"0.3.0000"})
        self.assertEqual(self.complete("show", "--id", ""), set())

    def test_no_such_command(self) -> None:
        self.assertEqual(self.complete("frob", "--"), set())
        done = subprocess.run([FAKE, "complete", "frob"], env=self.environment(), capture_output=True, check=False)
        self.assertEqual((done.returncode, done.stdout), (USAGE, b""))


if __name__ == "__main__":
    unittest.main()
