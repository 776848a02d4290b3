"""Finds the workspace, and the files of it that say what is picked up where; light: every command begins here."""

from __future__ import annotations

from pathlib import Path

from exchange.kernel.errors import ConfigurationError

SETTINGS = "mappings/exchange.yaml"
FLOWS = "mappings/flows"


def find_workspace(option: str | Path | None = None) -> Path:
    """Return the absolute workspace folder (`option`, else the current one); ConfigurationError where it is none."""
    root = Path(option or ".").resolve()
    if not (root / SETTINGS).is_file():
        raise ConfigurationError(
            f"{root} is no workspace (it has no {SETTINGS}): run `exchange init {option or 'DIR'}` to make one, "
            "or say where it is with --workspace DIR or EXCHANGE_WORKSPACE"
        )
    return root


def flow_files(root: Path) -> list[str]:
    """Return the files of the flows, relative to the workspace, by name; `<flow>_test.yaml` files are none.

    ConfigurationError where nobody may look: a folder that cannot be read is not one without flows.
    """
    try:
        found = sorted(path.name for path in (root / FLOWS).iterdir() if path.name.endswith(".yaml"))
    except FileNotFoundError:
        return []
    except OSError as fault:
        raise ConfigurationError(
            f"{FLOWS} cannot be read ({fault.strerror}): give this user the right to read the folder"
        ) from fault
    return [f"{FLOWS}/{name}" for name in found if not name.endswith("_test.yaml")]
