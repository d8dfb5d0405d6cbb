"""Addresses of clients, for themselves and for those who serve them."""

from django.urls import path

from counterparties.web.company_urls import urlpatterns as company_urlpatterns
from counterparties.web.entering import EnterAsClient, LeaveClient
from counterparties.web.merging_urls import urlpatterns as merging_urlpatterns
from counterparties.web.morning_urls import urlpatterns as morning_urlpatterns
from counterparties.web.talk_urls import urlpatterns as talk_urlpatterns
from counterparties.web.views import clients, holdings, invitations, people, roles, stages, visits

app_name = "counterparties"

urlpatterns = [
    path("legal-entity/", clients.legal_entity_choose, name="legal_entity"),
    # In front of django-hijack's own views, under their addresses: `hijack:acquire`, `hijack:release`.
    path("hijack/acquire/", EnterAsClient.as_view(), name="enter"),
    path("hijack/release/", LeaveClient.as_view(), name="leave"),
    path("holding/", holdings.holding_choose, name="holding"),
    path("invitation/<str:token>/", invitations.invitation, name="invitation"),
    path("people/", people.people_list, name="people"),
    path("people/log/", people.people_log, name="people_log"),
    path("people/invite/", invitations.invite, name="invite"),
    path("people/invitations/<int:pk>/resend/", invitations.resend, name="invitation_resend"),
    path("people/invitations/<int:pk>/revoke/", invitations.revoke, name="invitation_revoke"),
    path("people/roles/", roles.role_list, name="roles"),
    path("people/roles/new/", roles.role_new, name="role_new"),
    path("people/roles/<int:pk>/", roles.role_card, name="role"),
    path("people/roles/<int:pk>/remove/", roles.role_remove, name="role_remove"),
    path("people/stages/<int:pk>/approve/", stages.approve, name="stage_approve"),
    path("people/stages/<int:pk>/decline/", stages.decline, name="stage_decline"),
    path("people/stages/<int:pk>/revoke/", stages.revoke, name="stage_revoke"),
    path("people/<int:pk>/", people.person_card, name="person"),
    path("people/<int:pk>/close/", people.person_deactivate, name="person_deactivate"),
    path("people/<int:pk>/open/", people.person_reactivate, name="person_reactivate"),
    path("people/<int:pk>/preview/", holdings.preview, name="preview"),
    path("people/<int:pk>/stages/<int:stage>/", stages.give, name="stage_give"),
    path("preview/leave/", holdings.preview_leave, name="preview_leave"),
    path("visits/", visits.visit_list, name="visits"),
    path("visits/allow/", visits.visits_allow_set, name="visits_allow"),
    path("rights/", stages.my_rights, name="my_rights"),
    path("rights/request/", stages.request_stage, name="stage_request"),
    *company_urlpatterns,
    *merging_urlpatterns,
    *talk_urlpatterns,
    *morning_urlpatterns,
    path("staff/clients/", clients.client_list, name="clients"),
    path("staff/clients/<int:pk>/", clients.client_detail, name="client"),
    path("staff/clients/<int:pk>/enter/<int:user_pk>/", visits.visit_start, name="visit_start"),
    path("staff/visits/<int:pk>/", visits.visit_detail, name="visit"),
]
