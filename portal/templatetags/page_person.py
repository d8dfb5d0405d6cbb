"""`{% csrf_token %}` that also says in whose name the page was opened.

A manager may have tabs of two clients; what is sent from the wrong one must not reach the other
(counterparties.web.visiting compares). Every form of every page has this tag already.
"""

from django import template
from django.template.base import Parser, Token
from django.template.context import Context
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

_TOKEN = CsrfTokenNode()


class _MarkNode(CsrfTokenNode):
    def render(self, context: Context) -> SafeString:
        return form_mark(context)


def form_mark(context: Context) -> SafeString:
    """What the tag draws, for tags that draw whole forms."""
    token = _TOKEN.render(context)
    visit = getattr(getattr(context, "request", None), "visit", None)
    if visit is None:
        return SafeString(token)
    return format_html('{}<input type="hidden" name="visit_person" value="{}">', token, visit.person_id)


@register.tag("csrf_token")
def csrf_token(parser: Parser, token: Token) -> _MarkNode:
    return _MarkNode()
