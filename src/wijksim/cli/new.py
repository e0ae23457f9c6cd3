"""``new scenario``, ``new lever`` and ``new prices``: commented stubs that work from the first minute."""

from __future__ import annotations

import keyword
import re
from pathlib import Path
from string import Template
from typing import Annotated

import typer

from wijksim.cli.console import out, python, say, tool
from wijksim.cli.options import WRITING, Group, register, writable_file, writable_folder

_TEMPLATES = Path(__file__).parent / "templates"
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_LONGEST = 40

Name = Annotated[
    str,
    typer.Argument(metavar="NAME", show_default=False, help="Lower case, words joined by hyphens: my-idea."),
]
Folder = Annotated[
    Path | None,
    typer.Option(
        "--dir", metavar="DIR", show_default=False, help="Folder to write to; this one if left out."
    ),
]
PricesName = Annotated[
    str | None,
    typer.Argument(metavar="[NAME]", show_default=False, help="As of a scenario; prices if left out."),
]
PricesFile = Annotated[
    Path | None,
    typer.Option(
        "--out", metavar="FILE.yaml", show_default=False, help="File to write, in place of NAME.yaml."
    ),
]
Governing = Annotated[
    bool,
    typer.Option("--governing", metavar=" ", help="A lever that changes the doses of other levers."),
]


def add_to(app: typer.Typer) -> None:
    """Register the group ``new`` and its commands."""
    group = typer.Typer(
        cls=Group,
        help="Write a commented stub to start from: a scenario, a lever with its test, or prices of your own.",
        rich_markup_mode="rich",
        no_args_is_help=True,
    )
    register(
        group,
        "scenario",
        "",
        examples=("wijksim new scenario my-idea", "wijksim new scenario my-idea --dir ideas"),
        then="edit the file, then wijksim check my-idea.yaml.",
    )(scenario)
    register(
        group,
        "lever",
        "",
        examples=("wijksim new lever reading-club", "wijksim new lever steady-course --governing"),
        then="run its test: python -m pytest test_reading_club.py.",
    )(lever)
    register(
        group,
        "prices",
        "",
        examples=("wijksim new prices", "wijksim new prices --out utrecht.yaml"),
        then="change what is other with you, then wijksim memo SCENARIO --prices prices.yaml.",
    )(prices)
    app.add_typer(group, name="new", rich_help_panel=WRITING)


def scenario(name: Name, folder: Folder = None) -> None:
    """Write a scenario: NAME.yaml, a small difference from current policy.

    The stub passes 'wijksim check' as it is, and says at every key what may stand there.
    """
    _usable(name, taken=_shipped_scenarios(), what="scenario")
    target = folder or Path()
    title = name.replace("-", " ").capitalize()
    _write({target / f"{name}.yaml": _filled("scenario.yaml", name=name, title=title)})
    path = _shown(target / f"{name}.yaml")
    say(f"next: edit it, then {tool()} check {path} and {tool()} run {path} --months 12 --size 500")


def lever(name: Name, folder: Folder = None, governing: Governing = False) -> None:
    """Write a lever: its module, a test of what is expected of it, and a scenario that uses it.

    With --governing it is one that changes the doses of other levers, such as stop-go or a budget.

    In a checkout of wijksim the files go where they belong: src/wijksim/levers, tests/levers and scenarios. Anywhere
    else they are a plug-in: the scenario names the module, and wijksim finds it in the current folder.
    """
    from wijksim.kernel.lever import LEVERS
    from wijksim.model.known import known
    from wijksim.scenario.generate import SCHEMA_LINE

    known()
    _usable(name, taken=LEVERS.names(), what="lever")
    if name in _shipped_scenarios():
        raise typer.BadParameter(
            f"there is a shipped scenario '{name}'; choose another name", param_hint="NAME"
        )
    module = name.replace("-", "_")
    if keyword.iskeyword(module):
        raise typer.BadParameter(f"'{name}' is a word of Python; choose another name", param_hint="NAME")
    checkout = folder is None and Path("src/wijksim/levers").is_dir()
    target = folder or Path()
    files = (
        (Path("src/wijksim/levers"), Path("tests/levers"), Path("scenarios"))
        if checkout
        else (target, target, target)
    )
    words = {
        "name": name,
        "module": module,
        "klass": "".join(part.capitalize() for part in name.split("-")),
        "title": name.replace("-", " ").capitalize(),
        "plugins": "" if checkout else f"plugins: [{module}]\n",
        "schema_line": f"{SCHEMA_LINE}\n" if checkout else "",
        "source": f'"{name}"' if checkout else f'Path(__file__).parent / "{name}.yaml"',
        "path_import": "" if checkout else "from pathlib import Path\n\n",
    }
    kind = "governing" if governing else "lever"
    test = files[1] / f"test_{module}.py"
    _write(
        {
            files[0] / f"{module}.py": _filled(f"{kind}.py.txt", **words),
            test: _filled(f"test_{kind}.py.txt", **words),
            files[2] / f"{name}.yaml": _filled(f"{kind}_scenario.yaml", **words),
        }
    )
    say(
        f"next: run the test ({python()} -m pytest {_shown(test)}), then make the lever do what you have in mind"
    )
    if checkout:
        say(f"and bring the index of scenarios up to date: {python()} -m wijksim.scenario.generate")
        say("what else it needs before it is shipped is told by recipe 1 of CONTRIBUTING.md")
    else:
        say(f"{tool()} levers {name} shows it, and {tool()} run {_shown(files[2] / f'{name}.yaml')} pulls it")


def prices(name: PricesName = None, folder: Folder = None, out_file: PricesFile = None) -> None:
    """Write every price of the model, to put your own in their place: prices.yaml.

    By subject: what it is for, unit, year of the euros, range, grade and source. Keep the lines that you change; as it
    is written the file changes nothing.
    """
    from wijksim.cli.price_file import price_file
    from wijksim.model.known import all_parameters

    if out_file is not None and (name is not None or folder is not None):
        raise typer.BadParameter("says already where to write; leave NAME and --dir out", param_hint="--out")
    name = name or "prices"
    path = out_file or (folder or Path()) / f"{name}.yaml"
    if out_file is None:
        _usable(name, taken=(), what="file")
    else:
        writable_file(path, "--out")
    _write(
        {path: price_file(all_parameters().parameters, path.name)},
        said="NAME" if out_file is None else "--out",
    )
    say(f"next: change what is other with you, then {tool()} memo SCENARIO --prices {_shown(path)}")


def _usable(name: str, *, taken: tuple[str, ...], what: str) -> None:
    if not _NAME.fullmatch(name) or len(name) > _LONGEST:
        guess = "-".join(re.findall(r"[a-z0-9]+", name.casefold()))[:_LONGEST].strip("-")
        fine = _NAME.fullmatch(guess) is not None
        hint = f", did you mean '{guess}'?" if fine else ""
        raise typer.BadParameter(
            f"'{name}' is no good name: lower-case letters and digits, words joined by hyphens, at most {_LONGEST} "
            f"characters{hint}",
            param_hint="NAME",
        )
    if name in taken:
        raise typer.BadParameter(
            f"there is a {what} '{name}' already; choose another name", param_hint="NAME"
        )


def _shipped_scenarios() -> tuple[str, ...]:
    from wijksim.scenario.load import shipped_scenarios

    return shipped_scenarios()


def _filled(template: str, **words: str) -> str:
    return Template((_TEMPLATES / template).read_text(encoding="utf-8")).substitute(words)


def _write(files: dict[Path, str], *, said: str = "NAME") -> None:
    """Write all files or none; an existing file is never touched."""
    for path in files:
        writable_folder(path.parent, "--dir")
        if path.exists():
            raise typer.BadParameter(f"'{path}' exists already and is left as it is", param_hint=said)
    made: list[Path] = []
    try:
        for path, text in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8") as stream:
                made.append(path)
                stream.write(text)
    except BaseException:
        for path in made:
            path.unlink(missing_ok=True)
        raise
    for path in made:
        out().print(_shown(path), soft_wrap=True, markup=False)


def _shown(path: Path) -> str:
    return str(path)
