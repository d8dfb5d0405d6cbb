"""Addresses of registration, consents and requisites."""

from django.urls import path

from counterparties.web.views import access_requests, changes, consents, registration, requisites, review

urlpatterns = [
    path("join/", registration.join, name="join"),
    path("join/company/", registration.join_company, name="join_company"),
    path("join/sent/", registration.join_sent, name="join_sent"),
    path("join/confirm/<str:token>/", registration.join_confirm, name="join_confirm"),
    path("join/consent/<int:pk>/", registration.consent_text, name="consent_text"),
    path("consents/", consents.consent_list, name="consents"),
    path("consents/<int:pk>/withdraw/", consents.withdraw, name="consent_withdraw"),
    path("staff/registrations/", review.registration_list, name="registrations"),
    path("staff/registrations/<int:pk>/", review.registration_detail, name="registration"),
    path("staff/registrations/<int:pk>/approve/", review.approve, name="registration_approve"),
    path("staff/registrations/<int:pk>/attach/", review.attach, name="registration_attach"),
    path("staff/registrations/<int:pk>/reject/", review.reject, name="registration_reject"),
    path("staff/registrations/<int:pk>/block/", review.block, name="registration_block"),
    path("staff/changes/", changes.change_list, name="changes"),
    path("staff/changes/<int:pk>/", changes.change_detail, name="change"),
    path("staff/changes/<int:pk>/decide/", changes.change_settle, name="change_decide"),
    path("company/", requisites.company, name="company"),
    path("company/access/", access_requests.access_list, name="access_requests"),
    path("company/access/<int:pk>/grant/", access_requests.grant, name="access_grant"),
    path("company/access/<int:pk>/decline/", access_requests.decline, name="access_decline"),
    path("company/<int:pk>/", requisites.entity, name="company_entity"),
    path("company/<int:pk>/edit/", requisites.requisites_edit, name="requisites_edit"),
    path("company/<int:pk>/accounts/add/", requisites.account_edit, name="account_add"),
    path("company/<int:pk>/accounts/<int:account_pk>/", requisites.account_edit, name="account_edit"),
    path(
        "company/<int:pk>/accounts/<int:account_pk>/remove/", requisites.account_remove, name="account_remove"
    ),
    path(
        "company/<int:pk>/accounts/<int:account_pk>/default/",
        requisites.account_choose,
        name="account_default",
    ),
    path("company/<int:pk>/addresses/add/", requisites.address_edit, name="address_add"),
    path("company/<int:pk>/addresses/<int:address_pk>/", requisites.address_edit, name="address_edit"),
    path(
        "company/<int:pk>/addresses/<int:address_pk>/remove/", requisites.address_drop, name="address_remove"
    ),
]
