// Which connections may be closed for new ones. For server.cpp.
#pragma once

#include <boost/asio/post.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <list>
#include <memory>
#include <utility>

#include "absl/synchronization/mutex.h"

namespace kawat::web {

// A connection may be closed for a new one while it is between two requests.
struct Connection {
  explicit Connection(boost::asio::ip::tcp::socket socket) : stream(std::move(socket)) {}

  boost::beast::tcp_stream stream;  // this and the next on the strand of the connection
  bool idle = false;
};

// Weak, since the streams must end before their io_context does. Threads: any.
class IdleConnections {
 public:
  using Place = std::list<std::weak_ptr<Connection>>::iterator;

  Place Add(const std::shared_ptr<Connection>& connection) {
    const absl::MutexLock lock(&mutex_);
    return connections_.insert(connections_.end(), connection);
  }
  void Remove(Place place) {
    const absl::MutexLock lock(&mutex_);
    connections_.erase(place);
  }
  void CloseLongest() {
    const absl::MutexLock lock(&mutex_);
    if (connections_.empty()) {
      return;
    }
    if (const std::shared_ptr<Connection> longest = connections_.front().lock()) {
      boost::asio::post(longest->stream.get_executor(), [weak = connections_.front()] {
        if (const std::shared_ptr<Connection> connection = weak.lock(); connection != nullptr && connection->idle) {
          connection->stream.close();
        }
      });
    }
  }

 private:
  absl::Mutex mutex_;
  std::list<std::weak_ptr<Connection>> connections_ ABSL_GUARDED_BY(mutex_);  // the longest idle first
};

}  // namespace kawat::web
