"""Parses az commands with the Azure CLI's own command table and argument parser, without performing them.

Reads one JSON object a line: {"args": ["network", "vnet", ...]}. Answers one JSON object a line, in the same order:
{"status": "ok" | "unknown" | "refused", "command", "message", "confirms", "tags"}. `confirms`: the command asks before
it acts; `tags`: it takes --tags. Nothing is signed in, nothing is sent.
"""

import contextlib
import io
import json
import logging
import os
import re
import sys

from azure.cli.core import get_default_cli

from azVersions import use_versions_that_exist


class Refused(Exception):
    """What the parser would have said before leaving the process."""


def refuse(_parser, message):
    raise Refused(message)


class Checker:
    def __init__(self):
        use_versions_that_exist()
        self.cli = get_default_cli()
        # Values must not be read from files or completed from a configuration that only this machine has.
        self.cli.local_context.is_on = False

    def check(self, args):
        invocation = self.cli.invocation_cls(
            cli_ctx=self.cli,
            parser_cls=self.cli.parser_cls,
            commands_loader_cls=self.cli.commands_loader_cls,
            help_cls=self.cli.help_cls,
        )
        self.cli.invocation = invocation
        loader = invocation.commands_loader
        loader.load_command_table(args)
        words = [word.lower() for word in args[: first_flag(args)]]
        name = next(
            (" ".join(words[:count]) for count in range(len(words), 0, -1) if " ".join(words[:count]) in loader.command_table),
            None,
        )
        if name is None:
            return {"status": "unknown", "command": " ".join(words), "message": "this Azure CLI has no such command"}
        command = loader.command_table[name]
        loader.command_table = {name: command}
        loader.command_name = name
        invocation.data["command_string"] = name
        try:
            loader.load_arguments(name)
        except Exception as error:  # pylint: disable=broad-except  (a package of the CLI that does not fit the others)
            return {"status": "unknown", "command": name, "message": f"this Azure CLI cannot load it: {error}"}
        invocation.parser.cli_ctx = self.cli
        invocation.parser.load_command_table(loader)
        facts = {
            "command": name,
            "confirms": bool(getattr(command, "confirmation", None)),
            "tags": any("--tags" in options(argument) for argument in command.arguments.values()),
        }
        for parser in parsers(invocation.parser):
            parser.error = lambda message, parser=parser: refuse(parser, message)
        try:
            with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
                invocation.parser.parse_args(args)
        except Refused as refused:
            return {**facts, "status": "refused", "message": str(refused)}
        except SystemExit as left:
            return {**facts, "status": "refused", "message": f"the parser gave up with exit code {left.code}"}
        except Exception as error:  # pylint: disable=broad-except  (a converter of one argument: its message is the finding)
            return {**facts, "status": "refused", "message": f"{type(error).__name__}: {error}"}
        return {**facts, "status": "ok"}


def first_flag(args):
    return next((index for index, word in enumerate(args) if word.startswith("-")), len(args))


def options(argument):
    return [str(option) for option in argument.type.settings.get("options_list") or []]


def parsers(parser):
    """The parser and those below it, each once."""
    seen = [parser]
    for below in list(getattr(parser, "subparser_map", {}).values()):
        if below not in seen:
            seen.append(below)
    for action in parser._actions:
        for below in (getattr(action, "choices", None) or {}).values() if isinstance(getattr(action, "choices", None), dict) else []:
            seen.extend(parsers(below))
    return seen


def main():
    logging.disable(logging.CRITICAL)
    checker = Checker()
    for line in sys.stdin:
        answer = checker.check(json.loads(line)["args"])
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
