"""Sending price lists by schedule."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from documents.models import PriceListFile
from documents.price_lists.writing import MIMES
from documents.selectors.price_lists import ListNotPossible, buyer_of
from documents.services.price_list_files import price_list_file_name
from documents.states import ListFileState
from portal.files.serving import open_file
from portal.lib.dates import format_date, moscow_date
from portal.lib.mail import Attachment, mail_send

MOST_ATTACHED = 5_000_000
"""Bytes; a larger file is fetched by the link in the letter."""


def price_list_mail(*, file_id: int, at: datetime, key: str) -> int:
    """Send the file to whose price list it is; return how many addresses it went to.

    None once the list is removed or the person may not see its prices any more.
    Raises FileDamaged and whatever ails the mail server.
    """
    files = PriceListFile.objects.select_related("file", "profile__user", "profile__city")
    row = files.filter(pk=file_id, state=ListFileState.READY).first()
    if row is None or row.file is None:
        return 0
    try:
        buyer = buyer_of(row.profile, on=moscow_date(at))
    except ListNotPossible:
        return 0
    attachments = []
    if row.file.size <= MOST_ATTACHED:
        with open_file(row.file) as stored:
            attachments = [Attachment(price_list_file_name(row), stored.read(), MIMES[row.format])]
    mail_send(
        key=key,
        to=[row.profile.user.email],
        subject=f"Прайс-лист «{row.profile.name}» на {format_date(moscow_date(row.made_at or at))}",
        template="mail/price_list",
        context={
            "name": row.profile.name,
            "legal_entity": buyer.legal_entity.name,
            "city": buyer.city.name,
            "rows": row.rows_total,
            "is_attached": bool(attachments),
            "seller": buyer.contract.organization.name,
            "address": settings.SITE_URL + reverse("documents:price_list_file", args=[row.uid]),
            "settings_address": settings.SITE_URL + reverse("documents:price_list", args=[row.profile.uid]),
        },
        attachments=attachments,
    )
    return 1
