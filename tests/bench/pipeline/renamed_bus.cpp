#include "tests/bench/pipeline/renamed_bus.h"

#include "base/status.h"

namespace kawat::bench {
namespace {

template <class Named>  // has a topic
std::vector<Named> Renamed(std::span<const Named> named, const std::string& prefix) {
  std::vector<Named> renamed(named.begin(), named.end());
  for (Named& one : renamed) {
    one.topic.insert(0, prefix);
  }
  return renamed;
}

class RenamedProducer final : public bus::Producer {
 public:
  RenamedProducer(std::unique_ptr<bus::Producer> real, std::string prefix)
      : real_(std::move(real)), prefix_(std::move(prefix)) {}

  absl::Status Send(std::span<const bus::Record> records) override { return real_->Send(Renamed(records, prefix_)); }
  absl::Status Flush(absl::Duration patience) override { return real_->Flush(patience); }
  void Stop() noexcept override { real_->Stop(); }

 private:
  std::unique_ptr<bus::Producer> real_;
  std::string prefix_;
};

class RenamedConsumer final : public bus::Consumer {
 public:
  RenamedConsumer(std::unique_ptr<bus::Consumer> real, std::string prefix)
      : real_(std::move(real)), prefix_(std::move(prefix)) {}

  absl::Status Assign(std::span<const bus::Position> positions) override {
    return real_->Assign(Renamed(positions, prefix_));
  }
  absl::Status Subscribe(std::span<const std::string> topics) override {
    std::vector<std::string> renamed;
    for (const std::string& topic : topics) {
      renamed.push_back(prefix_ + topic);
    }
    return real_->Subscribe(renamed);
  }
  absl::StatusOr<std::vector<bus::Record>> Poll(const bus::PollLimits& limits) override {
    KAWAT_ASSIGN_OR_RETURN(std::vector<bus::Record> records, real_->Poll(limits));
    for (bus::Record& record : records) {
      record.topic.erase(0, prefix_.size());
    }
    return records;
  }
  std::vector<bus::Position> Assigned() const override {
    std::vector<bus::Position> positions = real_->Assigned();
    for (bus::Position& position : positions) {
      position.topic.erase(0, prefix_.size());
    }
    return positions;
  }
  absl::Status Commit(std::span<const bus::Position> positions) override {
    return real_->Commit(Renamed(positions, prefix_));
  }
  absl::StatusOr<bus::OffsetRange> Range(const bus::TopicPartition& partition) override {
    return real_->Range({prefix_ + partition.topic, partition.partition});
  }
  absl::StatusOr<std::optional<bus::Record>> ReadAt(const bus::TopicPartition& partition,
                                                    std::int64_t offset) override {
    KAWAT_ASSIGN_OR_RETURN(std::optional<bus::Record> record,
                           real_->ReadAt({prefix_ + partition.topic, partition.partition}, offset));
    if (record) {
      record->topic.erase(0, prefix_.size());
    }
    return record;
  }
  void Stop() noexcept override { real_->Stop(); }

 private:
  std::unique_ptr<bus::Consumer> real_;
  std::string prefix_;
};

}  // namespace

absl::StatusOr<std::vector<std::string>> RenamedBus::CreateMissingTopics(std::span<const bus::TopicSpec> topics) {
  std::vector<bus::TopicSpec> renamed(topics.begin(), topics.end());
  for (bus::TopicSpec& topic : renamed) {
    topic.name.insert(0, prefix_);
  }
  return real_.CreateMissingTopics(renamed);
}

absl::StatusOr<std::unique_ptr<bus::Producer>> RenamedBus::NewProducer() {
  KAWAT_ASSIGN_OR_RETURN(auto producer, real_.NewProducer());
  return std::make_unique<RenamedProducer>(std::move(producer), prefix_);
}

absl::StatusOr<std::unique_ptr<bus::Consumer>> RenamedBus::NewConsumer(std::string_view group) {
  KAWAT_ASSIGN_OR_RETURN(auto consumer, real_.NewConsumer(prefix_ + std::string(group)));
  return std::make_unique<RenamedConsumer>(std::move(consumer), prefix_);
}

}  // namespace kawat::bench
