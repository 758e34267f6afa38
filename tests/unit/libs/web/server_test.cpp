#include "web/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "absl/synchronization/notification.h"
#include "tests/support/http.h"
#include "tests/support/status.h"
#include "tests/support/wait.h"

namespace kawat::web {
namespace {

using support::Get;
using support::RawConnection;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

std::unique_ptr<Server> StartServer(ServerOptions options, Handler handler) {
  auto server = Server::Start(std::move(options), std::move(handler));
  KAWAT_CHECK(server.ok(), "the server does not start");
  return *std::move(server);
}

Response Echo(const Request& request) {
  return {.body = request.method + " " + request.host + " " + request.path + " q=" + request.Query("q") + " " +
                  request.body};
}

TEST(ServerTest, AnswersWithWhatTheHandlerSays) {
  const auto server = StartServer({}, Echo);
  const std::string answer = Get(server->address(), "/a%20b?q=1");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(answer, EndsWith("\r\n\r\nGET test /a b q=1 "));
}

TEST(ServerTest, KeepsAConnectionForSeveralRequestsEvenPipelined) {
  const auto server = StartServer({}, Echo);
  const RawConnection connection(server->address());
  connection.Send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nPOST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody");
  EXPECT_THAT(connection.ReadUntil("body"), HasSubstr("POST a /2 q= body"));
  connection.Send("GET /3 HTTP/1.0\r\n\r\n");
  const std::string last = connection.ReadAll();
  EXPECT_THAT(last, HasSubstr("Connection: close"));
  EXPECT_THAT(last, EndsWith("GET  /3 q= "));
}

TEST(ServerTest, HeadHasTheLengthButNoBody) {
  const auto server = StartServer({}, [](const Request&) { return Response{.body = "12345"}; });
  const RawConnection connection(server->address());
  connection.Send("HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  const std::string answer = connection.ReadAll();
  EXPECT_THAT(answer, HasSubstr("Content-Length: 5\r\n"));
  EXPECT_THAT(answer, EndsWith("\r\n\r\n"));
}

TEST(ServerTest, RefusesWhatIsNotHttp) {
  const auto server = StartServer({}, Echo);
  for (const char* bytes :
       {"garbage\r\n\r\n", "GET / HTTP/9.9\r\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\n\r\n",
        "GET nowhere HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"}) {
    const RawConnection connection(server->address());
    connection.Send(bytes);
    EXPECT_THAT(connection.ReadAll(), StartsWith("HTTP/1.1 400 ")) << bytes;
  }
  const RawConnection half(server->address());
  half.Send("GET / HTTP/1.1\r\nHo");
  half.CloseSending();
  EXPECT_THAT(half.ReadAll(), StartsWith("HTTP/1.1 400 "));
}

TEST(ServerTest, LimitsBodyAndHeader) {
  const auto server = StartServer({.max_body_bytes = 10, .max_header_bytes = 200}, Echo);
  const RawConnection fits(server->address());
  fits.Send("POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 10\r\n\r\n0123456789");
  EXPECT_THAT(fits.ReadAll(), StartsWith("HTTP/1.1 200 "));
  const RawConnection body(server->address());
  body.Send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n01234567890");
  EXPECT_THAT(body.ReadAll(), StartsWith("HTTP/1.1 413 "));
  const RawConnection header(server->address());
  header.Send("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(300, 'x') + "\r\n\r\n");
  EXPECT_THAT(header.ReadAll(), StartsWith("HTTP/1.1 431 "));
}

TEST(ServerTest, ADripFedRequestIsCutOff) {
  const auto server = StartServer({.read_timeout = absl::Milliseconds(200)}, Echo);
  const RawConnection connection(server->address());
  std::thread dripper([&] {
    connection.Send("GET / HTTP/1.1\r\nHost: a\r\nX: ");
    EXPECT_TRUE(support::WaitUntil([&] { return !connection.Send("x"); })) << "a byte now and then keeps it open";
  });
  const absl::Time begin = absl::Now();
  EXPECT_EQ(connection.ReadAll(), "");
  EXPECT_LT(absl::Now() - begin, absl::Seconds(3));
  dripper.join();
}

TEST(ServerTest, AnIdleConnectionIsClosed) {
  const auto server = StartServer({.idle_timeout = absl::Milliseconds(50)}, Echo);
  const RawConnection connection(server->address());
  connection.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(connection.ReadAll(), EndsWith("GET a / q= "));
}

TEST(ServerTest, AConnectionAboveTheCapTakesThePlaceOfTheLongestIdle) {
  const auto server = StartServer({.max_connections = 2}, Echo);
  const RawConnection oldest(server->address());
  oldest.Send("GET /oldest HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(oldest.ReadUntil("/oldest q= "), HasSubstr("200"));
  const RawConnection newer(server->address());
  newer.Send("GET /newer HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(newer.ReadUntil("/newer q= "), HasSubstr("200"));
  EXPECT_THAT(Get(server->address(), "/third"), HasSubstr("/third"));
  EXPECT_EQ(oldest.ReadAll(), "");
  newer.Send("GET /again HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(newer.ReadUntil("/again q= "), HasSubstr("200"));
}

TEST(ServerTest, AConnectionAboveTheCapWaitsForThoseAtWork) {
  absl::Notification at_work;
  const auto server = StartServer({.max_connections = 1}, [&](const Request& request) {
    if (request.path == "/first") {
      at_work.Notify();
    }
    return Response{.body = request.path, .delay = absl::Milliseconds(request.path == "/first" ? 300 : 0)};
  });
  const RawConnection first(server->address());
  const absl::Time begin = absl::Now();
  first.Send("GET /first HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  at_work.WaitForNotification();
  EXPECT_THAT(Get(server->address(), "/second"), EndsWith("/second"));
  EXPECT_GE(absl::Now() - begin, absl::Milliseconds(300));
  EXPECT_THAT(first.ReadAll(), EndsWith("/first"));
}

TEST(ServerTest, CanBeSlowAndCanCutTheConnection) {
  const auto server = StartServer({}, [](const Request& request) {
    return request.path == "/slow" ? Response{.body = "late", .delay = absl::Milliseconds(100)}
                                   : Response{.body = "0123456789", .cut_connection = true};
  });
  const absl::Time begin = absl::Now();
  EXPECT_THAT(Get(server->address(), "/slow"), EndsWith("late"));
  EXPECT_GE(absl::Now() - begin, absl::Milliseconds(100));
  const std::string cut = Get(server->address(), "/cut");
  EXPECT_THAT(cut, HasSubstr("Content-Length: 10\r\n"));
  EXPECT_THAT(cut, EndsWith("\r\n\r\n01234"));
}

TEST(ServerTest, AThrowingHandlerIs500) {
  const auto server = StartServer({}, [](const Request&) -> Response { throw std::runtime_error("oops"); });
  EXPECT_THAT(Get(server->address(), "/"), StartsWith("HTTP/1.1 500 "));
}

TEST(ServerTest, AnAddressInUseIsSaid) {
  const auto server = StartServer({}, Echo);
  const auto second = Server::Start({.address = server->address()}, Echo);
  EXPECT_EQ(second.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(second.status().message()), HasSubstr(server->address()));
}

TEST(ServerTest, EndsWhileConnectionsAreOpen) {
  auto server =
      StartServer({.threads = 2}, [](const Request&) { return Response{.body = "x", .delay = absl::Hours(1)}; });
  const RawConnection waiting(server->address());
  waiting.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  const RawConnection idle(server->address());
  server.reset();
  EXPECT_EQ(idle.ReadAll(), "");
}

}  // namespace
}  // namespace kawat::web
