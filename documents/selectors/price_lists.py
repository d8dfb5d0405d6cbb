"""Reads of price lists: those of a person, and for whom one is made."""

from dataclasses import dataclass
from datetime import date

from counterparties.actor import Actor
from counterparties.models import Contract
from counterparties.selectors import actor_of_membership, memberships_valid
from counterparties.selectors.workplace import stock_mask_of
from documents.models import PriceListFile, PriceListProfile
from documents.price_lists.goods import Buyer
from documents.states import ListFileState, ListFormat

KEPT_FILES = 10


class ListNotPossible(Exception):
    """A price list cannot be made, with the reason that a person can do something about."""


@dataclass(frozen=True, slots=True)
class PriceListRow:
    """One profile in the list of them; `newest` is its newest file, made or being made."""

    profile: PriceListProfile
    format: str
    newest: PriceListFile | None


def price_list_rows(*, actor: Actor) -> list[PriceListRow]:
    """The person's price lists by name, each with its newest file; two queries."""
    profiles = list(
        PriceListProfile.objects.visible_to(actor)
        .select_related("legal_entity", "city")
        .order_by("name", "pk")
    )
    files = PriceListFile.objects.filter(profile__in=[profile.pk for profile in profiles])
    newest = {
        file.profile_id: file
        for file in files.select_related("file")
        .order_by("profile_id", "-asked_at", "-pk")
        .distinct("profile_id")
    }
    return [
        PriceListRow(
            profile=profile,
            format=ListFormat(profile.options["format"]).label.split(",")[0].split(" ")[0],
            newest=newest.get(profile.pk),
        )
        for profile in profiles
    ]


def price_list_files(profile: PriceListProfile) -> list[PriceListFile]:
    """The files there are, the newest first; one query."""
    return list(profile.files.select_related("file").order_by("-asked_at", "-pk")[:KEPT_FILES])


def newest_ready(profile: PriceListProfile) -> PriceListFile | None:
    files = profile.files.filter(state=ListFileState.READY).select_related("file")
    return files.order_by("-made_at", "-pk").first()


def buyer_of(profile: PriceListProfile, *, on: date) -> Buyer:
    """For whom the list is made on a Moscow date; who has left gets none. Raises ListNotPossible."""
    members = memberships_valid(on).filter(
        user_id=profile.user_id, holding_id=profile.holding_id, user__is_active=True
    )
    member = members.select_related("role").first()
    if member is None or not _sees(actor_of_membership(member, on=on), profile):
        raise ListNotPossible("Нет доступа к юрлицу, для которого настроен прайс-лист.")
    contract = (
        Contract.objects.open_on(on)
        .filter(pk=profile.contract_id, legal_entity_id=profile.legal_entity_id)
        .select_related("organization", "legal_entity__holding__group")
        .first()
    )
    if contract is None:
        raise ListNotPossible("Договор больше не действует. Создайте прайс-лист для другого договора.")
    if not profile.city.is_active:
        raise ListNotPossible("Город больше не обслуживается. Создайте прайс-лист для другого города.")
    entity = contract.legal_entity
    return Buyer(entity, contract, profile.city, stock_mask_of(entity))


def _sees(actor: Actor, profile: PriceListProfile) -> bool:
    return PriceListProfile.objects.visible_to(actor).filter(pk=profile.pk).exists()
