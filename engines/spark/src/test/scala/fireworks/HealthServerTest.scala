package fireworks

import fireworks.service.{HealthServer, Metrics}
import org.scalatest.funsuite.AnyFunSuite

import java.net.{HttpURLConnection, URI}

class HealthServerTest extends AnyFunSuite {
  private def status(listen: String, ask: String): Int = {
    val server = new HealthServer(listen, 0, () => None, () => None, new Metrics)
    try {
      val connection = URI.create(s"http://$ask:${server.port}/livez").toURL.openConnection().asInstanceOf[HttpURLConnection]
      connection.getResponseCode
    } finally server.close()
  }

  test("two colons are every address, IPv4 as well") {
    assert(status("::", "127.0.0.1") == 200)
    assert(status("0.0.0.0", "127.0.0.1") == 200)
  }
}
