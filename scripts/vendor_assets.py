"""Copy what pages need from node_modules to static/vendor, and draw one sprite of the icons in use.

Run by scripts/setup. Prints one line for a file that a package no longer has, and then ends with code 1.
"""

import json
import re
import shutil
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ROOT / "node_modules"
TARGET = ROOT / "static" / "vendor"
SVG = "http://www.w3.org/2000/svg"

LINES = {"fill": "none", "stroke": "currentColor", "stroke-linecap": "round", "stroke-linejoin": "round"}

FILES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler.min.css",
    "@tabler/core/dist/css/tabler-vendors.min.css": "tabler-vendors.min.css",
    "@tabler/core/dist/js/tabler.min.js": "tabler.min.js",
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "tom-select/dist/js/tom-select.complete.min.js": "tom-select.complete.min.js",
    "tom-select/dist/css/tom-select.bootstrap5.min.css": "tom-select.bootstrap5.min.css",
    "uplot/dist/uPlot.iife.min.js": "uplot.iife.min.js",
    "uplot/dist/uPlot.min.css": "uplot.min.css",
}

ICONS = (ROOT / "scripts" / "icons.txt").read_text().split()


def main() -> int:
    """Fill the folder aside, then put it in place, so that pages never see half of it."""
    fresh = TARGET.with_name("vendor.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    absent = [source for source, target in FILES.items() if not copied(PACKAGES / source, fresh / target)]
    absent += draw_sprite(fresh / "tabler-icons.svg")
    if absent:
        sys.stderr.write(f"vendor_assets: not in node_modules: {', '.join(absent)}\n")
        return 1
    (fresh / "versions.json").write_text(json.dumps(versions(), indent=2) + "\n")
    shutil.rmtree(TARGET, ignore_errors=True)
    fresh.rename(TARGET)
    return 0


def copied(source: Path, target: Path) -> bool:
    """Copy a file without the address of its source map, which is left behind; False when it is absent."""
    if not source.exists():
        return False
    text = source.read_text(encoding="utf-8")
    target.write_text(re.sub(r"(/\*#|//#) sourceMappingURL=\S+( \*/)?\n?", "", text), encoding="utf-8")
    return True


def draw_sprite(target: Path) -> list[str]:
    """Gather the outline icons as symbols named like the icons; return names that do not exist."""
    ET.register_namespace("", SVG)
    sprite = ET.Element(f"{{{SVG}}}svg")
    absent = []
    for name in sorted(ICONS):
        drawing = PACKAGES / "@tabler" / "icons" / "icons" / "outline" / f"{name}.svg"
        if not drawing.exists():
            absent.append(name)
            continue
        shapes = [shape for shape in ET.parse(drawing).getroot() if shape.get("stroke") != "none"]  # noqa: S314
        symbol = ET.SubElement(sprite, f"{{{SVG}}}symbol", {"id": name, "viewBox": "0 0 24 24", **LINES})
        symbol.extend(shapes)
    ET.ElementTree(sprite).write(target, encoding="utf-8", xml_declaration=False)
    return absent


def versions() -> dict[str, str]:
    """Return package: version of what was copied, for whoever looks into the folder."""
    names = {"@tabler/icons"} | {path.partition("/dist/")[0] for path in FILES}
    manifests = {name: json.loads((PACKAGES / name / "package.json").read_text()) for name in sorted(names)}
    return {name: manifest["version"] for name, manifest in manifests.items()}


if __name__ == "__main__":
    sys.exit(main())
