"""Telling people who see the money of a legal entity what has become of it."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.notices import NoticeFacts, NoticeKind
from accounts.selectors.administrators import administrator_ids
from accounts.services.notices import notice_send, notices_send
from finance.models import CreditOverride, OnlinePayment
from finance.selectors.alerts import money_readers
from finance.services.alerts import money_copies_send
from finance.states import OnlineState
from portal.lib.dates import format_date, moscow_date
from portal.lib.money import format_money
from portal.lib.said import Said, said


def payment_ended_tell(*, payment_id: int, at: datetime) -> int:
    """Tell that an online payment has come or was given up. Idempotent."""
    payment = OnlinePayment.objects.select_related("legal_entity", "organization").get(pk=payment_id)
    on = moscow_date(at)
    readers = money_readers(legal_entity_ids=[payment.legal_entity_id], on=on)
    is_paid = payment.state == OnlineState.SUCCEEDED
    title = (
        (_("Оплата {sum} ₽ прошла"), "The payment of {sum} ₽ went through")
        if is_paid
        else (_("Оплата {sum} ₽ отменена"), "The payment of {sum} ₽ was cancelled")
    )
    day = moscow_date(payment.finished_at or at)
    facts = NoticeFacts(
        user_ids=readers.people[payment.legal_entity_id],
        kind=NoticeKind.PAID_ONLINE,
        reference=f"online:{payment.pk}",
        title=said(*title, sum=format_money(payment.amount)),
        text=f"{payment.legal_entity.name} → {payment.organization.name}",
        address=reverse("finance:payment", args=[payment.uid]),
    )
    money_copies_send(copies=[(payment.legal_entity_id, facts)], addresses=readers.addresses, day=day)
    return notices_send(notices=[facts], day=day, at=at)


def payment_doubtful_tell(*, provider_id: str, reason: str, at: datetime) -> int:
    """Tell the administrators of money that the portal cannot explain."""
    return notice_send(
        user_ids=administrator_ids(),
        kind=NoticeKind.PAYMENT_DOUBTFUL,
        reference=f"provider:{provider_id}"[:60],
        day=moscow_date(at),
        title=said(_("Онлайн-платёж требует проверки"), "An online payment needs a check"),
        text=said(
            _("Платёж {number} у провайдера: {reason}. Сверьте его с кабинетом провайдера."),
            "Payment {number} of the provider: compare it with the provider's own account.",
            number=provider_id,
            reason=reason,
        ),
        at=at,
    )


def override_tell(*, override_id: int, at: datetime) -> int:
    """Tell the administrators who let orders over a limit, up to what and why; not the one who did."""
    override = CreditOverride.objects.select_related("contract__legal_entity", "author").get(pk=override_id)
    contract = override.contract
    text = said(
        _("{author}: {entity}, договор {contract}, до {sum} ₽ по {date}. {reason}"),
        "{author}: {entity}, contract {contract}, up to {sum} ₽ until {date}. {reason}",
        author=override.author.get_full_name(),
        entity=contract.legal_entity.name,
        contract=Said(str(contract), f"No. {contract.number} of {format_date(contract.date)}"),
        sum=format_money(override.amount),
        date=format_date(override.valid_until),
        reason=override.reason,
    )
    return notice_send(
        user_ids=[pk for pk in administrator_ids() if pk != override.author_id],
        kind=NoticeKind.CREDIT_OVERRIDE,
        reference=f"override:{override.pk}",
        day=moscow_date(at),
        title=said(_("Дано разрешение сверх лимита"), "An order was allowed above the limit"),
        text=text,
        at=at,
    )
