"""The tree of sections with a box to tick before each: HTML by Python, as a tree has a thousand."""

from collections.abc import Collection

from django.utils.safestring import SafeString

from catalog.selectors.sections import SectionNode, SectionTree
from portal.lib.markup import markup

_BOX = (
    '<label class="tree-label"><input type="checkbox" name="sections" value="{}"{}>'
    '<span class="tree-name">{}</span><span class="tree-count">{}</span></label>'
)
_LEAF = "<li>{}</li>"
_BRANCH = (
    '<li><details{}><summary class="tree-fold" aria-label="Подразделы: {}"></summary>'
    "<ul>{}</ul></details>{}</li>"
)
_TREE = '<div class="tree-head">{}</div><ul class="tree">{}</ul>'
_OPEN, _CHECKED, _NOTHING = SafeString(" open"), SafeString(" checked"), SafeString("")


def section_boxes(tree: SectionTree, chosen: Collection[int]) -> SafeString:
    """All trees one below the other; branches with a ticked section inside are unfolded."""
    picked = frozenset(chosen)
    tops: dict[str, list[SectionNode]] = {}
    for node in tree.sold(None):
        tops.setdefault(node.classifier, []).append(node)
    return SafeString(
        "".join(
            markup(_TREE, classifier, SafeString("".join(_item(tree, node, picked)[0] for node in nodes)))
            for classifier, nodes in tops.items()
        )
    )


def _item(tree: SectionTree, node: SectionNode, picked: frozenset[int]) -> tuple[SafeString, bool]:
    """The section with what lies below it, and whether any of it is ticked."""
    below = [_item(tree, child, picked) for child in tree.sold(node.pk)]
    is_ticked = node.pk in picked
    box = markup(_BOX, node.pk, _CHECKED if is_ticked else _NOTHING, node.name, node.count)
    if not below:
        return markup(_LEAF, box), is_ticked
    is_inside = any(ticked for _html, ticked in below)
    inner = SafeString("".join(html for html, _ticked in below))
    return markup(_BRANCH, _OPEN if is_inside else _NOTHING, node.name, inner, box), is_ticked or is_inside
