"""Talks to the real yaml-language-server over stdio, as an editor does: open a file, complete, hover, see mistakes."""

from __future__ import annotations

import json
import queue
import subprocess
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PATIENCE = 60
"""Seconds that any answer may take; the first one includes the start of node."""


@dataclass(frozen=True, slots=True)
class Underlined:
    """One mistake as the editor underlines it."""

    line: int
    """From 1."""
    text: str


class LanguageServer:
    """One server process for one workspace."""

    def __init__(self, command: list[str], root: Path, settings: dict[str, Any]) -> None:
        self._root, self._settings, self._number, self._opened = root, settings, 0, 0
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._said: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._seen: dict[str, list[dict[str, Any]]] = {}
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        markdown = {"documentationFormat": ["markdown"], "snippetSupport": True}
        document = {"completion": {"completionItem": markdown}, "hover": {"contentFormat": ["markdown"]}}
        able = {"textDocument": document, "workspace": {"configuration": True, "workspaceFolders": True}}
        place = {"uri": root.as_uri(), "name": "ws"}
        self.ask("initialize", processId=None, rootUri=root.as_uri(), capabilities=able, workspaceFolders=[place])
        self._tell("initialized")
        self._tell("workspace/didChangeConfiguration", settings=settings)

    def close(self) -> None:
        """End the process."""
        self.ask("shutdown")
        self._tell("exit")
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
        self._process.wait(PATIENCE)
        self._listener.join(PATIENCE)
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            stream.close()

    # --- what an editor does -----------------------------------------------------------------------------------
    def mistakes(self, file: str, text: str | None = None) -> list[Underlined]:
        """Open a file of the workspace, or another text in its place, and return what is underlined."""
        uri = self._open(file, text)
        while uri not in self._seen:
            self._take()
        found = self._seen[uri]
        self._tell("textDocument/didClose", textDocument={"uri": uri})
        return [Underlined(each["range"]["start"]["line"] + 1, each["message"]) for each in found]

    def completions(self, file: str, text: str) -> dict[str, str]:
        """Return what is offered where `|` stands in the text: label -> documentation."""
        uri, position = self._at(file, text)
        found = self.ask("textDocument/completion", textDocument={"uri": uri}, position=position)
        self._tell("textDocument/didClose", textDocument={"uri": uri})
        items = found["items"] if isinstance(found, dict) else found
        return {item["label"]: str(item.get("documentation", "")) for item in items}

    def hover(self, file: str, text: str) -> str:
        """Return what is shown for the word where `|` stands in the text."""
        uri, position = self._at(file, text)
        found = self.ask("textDocument/hover", textDocument={"uri": uri}, position=position)
        self._tell("textDocument/didClose", textDocument={"uri": uri})
        return str(found["contents"]["value"]) if found else ""

    def _at(self, file: str, text: str) -> tuple[str, dict[str, int]]:
        before, _, after = text.partition("|")
        uri = self._open(file, before + after)
        return uri, {"line": before.count("\n"), "character": len(before) - before.rfind("\n") - 1}

    def _open(self, file: str, text: str | None) -> str:
        """Open a text under a name of its own beside the file: what is said of it is said of nothing else."""
        path = self._root / file
        self._opened += 1
        uri = path.with_name(f"{path.stem}-{self._opened}.yaml").as_uri()
        written = path.read_text(encoding="utf-8") if text is None else text
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": written}
        self._tell("textDocument/didOpen", textDocument=document)
        return uri

    # --- the protocol ------------------------------------------------------------------------------------------
    def ask(self, method: str, **params: Any) -> Any:
        """Send a request and return its result."""
        self._number += 1
        number = self._number
        self._send({"id": number, "method": method, "params": params})
        while (message := self._take()).get("id") != number or "method" in message:
            pass
        assert "error" not in message, message["error"]
        return message.get("result")

    def _tell(self, method: str, **params: Any) -> None:
        self._send({"method": method, "params": params})

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._process.stdin.flush()

    def _take(self) -> dict[str, Any]:
        message = self._said.get(timeout=PATIENCE)
        assert message is not None, "the language server ended"
        if message.get("method") == "textDocument/publishDiagnostics":
            self._seen[message["params"]["uri"]] = message["params"]["diagnostics"]
        elif "method" in message and "id" in message:
            self._send({"id": message["id"], "result": self._answer(message)})
        return message

    def _answer(self, message: dict[str, Any]) -> Any:
        if message["method"] != "workspace/configuration":
            return None
        return [
            self._settings.get(item.get("section", "").removeprefix("[").removesuffix("]"))
            for item in message["params"]["items"]
        ]

    def _listen(self) -> None:
        stream = self._process.stdout
        assert stream is not None
        while line := stream.readline():
            length = int(line.split(b":")[1])
            while stream.readline().strip():
                pass
            self._said.put(json.loads(stream.read(length)))
        self._said.put(None)
