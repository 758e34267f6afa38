#include "tests/simulation/process_bus.h"

#include <utility>

#include "base/status.h"

namespace kawat::simulation {

class ProcessProducer final : public bus::Producer {
 public:
  ProcessProducer(ProcessBus& bus, std::unique_ptr<bus::Producer> inner) : bus_(bus), inner_(std::move(inner)) {}

  absl::Status Send(std::span<const bus::Record> records) override { return inner_->Send(records); }

  // Where the log is away, the flush waits until it is back, or its process is killed meanwhile.
  absl::Status Flush(absl::Duration patience) override {
    const ProcessBus::Options& options = bus_.options_;
    if (options.outage->Covers(bus_.clock_.Now())) {
      if (options.dies_waiting()) {
        return absl::UnavailableError("killed while the log was away");
      }
      bus_.clock_.Advance(options.outage->to - bus_.clock_.Now());
    }
    options.while_waiting();
    return inner_->Flush(patience);
  }
  void Stop() noexcept override { inner_->Stop(); }

 private:
  ProcessBus& bus_;
  std::unique_ptr<bus::Producer> inner_;
};

class ProcessConsumer final : public bus::Consumer {
 public:
  ProcessConsumer(ProcessBus& bus, std::unique_ptr<support::MemoryConsumer> inner)
      : bus_(bus), inner_(std::move(inner)) {
    bus_.member_ = inner_.get();
  }
  ~ProcessConsumer() override { bus_.member_ = nullptr; }
  ProcessConsumer(const ProcessConsumer&) = delete;
  ProcessConsumer& operator=(const ProcessConsumer&) = delete;

  absl::Status Assign(std::span<const bus::Position> positions) override { return inner_->Assign(positions); }
  absl::Status Subscribe(std::span<const std::string> topics) override { return inner_->Subscribe(topics); }
  absl::StatusOr<std::vector<bus::Record>> Poll(const bus::PollLimits& limits) override {
    KAWAT_RETURN_IF_ERROR(bus_.Away());
    return inner_->Poll(limits);
  }
  std::vector<bus::Position> Assigned() const override { return inner_->Assigned(); }
  absl::Status Commit(std::span<const bus::Position> positions) override { return inner_->Commit(positions); }
  absl::StatusOr<bus::OffsetRange> Range(const bus::TopicPartition& partition) override {
    KAWAT_RETURN_IF_ERROR(bus_.Away());
    return inner_->Range(partition);
  }
  absl::StatusOr<std::optional<bus::Record>> ReadAt(const bus::TopicPartition& partition,
                                                    std::int64_t offset) override {
    KAWAT_RETURN_IF_ERROR(bus_.Away());
    return inner_->ReadAt(partition, offset);
  }
  void Stop() noexcept override { inner_->Stop(); }

 private:
  ProcessBus& bus_;
  std::unique_ptr<support::MemoryConsumer> inner_;
};

absl::Status ProcessBus::Away() const {
  return options_.outage->Covers(clock_.Now()) ? absl::UnavailableError("the log is away") : absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<bus::Producer>> ProcessBus::NewProducer() {
  auto producer = std::make_unique<support::MemoryProducer>(log_, options_.faults);
  return Plant(options_.bug, options_.service, std::make_unique<ProcessProducer>(*this, std::move(producer)));
}

absl::StatusOr<std::unique_ptr<bus::Consumer>> ProcessBus::NewConsumer(std::string_view group) {
  auto consumer = std::make_unique<support::MemoryConsumer>(log_, options_.faults, group);
  return Plant(options_.bug, options_.service, std::make_unique<ProcessConsumer>(*this, std::move(consumer)));
}

absl::StatusOr<bool> ProcessBus::IsBackedUp(std::string_view topic, std::string_view group) {
  KAWAT_RETURN_IF_ERROR(Away());
  return ForwardingBus::IsBackedUp(topic, group);
}

absl::Time ProcessBus::LastHeard() {
  const absl::Time now = clock_.Now();
  return options_.own_clock->Now() -
         (options_.outage->Covers(now) ? now - options_.outage->from : absl::ZeroDuration());
}

void ProcessBus::EndSession() {
  if (member_ != nullptr) {
    member_->LeaveGroup();
  }
}

}  // namespace kawat::simulation
