"""The last step of a delivery: the temporary name becomes the final one, once, whatever was there before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from exchange.kernel.crashpoint import crashpoint
from exchange.kernel.errors import TryLater
from exchange.kernel.model import Artifact, Receipt
from exchange.kernel.naming import final_names
from exchange.transports.sftp.download import sha256_of
from exchange.transports.sftp.faults import Refused, Unusable
from exchange.transports.sftp.remote import POSIX_RENAME, Remote, is_unavailable, join
from exchange.transports.sftp.settings import Profile, SftpSettings
from exchange.transports.sftp.wire import Attributes


@dataclass
class Revealing:
    """One reveal; it may take several attempts over several connections."""

    artifact: Artifact
    folder: bytes
    staged: bytes
    settings: SftpSettings
    shown: Callable[[bytes], str]
    looking: bool = field(default=False)
    """Whether a rename may have happened already whose answer was lost."""

    @property
    def profile(self) -> Profile:
        """What is known of the server."""
        return self.settings.profile or Profile()

    def receipt(self, path: bytes, *, presumed: bool = False) -> Receipt:
        """Return the proof."""
        return Receipt(self.shown(path), self.artifact.size, presumed)


def reveal(remote: Remote, doing: Revealing) -> Receipt:
    """Rename the staged file into view and return the receipt; raises TryLater where a stranger has the name."""
    artifact = doing.artifact
    finals = [join(doing.folder, name.encode()) for name in final_names(artifact.name, artifact.claim, artifact.exists)]
    if not doing.looking and artifact.exists != "replace" and _never_overwrites(remote, doing.profile):
        doing.looking = True  # before anything else: when this is tried again, a rename may have happened
        crashpoint("sftp.rename")
        try:
            remote.rename(doing.staged, finals[0])
        except Refused:
            pass  # taken, or done before: look
        else:
            crashpoint("sftp.renamed")
            return doing.receipt(finals[0])
    doing.looking = True
    return _look_and_rename(remote, doing, finals)


def _never_overwrites(remote: Remote, profile: Profile) -> bool:
    """Tell whether a plain rename is known to refuse a name that is taken: then nobody need look first."""
    if profile.rename_replaces is not None:
        return not profile.rename_replaces
    return "OpenSSH" in remote.server


def _look_and_rename(remote: Remote, doing: Revealing, finals: list[bytes]) -> Receipt:
    staged, home, *there = remote.looks(doing.staged, doing.folder, *finals)
    for path, found in zip(finals, there, strict=True):
        if found is not None and _is_ours(remote, doing.artifact, path, found):
            if staged is not None:
                remote.remove(doing.staged)
            return doing.receipt(path)
    if staged is None:
        if home is None:
            raise TryLater(
                f"the folder is gone in which {doing.shown(doing.staged)} was staged; ask the partner, "
                "then run again, nothing is lost"
            )
        # Staged and noted, now gone: it was revealed before a crash and has been taken already.
        return doing.receipt(finals[0], presumed=True)
    crashpoint("sftp.rename")
    free = [path for path, found in zip(finals, there, strict=True) if found is None]
    if free:
        _onto_free(remote, doing, free[0])
    elif doing.artifact.exists == "replace":
        _onto_taken(remote, doing, finals[0])
    else:
        raise TryLater(
            f"{doing.shown(finals[-1])} exists with other content and is not replaced; "
            "move it away, then run again: the delivery waits"
        )
    crashpoint("sftp.renamed")
    return doing.receipt(free[0] if free else finals[0])


def _is_ours(remote: Remote, artifact: Artifact, path: bytes, found: Attributes) -> bool:
    return found.size == artifact.size and sha256_of(remote, path, artifact.size) == artifact.sha256


def _onto_free(remote: Remote, doing: Revealing, final: bytes) -> None:
    try:
        remote.rename(doing.staged, final)
    except Refused as refused:
        if is_unavailable(refused) and _can_posix_rename(remote, doing.profile):
            remote.posix_rename(doing.staged, final)
            return
        if refused.missing and doing.settings.temp_folder:
            remote.make_folders(doing.folder)
            remote.rename(doing.staged, final)
            return
        raise


def _onto_taken(remote: Remote, doing: Revealing, final: bytes) -> None:
    profile = doing.profile
    if _can_posix_rename(remote, profile):
        remote.posix_rename(doing.staged, final)
    elif profile.rename_replaces:
        remote.rename(doing.staged, final)
    elif doing.settings.replace_unsafe:
        remote.remove(final)
        crashpoint("sftp.taken_away")
        remote.rename(doing.staged, final)
    else:
        raise Unusable(
            f"{doing.settings.name}: {doing.shown(final)} cannot be replaced in one step: the server offers no "
            "posix-rename; write `exists: unique` for this delivery, or `replace_unsafe: yes` for the endpoint (for a "
            "moment neither file is there); the delivery waits"
        )


def _can_posix_rename(remote: Remote, profile: Profile) -> bool:
    return remote.offers(POSIX_RENAME) if profile.posix_rename is None else profile.posix_rename
