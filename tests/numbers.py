"""Numbers in what tests make; each test begins with the first, so that its texts hang on nothing before."""


class _Numbers:
    def __init__(self) -> None:
        self._last = 0

    def next(self) -> int:
        """One that this test has not been given yet."""
        self._last += 1
        return self._last

    def restart(self) -> None:
        """Begin with the first again."""
        self._last = 0


numbers = _Numbers()
