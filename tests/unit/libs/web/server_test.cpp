#include "web/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <thread>

#include "absl/synchronization/notification.h"
#include "tests/support/http.h"
#include "tests/support/status.h"

namespace kawat::web {
namespace {

using support::Get;
using support::RawConnection;
using ::testing::ElementsAre;
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
    for (int i = 0; i < 1000 && connection.Send("x"); ++i) {
      absl::SleepFor(absl::Milliseconds(10));
    }
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

TEST(ServerTest, ConnectionsAboveTheCapWaitForAFreeSlot) {
  std::vector<std::string> handled;  // one thread handles all
  const auto server = StartServer({.threads = 1, .max_connections = 1}, [&handled](const Request& request) {
    handled.push_back(request.path);
    return Echo(request);
  });
  std::optional<RawConnection> first(server->address());
  first->Send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(first->ReadUntil("/1 q= "), HasSubstr("200"));
  const RawConnection second(server->address());
  second.Send("GET /2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  // Answered one after the other on the connection that has the slot: time enough for the server to see the second.
  for (const std::string path : {"/3", "/4", "/5"}) {
    first->Send("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_THAT(first->ReadUntil(path + " q= "), HasSubstr("200"));
  }
  first.reset();
  EXPECT_THAT(second.ReadAll(), HasSubstr("/2"));
  EXPECT_THAT(handled, ElementsAre("/1", "/3", "/4", "/5", "/2"));
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
