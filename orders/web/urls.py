"""Addresses of carts and orders."""

from django.urls import path

from orders.web.views import (
    arrivals,
    cart,
    checkout,
    codes,
    drafts,
    filling,
    orders,
    picks,
    reviews,
    uploads,
)

app_name = "orders"

urlpatterns = [
    path("cart/", cart.cart_page, name="cart"),
    path("cart/add/", cart.cart_add, name="cart_add"),
    path("cart/picks/", picks.picks, name="picks"),
    path("cart/fill/", filling.cart_fill, name="cart_fill"),
    path("cart/line/<int:pk>/", cart.cart_line, name="cart_line"),
    path("cart/clear/<int:pk>/", cart.cart_clear, name="cart_clear"),
    path("cart/drafts/<int:pk>/", drafts.draft, name="draft"),
    path("cart/drafts/<int:pk>/take/", drafts.take, name="draft_take"),
    path("cart/drafts/<int:pk>/dismiss/", drafts.dismiss, name="draft_dismiss"),
    path("cart/<int:pk>/choose/", cart.cart_choose, name="cart_choose"),
    path("arrivals/", arrivals.waited, name="waited"),
    path("arrivals/watch/", arrivals.watch, name="watch"),
    path("arrivals/<int:pk>/unwatch/", arrivals.unwatch, name="unwatch"),
    path("reviews/", reviews.search, name="review_search"),
    path("reviews/<int:pk>/", reviews.reviews, name="reviews"),
    path("reviews/<int:pk>/write/", reviews.write, name="review_write"),
    path("uploads/", uploads.uploads, name="uploads"),
    path("uploads/send/", uploads.upload_send, name="upload_send"),
    path("uploads/<uuid:uid>/", uploads.upload, name="upload"),
    path("uploads/<uuid:uid>/read/", uploads.upload_read, name="upload_read"),
    path("uploads/<uuid:uid>/rows/<int:position>/", uploads.upload_row, name="upload_row"),
    path("uploads/<uuid:uid>/cart/", uploads.upload_cart, name="upload_cart"),
    path("uploads/<uuid:uid>/forget/", uploads.upload_forget, name="upload_forget"),
    path("uploads/<uuid:uid>/result/", uploads.upload_result, name="upload_result"),
    path("uploads/<uuid:uid>/original/", uploads.upload_original, name="upload_original"),
    path("codes/", codes.codes, name="codes"),
    path("codes/export/", codes.codes_export, name="codes_export"),
    path("codes/send/", codes.codes_send, name="codes_send"),
    path("codes/<int:pk>/remove/", codes.code_remove, name="code_remove"),
    path("codes/<int:pk>/restore/", codes.code_restore, name="code_restore"),
    path("checkout/", checkout.checkout, name="checkout"),
    path("orders/", orders.order_list, name="list"),
    path("orders/<int:pk>/", orders.order_detail, name="detail"),
    path("orders/<int:pk>/confirm/", orders.order_confirm, name="confirm"),
    path("orders/<int:pk>/cancel/", orders.order_cancel, name="cancel"),
    path("orders/<int:pk>/repeat/", orders.order_repeat, name="repeat"),
    path("orders/<int:pk>/payment/", orders.order_payment, name="payment"),
]
