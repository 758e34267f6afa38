// bus::Producer on Kafka: idempotent, gapless, acks=all, without a message time-out.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <span>
#include <string>

#include "bus/bus.h"
#include "bus/kafka/catalog.h"
#include "bus/kafka/client.h"

namespace kawat::bus::kafka {

class KafkaProducer final : public Producer {
 public:
  // `catalog` must outlive it.
  static absl::StatusOr<std::unique_ptr<KafkaProducer>> New(const KafkaOptions& options, Catalog& catalog);

  absl::Status Send(std::span<const Record> records) override;
  absl::Status Flush(absl::Duration patience) override;
  void Stop() noexcept override { stopped_ = true; }

 private:
  // Touched by callbacks, which librdkafka runs inside the calls of the thread that sends or flushes.
  struct State {
    std::size_t queued_bytes = 0;
    std::int64_t unacknowledged = 0;
    absl::Status failed;  // sticky
  };

  KafkaProducer(Catalog& catalog, std::shared_ptr<State> state, Client client)
      : catalog_(catalog), state_(std::move(state)), client_(std::move(client)) {}
  static void OnDelivered(rd_kafka_t* handle, const rd_kafka_message_t* message, void* opaque);
  static void OnError(rd_kafka_t* handle, int error, const char* reason, void* opaque);
  absl::Status Usable();
  absl::StatusOr<std::int32_t> Check(const Record& record);
  absl::Status Enqueue(const Record& record, std::int32_t partition);
  absl::StatusOr<rd_kafka_topic_t*> Topic(const std::string& name);

  Catalog& catalog_;
  std::shared_ptr<State> state_;
  Client client_;
  std::map<std::string, TopicHandle> topics_;  // goes before client_: a topic's handle needs its instance
  std::atomic<bool> stopped_ = false;
};

}  // namespace kawat::bus::kafka
