"""Addresses of talks and of the personal manager."""

from django.urls import path

from counterparties.web.views import manager_cards, talk, talk_queue

urlpatterns = [
    path("messages/", talk.threads, name="threads"),
    path("messages/new/", talk.thread_start, name="thread_start"),
    path("messages/<uuid:uid>/", talk.thread, name="thread"),
    path("messages/<uuid:uid>/lines/", talk.thread_lines, name="thread_lines"),
    path("messages/<uuid:uid>/files/<int:file_pk>/", talk.thread_file, name="thread_file"),
    path("messages/<uuid:uid>/close/", talk.thread_close, name="thread_close"),
    path("messages/<uuid:uid>/reopen/", talk.thread_reopen, name="thread_reopen"),
    path("staff/messages/", talk_queue.thread_queue, name="thread_queue"),
    path("staff/messages/<uuid:uid>/take/", talk_queue.thread_take, name="thread_take"),
    path("staff/messages/<uuid:uid>/hand-over/", talk_queue.thread_hand_over, name="thread_hand_over"),
    path("staff/card/", manager_cards.own_card, name="own_card"),
    path("manager/", manager_cards.manager_card, name="manager_card"),
    path("manager/<int:pk>/photo/", manager_cards.manager_photo, name="manager_photo"),
]
