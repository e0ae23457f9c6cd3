"""What may not stand in any file of the repository, and what may not stand in the model.

Forbidden words are put together from pieces here, so that this file passes its own check.
"""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "wijksim"

EVERYWHERE = {
    # The lock installs from whatever index a user's pip is set to; an address would override that.
    "address of a package host": "|".join(
        re.escape(host)
        for host in (
            "pypi" + ".org",
            "python" + "hosted.org",
            "npm" + "js.org",
            "npm" + "js.com",
            "anaconda" + ".org",
            "crates" + ".io",
            "debian" + ".org",
        )
    ),
    # A path of one machine works on no other. A part of a web address or of a longer path is fine.
    "path of one machine": r"(?<![\w./:~-])/("
    + "|".join(("wo" + "rk", "tm" + "p", "ro" + "ot", "ho" + "me"))
    + r")\b",
    "work left undone": r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "NotImplemented" + "Error")) + r")\b",
    "a name of a tool, which says nothing about the model": r"(?i)\b("
    + "|".join(("clau" + "de", "chat" + "gpt", "anthro" + "pic", "copi" + "lot"))
    + r")\b",
}

# Ethnic or national origin is in no state, driver or output. Both languages; stems, so that
# compounds and plurals are found too.
ORIGIN = re.compile(
    "|".join(
        (
            "ethni" + "c",
            "etni" + "sch",
            "etnici" + "teit",
            "nationa" + "lit",
            "migration_" + "background",
            "migratie" + "achtergrond",
            "migratie" + "herkomst",
            "herkomst" + "land",
            "herkomst" + "groep",
            "immi" + "grant",
            "alloch" + "to",
            "autoch" + "to",
            "non.?wes" + "tern",
            "niet.?wes" + "ters",
            "birth_" + "country",
            "country_of_" + "birth",
            "geboorte" + "land",
            "raci" + "al",
            "religi" + "(on|e)",
        )
    ),
    re.IGNORECASE,
)


def _tracked() -> list[Path]:
    """List the text files that are, or on the next commit would be, in the repository."""
    # The folder may belong to another user (a mounted checkout), which git refuses unless told.
    command = [
        "git",
        "-c",
        "safe.directory=*",
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    files = [ROOT / name for name in listed.split("\0") if name]
    return [path for path in files if path.is_file() and b"\0" not in path.read_bytes()]


def _hits(pattern: str, text: str) -> list[str]:
    lines = enumerate(text.splitlines(), start=1)
    return [f"{number}: {line.strip()[:90]}" for number, line in lines if re.search(pattern, line)]


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    found = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in _tracked()}
    assert "pyproject.toml" in found
    return found


@pytest.mark.parametrize("what", EVERYWHERE)
def test_no_file_holds(what, texts):
    found = [f"{name}:{hit}" for name, text in texts.items() for hit in _hits(EVERYWHERE[what], text)]
    assert not found, f"{what}:\n" + "\n".join(found)


@pytest.mark.parametrize(
    ("what", "line", "found"),
    [
        ("address of a package host", "see https://py" + "pi.org/simple", True),
        ("address of a package host", "see https://opendata.cbs.nl", False),
        ("path of one machine", "open('/tm" + "p/x')", True),
        ("path of one machine", "cd /ro" + "ot", True),
        ("path of one machine", "https://example.nl/ho" + "me/x and income/wo" + "rk", False),
        ("work left undone", "# TO" + "DO later", True),
        ("a name of a tool, which says nothing about the model", "by Clau" + "de", True),
    ],
)
def test_the_patterns_themselves(what, line, found):
    assert bool(_hits(EVERYWHERE[what], line)) is found


def _model_words(path: Path) -> str:
    """Return the words of a file that the model can use: without comments, and without docstrings.

    Prose may say that origin is left out on purpose, so it is not searched.
    """
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".yaml":
        return re.sub(r"(^|\s)#.*", "", text)
    tree = ast.parse(text)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [part for part in body if not _is_prose(part)] or [ast.Pass()]
    return ast.unparse(tree)


def _is_prose(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def test_no_origin_in_the_model():
    # sources.yaml is left out: titles of publications are quoted as they are.
    files = [path for path in sorted(PACKAGE.rglob("*")) if path.suffix in {".py", ".yaml"}]
    files += [
        path for folder in ("scenarios", "experiments") for path in sorted((ROOT / folder).rglob("*.yaml"))
    ]
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in files
        if path.name != "sources.yaml"
        for match in ORIGIN.finditer(_model_words(path))
    ]
    assert files
    assert not found, "\n".join(found)


def test_origin_is_found_in_code_and_values_but_not_in_prose(tmp_path):
    word = "ethni" + "city"
    code = tmp_path / "a.py"
    code.write_text(f'"""No {word}."""\nname = 1  # no {word}\n')
    assert not ORIGIN.search(_model_words(code))
    code.write_text(f'name = "resident.{word}"\n')
    assert ORIGIN.search(_model_words(code))
    values = tmp_path / "a.yaml"
    values.write_text(f"a: 1  # no {word}\n")
    assert not ORIGIN.search(_model_words(values))
    values.write_text(f"{word}_rate: 1\n")
    assert ORIGIN.search(_model_words(values))


def test_lines_of_the_description_fit_a_screen() -> None:
    lines = (ROOT / "docs" / "odd.md").read_text(encoding="utf-8").splitlines()
    assert [number for number, line in enumerate(lines, start=1) if len(line) > 125] == []
