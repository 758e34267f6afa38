// Owned librdkafka handles, their configuration, and errors as absl::Status.
#pragma once

#include <librdkafka/rdkafka.h>

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "bus/kafka/kafka.h"

namespace kawat::bus::kafka {

template <auto kDestroy>
struct Deleter {
  template <class T>
  void operator()(T* handle) const noexcept {
    kDestroy(handle);
  }
};
template <class T, auto kDestroy>
using Owned = std::unique_ptr<T, Deleter<kDestroy>>;

using Conf = Owned<rd_kafka_conf_t, rd_kafka_conf_destroy>;
using TopicHandle = Owned<rd_kafka_topic_t, rd_kafka_topic_destroy>;
using PartitionList = Owned<rd_kafka_topic_partition_list_t, rd_kafka_topic_partition_list_destroy>;
using Message = Owned<rd_kafka_message_t, rd_kafka_message_destroy>;
using Queue = Owned<rd_kafka_queue_t, rd_kafka_queue_destroy>;
using Event = Owned<rd_kafka_event_t, rd_kafka_event_destroy>;
using AdminOptions = Owned<rd_kafka_AdminOptions_t, rd_kafka_AdminOptions_destroy>;
using Metadata = Owned<const rd_kafka_metadata_t, rd_kafka_metadata_destroy>;

// How long a question to the broker may take before it counts as away. Stopping waits for it at most once.
inline constexpr absl::Duration kRequestPatience = absl::Seconds(5);
// How long closing a handle may take: closing hangs when a broker is away, so it is left to a thread of its own then.
inline constexpr absl::Duration kClosePatience = absl::Seconds(2);

using Settings = std::initializer_list<std::pair<const char*, std::string_view>>;

// What all handles share, options.security among it, and `settings`. InvalidArgument: librdkafka knows no such setting,
// or refuses its value; a file of options.security cannot be read.
absl::StatusOr<Conf> NewConf(const KafkaOptions& options, Settings settings);

// One librdkafka instance. `state` is what its callbacks get as opaque; it lives until the instance has ended.
class Client {
 public:
  static absl::StatusOr<Client> New(rd_kafka_type_t type, Conf conf, std::shared_ptr<void> state);

  ~Client();  // waits kClosePatience at most
  Client(Client&&) noexcept = default;
  Client& operator=(Client&&) = delete;
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  rd_kafka_t* get() const { return handle_.get(); }

 private:
  struct Nothing {
    void operator()(rd_kafka_t* /*handle*/) const noexcept {}  // ~Client ends it
  };
  Client(rd_kafka_type_t type, rd_kafka_t* handle, std::shared_ptr<void> state)
      : type_(type), handle_(handle), state_(std::move(state)) {}

  rd_kafka_type_t type_;
  std::unique_ptr<rd_kafka_t, Nothing> handle_;
  std::shared_ptr<void> state_;
};

// "context: what librdkafka says". Unavailable: the broker cannot be reached, or not now. OutOfRange, NotFound;
// PermissionDenied: the cluster's ACLs; `needs` ("Describe on topic x") is said then. Internal: anything else, a
// message that was damaged on its way among it.
absl::Status ToStatus(rd_kafka_resp_err_t error, std::string_view context, std::string_view needs = "");

// Milliseconds for librdkafka, rounded up, so that a wait of less than one does not spin.
int Millis(absl::Duration duration);

PartitionList NewPartitionList(int size);

}  // namespace kawat::bus::kafka
