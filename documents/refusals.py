"""Why a paper cannot be issued, in words for the person who can do something about it."""


class PaperNotPossible(Exception):
    """Something is missing or does not agree that a person must put right; the message tells him what."""


class NumberedByErp(PaperNotPossible):
    """Papers of this series are 1C's: the portal takes no number for them."""


class ChronologyBroken(PaperNotPossible):
    """A paper of tax would get a date before the last one of its series."""


class WrongStep(PaperNotPossible):
    """A paper does not go from where it stands to where it was to be put."""
