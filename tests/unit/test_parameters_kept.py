"""What is kept of parameter files is what they say, or nothing."""

import shutil

import pytest

from wijksim.core.errors import InputError
from wijksim.parameters.kept import load_kept
from wijksim.parameters.load import VALUES, load_values


@pytest.fixture
def folder(tmp_path):
    for name in ("debt.yaml", "work.yaml"):
        shutil.copy(VALUES / name, tmp_path / name)
    return tmp_path


def test_what_was_kept_equals_what_is_read(folder):
    first = load_kept(folder)
    assert (folder / "__pycache__" / "values.json").exists()
    again = load_kept(folder)
    assert repr(again) == repr(first) == repr(load_values(folder))


def test_a_changed_file_is_read_anew(folder):
    before = load_kept(folder)
    path = folder / "debt.yaml"
    text = path.read_text(encoding="utf-8")
    name, parameter = next((n, p) for n, p in before.items() if n.startswith("debt."))
    label = parameter.label
    path.write_text(text.replace(label, f"{label} indeed", 1), encoding="utf-8")
    assert load_kept(folder)[name].label == f"{label} indeed"


def test_a_broken_copy_is_thrown_away(folder):
    known = load_kept(folder)
    kept = folder / "__pycache__" / "values.json"
    for text in ("", "[]", '{"stamp": 1}', kept.read_text(encoding="utf-8")[:-9]):
        kept.write_text(text, encoding="utf-8")
        assert load_kept(folder) == known


def test_files_with_problems_are_never_kept(folder):
    (folder / "bad.yaml").write_text("prefix: bad\nparameters: {x: {value: 1}}\n", encoding="utf-8")
    with pytest.raises(InputError):
        load_kept(folder)
    assert not (folder / "__pycache__" / "values.json").exists()


def test_where_nobody_may_write_the_files_are_read(folder):
    (folder / "__pycache__").write_text("in the way", encoding="utf-8")
    assert load_kept(folder) == load_values(folder)


def test_where_no_source_was_found_the_grade_says_so():
    """A figure that rests on the design alone is nobody's measurement."""
    shipped = load_values(VALUES)
    alone = [one for one in shipped.values() if one.source == ("design",)]
    assert len(alone) > 1000
    assert [one.name for one in alone if one.grade in "AB"] == []
