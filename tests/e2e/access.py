"""A page in a real browser, and what keeps somebody from using it: axe-core, colours in pictures, what does not fit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright
from tests.e2e.browser import CHROMIUM

DESK, PHONE, SMALLEST = 1280, 390, 320  # pixels; the last is what WCAG 1.4.10 asks
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice")
LEAST_CONTRAST = 4.5  # WCAG 1.4.3, for letters of any size
AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")

SPACED = """* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
p { margin-bottom: 2em !important; }"""
"""What a reader may set by WCAG 1.4.12."""

# Colours of letters in pictures against what lies under them: axe leaves these open.
LETTERS = """
() => {
  const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top, below) => top.slice(0, 3).map((c, i) => c * top[3] + below[i] * (1 - top[3]));
  const light = (c) => {
    const [r, g, b] = c.map((v) => v / 255).map((v) => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b;
  };
  const painted = (element, x, y) => {
    const style = getComputedStyle(element);
    if (!(element instanceof SVGGeometryElement)) {
      return element instanceof SVGElement ? null : rgba(style.backgroundColor);
    }
    const point = new DOMPoint(x, y).matrixTransform(element.getScreenCTM().inverse());
    if (style.fill === "none" || !element.isPointInFill(point)) return null;
    const [r, g, b, a] = rgba(style.fill);
    return [r, g, b, a * style.fillOpacity * style.opacity];
  };
  const faults = [];
  let seen = 0;
  for (const text of document.querySelectorAll("svg text")) {
    if (!text.checkVisibility() || !text.textContent.trim()) continue;
    text.scrollIntoView({block: "center", inline: "center"});
    const box = text.getBoundingClientRect();
    for (const part of [.1, .5, .9]) {
      const x = box.left + part * box.width, y = box.top + .5 * box.height;
      let colour = [255, 255, 255];
      const layers = document.elementsFromPoint(x, y).filter((e) => !e.closest("text"))
        .map((e) => painted(e, x, y)).filter((layer) => layer && layer[3] > 0);
      for (const layer of layers.reverse()) colour = over(layer, colour);
      const style = getComputedStyle(text);
      const ink = rgba(style.fill);
      ink[3] *= style.fillOpacity * style.opacity;
      const [low, high] = [light(colour), light(over(ink, colour))].sort((a, b) => a - b);
      const ratio = (high + .05) / (low + .05);
      seen += 1;
      if (ratio < LEAST) faults.push(`${text.textContent.trim()}: ${style.fill} on ${colour.map(Math.round)}`);
    }
  }
  return [seen, [...new Set(faults)]];
}
""".replace("LEAST", str(LEAST_CONTRAST))

# What lies beyond the page at its side, and what is cut off by a box that cannot scroll.
STICKING_OUT = """
() => {
  const width = document.documentElement.clientWidth;
  const shown = [...document.querySelectorAll("body *")].filter((e) => e.checkVisibility() && !e.closest("svg"));
  const clipped = (e) => ["hidden", "clip"].includes(getComputedStyle(e).overflowX)
    && e.getBoundingClientRect().width > 2 && e.scrollWidth > e.clientWidth + 1;
  return shown.filter((e) => clipped(e)
    || (!e.parentElement.closest(".scroll") && e.getBoundingClientRect().right > width + 1))
    .map((e) => e.outerHTML.slice(0, 120));
}
"""


@dataclass
class Seen:
    """A page that was opened, and everything it complained about or asked the network for."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def open_details(self) -> None:
        """Open everything that folds."""
        self.page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")

    def violations(self, *, contrast: bool = True) -> list[str]:
        """What axe-core finds wrong, with the first place of each; ``contrast`` takes most of the time."""
        self.page.evaluate(AXE)
        asked: dict[str, Any] = {
            "runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"],
            "rules": {"color-contrast": {"enabled": contrast}},
        }  # fmt: skip
        found = self.page.evaluate("(asked) => axe.run(document, asked)", asked)
        assert found["passes"]  # it did look
        return [
            f"{one['id']} ({len(one['nodes'])}): {one['help']}: {one['nodes'][0]['html'][:200]}"
            for one in found["violations"]
        ]

    def faint_letters(self) -> tuple[int, list[str]]:
        """How many places in the letters of pictures were looked at, and which are too faint."""
        seen, faults = self.page.evaluate(LETTERS)
        return int(seen), [str(fault) for fault in faults]

    def sticking_out(self) -> list[str]:
        """What does not fit the width of the window."""
        return [str(one) for one in self.page.evaluate(STICKING_OUT)]


@contextmanager
def browser() -> Iterator[Browser]:
    """Debian's Chromium; none is downloaded."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        try:
            yield running
        finally:
            running.close()


@contextmanager
def opened(running: Browser, path: Path, width: int) -> Iterator[Seen]:
    """A page in a window of ``width`` pixels, without a network."""
    context = running.new_context(viewport={"width": width, "height": 900}, offline=True, locale="nl-NL")
    context.set_default_timeout(300_000)
    try:
        seen = Seen(context.new_page())
        seen.page.on("console", lambda message: seen.complaints.append(message.text))
        seen.page.on("pageerror", lambda error: seen.complaints.append(str(error)))
        seen.page.on("request", lambda request: seen.requests.append(request.url))
        seen.page.goto(path.as_uri())
        yield seen
    finally:
        context.close()
