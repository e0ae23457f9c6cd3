"""The application: one list of commands, and one place where failures become words and exit codes.

Exit codes: 0 fine, 1 failure, 2 what was typed or written cannot be used, 130 stopped with Ctrl-C, 141 the
reader of the output went away.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import typer

from wijksim.cli import (
    check,
    compare,
    coverage,
    discover,
    docs,
    drift,
    fit,
    interrupts,
    knockout,
    lists,
    new,
    notebook,
    precision,
    reference,
    results,
    runs,
    sensitivity,
    shapley,
    sweep,
    trace,
    validate,
)
from wijksim.cli.console import say, tool, verbose
from wijksim.cli.options import Group, Verbose
from wijksim.core.errors import InputError, SeedError, WorkerDiedError

COMMAND_LINE = "command line"
FAILED, MISTAKE, INTERRUPTED, BROKEN_PIPE = 1, 2, 130, 141

START = """\
wijksim simulates Dutch neighbourhoods month by month, to compare policy variants over twenty years.

Three commands to start with:

  {tool} memo              compare the shipped variants; writes memo.html (about two minutes)
  {tool} run baseline      one run of current policy (some seconds)
  {tool} trace baseline    suggest residents to follow through twenty years

Then: {tool} scenarios, {tool} levers, {tool} new scenario my-idea. All commands: {tool} --help
"""


class Shell(Group):
    """A group of commands that never shows a traceback for a mistake of the user."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command; turn failures into words and an exit code."""
        with guarded():
            result = super().invoke(ctx)
            sys.stdout.flush()
            return result


@contextmanager
def guarded() -> Iterator[None]:
    """Turn failures into words on standard error and an exit code."""
    try:
        yield
    except InputError as error:
        _refuse(error)
    except SeedError as error:  # of a later future: the option looks at the first alone
        say(f"wijksim: {error}")
        raise typer.Exit(MISTAKE) from None
    except KeyboardInterrupt:
        _stopped()
    except BrokenPipeError:
        _forget_output()
        raise typer.Exit(BROKEN_PIPE) from None
    except (typer.Exit, typer.Abort):
        raise
    except Exception as error:
        if hasattr(error, "exit_code"):  # a usage error, which typer words itself
            raise
        if interrupts.asked():  # an interrupt that a library turned into an error of its own
            _stopped()
        _fail(error)


def _stopped() -> NoReturn:
    say("stopped; nothing half-done was left behind")
    raise typer.Exit(INTERRUPTED) from None


def _refuse(error: InputError) -> NoReturn:
    typed = [problem for problem in error.problems if problem.file == COMMAND_LINE]
    for problem in error.problems:
        # a command line has no lines and columns
        say(str(problem).replace(f"{COMMAND_LINE}:1:1:", "wijksim:", 1) if problem in typed else str(problem))
    written = len(error.problems) - len(typed)
    if written:
        say(f"{written} problem{'s' if written > 1 else ''}; nothing was run or written")
    raise typer.Exit(MISTAKE) from None


def _fail(error: Exception) -> NoReturn:
    from wijksim.core.registry import PluginError

    if isinstance(error, PluginError | OSError | MemoryError | WorkerDiedError):
        say(f"wijksim: {str(error) or type(error).__name__}")
    else:
        say(f"wijksim: unexpected failure ({type(error).__name__}: {error})")
        say("This is a fault of the program or of a plug-in. With -v you see where; please report it.")
    if verbose():
        import traceback

        sys.stderr.write("".join(traceback.format_exception(error)))
    raise typer.Exit(FAILED) from None


def _forget_output() -> None:
    """Point standard output nowhere, so that the interpreter does not complain when it flushes at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())


app = typer.Typer(
    name="wijksim",
    cls=Shell,
    help="Simulate Dutch neighbourhoods month by month and compare policy variants over twenty years.",
    epilog=f"Every command explains itself: [bold]{tool()} run --help[/bold]. "
    "Exit codes: 0 fine, 1 failure, 2 something typed or written cannot be used.",
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback(invoke_without_command=True)
def _start(ctx: typer.Context, verbose: Verbose = False) -> None:
    """Greet who comes without a command."""
    del verbose
    if ctx.invoked_subcommand is None:
        sys.stdout.write(START.format(tool=tool()))


for _module in (
    runs,
    compare,
    precision,
    sweep,
    results,
    sensitivity,
    discover,
    shapley,
    knockout,
    validate,
    coverage,
    drift,
    trace,
    check,
    lists,
    new,
    notebook,
    docs,
    fit,
    reference,
):
    _module.add_to(app)
check.add_version_to(app)


def start() -> None:
    """Run the tool."""
    # plug-ins that a scenario names may lie in the current folder, behind everything that is installed
    sys.path.append(str(Path.cwd()))
    interrupts.remember()
    app(prog_name=tool())
