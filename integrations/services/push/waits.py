"""What an item is put off with."""


class ItemWaits(Exception):
    """What has to come first, in Russian; the item is kept and tried again."""
