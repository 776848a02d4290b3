"""What can go wrong between us and a server, in two layers: what the wire says, and what the engine is told.

Refused     the server answered: no                         (said on the wire; turned into words by the endpoint)
Lost        the connection is gone: worth another attempt
└── Stalled     the server does not answer: not worth one
Unusable    needs an edit, for this partner only: exit 5    (a TryLater, so that the work for others goes on)
"""

from __future__ import annotations

from enum import IntEnum

from exchange.kernel.errors import TryLater
from exchange.kernel.exits import Exit


class Code(IntEnum):
    """Status codes of SFTP version 3 (draft-ietf-secsh-filexfer-02, 7)."""

    OK = 0
    EOF = 1
    NO_SUCH_FILE = 2
    PERMISSION_DENIED = 3
    FAILURE = 4
    BAD_MESSAGE = 5
    NO_CONNECTION = 6
    CONNECTION_LOST = 7
    UNSUPPORTED = 8


UNAVAILABLE = {Code.UNSUPPORTED, Code.PERMISSION_DENIED, Code.BAD_MESSAGE}
"""How servers say that they do not offer a request at all; OpenSSH with `-P` says `permission denied`."""


class Refused(Exception):
    """The server answered a request with a status that is no success."""

    def __init__(self, code: int, text: str) -> None:
        self.code = code
        self.text = text
        super().__init__(f"{text or 'no reason given'} (status {code})")

    @property
    def missing(self) -> bool:
        """Whether there is no such file or folder."""
        return self.code == Code.NO_SUCH_FILE


class Lost(Exception):
    """The connection broke, or the server talks nonsense; nothing is known of what was asked last."""


class Stalled(Lost):
    """The server does not answer in time; nothing is known of what was asked last."""


class Unusable(TryLater):
    """This partner cannot be worked with before somebody edits something; work for others goes on."""

    exit = Exit.CONFIGURATION
