"""How a person signs in."""

from django.urls import path

from accounts.web import notices, subscriptions, views

app_name = "accounts"

urlpatterns = [
    path("notices/", notices.notices, name="notices"),
    path("notices/bell/", notices.bell, name="bell"),
    path("notices/read/", notices.notices_all_read, name="notices_all_read"),
    path("notices/<int:pk>/", notices.notice_open, name="notice_open"),
    path("notices/<int:pk>/read/", notices.notice_mark, name="notice_mark"),
    path("notices/preset/", notices.preset, name="notice_preset"),
    path("notices/settings/", notices.settings, name="notice_settings"),
    path("unsubscribe/<str:token>/", subscriptions.unsubscribe, name="unsubscribe"),
    path("security/", views.security, name="security"),
    path("sessions/", views.sessions, name="sessions"),
    path("sessions/end/", views.sessions_end, name="sessions_end"),
    path("sessions/<int:pk>/end/", views.session_end, name="session_end"),
    path("company/", views.company, name="company"),
    path("company/<str:provider_id>/", views.company_start, name="company_start"),
]
