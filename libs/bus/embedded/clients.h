// Producer and Consumer of the embedded log.
#pragma once

#include <atomic>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bus/bus.h"
#include "bus/embedded/storage.h"
#include "bus/embedded/writer.h"

namespace kawat::bus::embedded {

class EmbeddedProducer final : public Producer {
 public:
  EmbeddedProducer(Storage& storage, Writer& writer) : storage_(storage), writer_(writer) {}

  absl::Status Send(std::span<const Record> records) override;
  absl::Status Flush(absl::Duration patience) override;
  void Stop() noexcept override;

 private:
  Storage& storage_;
  Writer& writer_;
  std::shared_ptr<Writer::Account> account_ = std::make_shared<Writer::Account>();
  std::atomic<bool> stopped_ = false;
};

class EmbeddedConsumer final : public Consumer {
 public:
  EmbeddedConsumer(Storage& storage, std::string_view group) : storage_(storage), group_(group) {}

  absl::Status Assign(std::span<const Position> positions) override;
  absl::Status Subscribe(std::span<const std::string> topics) override;
  absl::StatusOr<std::vector<Record>> Poll(const PollLimits& limits) override;
  std::vector<Position> Assigned() const override { return began_; }
  absl::Status Commit(std::span<const Position> positions) override;
  absl::StatusOr<OffsetRange> Range(const TopicPartition& partition) override;
  absl::StatusOr<std::optional<Record>> ReadAt(const TopicPartition& partition, std::int64_t offset) override;
  void Stop() noexcept override;

 private:
  // Commits the positions with the indices `fresh`, each moved to where its partition begins by then.
  absl::Status CommitStarts(std::vector<Position>& positions, std::vector<std::size_t> fresh);

  Storage& storage_;
  std::string group_;
  bool subscribed_ = false;
  std::vector<Position> began_;  // as assigned
  std::vector<Position> next_;
  std::size_t first_ = 0;  // where the next Poll begins, so that no partition starves
  std::atomic<bool> stopped_ = false;
};

}  // namespace kawat::bus::embedded
