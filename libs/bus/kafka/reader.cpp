#include "bus/kafka/reader.h"

#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "base/status.h"
#include "bus/kafka/message.h"

namespace kawat::bus::kafka {

absl::StatusOr<std::optional<Record>> Reader::ReadAt(const TopicPartition& partition, std::int64_t offset) {
  KAWAT_ASSIGN_OR_RETURN(const OffsetRange range, catalog_.Range(partition));
  if (offset < range.start || offset >= range.end) {
    return std::nullopt;
  }
  absl::MutexLock lock(&mutex_);
  if (client_ == nullptr) {
    // No group: librdkafka's older consumer needs none. The end of a partition is told, for the last offsets may hold
    // no record.
    KAWAT_ASSIGN_OR_RETURN(Conf conf, NewConf(options_, {{"enable.partition.eof", "true"},
                                                         {"auto.offset.reset", "error"},
                                                         {"check.crcs", "true"},
                                                         {"fetch.wait.max.ms", "10"},
                                                         {"fetch.message.max.bytes", "1024"},
                                                         {"queued.min.messages", "1"}}));
    KAWAT_ASSIGN_OR_RETURN(Client client, Client::New(RD_KAFKA_CONSUMER, std::move(conf), nullptr));
    client_ = std::make_unique<Client>(std::move(client));
  }
  return Consume(partition, offset);
}

absl::StatusOr<std::optional<Record>> Reader::Consume(const TopicPartition& partition, std::int64_t offset) {
  const TopicHandle topic(rd_kafka_topic_new(client_->get(), partition.topic.c_str(), nullptr));
  if (rd_kafka_consume_start(topic.get(), partition.partition, offset) != 0) {
    return ToStatus(rd_kafka_last_error(), "reading a record");
  }
  absl::StatusOr<std::optional<Record>> result = absl::UnavailableError(
      absl::StrCat("kafka: no answer when reading ", partition.topic, "/", partition.partition, "/", offset));
  for (const absl::Time deadline = base::UnsetClock().Now() + kRequestPatience; base::UnsetClock().Now() < deadline;) {
    const Message message(rd_kafka_consume(topic.get(), partition.partition, 100));
    if (message == nullptr) {
      continue;
    }
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR && message->offset < offset) {
      continue;
    }
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
      // A later one: this one was compacted away, or is a transaction's mark.
      result = message->offset == offset ? std::optional(ToRecord(*message)) : std::nullopt;
      break;
    }
    const absl::Status status = ToStatus(message->err, absl::StrCat("reading a record of ", partition.topic),
                                         absl::StrCat("Read on topic ", partition.topic));
    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF || absl::IsOutOfRange(status)) {
      result = std::nullopt;
      break;
    }
    if (!absl::IsUnavailable(status)) {
      result = status;
      break;
    }
  }
  rd_kafka_consume_stop(topic.get(), partition.partition);
  return result;
}

}  // namespace kawat::bus::kafka
