"""The assortment: every kind of good that the invented distributor trades in.

The order is part of the barcodes: new kinds are added at the end of KINDS.
"""

from typing import Final

from integrations.demo.kind import Kind
from integrations.demo.kinds import (
    anchors,
    cables,
    fasteners,
    heating,
    lighting,
    mounting,
    panels,
    piping,
    plumbing,
    protection,
    tools,
    wiring,
)

KINDS: Final[tuple[Kind, ...]] = (
    *cables.KINDS,
    *protection.KINDS,
    *panels.KINDS,
    *wiring.KINDS,
    *lighting.KINDS,
    *mounting.KINDS,
    *fasteners.KINDS,
    *anchors.KINDS,
    *piping.KINDS,
    *heating.KINDS,
    *plumbing.KINDS,
    *tools.KINDS,
)
