#include "web/server.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <exception>
#include <thread>

#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/status.h"
#include "web/address.h"
#include "web/idle_connections.h"
#include "web/message.h"
#include "web/parsed.h"

namespace kawat::web {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using Tcp = asio::ip::tcp;
using Error = boost::system::error_code;

// Completes with the error in `error` instead of throwing it.
auto Into(Error& error) { return asio::redirect_error(asio::use_awaitable, error); }

std::chrono::nanoseconds Nanoseconds(absl::Duration duration) { return absl::ToChronoNanoseconds(duration); }

class BeastServer final : public Server {
 public:
  BeastServer(ServerOptions options, Handler handler) : options_(std::move(options)), handler_(std::move(handler)) {}
  BeastServer(const BeastServer&) = delete;
  BeastServer& operator=(const BeastServer&) = delete;

  ~BeastServer() override {
    io_.stop();
    for (std::thread& thread : threads_) {
      thread.join();
    }
  }

  absl::Status Listen();
  void Run();
  std::string address() const override { return address_; }

 private:
  asio::awaitable<void> Accept();
  asio::awaitable<void> Serve(Tcp::socket socket);
  asio::awaitable<bool> ServeOne(std::shared_ptr<Connection> connection, beast::flat_buffer* buffer, bool first);
  asio::awaitable<bool> Read(beast::tcp_stream* stream, beast::flat_buffer* buffer, Parser* parser, Error* error);
  asio::awaitable<bool> Answer(beast::tcp_stream* stream, Response response, bool head_only, bool keep_alive,
                               bool old_version);
  Response Handle(const Request& request) const;

  const ServerOptions options_;
  const Handler handler_;
  std::string address_;
  IdleConnections idle_;
  asio::io_context io_;  // its end destroys the coroutines, which use what stands above
  asio::strand<asio::io_context::executor_type> accept_strand_ = asio::make_strand(io_);
  Tcp::acceptor acceptor_{accept_strand_};
  asio::steady_timer slot_free_{accept_strand_};
  std::size_t connections_ = 0;  // on accept_strand_
  std::vector<std::thread> threads_;
};

absl::Status BeastServer::Listen() {
  KAWAT_ASSIGN_OR_RETURN(const auto host_and_port, ParseAddress(options_.address));
  const auto& [host, port] = host_and_port;
  Error error;
  std::vector<Tcp::endpoint> candidates;
  if (host.empty()) {
    candidates = {Tcp::endpoint(Tcp::v6(), port),
                  Tcp::endpoint(Tcp::v4(), port)};  // the first serves both, where there is IPv6
  } else if (const auto literal = asio::ip::make_address(host, error); !error) {
    candidates = {Tcp::endpoint(literal, port)};
  } else {
    for (const auto& found : Tcp::resolver(io_).resolve(host, absl::StrCat(port), error)) {
      candidates.push_back(found.endpoint());
    }
  }
  for (const Tcp::endpoint& endpoint : candidates) {
    Error ignored;
    acceptor_.close(ignored);
    error = {};
    acceptor_.open(endpoint.protocol(), error);
    if (!error) {
      acceptor_.set_option(asio::socket_base::reuse_address(true), ignored);
      if (endpoint.address().is_v6()) {
        acceptor_.set_option(asio::ip::v6_only(!host.empty()), ignored);
      }
      acceptor_.bind(endpoint, error);
    }
    if (!error) {
      acceptor_.listen(asio::socket_base::max_listen_connections, error);
    }
    if (!error) {
      break;
    }
  }
  if (error) {
    const std::string_view advice = error == asio::error::address_in_use
                                        ? "; stop the other program or choose another port (port 0 takes a free one)"
                                        : "; choose an address and a port that this machine may listen on";
    return absl::FailedPreconditionError(
        absl::StrCat("cannot listen on ", options_.address, ": ", error.message(), std::string(advice)));
  }
  const Tcp::endpoint bound = acceptor_.local_endpoint(error);
  address_ = bound.address().is_v6() ? absl::StrCat("[", bound.address().to_string(), "]:", bound.port())
                                     : absl::StrCat(bound.address().to_string(), ":", bound.port());
  return absl::OkStatus();
}

void BeastServer::Run() {
  asio::co_spawn(accept_strand_, Accept(), asio::detached);
  for (int i = 0; i < std::max(1, options_.threads); ++i) {
    threads_.emplace_back([this] { io_.run(); });
  }
}

asio::awaitable<void> BeastServer::Accept() {
  while (true) {
    Error error;
    Tcp::socket socket(asio::make_strand(io_));
    co_await acceptor_.async_accept(socket, Into(error));
    if (error) {  // out of file descriptors, or a client that is gone already
      slot_free_.expires_after(std::chrono::milliseconds(100));
      co_await slot_free_.async_wait(Into(error));
      continue;
    }
    while (connections_ >= options_.max_connections) {
      idle_.CloseLongest();
      slot_free_.expires_after(std::chrono::milliseconds(100));  // then another one may be idle
      co_await slot_free_.async_wait(Into(error));               // cancelled by the end of a connection
    }
    ++connections_;
    auto executor = socket.get_executor();
    asio::co_spawn(
        executor, Serve(std::move(socket)),
        asio::bind_executor(accept_strand_,
                            [this](std::exception_ptr /*thrown*/) {  // NOLINT(performance-unnecessary-value-param)
                              --connections_;
                              slot_free_.cancel();
                            }));
  }
}

asio::awaitable<void> BeastServer::Serve(Tcp::socket socket) {
  Error ignored;
  socket.set_option(Tcp::no_delay(true), ignored);
  const auto connection = std::make_shared<Connection>(std::move(socket));
  beast::tcp_stream& stream = connection->stream;
  beast::flat_buffer buffer(options_.max_header_bytes + options_.max_body_bytes + 4096);
  bool first = true;
  while (co_await ServeOne(connection, &buffer, first)) {
    first = false;
  }
  // What the client still sends is read for a moment: closing with unread bytes would reset the connection and lose the
  // answer.
  stream.socket().shutdown(Tcp::socket::shutdown_send, ignored);
  stream.expires_after(std::chrono::seconds(1));
  std::array<char, 4096> rest{};
  for (int i = 0; i < 256 && !ignored; ++i) {
    co_await stream.async_read_some(asio::buffer(rest), Into(ignored));
  }
}

// One request and its answer; false: the connection ends.
asio::awaitable<bool> BeastServer::ServeOne(std::shared_ptr<Connection> connection, beast::flat_buffer* buffer,
                                            bool first) {
  beast::tcp_stream* const stream = &connection->stream;
  Error error;
  if (buffer->size() == 0) {
    stream->expires_after(
        Nanoseconds(first ? std::min(options_.read_timeout, options_.idle_timeout) : options_.idle_timeout));
    connection->idle = true;
    const IdleConnections::Place place = idle_.Add(connection);
    const std::size_t got = co_await stream->async_read_some(buffer->prepare(4096), Into(error));
    connection->idle = false;
    idle_.Remove(place);
    if (error) {
      co_return false;
    }
    buffer->commit(got);
  }
  Parser parser;
  parser.header_limit(static_cast<std::uint32_t>(options_.max_header_bytes));
  parser.body_limit(options_.max_body_bytes);
  if (!co_await Read(stream, buffer, &parser, &error)) {
    co_return false;
  }
  if (error) {
    co_return co_await Answer(stream, RefusalOf(error, options_), false, false, false);
  }
  const bool keep_alive = parser.get().keep_alive();
  const bool old_version = parser.get().version() < 11;
  absl::StatusOr<Request> request = ToRequest(parser);
  if (!request.ok()) {
    co_return co_await Answer(stream, Refusal(400, std::string(request.status().message())), false, false, old_version);
  }
  const bool head_only = request->method == "HEAD";
  if (head_only) {
    request->method = "GET";
  }
  co_return co_await Answer(stream, Handle(*request), head_only, keep_alive, old_version);
}

// False: there is nobody to answer. The one expiry holds for the whole request, so that sending it byte by byte gains
// no time.
asio::awaitable<bool> BeastServer::Read(beast::tcp_stream* stream, beast::flat_buffer* buffer, Parser* parser,
                                        Error* error) {
  stream->expires_after(Nanoseconds(options_.read_timeout));
  co_await http::async_read_header(*stream, *buffer, *parser, Into(*error));
  if (!*error && beast::iequals(parser->get()[http::field::expect], "100-continue")) {
    static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
    co_await asio::async_write(*stream, asio::buffer(kContinue), Into(*error));
  }
  if (!*error) {
    co_await http::async_read(*stream, *buffer, *parser, Into(*error));
  }
  const bool gone = *error && error->category() != make_error_code(http::error::bad_method).category();
  co_return !gone && *error != http::error::end_of_stream;
}

Response BeastServer::Handle(const Request& request) const {
  try {
    return handler_(request);
  } catch (const std::exception& exception) {
    return Refusal(500, absl::StrCat("the handler failed: ", exception.what()));
  }
}

asio::awaitable<bool> BeastServer::Answer(beast::tcp_stream* stream, Response response, bool head_only, bool keep_alive,
                                          bool old_version) {
  Error error;
  if (response.delay > absl::ZeroDuration()) {
    stream->expires_never();
    asio::steady_timer timer(co_await asio::this_coro::executor, Nanoseconds(response.delay));
    co_await timer.async_wait(Into(error));
  }
  keep_alive = keep_alive && !response.cut_connection;
  const std::string head = FormatHead(response, keep_alive, old_version, base::SystemClock().Now());
  std::string_view body = head_only || !HasBody(response.status) ? std::string_view() : std::string_view(response.body);
  if (response.cut_connection) {
    body = body.substr(0, body.size() / 2);
  }
  stream->expires_after(Nanoseconds(options_.idle_timeout));
  const std::array<asio::const_buffer, 2> parts = {asio::buffer(head), asio::buffer(body)};
  co_await asio::async_write(*stream, parts, Into(error));
  co_return !error && keep_alive;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> Server::Start(ServerOptions options, Handler handler) {
  KAWAT_CHECK(handler != nullptr, "a server needs a handler");
  auto server = std::make_unique<BeastServer>(std::move(options), std::move(handler));
  KAWAT_RETURN_IF_ERROR(server->Listen());
  server->Run();
  return server;
}

}  // namespace kawat::web
