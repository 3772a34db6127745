"""What is wrong with an entry of the directory, in a sentence for the one who is changing it."""


class DirectoryFault(ValueError):
    """An entry that the directory cannot hold; ``says`` is one plain sentence, or several with a space between."""

    def __init__(self, says: str) -> None:
        super().__init__(says)
        self.says = says
