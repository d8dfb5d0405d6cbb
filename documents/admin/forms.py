"""Editions of printed forms in the admin, and a page to look at every form in every case."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _

from counterparties.models import Organization, OrganizationBankAccount, OrganizationSigner
from documents.compose.parties import Signers, seller_party
from documents.editions import EDITIONS, edition_of, editions_of
from documents.layout.forms import Payload, paper_html, paper_pdf
from documents.models import FormVersion
from documents.payloads.parts import Signer
from documents.samples import sample_payload, samples_of
from documents.selectors.form_images import form_images
from documents.states import DocumentKind
from portal.lib.dates import moscow_date

_WATERMARK = "ОБРАЗЕЦ"
# A sample carries its style inside; it runs nothing and loads nothing.
_FENCE = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"


class FormVersionForm(forms.ModelForm):
    """An edition that the portal can lay out, and from which date of papers on."""

    code = forms.ChoiceField(
        label=FormVersion._meta.get_field("code").verbose_name,
        choices=[(edition.code, edition.code) for edition in EDITIONS],
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        kind, code = data.get("kind"), data.get("code")
        if kind and code and code not in {edition.code for edition in editions_of(DocumentKind(kind))}:
            self.add_error("code", _("Это редакция другого документа."))
        return data


class WhoseForm(forms.Form):
    """Whose logo, stamp and signatures samples are shown with."""

    organization = forms.ModelChoiceField(
        label=_("Организация"),
        queryset=Organization.objects.order_by("name"),
        required=False,
        empty_label=_("вымышленная"),
    )


@admin.register(FormVersion)
class FormVersionAdmin(admin.ModelAdmin):
    """Which edition is printed for papers of which dates; the newest one not later than a paper is taken."""

    form = FormVersionForm
    fields = ("kind", "valid_from", "code", "notice")
    readonly_fields = ("notice",)
    list_display = ("kind", "valid_from", "code", "notice")
    list_filter = ("kind",)
    ordering = ("kind", "-valid_from")
    change_list_template = "admin/documents/formversion/change_list.html"

    def save_model(self, request: HttpRequest, obj: FormVersion, form: Any, change: bool) -> None:
        """The line at the top right belongs to the edition."""
        obj.notice = edition_of(obj.code).notice
        super().save_model(request, obj, form, change)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("samples/", view(self.samples_view), name="documents_formversion_samples"),
            path("samples/paper/", view(self.paper_view), name="documents_formversion_paper"),
            *super().get_urls(),
        ]

    def samples_view(self, request: HttpRequest) -> HttpResponse:
        """Every kind in every case, in the colours of a chosen organization; nothing is written."""
        self._require_sight(request)
        form = WhoseForm(request.GET or None)
        chosen = form.cleaned_data["organization"] if form.is_valid() else None
        context = {
            **self.admin_site.each_context(request),
            "title": _("Печатные формы"),
            "opts": self.opts,
            "form": form,
            "organization": chosen,
            "kinds": [(kind, [one for one in samples_of(kind) if not one.is_heavy]) for kind in DocumentKind],
        }
        return TemplateResponse(request, "admin/documents/formversion/samples.html", context)

    def paper_view(self, request: HttpRequest) -> HttpResponse:
        """One sample as PDF, or as the HTML that it is made of."""
        self._require_sight(request)
        if request.GET.get("kind") not in DocumentKind.values:
            raise Http404
        kind = DocumentKind(request.GET["kind"])
        case = next((one for one in samples_of(kind) if one.code == request.GET.get("case")), None)
        form = WhoseForm(request.GET)
        if case is None or case.is_heavy or not form.is_valid():
            raise Http404
        organization = form.cleaned_data["organization"]
        today = moscow_date(timezone.now())
        payload = _sample(kind, case.code, organization, today)
        images = form_images(kind, organization_id=organization.pk, on=today) if organization else None
        if request.GET.get("as") == "html":
            page = HttpResponse(paper_html(kind, payload, images, watermark=_WATERMARK))
            page["Content-Security-Policy"] = _FENCE
            return page
        file = HttpResponse(
            paper_pdf(kind, payload, images, watermark=_WATERMARK), content_type="application/pdf"
        )
        file["Content-Disposition"] = f'inline; filename="{kind}-{case.code}.pdf"'
        return file

    def _require_sight(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied


def _sample(kind: DocumentKind, code: str, organization: Organization | None, on: date) -> Payload:
    """The case with the organization as its seller, signed by those who sign today."""
    if organization is None:
        return sample_payload(kind, code)
    account = OrganizationBankAccount.objects.filter(organization=organization, is_default=True).first()
    rows = OrganizationSigner.objects.filter(organization=organization)
    signers = Signers(organization, rows, on)
    head = signers.head or Signer(role=organization.head_position, name="")
    return sample_payload(
        kind, code, seller=seller_party(organization, account), signers=(head, signers.accountant)
    )
