"""What an item is refused with."""


class ItemRefused(Exception):
    """Why an item was not taken, in Russian, for 1C."""
