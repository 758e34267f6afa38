// bus::Consumer on Kafka: static assignment, or membership of a group with the `range` strategy.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bus/bus.h"
#include "bus/kafka/catalog.h"
#include "bus/kafka/client.h"
#include "bus/kafka/reader.h"

namespace kawat::bus::kafka {

class KafkaConsumer final : public Consumer {
 public:
  // `connection`, `catalog` and `reader` must outlive it.
  static absl::StatusOr<std::unique_ptr<KafkaConsumer>> New(const KafkaOptions& options, std::string_view group,
                                                            Connection& connection, Catalog& catalog, Reader& reader);

  absl::Status Assign(std::span<const Position> positions) override;
  absl::Status Subscribe(std::span<const std::string> topics) override;
  absl::StatusOr<std::vector<Record>> Poll(const PollLimits& limits) override;
  std::vector<Position> Assigned() const override;
  absl::Status Commit(std::span<const Position> positions) override;
  absl::StatusOr<OffsetRange> Range(const TopicPartition& partition) override { return catalog_.Range(partition); }
  absl::StatusOr<std::optional<Record>> ReadAt(const TopicPartition& partition, std::int64_t offset) override {
    return reader_.ReadAt(partition, offset);
  }
  void Stop() noexcept override;

  ~KafkaConsumer() override;
  KafkaConsumer(const KafkaConsumer&) = delete;
  KafkaConsumer& operator=(const KafkaConsumer&) = delete;

 private:
  // What rebalancing says. Callbacks run inside Poll, and inside the close at the end, on another thread.
  struct State {
    std::atomic<bool> closing = false;
    bool lost = false;                            // partitions were taken away since Poll looked last
    PartitionList given;                          // partitions that were given to this member and are not read yet
    std::map<TopicPartition, std::int64_t> mine;  // those that are read, and where that began
  };
  // What a Poll has gathered.
  struct Batch {
    std::vector<Record> records;
    std::size_t bytes = 0;
  };

  KafkaConsumer(std::string_view group, Connection& connection, Catalog& catalog, Reader& reader,
                std::shared_ptr<State> state, Client client);
  static void OnRebalance(rd_kafka_t* handle, rd_kafka_resp_err_t what, rd_kafka_topic_partition_list_t* partitions,
                          void* opaque);
  absl::Status ReadWhatWasGiven();
  bool Add(Record record, const PollLimits& limits, Batch& batch);
  absl::Status Note(const rd_kafka_message_t& error);

  std::string group_;
  Connection& connection_;
  Catalog& catalog_;
  Reader& reader_;
  std::shared_ptr<State> state_;
  Client client_;
  Queue queue_;  // goes before client_
  bool subscribed_ = false;
  std::optional<Record> carried_;  // read, but too large for the batch before
  absl::Status next_error_;        // met behind records that were returned first
  absl::Status failed_;            // sticky until Assign or Subscribe: reading on would skip records
  std::atomic<bool> stopped_ = false;
};

}  // namespace kawat::bus::kafka
