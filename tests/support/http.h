// A raw HTTP/1.1 client for tests: sends the bytes it is told to, so that it can be a bad neighbour.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <string_view>

#include "base/check.h"
#include "web/address.h"

namespace kawat::support {

// One connection to "127.0.0.1:PORT". Reads abort after 10 s.
class RawConnection {
 public:
  explicit RawConnection(std::string_view address) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    const auto host_and_port = web::ParseAddress(address);
    KAWAT_CHECK(host_and_port.ok(), "bad address");
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(host_and_port->second);
    KAWAT_CHECK(::inet_pton(AF_INET, host_and_port->first.c_str(), &to.sin_addr) == 1, "bad address");
    const timeval patience{.tv_sec = 10, .tv_usec = 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    KAWAT_CHECK(::connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof(to)) == 0, "cannot connect");
  }
  ~RawConnection() { ::close(fd_); }
  RawConnection(const RawConnection&) = delete;
  RawConnection& operator=(const RawConnection&) = delete;

  // False: the other side has closed.
  bool Send(std::string_view bytes) const {
    return ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size());
  }
  void CloseSending() const { ::shutdown(fd_, SHUT_WR); }

  // Until the text so far ends with or contains `mark`, or the other side closes. Aborts when neither happens in 10 s.
  std::string ReadUntil(std::string_view mark) const {
    std::string text;
    char bytes[4096];
    while (text.find(mark) == std::string::npos) {
      const ssize_t got = ::recv(fd_, bytes, sizeof(bytes), 0);
      KAWAT_CHECK(got >= 0 || errno == ECONNRESET, "the other side neither sends nor closes");
      if (got <= 0) {
        break;
      }
      text.append(bytes, static_cast<std::size_t>(got));
    }
    return text;
  }
  std::string ReadAll() const { return ReadUntil("\x01no such mark\x01"); }

 private:
  int fd_;
};

// The whole answer, head and body, to a GET.
inline std::string Get(std::string_view address, std::string_view path) {
  const RawConnection connection(address);
  connection.Send("GET " + std::string(path) + " HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
  return connection.ReadAll();
}

}  // namespace kawat::support
