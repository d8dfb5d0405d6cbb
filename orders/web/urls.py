"""Addresses of carts and orders."""

from django.urls import path

from orders.web.views import (
    arrivals,
    assortment,
    cart,
    checkout,
    drafts,
    filling,
    orders,
    pads,
    picks,
    reviews,
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
    path("assortment/", assortment.assortment, name="assortment"),
    path("quick-order/", pads.pad, name="pad"),
    path("quick-order/rows/", pads.pad_rows, name="pad_rows"),
    path("checkout/", checkout.checkout, name="checkout"),
    path("orders/", orders.order_list, name="list"),
    path("orders/<int:pk>/", orders.order_detail, name="detail"),
    path("orders/<int:pk>/confirm/", orders.order_confirm, name="confirm"),
    path("orders/<int:pk>/cancel/", orders.order_cancel, name="cancel"),
    path("orders/<int:pk>/repeat/", orders.order_repeat, name="repeat"),
    path("orders/<int:pk>/payment/", orders.order_payment, name="payment"),
]
