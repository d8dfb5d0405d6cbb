"""Addresses of settlements and payments."""

from django.urls import path

from finance.web import alerts, calendar, pay, views

app_name = "finance"

urlpatterns = [
    path("", views.settlements, name="settlements"),
    path("documents/", views.receivables, name="receivables"),
    path("credit/", views.credit, name="credit"),
    path("ledger/<int:pk>/", views.ledger, name="ledger"),
    path("ledger/<int:pk>/file/", views.ledger_file, name="ledger_file"),
    path("alerts/", alerts.alerts, name="alerts"),
    path("alerts/<int:pk>/", alerts.alert_choose, name="alert_choose"),
    path("calendar/", calendar.payment_calendar, name="calendar"),
    path("calendar/link/", calendar.calendar_link_token, name="calendar_link_token"),
    path("calendar/<str:token>.ics", calendar.calendar_feed, name="calendar_feed"),
    path("pay/", pay.pay, name="pay"),
    path("pay/file/", pay.pay_file, name="pay_file"),
    path("pay/start/", pay.payment_start, name="payment_start"),
    path("pay/<uuid:uid>/", pay.payment, name="payment"),
]
