"""What the portal says to 1C when it cannot go on; the text is the only thing the operator sees."""


class ExchangeRefusal(Exception):
    """A request or a file that cannot be taken; the message is Russian and goes to 1C as it is."""
