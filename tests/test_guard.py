"""The network guard itself."""

from __future__ import annotations

import socket

import pytest
from pytest_socket import SocketBlockedError, SocketConnectBlockedError


@pytest.mark.filterwarnings("ignore:A test tried")
def test_unmarked_tests_cannot_open_a_connection() -> None:
    """A test without a marker fails as soon as it makes a socket, loopback included."""
    with pytest.raises(SocketBlockedError):
        socket.create_connection(("127.0.0.1", 9))


@pytest.mark.server
@pytest.mark.filterwarnings("ignore:A test tried")
def test_marked_tests_reach_this_machine_only() -> None:
    """A test marked ``server`` may connect to loopback and to nothing else."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()[:2]).close()
    with pytest.raises(SocketConnectBlockedError):
        socket.create_connection(("192.0.2.1", 9))
