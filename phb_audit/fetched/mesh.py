"""An NHS MESH mailbox, by mesh-client. A message is acknowledged, and so removed there, only when its file is safe with us."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, BinaryIO

import requests
from mesh_client import MeshClient, MeshError
from urllib3.exceptions import HTTPError

from phb_audit.fetched.source import Offered, SourceDown

CHECK = "Check the mailbox, its password and the shared key in the environment, the certificate, and that MESH is up."
PROBLEMS = (requests.RequestException, MeshError, HTTPError, OSError)
PART_BYTES = 1024 * 1024


@dataclass
class MeshSource:
    """The messages in a mailbox, those of one workflow where one is named."""

    client: MeshClient
    workflow: str = ""

    def offered(self) -> list[Offered]:
        """The messages, by their ids."""
        try:
            ids = list(self.client.iterate_message_ids(workflow_filter=self.workflow or None))
        except PROBLEMS as error:
            raise SourceDown("MESH does not answer.", do=CHECK) from error
        return [Offered(str(one), None, str(one)) for one in sorted(ids)]

    def copy(self, one: Offered, out: BinaryIO) -> str:
        """Write the message's bytes; its name is the sender's file name, behind the message's id so that no two are the same."""
        try:
            message: Any = self.client.retrieve_message(one.name)
            try:
                while part := message.read(PART_BYTES):
                    out.write(part)
            finally:
                message.close()
        except PROBLEMS as error:
            raise SourceDown("MESH broke off in the middle of a message.", do=CHECK) from error
        return f"{one.name}_{message.filename}" if message.filename else f"{one.name}.dat"

    def done(self, one: Offered) -> None:
        """Acknowledge the message: MESH removes it."""
        try:
            self.client.acknowledge_message(one.name)
        except PROBLEMS as error:
            raise SourceDown("MESH did not take the acknowledgement.", do=CHECK) from error

    def close(self) -> None:
        """End the session."""
        self.client.close()  # type: ignore[no-untyped-call]
