"""What a test starts, and how it ends."""


class Starter:
    """Makes folders and ends what was started, in reverse order."""

    def __init__(self, folder):
        self.folder = folder
        self._ends = []
        self._count = 0

    def new_folder(self):
        self._count += 1
        made = self.folder / f"server{self._count}"
        made.mkdir()
        return made

    def keep(self, thing, end):
        self._ends.append(end)
        return thing

    def close(self):
        while self._ends:
            self._ends.pop()()
