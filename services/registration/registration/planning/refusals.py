"""Why something can't be done with a webinar."""


class SlugTaken(Exception):
    """Another webinar has this slug."""


class Overtaken(Exception):
    """Somebody else has changed the webinar since it was looked at."""


class Over(Exception):
    """The webinar has ended or was cancelled: nobody can be told anything new of it."""


class NotADraft(Exception):
    """The webinar is published already."""


class Incomplete(Exception):
    """Something has to be said before the webinar can be published: `missing` names it."""

    def __init__(self, missing: tuple[str, ...]) -> None:
        super().__init__(", ".join(missing))
        self.missing = missing
