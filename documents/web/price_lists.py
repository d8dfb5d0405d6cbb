"""Price lists of the cabinet: the list of them, the builder, files, mail and link."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.notices import NoticeKind
from accounts.selectors.notices import is_mailed
from catalog.index.reading import catalog_index
from catalog.models import City
from catalog.selectors.sections import section_tree
from counterparties.web.access import cabinet
from counterparties.web.middleware import PortalRequest
from documents.models import PriceListFile, PriceListProfile
from documents.price_lists.options import ListOptions
from documents.selectors.price_lists import price_list_files, price_list_rows
from documents.services.price_list_files import price_list_ask, price_list_fetch, price_list_file_name
from documents.services.price_lists import (
    ListPlace,
    TooManyPriceLists,
    price_list_change,
    price_list_create,
    price_list_link_make,
    price_list_link_revoke,
    price_list_remove,
    price_list_schedule,
)
from documents.states import ListFileState
from documents.web.price_list_forms import PriceListForm, ScheduleForm, initial_of, initial_of_new
from documents.web.price_list_tree import section_boxes
from portal.files.serving import FileDamaged, file_response

DAMAGED = "Файл повреждён, администратор уже знает об этом. Сделайте прайс-лист ещё раз."


@cabinet
@require_GET
def price_lists(request: PortalRequest) -> HttpResponse:
    """The person's price lists."""
    context = {"rows": price_list_rows(actor=request.actor), "area": "price_lists"}
    return render(request, "documents/price_lists.html", context)


@cabinet
@require_http_methods(["GET", "HEAD", "POST"])
def price_list_new(request: PortalRequest) -> HttpResponse:
    """Build a new one for the firm, the contract and the city of the page's head."""
    place = request.workplace
    if place.contract is None or place.city is None:
        return render(request, "documents/price_list_nowhere.html", {"area": "price_lists"})
    form = _form(request, place.city, initial=initial_of_new())
    if request.method == "POST" and form.is_valid():
        try:
            profile = price_list_create(
                actor=request.actor,
                place=ListPlace(contract_id=place.contract.pk, city_id=place.city.pk),
                name=form.cleaned_data["name"],
                options=form.options,
                at=timezone.now(),
            )
        except TooManyPriceLists as refusal:
            form.add_error(None, str(refusal))
        else:
            return _saved(request, profile)
    context = {
        "form": form,
        "boxes": _boxes(form, place.city),
        "legal_entity": place.legal_entity,
        "contract": place.contract,
        "city": place.city,
        "area": "price_lists",
    }
    return render(request, "documents/price_list.html", context, status=422 if form.errors else 200)


@cabinet
@require_http_methods(["GET", "HEAD", "POST"])
def price_list(request: PortalRequest, uid: UUID) -> HttpResponse:
    """One that is saved: change it, make it, fetch its files."""
    profile = _profile(request, uid)
    initial = initial_of(ListOptions.from_json(profile.options)) | {"name": profile.name}
    form = _form(request, profile.city, initial=initial)
    if request.method == "POST" and form.is_valid():
        changed = price_list_change(
            actor=request.actor,
            uid=uid,
            name=form.cleaned_data["name"],
            options=form.options,
            at=timezone.now(),
        )
        return _saved(request, changed)
    return _page(request, profile, form)


@cabinet
@require_POST
def price_list_make(request: PortalRequest, uid: UUID) -> HttpResponse:
    """Have it made; the page shows how far it is."""
    try:
        price_list_ask(actor=request.actor, uid=uid, at=timezone.now())
    except PriceListProfile.DoesNotExist as error:
        raise Http404 from error
    return redirect("documents:price_list", uid=uid)


@cabinet
@require_GET
def price_list_state(request: PortalRequest, uid: UUID) -> HttpResponse:
    """htmx: the files again while one of them is being made."""
    profile = _profile(request, uid)
    return render(request, "documents/_price_list_files.html", _files(profile))


@cabinet
@require_POST
def price_list_drop(request: PortalRequest, uid: UUID) -> HttpResponse:
    try:
        price_list_remove(actor=request.actor, uid=uid)
    except PriceListProfile.DoesNotExist as error:
        raise Http404 from error
    messages.success(request, _("Прайс-лист удалён."))
    return redirect("documents:price_lists")


@cabinet
@require_POST
def price_list_mail(request: PortalRequest, uid: UUID) -> HttpResponse:
    """Set or stop the weekly letter."""
    profile = _profile(request, uid)
    form = ScheduleForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Выберите день и час из списка."))
        return redirect("documents:price_list", uid=uid)
    told = form.cleaned_data
    price_list_schedule(actor=request.actor, uid=profile.uid, weekday=told["weekday"], hour=told["hour"])
    done = _("Рассылка настроена.") if told["weekday"] is not None else _("Больше не отправляем.")
    messages.success(request, done)
    return redirect("documents:price_list", uid=uid)


@cabinet
@require_POST
def price_list_link(request: PortalRequest, uid: UUID) -> HttpResponse:
    """Give out a link, which is shown in this answer only, or (`revoke`) take it back."""
    profile = _profile(request, uid)
    if "revoke" in request.POST:
        price_list_link_revoke(actor=request.actor, uid=uid)
        messages.success(request, _("Ссылка больше не действует."))
        return redirect("documents:price_list", uid=uid)
    token = price_list_link_make(actor=request.actor, uid=uid, at=timezone.now())
    address = request.build_absolute_uri(reverse("documents:price_list_feed", args=[token]))
    profile.refresh_from_db()
    initial = initial_of(ListOptions.from_json(profile.options)) | {"name": profile.name}
    form = PriceListForm(initial=initial, **_choices(profile.city))
    return _page(request, profile, form, new_link=address)


@require_GET
def price_list_file(request: PortalRequest, uid: UUID) -> HttpResponseBase:
    """A file that is ready; a stranger's is not found."""
    try:
        row, file = price_list_fetch(uid=uid, actor=request.actor, at=timezone.now())
        return file_response(file, filename=price_list_file_name(row))
    except PriceListFile.DoesNotExist as error:
        raise Http404 from error
    except FileDamaged:
        return HttpResponse(DAMAGED, status=503, content_type="text/plain; charset=utf-8")


def _profile(request: PortalRequest, uid: UUID) -> PriceListProfile:
    mine = PriceListProfile.objects.visible_to(request.actor)
    return get_object_or_404(mine.select_related("legal_entity", "contract", "city", "user"), uid=uid)


def _choices(city: City) -> dict[str, Any]:
    index = catalog_index()
    return {"index": index, "city": city, "tree": section_tree(index, city=city)}


def _form(request: PortalRequest, city: City, *, initial: dict[str, Any]) -> PriceListForm:
    data = request.POST if request.method == "POST" else None
    return PriceListForm(data, initial=initial, **_choices(city))


def _boxes(form: PriceListForm, city: City) -> str:
    return section_boxes(section_tree(catalog_index(), city=city), form.chosen_sections)


def _saved(request: PortalRequest, profile: PriceListProfile) -> HttpResponse:
    """Saved; made at once where that button was pressed."""
    if "make" in request.POST:
        price_list_ask(actor=request.actor, uid=profile.uid, at=timezone.now())
    else:
        messages.success(request, _("Прайс-лист сохранён."))
    return redirect("documents:price_list", uid=profile.uid)


def _files(profile: PriceListProfile) -> dict[str, object]:
    files = price_list_files(profile)
    return {
        "profile": profile,
        "files": files,
        "is_making": any(file.state == ListFileState.QUEUED for file in files),
    }


def _page(
    request: PortalRequest, profile: PriceListProfile, form: PriceListForm, *, new_link: str = ""
) -> HttpResponse:
    context = _files(profile) | {
        "form": form,
        "boxes": _boxes(form, profile.city),
        "legal_entity": profile.legal_entity,
        "contract": profile.contract,
        "city": profile.city,
        "are_letters_off": not is_mailed(user_id=profile.user_id, kind=NoticeKind.PRICE_LIST),
        "schedule": ScheduleForm(
            initial={
                "weekday": profile.weekday if profile.weekday is not None else "",
                "hour": profile.hour if profile.hour is not None else 8,
            }
        ),
        "new_link": new_link,
        "area": "price_lists",
    }
    return render(request, "documents/price_list.html", context, status=422 if form.errors else 200)
