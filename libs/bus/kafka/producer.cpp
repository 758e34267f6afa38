#include "bus/kafka/producer.h"

#include <array>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "base/status.h"
#include "bus/kafka/message.h"

namespace kawat::bus::kafka {
namespace {

constexpr std::size_t kQueueBytes = 16 << 20;
constexpr int kSliceMillis = 20;  // how soon a wait sees Stop()

// A pointer that is not null though the text is empty: null means "no key" and "tombstone".
void* NotNull(std::string_view text) { return const_cast<char*>(text.empty() ? "" : text.data()); }

// A right that is missing is among what ends a producer that may leave no gap: it says so before the record's own
// report.
absl::Status WhyFatal(rd_kafka_resp_err_t cause, const std::string& why) {
  if (cause == RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED) {  // no topic at all that it may write to
    return ToStatus(cause, "the producer cannot begin", "Write on the topics that it sends to");
  }
  constexpr rd_kafka_resp_err_t kDenied = RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED;
  if (absl::StrContains(why, rd_kafka_err2str(kDenied))) {
    return ToStatus(kDenied, why, "Write on that topic");
  }
  return absl::InternalError(
      absl::StrCat("kafka: the producer cannot go on without a gap: ", rd_kafka_err2name(cause), ": ", why));
}

}  // namespace

absl::StatusOr<std::unique_ptr<KafkaProducer>> KafkaProducer::New(const KafkaOptions& options, Catalog& catalog) {
  KAWAT_ASSIGN_OR_RETURN(Conf conf, NewConf(options, {{"enable.idempotence", "true"},
                                                      {"enable.gapless.guarantee", "true"},
                                                      {"acks", "all"},
                                                      {"message.timeout.ms", "0"},
                                                      {"linger.ms", "1"},
                                                      {"compression.type", "lz4"},
                                                      // Send waits at 16 MiB; these never act.
                                                      {"queue.buffering.max.messages", "10000000"},
                                                      {"queue.buffering.max.kbytes", "2097151"}}));
  rd_kafka_conf_set_dr_msg_cb(conf.get(), OnDelivered);
  rd_kafka_conf_set_error_cb(conf.get(), OnError);
  auto state = std::make_shared<State>();
  KAWAT_ASSIGN_OR_RETURN(Client client, Client::New(RD_KAFKA_PRODUCER, std::move(conf), state));
  return std::unique_ptr<KafkaProducer>(new KafkaProducer(catalog, std::move(state), std::move(client)));
}

void KafkaProducer::OnDelivered(rd_kafka_t* /*handle*/, const rd_kafka_message_t* message, void* opaque) {
  auto& state = *static_cast<State*>(opaque);
  state.queued_bytes -= reinterpret_cast<std::uintptr_t>(message->_private);
  --state.unacknowledged;
  if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR && state.failed.ok()) {
    const char* topic = rd_kafka_topic_name(message->rkt);
    state.failed =
        ToStatus(message->err, absl::StrCat("a record for ", topic, "/", message->partition, " was not stored"),
                 absl::StrCat("Write on topic ", topic));
  }
}

void KafkaProducer::OnError(rd_kafka_t* handle, int error, const char* /*reason*/, void* opaque) {
  auto& state = *static_cast<State*>(opaque);
  if (error == RD_KAFKA_RESP_ERR__FATAL && state.failed.ok()) {
    std::array<char, 512> why{};
    const rd_kafka_resp_err_t cause = rd_kafka_fatal_error(handle, why.data(), why.size());
    state.failed = WhyFatal(cause, why.data());
  }
}

absl::Status KafkaProducer::Usable() {
  if (!state_->failed.ok()) {
    rd_kafka_purge(client_.get(), RD_KAFKA_PURGE_F_QUEUE);  // nothing later may pass what failed
    return state_->failed;
  }
  return stopped_ ? absl::CancelledError("kafka: the producer was stopped") : absl::OkStatus();
}

absl::Status KafkaProducer::Send(std::span<const Record> records) {
  KAWAT_RETURN_IF_ERROR(Usable());
  std::vector<std::int32_t> partitions;
  partitions.reserve(records.size());
  for (const Record& record : records) {
    KAWAT_ASSIGN_OR_RETURN(const std::int32_t partition, Check(record));
    KAWAT_RETURN_IF_ERROR(Topic(record.topic).status());
    partitions.push_back(partition);
  }
  rd_kafka_poll(client_.get(), 0);
  while (state_->queued_bytes >= kQueueBytes) {
    rd_kafka_poll(client_.get(), kSliceMillis);
    KAWAT_RETURN_IF_ERROR(Usable());
  }
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (absl::Status status = Enqueue(records[i], partitions[i]); !status.ok()) {
      state_->failed = status;  // part of `records` is queued: only ending keeps the order
      return Usable();
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::int32_t> KafkaProducer::Check(const Record& record) {
  KAWAT_ASSIGN_OR_RETURN(const std::int32_t count, catalog_.PartitionCount(record.topic));
  const std::size_t size = SizeBytes(record);
  if (const std::int64_t limit = catalog_.MaxRecordBytes(record.topic); static_cast<std::int64_t>(size) > limit) {
    return absl::InvalidArgumentError(
        absl::StrCat("a record of ", size, " bytes for ", record.topic, ", whose limit is ", limit));
  }
  if (record.partition == kByKey) {
    return PartitionOf(record.partition_key.empty() ? record.key : record.partition_key, count);
  }
  KAWAT_RETURN_IF_ERROR(catalog_.CheckPartition({record.topic, record.partition}));
  return record.partition;
}

absl::StatusOr<rd_kafka_topic_t*> KafkaProducer::Topic(const std::string& name) {
  TopicHandle& handle = topics_[name];
  if (handle == nullptr) {
    handle.reset(rd_kafka_topic_new(client_.get(), name.c_str(), nullptr));
    if (handle == nullptr) {
      return ToStatus(rd_kafka_last_error(), name);
    }
  }
  return handle.get();
}

absl::Status KafkaProducer::Enqueue(const Record& record, std::int32_t partition) {
  KAWAT_ASSIGN_OR_RETURN(rd_kafka_topic_t* const topic, Topic(record.topic));
  const std::size_t size = SizeBytes(record);
  const std::string origin = record.origin.topic.empty() ? "" : FormatOrigin(record.origin);
  std::array<rd_kafka_vu_t, 7> parts{};
  std::size_t count = 0;
  const auto part = [&](rd_kafka_vtype_t type) -> rd_kafka_vu_t& {
    parts[count].vtype = type;
    return parts[count++];
  };
  part(RD_KAFKA_VTYPE_RKT).u.rkt = topic;
  part(RD_KAFKA_VTYPE_PARTITION).u.i32 = partition;
  part(RD_KAFKA_VTYPE_MSGFLAGS).u.i = RD_KAFKA_MSG_F_COPY;
  part(RD_KAFKA_VTYPE_OPAQUE).u.ptr = reinterpret_cast<void*>(static_cast<std::uintptr_t>(size));
  part(RD_KAFKA_VTYPE_KEY).u.mem = {NotNull(record.key), record.key.size()};
  if (record.value.has_value()) {
    part(RD_KAFKA_VTYPE_VALUE).u.mem = {NotNull(*record.value), record.value->size()};
  }
  if (!origin.empty()) {
    part(RD_KAFKA_VTYPE_HEADER).u.header = {kOriginHeader, origin.data(), static_cast<ssize_t>(origin.size())};
  }
  if (rd_kafka_error_t* const error = rd_kafka_produceva(client_.get(), parts.data(), count); error != nullptr) {
    const rd_kafka_resp_err_t code = rd_kafka_error_code(error);
    rd_kafka_error_destroy(error);
    return ToStatus(code, absl::StrCat("sending to ", record.topic, "/", partition));
  }
  state_->queued_bytes += size;
  ++state_->unacknowledged;
  return absl::OkStatus();
}

absl::Status KafkaProducer::Flush(absl::Duration patience) {
  const absl::Time deadline = base::UnsetClock().Now() + patience;
  rd_kafka_poll(client_.get(), 0);
  KAWAT_RETURN_IF_ERROR(Usable());
  while (state_->unacknowledged > 0) {
    const absl::Duration left = deadline - base::UnsetClock().Now();
    if (left <= absl::ZeroDuration()) {
      return absl::DeadlineExceededError(absl::StrCat(
          "kafka: ", state_->unacknowledged, " records are not acknowledged after ", absl::FormatDuration(patience)));
    }
    rd_kafka_flush(client_.get(), std::min(kSliceMillis, Millis(left)));
    KAWAT_RETURN_IF_ERROR(Usable());
  }
  return absl::OkStatus();
}

}  // namespace kawat::bus::kafka
