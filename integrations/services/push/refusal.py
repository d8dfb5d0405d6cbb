"""Why an item of the JSON channel stays where it is."""


class ItemRefused(Exception):
    """Why an item was not taken, in Russian, for 1C."""


class ItemWaits(Exception):
    """What has to come first."""
