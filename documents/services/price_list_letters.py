"""Sending price lists by schedule."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.notices import NoticeKind
from accounts.selectors.notices import is_mailed
from accounts.services.letters import letters_send
from documents.models import PriceListFile
from documents.price_lists.writing import MIMES
from documents.selectors.price_lists import ListNotPossible, buyer_of
from documents.services.enclosures import MOST_ENCLOSED
from documents.services.price_list_files import price_list_file_name
from documents.states import ListFileState
from portal.files.serving import open_file
from portal.lib.dates import moscow_date
from portal.lib.mail import Attachment


def price_list_mail(*, file_id: int, at: datetime, key: str) -> int:
    """Send the file to whose price list it is; return how many addresses it went to.

    None once the list is removed, the person may not see its prices any more or wants no such letters.
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
    person = row.profile.user
    if not is_mailed(user_id=person.pk, kind=NoticeKind.PRICE_LIST, at=at):
        return 0
    attachments = []
    if row.file.size <= MOST_ENCLOSED and not buyer.contract.organization.mails_links:
        with open_file(row.file) as stored:
            attachments = [Attachment(price_list_file_name(row), stored.read(), MIMES[row.format])]
    return letters_send(
        key=key,
        to=[person.email],
        letter="price_list",
        context={
            "list": row.profile.name,
            "made": timezone.localtime(row.made_at or at),
            "buyer": buyer.legal_entity.name,
            "city": buyer.city.name,
            "rows": row.rows_total,
            "is_attached": bool(attachments),
            "seller": buyer.contract.organization.name,
            "address": settings.SITE_URL + reverse("documents:price_list_file", args=[row.uid]),
            "settings_address": settings.SITE_URL + reverse("documents:price_list", args=[row.profile.uid]),
        },
        attachments=attachments,
        kinds=[NoticeKind.PRICE_LIST],
    )
