#include "bus/embedded/embedded_bus.h"

#include <utility>

#include "base/status.h"
#include "bus/embedded/clients.h"
#include "bus/embedded/storage.h"
#include "bus/embedded/writer.h"

namespace kawat::bus {
namespace embedded {
namespace {

class EmbeddedBus final : public Bus {
 public:
  explicit EmbeddedBus(std::unique_ptr<Storage> storage) : storage_(std::move(storage)), writer_(*storage_) {}

  absl::StatusOr<std::vector<std::string>> CreateMissingTopics(std::span<const TopicSpec> topics) override {
    return storage_->CreateMissingTopics(topics);
  }

  absl::StatusOr<std::int32_t> PartitionCount(std::string_view topic) override {
    KAWAT_ASSIGN_OR_RETURN(const TopicInfo found, storage_->catalog().Topic(topic));
    return found.spec.partitions;
  }

  absl::StatusOr<std::unique_ptr<Producer>> NewProducer() override {
    return std::make_unique<EmbeddedProducer>(*storage_, writer_);
  }

  absl::StatusOr<std::unique_ptr<Consumer>> NewConsumer(std::string_view group) override {
    return std::make_unique<EmbeddedConsumer>(*storage_, group);
  }

  absl::StatusOr<std::optional<std::int64_t>> Committed(std::string_view group,
                                                        const TopicPartition& partition) override {
    KAWAT_RETURN_IF_ERROR(storage_->catalog().Partition(partition).status());
    return storage_->catalog().Committed(group, partition);
  }

  absl::StatusOr<bool> IsBackedUp(std::string_view topic, std::string_view group) override {
    KAWAT_ASSIGN_OR_RETURN(const TopicInfo found, storage_->catalog().Topic(topic));
    const std::int64_t limit = found.spec.max_unread_bytes;
    return limit > 0 && storage_->catalog().UnreadBytes(topic, group) >= limit / 2;
  }

  absl::Time LastHeard() override { return storage_->clock().Now(); }

 private:
  std::unique_ptr<Storage> storage_;
  Writer writer_;  // ends first: it stores what is queued
};

}  // namespace
}  // namespace embedded

absl::StatusOr<std::unique_ptr<Bus>> OpenEmbedded(const std::filesystem::path& path, base::Clock& clock,
                                                  absl::Duration lock_wait) {
  KAWAT_ASSIGN_OR_RETURN(std::unique_ptr<embedded::Storage> storage, embedded::Storage::Open(path, clock, lock_wait));
  KAWAT_RETURN_IF_ERROR(storage->TrimIfDue());
  return std::make_unique<embedded::EmbeddedBus>(std::move(storage));
}

}  // namespace kawat::bus
