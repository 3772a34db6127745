"""What is wrong with a rehearsal, in one plain sentence."""


class StoryFault(ValueError):
    """A story that cannot be read or played; ``says`` names the place and what to do."""

    def __init__(self, says: str) -> None:
        super().__init__(says)
        self.says = says


class NotARehearsal(RuntimeError):
    """The database holds a real record: nothing is rehearsed in it."""
