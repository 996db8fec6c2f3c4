package fireworks.service

import com.sun.net.httpserver.{HttpExchange, HttpServer}

import java.net.InetSocketAddress
import java.nio.charset.StandardCharsets.UTF_8
import java.util.concurrent.Executors

/**
 * Serves /livez, /readyz and /metrics, like every service. live, ready: return why the process is
 * not live or ready; None if it is. Live means that the process can still recover by itself. The
 * server listens as soon as it is created, or the constructor throws.
 */
final class HealthServer(host: String, askedPort: Int, live: () => Option[String], ready: () => Option[String], metrics: Metrics) {
  private val threads = Executors.newFixedThreadPool(2, (work: Runnable) => {
    val thread = new Thread(work, "health")
    thread.setDaemon(true)
    thread
  })
  // `::` means every address. On a machine without IPv6 Java refuses that name. Java's own wildcard
  // works there too, as IPv4's.
  private val address = if (host == "::") new InetSocketAddress(askedPort) else new InetSocketAddress(host, askedPort)
  private val server = HttpServer.create(address, 64)
  server.setExecutor(threads)
  server.createContext("/", exchange => try answer(exchange) finally exchange.close())
  server.start()

  val port: Int = server.getAddress.getPort

  def close(): Unit = {
    server.stop(0)
    threads.shutdownNow()
  }

  private def answer(exchange: HttpExchange): Unit = {
    val isRead = Set("GET", "HEAD").contains(exchange.getRequestMethod)
    exchange.getRequestURI.getPath match {
      case _ if !isRead => send(exchange, 405, "text/plain", "GET only\n")
      case "/livez" => probe(exchange, live())
      case "/readyz" => probe(exchange, ready())
      case "/metrics" => send(exchange, 200, "text/plain; version=0.0.4; charset=utf-8", metrics.text)
      case _ => send(exchange, 404, "text/plain", "Not found: /livez, /readyz and /metrics are here\n")
    }
  }

  private def probe(exchange: HttpExchange, reason: Option[String]): Unit = reason match {
    case None => send(exchange, 200, "application/json", "{\"status\":\"ok\"}\n")
    case Some(why) => send(exchange, 503, "application/json", s"""{"status":"unavailable","reason":${fireworks.contracts.Records.quoted(why)}}""" + "\n")
  }

  private def send(exchange: HttpExchange, status: Int, kind: String, body: String): Unit = {
    val bytes = body.getBytes(UTF_8)
    exchange.getResponseHeaders.set("content-type", kind)
    exchange.getResponseHeaders.set("cache-control", "no-store")
    val isHead = exchange.getRequestMethod == "HEAD"
    exchange.sendResponseHeaders(status, if (isHead) -1 else bytes.length.toLong)
    if (!isHead) exchange.getResponseBody.write(bytes)
  }
}
