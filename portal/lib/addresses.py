"""Addresses of many things of one kind: the way to them is looked up once, not for each."""

from functools import lru_cache

from django.urls import get_script_prefix, reverse


def address_of(name: str, pk: int) -> str:
    """What `reverse(name, args=[pk])` tells, for a route that ends with the number: `/catalog/product/7/`."""
    return f"{_way(name, get_script_prefix())}{pk}/"


@lru_cache(maxsize=64)
def _way(name: str, _prefix: str) -> str:
    return reverse(name, args=[0]).removesuffix("0/")
