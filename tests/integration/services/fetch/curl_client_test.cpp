#include "services/fetch/http/curl_client.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "base/check.h"
#include "tests/support/status.h"
#include "web/server.h"

namespace kawat::fetch {
namespace {

using article::Reason;

constexpr std::string_view kZipped = "\x1f\x8b\x08 no more than its first bytes matter";

// Sends the same bytes to whoever has asked, and closes: what no HTTP server would do.
class RudeServer {
 public:
  // `answers`: to the first requests of a connection; after the last one it is closed.
  explicit RudeServer(std::vector<std::string> answers)
      : answers_(std::move(answers)), listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    KAWAT_CHECK(::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) == 0, "bind");
    KAWAT_CHECK(::listen(listener_, 8) == 0, "listen");
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { Serve(); });
  }
  ~RudeServer() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }
  RudeServer(const RudeServer&) = delete;
  RudeServer& operator=(const RudeServer&) = delete;

  std::string url() const { return absl::StrCat("http://127.0.0.1:", port_, "/"); }
  int requests() const { return requests_; }

 private:
  void Serve() {
    for (int fd = ::accept(listener_, nullptr, nullptr); fd >= 0; fd = ::accept(listener_, nullptr, nullptr)) {
      for (std::size_t i = 0; ReadRequest(fd); ++i) {
        ++requests_;
        ::send(fd, answers_[i].data(), answers_[i].size(), MSG_NOSIGNAL);
        if (i + 1 == answers_.size()) {
          break;
        }
      }
      ::close(fd);
    }
  }
  static bool ReadRequest(int fd) {
    std::string text;
    char bytes[4096];
    while (text.find("\r\n\r\n") == std::string::npos) {
      const ssize_t got = ::recv(fd, bytes, sizeof(bytes), 0);
      if (got <= 0) {
        return false;
      }
      text.append(bytes, static_cast<std::size_t>(got));
    }
    return true;
  }

  const std::vector<std::string> answers_;
  int listener_;
  int port_ = 0;
  std::atomic<int> requests_ = 0;
  std::thread thread_;
};

class CurlClientTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK_AND_ASSIGN(server_, web::Server::Start({}, [this](const web::Request& request) {
                           absl::MutexLock lock(&mutex_);
                           last_ = request;
                           return Answer(request);
                         }));
    NewClient({});
  }

  void NewClient(CurlClientOptions options, std::vector<std::string> networks = {"127.0.0.0/8"}) {
    options.user_agent = "kawat-test";
    ASSERT_OK_AND_ASSIGN(options.addresses, AddressPolicy::Create(networks));
    ASSERT_OK_AND_ASSIGN(client_, NewCurlClient(std::move(options)));
  }

  static web::Response Answer(const web::Request& request) {
    web::Response response{.content_type = "text/html", .body = std::string(kZipped)};
    response.headers.emplace_back("Content-Encoding", "gzip");
    response.headers.emplace_back("ETag", "\"1\"");
    if (request.path == "/304" && request.Header("if-none-match") == "\"1\"") {
      return {.status = 304};
    }
    if (request.path == "/moved") {
      return {.status = 302, .headers = {{"Location", "/elsewhere"}}};
    }
    if (request.path == "/slow") {
      response.delay = absl::Seconds(30);
    }
    if (request.path == "/cut") {
      response.cut_connection = true;
    }
    if (request.path == "/large") {
      response.body.assign(100000, 'x');
    }
    return response;
  }

  HttpAnswer Ask(HttpRequest request) {
    absl::Notification done;
    HttpAnswer answer;
    client_->Start(std::move(request), [&](HttpAnswer got) {
      answer = std::move(got);
      done.Notify();
    });
    KAWAT_CHECK(done.WaitForNotificationWithTimeout(absl::Seconds(30)), "no answer within 30 s");
    return answer;
  }
  std::string Url(std::string_view path) { return absl::StrCat("http://", server_->address(), std::string(path)); }
  web::Request last() {
    absl::MutexLock lock(&mutex_);
    return last_;
  }

  absl::Mutex mutex_;
  web::Request last_;
  std::unique_ptr<web::Server> server_;
  std::unique_ptr<HttpClient> client_;
};

TEST_F(CurlClientTest, KeepsTheBodyAsReceived) {
  const HttpAnswer answer = Ask({.url = Url("/a?b=c")});
  EXPECT_EQ(answer.reason, Reason::kNone) << answer.detail;
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, kZipped);
  EXPECT_EQ(answer.Header("content-encoding"), "gzip");
  EXPECT_EQ(answer.Header("etag"), "\"1\"");
  EXPECT_EQ(last().target, "/a?b=c");
  EXPECT_EQ(last().Header("accept-encoding"), "gzip");
  EXPECT_EQ(last().Header("user-agent"), "kawat-test");
}

TEST_F(CurlClientTest, AsksConditionally) {
  EXPECT_EQ(
      Ask({.url = Url("/304"), .if_none_match = "\"1\"", .if_modified_since = "Thu, 01 Jan 2026 00:00:00 GMT"}).status,
      304);
  EXPECT_EQ(last().Header("if-modified-since"), "Thu, 01 Jan 2026 00:00:00 GMT");
}

TEST_F(CurlClientTest, FollowsNoRedirect) {
  const HttpAnswer answer = Ask({.url = Url("/moved")});
  EXPECT_EQ(answer.status, 302);
  EXPECT_EQ(answer.Header("location"), "/elsewhere");
}

TEST_F(CurlClientTest, GivesUpAtTheTimeout) {
  EXPECT_EQ(Ask({.url = Url("/slow"), .timeout = absl::Milliseconds(200)}).reason, Reason::kTimeout);
}

TEST_F(CurlClientTest, ACutAnswerIsABadOne) { EXPECT_EQ(Ask({.url = Url("/cut")}).reason, Reason::kBadResponse); }

TEST_F(CurlClientTest, TakesNoMoreThanTheLimit) {
  EXPECT_EQ(Ask({.url = Url("/large"), .max_body_bytes = 99999}).reason, Reason::kTooLarge);
  EXPECT_EQ(Ask({.url = Url("/large"), .max_body_bytes = 100000}).body.size(), 100000);
  const HttpAnswer cut = Ask({.url = Url("/large"), .max_body_bytes = 1000, .cut_at_limit = true});
  EXPECT_EQ(cut.reason, Reason::kNone);
  EXPECT_EQ(cut.body.size(), 1000);
}

TEST_F(CurlClientTest, RefusesAnAddressThatIsNotAllowed) {
  NewClient({}, {});
  EXPECT_EQ(Ask({.url = Url("/a")}).reason, Reason::kBlockedAddress);
  EXPECT_EQ(Ask({.url = "http://localhost:1/"}).reason, Reason::kBlockedAddress);
}

TEST_F(CurlClientTest, ResolvesHostsByItsMapAndNoOthers) {
  NewClient({.resolve = {{"https://news.example", server_->address()}}});
  EXPECT_EQ(Ask({.url = "https://news.example/a"}).status, 200);
  EXPECT_EQ(last().host, "news.example");
  EXPECT_EQ(last().Header("host"), "news.example");
  EXPECT_EQ(last().target, "/a");
  EXPECT_EQ(Ask({.url = "http://news.example/a"}).reason, Reason::kDns);
  EXPECT_EQ(Ask({.url = Url("/a")}).reason, Reason::kDns);
}

TEST_F(CurlClientTest, AMappedAddressMustBeAllowedToo) {
  NewClient({.resolve = {{"https://news.example", server_->address()}}}, {});
  EXPECT_EQ(Ask({.url = "https://news.example/a"}).reason, Reason::kBlockedAddress);
}

TEST_F(CurlClientTest, ARefusedConnectionIsSaidSo) {
  std::string closed;
  { closed = RudeServer({"x"}).url(); }
  EXPECT_EQ(Ask({.url = closed}).reason, Reason::kConnect);
}

TEST_F(CurlClientTest, WhatIsNotHttpIsABadResponse) {
  const RudeServer garbage({"\x01\x02 this is no HTTP\r\n\r\n"});
  EXPECT_EQ(Ask({.url = garbage.url()}).reason, Reason::kBadResponse);
  const RudeServer silent({""});
  EXPECT_EQ(Ask({.url = silent.url()}).reason, Reason::kBadResponse);
}

TEST_F(CurlClientTest, NeverSendsARequestTwice) {
  const RudeServer server(
      {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", ""});  // the second request of a connection: closed
  EXPECT_EQ(Ask({.url = server.url()}).body, "ok");
  EXPECT_EQ(Ask({.url = server.url()}).reason, Reason::kBadResponse);
  EXPECT_EQ(server.requests(), 2);
}

TEST_F(CurlClientTest, LimitsTheHead) {
  const RudeServer server({absl::StrCat("HTTP/1.1 200 OK\r\nX: ", std::string(80000, 'x'), "\r\n\r\n")});
  const HttpAnswer answer = Ask({.url = server.url()});
  EXPECT_EQ(answer.reason, Reason::kTooLarge);
  EXPECT_NE(answer.detail.find("headers"), std::string::npos) << answer.detail;
}

TEST_F(CurlClientTest, EndsWithRequestsOnTheirWay) {
  client_->Start({.url = Url("/slow")}, [](const HttpAnswer&) { ADD_FAILURE() << "answered after the end"; });
  const RudeServer other({"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"});
  EXPECT_EQ(Ask({.url = other.url()}).body, "ok");  // by then the first one has begun
  client_.reset();
}

TEST(CurlClientOptionsTest, RefusesAMapToNoAddress) {
  EXPECT_EQ(NewCurlClient({.resolve = {{"https://a.example", "nowhere"}}}).status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace kawat::fetch
