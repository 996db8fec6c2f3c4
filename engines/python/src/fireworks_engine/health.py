"""Serves /livez, /readyz and /metrics, like every service.

The TypeScript services do it in packages/service-kit/src/http-server.ts.
"""

import json
import socket
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

#: Returns why the process is not live or not ready. None if it is.
Check = Callable[[], str | None]
#: Returns the JSON object of a further page.
Page = Callable[[], dict[str, object]]


class HealthServer:
    """The server. It listens as soon as it is created, or raises OSError. port 0: any free port."""

    def __init__(
        self,
        host: str,
        port: int,
        live: Check,
        ready: Check,
        registry: CollectorRegistry,
        pages: Mapping[str, Page],
    ) -> None:
        probes = {"/livez": live, "/readyz": ready}

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 10

            def do_GET(self) -> None:
                path = self.path.split("?", 1)[0]
                if path in probes:
                    reason = probes[path]()
                    body = {"status": "ok"} if reason is None else {"status": "unavailable", "reason": reason}
                    text = (json.dumps(body, separators=(",", ":")) + "\n").encode()
                    self._send(200 if reason is None else 503, "application/json", text)
                elif path in pages:
                    text = (json.dumps(pages[path](), separators=(",", ":")) + "\n").encode()
                    self._send(200, "application/json", text)
                elif path == "/metrics":
                    self._send(200, CONTENT_TYPE_LATEST, generate_latest(registry))
                else:
                    self._send(
                        404, "text/plain", f"Not found: {', '.join((*probes, '/metrics', *pages))} are here\n".encode()
                    )

            do_HEAD = do_GET  # noqa: N815 - the name is http.server's

            def _refuse(self) -> None:
                self.close_connection = True
                self._send(405, "text/plain", b"GET only\n")

            do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = _refuse  # noqa: N815

            def _send(self, status: int, kind: str, body: bytes) -> None:
                self.send_response(status)
                self.send_header("content-type", kind)
                self.send_header("cache-control", "no-store")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                pass  # A probe comes each second: it is not worth a line of the log.

        class Server(ThreadingHTTPServer):
            address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
            daemon_threads = True

            def server_bind(self) -> None:
                # "::" accepts IPv4 as well, whatever the machine's default for such sockets is.
                if self.address_family == socket.AF_INET6:
                    self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
                super().server_bind()

            def handle_error(self, request: object, client_address: object) -> None:
                pass  # The client closed the connection.

        self._server = Server((host, port), Handler)
        threading.Thread(target=self._server.serve_forever, name="health", daemon=True).start()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
