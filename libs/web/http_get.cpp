#include "web/http_get.h"

#include <netdb.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "base/status.h"
#include "web/address.h"

namespace kawat::web {
namespace {

class Socket {
 public:
  explicit Socket(int fd) : fd_(fd) {}
  ~Socket() {
    if (fd_ >= 0) {
      ::close(fd_);
    }
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  int fd() const { return fd_; }

 private:
  int fd_;
};

absl::Status Unreachable(const std::string& address, std::string_view why) {
  return absl::UnavailableError(absl::StrCat(address, ": ", std::string(why)));
}

absl::StatusOr<std::unique_ptr<Socket>> Connect(const std::string& address, absl::Duration patience) {
  KAWAT_ASSIGN_OR_RETURN(const auto host_and_port, ParseAddress(address));
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  if (::getaddrinfo(host_and_port.first.c_str(), std::to_string(host_and_port.second).c_str(), &hints, &list) != 0 ||
      list == nullptr) {
    return Unreachable(address, "no such address");
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owned(list, &::freeaddrinfo);
  auto socket =
      std::make_unique<Socket>(::socket(list->ai_family, list->ai_socktype | SOCK_CLOEXEC, list->ai_protocol));
  const timeval limit = absl::ToTimeval(patience);
  ::setsockopt(socket->fd(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
  ::setsockopt(socket->fd(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
  if (socket->fd() < 0 || ::connect(socket->fd(), list->ai_addr, list->ai_addrlen) != 0) {
    return Unreachable(address, "nothing listens there");
  }
  return socket;
}

absl::Status SendAll(int fd, std::string_view bytes, const std::string& address) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) {
      return Unreachable(address, "the connection broke");
    }
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> ReceiveAll(int fd, const std::string& address, absl::Time deadline) {
  std::string all;
  std::vector<char> chunk(1 << 16);
  while (true) {
    const absl::Duration left = deadline - absl::Now();
    if (left <= absl::ZeroDuration()) {
      return absl::DeadlineExceededError(absl::StrCat(address, ": no answer in time"));
    }
    if (all.size() > kMaxAnswerBytes) {
      return absl::ResourceExhaustedError(
          absl::StrCat(address, ": the answer is larger than ", kMaxAnswerBytes, " bytes"));
    }
    const timeval limit = absl::ToTimeval(std::max(left, absl::Milliseconds(1)));
    ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
    const ssize_t got = ::recv(fd, chunk.data(), chunk.size(), 0);
    if (got == 0) {
      return all;
    }
    if (got < 0) {
      return errno == EAGAIN ? absl::DeadlineExceededError(absl::StrCat(address, ": no answer in time"))
                             : Unreachable(address, "the connection broke");
    }
    all.append(chunk.data(), static_cast<std::size_t>(got));
  }
}

absl::StatusOr<HttpAnswer> Parse(const std::string& all, const std::string& address) {
  const std::size_t end = all.find("\r\n\r\n");
  if (!all.starts_with("HTTP/1.") || end == std::string::npos) {
    return Unreachable(address, "the answer is not HTTP");
  }
  HttpAnswer answer;
  const std::vector<std::string> lines = absl::StrSplit(all.substr(0, end), "\r\n");
  if (lines[0].size() < 12 || !absl::SimpleAtoi(lines[0].substr(9, 3), &answer.status)) {
    return Unreachable(address, "the answer is not HTTP");
  }
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const std::size_t colon = lines[i].find(": ");
    if (colon != std::string::npos) {
      answer.headers.emplace_back(absl::AsciiStrToLower(lines[i].substr(0, colon)), lines[i].substr(colon + 2));
    }
  }
  answer.body = all.substr(end + 4);
  std::size_t length = 0;
  if (answer.status != 304 && absl::SimpleAtoi(answer.Header("content-length"), &length) &&
      length != answer.body.size()) {
    return Unreachable(address, "the answer was cut");
  }
  return answer;
}

}  // namespace

std::string HttpAnswer::Header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (key == name) {
      return value;
    }
  }
  return "";
}

absl::StatusOr<HttpAnswer> HttpGet(const std::string& address, const std::string& host, const std::string& target,
                                   const std::vector<std::pair<std::string, std::string>>& headers,
                                   absl::Duration patience) {
  const absl::Time deadline = absl::Now() + patience;
  KAWAT_ASSIGN_OR_RETURN(const std::unique_ptr<Socket> socket, Connect(address, patience));
  std::string request = absl::StrCat("GET ", target, " HTTP/1.1\r\nHost: ", host, "\r\nConnection: close\r\n");
  for (const auto& [name, value] : headers) {
    absl::StrAppend(&request, name, ": ", value, "\r\n");
  }
  KAWAT_RETURN_IF_ERROR(SendAll(socket->fd(), request + "\r\n", address));
  KAWAT_ASSIGN_OR_RETURN(const std::string all, ReceiveAll(socket->fd(), address, deadline));
  return Parse(all, address);
}

}  // namespace kawat::web
