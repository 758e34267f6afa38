#include "bus/kafka/consumer.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "base/status.h"
#include "bus/kafka/group.h"
#include "bus/kafka/message.h"

namespace kawat::bus::kafka {
namespace {

constexpr absl::Duration kSlice =
    absl::Milliseconds(100);  // Stop() wakes a wait at once; should that fail, it ends after this

void AddPosition(rd_kafka_topic_partition_list_t* list, const std::string& topic, std::int32_t partition,
                 std::int64_t offset) {
  rd_kafka_topic_partition_list_add(list, topic.c_str(), partition)->offset = offset;
}

}  // namespace

absl::StatusOr<std::unique_ptr<KafkaConsumer>> KafkaConsumer::New(const KafkaOptions& options, std::string_view group,
                                                                  Connection& connection, Catalog& catalog,
                                                                  Reader& reader) {
  KAWAT_ASSIGN_OR_RETURN(Conf conf,
                         NewConf(options, {{"group.id", group},
                                           {"enable.auto.commit", "false"},
                                           {"enable.auto.offset.store", "false"},
                                           {"auto.offset.reset", "error"},
                                           {"partition.assignment.strategy", "range"},
                                           {"session.timeout.ms", "10000"},
                                           {"heartbeat.interval.ms", "1000"},
                                           {"check.crcs", "true"},
                                           {"fetch.error.backoff.ms", "100"},
                                           // Once its queue is full librdkafka pauses for half a second or more: it
                                           // must hold several answers. A batch larger than a limit still comes, alone.
                                           {"fetch.message.max.bytes", "1048576"},
                                           {"fetch.max.bytes", "16777216"},
                                           {"queued.max.messages.kbytes", "32768"}}));
  rd_kafka_conf_set_rebalance_cb(conf.get(), OnRebalance);
  auto state = std::make_shared<State>();
  KAWAT_ASSIGN_OR_RETURN(Client client, Client::New(RD_KAFKA_CONSUMER, std::move(conf), state));
  rd_kafka_poll_set_consumer(client.get());
  return std::unique_ptr<KafkaConsumer>(
      new KafkaConsumer(group, connection, catalog, reader, std::move(state), std::move(client)));
}

KafkaConsumer::KafkaConsumer(std::string_view group, Connection& connection, Catalog& catalog, Reader& reader,
                             std::shared_ptr<State> state, Client client)
    : group_(group),
      connection_(connection),
      catalog_(catalog),
      reader_(reader),
      state_(std::move(state)),
      client_(std::move(client)),
      queue_(rd_kafka_queue_get_consumer(client_.get())) {}

KafkaConsumer::~KafkaConsumer() { state_->closing = true; }

void KafkaConsumer::OnRebalance(rd_kafka_t* handle, rd_kafka_resp_err_t what,
                                rd_kafka_topic_partition_list_t* partitions, void* opaque) {
  auto& state = *static_cast<State*>(opaque);
  if (what == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS && !state.closing) {
    // Where to start is asked for by Poll, which can fail and be called again; librdkafka waits for rd_kafka_assign.
    state.given.reset(rd_kafka_topic_partition_list_copy(partitions));
    return;
  }
  rd_kafka_assign(handle, nullptr);
  if (!state.closing) {
    state.given.reset();
    state.mine.clear();
    state.lost = true;
  }
}

absl::Status KafkaConsumer::Assign(std::span<const Position> positions) {
  const PartitionList list = NewPartitionList(static_cast<int>(positions.size()));
  std::map<TopicPartition, std::int64_t> mine;
  for (const Position& position : positions) {
    KAWAT_RETURN_IF_ERROR(catalog_.CheckPartition({position.topic, position.partition}));
    AddPosition(list.get(), position.topic, position.partition, position.offset);
    mine[{position.topic, position.partition}] = position.offset;
  }
  subscribed_ = false;
  state_->mine = std::move(mine);
  carried_.reset();
  next_error_ = failed_ = absl::OkStatus();
  return ToStatus(rd_kafka_assign(client_.get(), list.get()), "assigning partitions");
}

absl::Status KafkaConsumer::Subscribe(std::span<const std::string> topics) {
  const PartitionList list = NewPartitionList(static_cast<int>(topics.size()));
  for (const std::string& topic : topics) {
    KAWAT_RETURN_IF_ERROR(catalog_.PartitionCount(topic).status());
    rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), RD_KAFKA_PARTITION_UA);
  }
  subscribed_ = true;
  state_->mine.clear();
  carried_.reset();
  next_error_ = failed_ = absl::OkStatus();
  return ToStatus(rd_kafka_subscribe(client_.get(), list.get()), "subscribing");
}

absl::Status KafkaConsumer::ReadWhatWasGiven() {
  if (state_->given == nullptr) {
    return absl::OkStatus();
  }
  std::vector<TopicPartition> partitions;
  partitions.reserve(static_cast<std::size_t>(state_->given->cnt));
  for (int i = 0; i < state_->given->cnt; ++i) {
    partitions.push_back({state_->given->elems[i].topic, state_->given->elems[i].partition});
  }
  KAWAT_ASSIGN_OR_RETURN(const auto committed, CommittedOffsets(connection_, group_, partitions));
  const PartitionList positions = NewPartitionList(static_cast<int>(partitions.size()));
  const PartitionList starts = NewPartitionList(static_cast<int>(partitions.size()));
  std::map<TopicPartition, std::int64_t> mine;
  for (const TopicPartition& partition : partitions) {
    if (const auto found = committed.find(partition); found != committed.end()) {
      AddPosition(positions.get(), partition.topic, partition.partition, found->second);
      mine[partition] = found->second;
      continue;
    }
    KAWAT_ASSIGN_OR_RETURN(const OffsetRange range, catalog_.Range(partition));
    AddPosition(positions.get(), partition.topic, partition.partition, range.start);
    AddPosition(starts.get(), partition.topic, partition.partition, range.start);
    mine[partition] = range.start;
  }
  if (starts->cnt > 0) {
    KAWAT_RETURN_IF_ERROR(CommitAndWait(client_.get(), *starts));
  }
  KAWAT_RETURN_IF_ERROR(ToStatus(rd_kafka_assign(client_.get(), positions.get()), "assigning partitions"));
  state_->given.reset();
  state_->mine = std::move(mine);
  connection_.CountRebalance();
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Record>> KafkaConsumer::Poll(const PollLimits& limits) {
  KAWAT_RETURN_IF_ERROR(failed_);
  KAWAT_RETURN_IF_ERROR(std::exchange(next_error_, absl::OkStatus()));
  const absl::Time deadline = base::UnsetClock().Now() + limits.patience;
  Batch batch;
  if (carried_.has_value()) {
    Add(*std::exchange(carried_, std::nullopt), limits, batch);
  }
  while (batch.records.size() < limits.max_records) {
    if (stopped_) {
      return absl::CancelledError("kafka: the consumer was stopped");
    }
    KAWAT_RETURN_IF_ERROR(ReadWhatWasGiven());  // nothing is gathered then: what was had before was lost
    const absl::Duration left = std::max(deadline - base::UnsetClock().Now(), absl::ZeroDuration());
    const absl::Duration wait = batch.records.empty() ? std::min(left, kSlice) : absl::ZeroDuration();
    const Message message(rd_kafka_consumer_poll(client_.get(), Millis(wait)));
    if (std::exchange(state_->lost, false)) {
      batch = Batch();
      carried_.reset();
    }
    if (message == nullptr) {
      if (!batch.records.empty() || left <= absl::ZeroDuration()) {
        break;
      }
      continue;
    }
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
      absl::Status status = Note(*message);
      if (batch.records.empty()) {
        return status;
      }
      next_error_ = std::move(status);
      break;
    }
    if (!Add(ToRecord(*message), limits, batch)) {
      break;
    }
  }
  return std::move(batch.records);
}

bool KafkaConsumer::Add(Record record, const PollLimits& limits, Batch& batch) {
  if (subscribed_ && !state_->mine.contains({record.topic, record.partition})) {
    return true;
  }
  const std::size_t size = SizeBytes(record);
  if (!batch.records.empty() && batch.bytes + size > limits.max_bytes) {
    carried_ = std::move(record);
    return false;
  }
  batch.bytes += size;
  batch.records.push_back(std::move(record));
  return true;
}

absl::Status KafkaConsumer::Note(const rd_kafka_message_t& error) {
  connection_.CountError();
  const char* topic = error.rkt == nullptr ? "" : rd_kafka_topic_name(error.rkt);
  absl::Status status =
      error.rkt == nullptr
          ? ToStatus(error.err, absl::StrCat("reading as ", group_), absl::StrCat("Read on group ", group_))
          : ToStatus(error.err, absl::StrCat("reading ", topic, "/", error.partition, " at ", error.offset),
                     absl::StrCat("Read on topic ", topic));
  if (absl::IsNotFound(status)) {  // brokers that restart do not know their topics at once
    return absl::UnavailableError(status.message());
  }
  if (!absl::IsUnavailable(status)) {
    failed_ = status;
  }
  return status;
}

absl::Status KafkaConsumer::Commit(std::span<const Position> positions) {
  const PartitionList list = NewPartitionList(static_cast<int>(positions.size()));
  for (const Position& position : positions) {
    if (!subscribed_ || state_->mine.contains({position.topic, position.partition})) {
      AddPosition(list.get(), position.topic, position.partition, position.offset);
    }
  }
  if (list->cnt == 0) {
    return absl::OkStatus();
  }
  if (subscribed_) {
    return CommitAndWait(client_.get(), *list);
  }
  return ToStatus(rd_kafka_commit(client_.get(), list.get(), 1), "committing offsets");
}

std::vector<Position> KafkaConsumer::Assigned() const {
  std::vector<Position> assigned;
  for (const auto& [partition, began] : state_->mine) {
    assigned.push_back({partition.topic, partition.partition, began});
  }
  return assigned;
}

void KafkaConsumer::Stop() noexcept {
  stopped_ = true;
  rd_kafka_queue_yield(queue_.get());
}

}  // namespace kawat::bus::kafka
