from __future__ import annotations

import importlib
import pickle
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from wijksim.core.registry import (
    DuplicateNameError,
    PluginError,
    Registry,
    UnknownNameError,
    discover,
    load_entry_points,
)


class Lever:
    name: str


def make(name: object, module: str = "somewhere", label: str = "Made") -> type:
    return type(label, (Lever,), {"name": name, "__module__": module})


@pytest.fixture
def levers() -> Registry[Lever]:
    return Registry("lever")


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An importable empty package, forgotten afterwards."""
    folder = tmp_path / "found_levers"
    folder.mkdir()
    (folder / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    yield folder
    for name in [n for n in sys.modules if n.partition(".")[0] == "found_levers"]:
        del sys.modules[name]


def test_register_and_find(levers: Registry[Lever]) -> None:
    b, a = make("basic-job"), make("allocation")
    assert levers.register(b) is b
    levers.register(a)
    assert levers.get("basic-job") is b
    assert levers.names() == ("allocation", "basic-job") == tuple(levers)
    assert levers.items() == (("allocation", a), ("basic-job", b))
    assert "allocation" in levers
    assert "alocation" not in levers
    assert len(levers) == 2


def test_two_registries_do_not_meet(levers: Registry[Lever]) -> None:
    levers.register(make("a"))
    assert len(Registry[Lever]("measure")) == 0


def test_an_unknown_name_says_what_was_perhaps_meant(levers: Registry[Lever]) -> None:
    levers.register(make("basic-job"))
    with pytest.raises(KeyError) as caught:
        levers.get("basic-jbo")
    assert str(caught.value) == "unknown lever 'basic-jbo', did you mean 'basic-job'?"
    again = pickle.loads(pickle.dumps(caught.value))
    assert isinstance(again, UnknownNameError)
    assert (again.kind, again.name, again.hint) == ("lever", "basic-jbo", "basic-job")
    with pytest.raises(UnknownNameError, match=r"unknown lever 'zzz' \(known: basic-job\)"):
        levers.get("zzz")
    with pytest.raises(UnknownNameError, match=r"unknown measure 'zzz' \(known: none\)"):
        Registry[Lever]("measure").get("zzz")


def test_a_duplicate_name_is_an_error_that_names_both(levers: Registry[Lever]) -> None:
    first = levers.register(make("a", "one", "First"))
    with pytest.raises(
        DuplicateNameError, match=r"lever 'a' is defined twice: by one.First and by two.Second"
    ):
        levers.register(make("a", "two", "Second"))
    for module in ("one", "__main__"):
        with pytest.raises(DuplicateNameError):
            levers.register(make("a", module))
    assert levers.get("a") is first
    assert levers.register(first) is first


def test_a_notebook_cell_replaces_its_own_class_only(levers: Registry[Lever]) -> None:
    levers.register(make("a", "__main__"))
    again = levers.register(make("a", "__main__"))
    assert levers.get("a") is again
    with pytest.raises(DuplicateNameError):
        levers.register(make("a", "plugin"))


@pytest.mark.parametrize("name", [None, "", 3])
def test_a_class_needs_a_text_as_name(levers: Registry[Lever], name: object) -> None:
    with pytest.raises(TypeError, match="lever class Made needs a text as its name"):
        levers.register(make(name))
    with pytest.raises(TypeError, match="needs a text"):
        levers.register(Lever)
    assert len(levers) == 0


def test_discover_imports_in_sorted_order_and_inside_packages(package: Path) -> None:
    log = "import sys; sys.modules['found_levers'].__dict__.setdefault('log', []).append(__name__)\n"
    for module in ("zebra", "alpha", "_helper"):
        (package / f"{module}.py").write_text(log)
    (package / "family").mkdir()
    (package / "family" / "__init__.py").touch()
    (package / "family" / "beta.py").write_text(log)
    (package / "notes.txt").write_text("no module")
    found = discover("found_levers")
    assert found == (
        "found_levers.alpha",
        "found_levers.family",
        "found_levers.family.beta",
        "found_levers.zebra",
    )
    assert sys.modules["found_levers"].log == [name for name in found if name != "found_levers.family"]
    assert discover("found_levers") == found


def test_a_package_discovers_itself_while_it_is_imported(package: Path) -> None:
    (package / "__init__.py").write_text(
        "from wijksim.core.registry import Registry, discover\n"
        "LEVERS = Registry('lever')\n"
        "FOUND = discover(__name__)\n"
    )
    (package / "job.py").write_text(
        "from found_levers import LEVERS\n@LEVERS.register\nclass Job:\n    name = 'job'\n"
    )
    module = importlib.import_module("found_levers")
    assert module.FOUND == ("found_levers.job",)
    assert module.LEVERS.names() == ("job",)


def test_discover_hides_no_error_and_wants_a_package(package: Path) -> None:
    (package / "broken.py").write_text("import does_not_exist_anywhere\n")
    with pytest.raises(ModuleNotFoundError, match="does_not_exist_anywhere"):
        discover("found_levers")
    with pytest.raises(ValueError, match="not a package"):
        discover("wijksim.core.registry")


def install(folder: Path, name: str, lines: str) -> None:
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[wijksim.test_levers]\n{lines}\n")


def test_plugins_are_loaded_in_sorted_order(package: Path) -> None:
    (package / "plug_b.py").write_text("from found_levers import plug_a\nclass Job: ...\n")
    (package / "plug_a.py").touch()
    install(package.parent, "plug", "zeta = found_levers.plug_a\nbeta = found_levers.plug_b:Job")
    assert load_entry_points("wijksim.test_levers") == ("beta", "zeta")
    assert "found_levers.plug_b" in sys.modules
    assert load_entry_points("wijksim.no_such_group") == ()


def test_a_broken_plugin_is_named(package: Path) -> None:
    install(package.parent, "bad", "gamma = found_levers.missing:Job")
    with pytest.raises(
        PluginError, match=r"plug-in 'gamma' \(found_levers.missing:Job\) of group wijksim.test_"
    ):
        load_entry_points("wijksim.test_levers")
