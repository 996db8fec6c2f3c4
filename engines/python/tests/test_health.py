import urllib.request

import pytest
from prometheus_client import CollectorRegistry

from fireworks_engine.health import HealthServer


@pytest.mark.parametrize(
    ("listen", "ask"),
    [("::", "[::1]"), ("::", "127.0.0.1"), ("::1", "[::1]"), ("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1")],
)
def test_listens_on_the_given_address_and_on_both_families_for_two_colons(listen: str, ask: str) -> None:
    server = HealthServer(listen, 0, lambda: None, lambda: None, CollectorRegistry(), {})
    try:
        with urllib.request.urlopen(f"http://{ask}:{server.port}/livez", timeout=5) as answer:
            assert answer.status == 200
    finally:
        server.close()
