"""Where the files lie that ship beside the code: scenarios, experiments, notebooks, some pages of the documentation."""

from __future__ import annotations

from pathlib import Path

KINDS = ("scenarios", "experiments", "notebooks", "docs")
_PACKAGE = Path(__file__).resolve().parent.parent


def shipped(kind: str) -> Path:
    """Return the folder of the shipped files of one kind.

    A wheel carries them inside the package; a source checkout has them beside ``pyproject.toml``. The wheel
    is looked at first, because an environment may itself lie inside somebody else's checkout.

    Parameters
    ----------
    kind
        ``scenarios``, ``experiments``, ``notebooks`` or ``docs`` (a wheel has those pages only that the memo reads).

    Raises
    ------
    ValueError
        If there is no such kind.
    FileNotFoundError
        If the installation lacks the folder.
    """
    return _locate(kind, _PACKAGE)


def _locate(kind: str, package: Path) -> Path:
    if kind not in KINDS:
        raise ValueError(f"nothing of kind {kind!r} is shipped; choose from {', '.join(KINDS)}")
    in_wheel = package / "_shipped" / kind
    if in_wheel.is_dir():
        return in_wheel
    for folder in package.parents:
        if (folder / "pyproject.toml").is_file():
            # A pyproject.toml above an installed package is not ours: ours holds the package in src/.
            ours = folder / "src" / package.name == package
            if ours and (folder / kind).is_dir():
                return folder / kind
            break
    raise FileNotFoundError(f"this installation of wijksim carries no folder of {kind}")
