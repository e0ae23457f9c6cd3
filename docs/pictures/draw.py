"""Draw the picture of the README: ``.venv/bin/python docs/pictures/draw.py``, from the root of the checkout."""

from __future__ import annotations

import re
from pathlib import Path

import wijksim
from wijksim.kernel.measure import MEASURES
from wijksim.report.plots import band_panels
from wijksim.report.tables import course

MEASURE, PAIRS = "crisis_share", 10
FOLDER = Path(__file__).parent


def main() -> None:
    """Run current policy and the cut in ten futures and write the panel of the vulnerable district."""
    comparison = wijksim.compare(["baseline", "staffing-cut"], pairs=PAIRS)
    line = course(comparison, MEASURES.get(MEASURE), comparison.districts.index("vulnerable"))
    panel = band_panels(line, ["baseline", "staffing-cut"], where="the vulnerable district")[0]
    svg = panel[panel.index("<svg") : panel.index("</svg>") + len("</svg>")]
    if "xmlns=" not in svg[: svg.index(">")]:
        svg = svg.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    svg = re.sub(
        r"(<title[^>]*>)[^<]*", r"\1Hours of social teams that go to crises, current policy and a cut", svg
    )
    (FOLDER / "staffing-cut.svg").write_text(re.sub(r"\s+\n", "\n", svg) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
