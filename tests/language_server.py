"""An editor without a window: it asks yaml-language-server, as Visual Studio Code and others do."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SETTINGS = {
    "validate": True,
    "completion": True,
    "hover": True,
    "schemaStore": {"enable": False},  # nothing is fetched from elsewhere
}


class Editor:
    """A folder that is open in an editor."""

    def __init__(self, command: str, folder: Path) -> None:
        """Start the language server."""
        self.process = subprocess.Popen(  # noqa: S603  the server that was found on this machine
            [command, "--stdio"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self.number = 0
        self.marked: dict[str, list[Any]] = {}
        self._ask("initialize", {"processId": None, "rootUri": folder.as_uri(), "capabilities": {}})
        self._tell("initialized", {})
        self._tell("workspace/didChangeConfiguration", {"settings": {"yaml": SETTINGS}})

    def __enter__(self) -> Self:
        """Return the editor."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the language server."""
        self.process.kill()
        self.process.communicate()

    def marks(self, path: Path) -> list[tuple[int, str]]:
        """Open a file; return what is marked in it: the line, counted from 1, and the message."""
        uri = path.as_uri()
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": path.read_text("utf-8")}
        self._tell("textDocument/didOpen", {"textDocument": document})
        while uri not in self.marked:
            self._take(self._read())
        return [
            (mark["range"]["start"]["line"] + 1, mark["message"]) for mark in self.marked.pop(uri)
        ]

    def completions(self, path: Path, line: int, column: int) -> list[str]:
        """Return what is offered at a place of an open file, counted from 1."""
        place = {"line": line - 1, "character": column - 1}
        asked = {"textDocument": {"uri": path.as_uri()}, "position": place}
        answer = self._ask("textDocument/completion", asked)
        items = answer["items"] if isinstance(answer, dict) else answer
        return [item["label"] for item in items]

    def _send(self, message: dict[str, Any]) -> None:
        assert self.process.stdin is not None
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def _tell(self, method: str, params: dict[str, Any]) -> None:
        self._send({"method": method, "params": params})

    def _ask(self, method: str, params: dict[str, Any]) -> Any:
        self.number += 1
        self._send({"id": self.number, "method": method, "params": params})
        for message in self._messages():
            if message.get("id") == self.number and "method" not in message:
                return message["result"]
            self._take(message)
        return None

    def _messages(self) -> Iterator[dict[str, Any]]:
        while True:
            yield self._read()

    def _read(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        length = 0
        for line in iter(self.process.stdout.readline, b""):
            if line == b"\r\n":
                break
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        assert length, "the language server has stopped"
        message: dict[str, Any] = json.loads(self.process.stdout.read(length))
        return message

    def _take(self, message: dict[str, Any]) -> None:
        """Answer what the server asks, and note what it marks."""
        match message.get("method"):
            case "textDocument/publishDiagnostics":
                self.marked[message["params"]["uri"]] = message["params"]["diagnostics"]
            case "workspace/configuration":
                items = message["params"]["items"]
                settings = [SETTINGS if item.get("section") == "yaml" else {} for item in items]
                self._send({"id": message["id"], "result": settings})
            case _ if "id" in message:
                self._send({"id": message["id"], "result": None})
