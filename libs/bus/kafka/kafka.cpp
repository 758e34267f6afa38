#include "bus/kafka/kafka.h"

#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "base/status.h"
#include "bus/kafka/admin.h"
#include "bus/kafka/catalog.h"
#include "bus/kafka/connection.h"
#include "bus/kafka/consumer.h"
#include "bus/kafka/group.h"
#include "bus/kafka/producer.h"
#include "bus/kafka/reader.h"
#include "bus/kafka/topic_admin.h"

namespace kawat::bus {
namespace kafka {
namespace {

constexpr absl::Duration kBackedUpAge = absl::Hours(24);
constexpr absl::Duration kBackedUpMemory =
    absl::Seconds(10);  // fetch asks before requests; a day does not pass that fast

class Kafka final : public KafkaBus {
 public:
  Kafka(KafkaOptions options, std::unique_ptr<Connection> connection)
      : options_(std::move(options)),
        connection_(std::move(connection)),
        catalog_(*connection_),
        reader_(options_, catalog_) {}

  absl::StatusOr<std::vector<std::string>> CreateMissingTopics(std::span<const TopicSpec> topics) override {
    return kafka::CreateMissingTopics(*connection_, catalog_, topics, options_.topic_settings);
  }

  absl::StatusOr<std::int32_t> PartitionCount(std::string_view topic) override {
    return catalog_.PartitionCount(topic);
  }

  absl::StatusOr<std::unique_ptr<Producer>> NewProducer() override { return KafkaProducer::New(options_, catalog_); }

  absl::StatusOr<std::unique_ptr<Consumer>> NewConsumer(std::string_view group) override {
    return KafkaConsumer::New(options_, group, *connection_, catalog_, reader_);
  }

  absl::StatusOr<std::optional<std::int64_t>> Committed(std::string_view group,
                                                        const TopicPartition& partition) override {
    KAWAT_RETURN_IF_ERROR(catalog_.CheckPartition(partition));
    KAWAT_ASSIGN_OR_RETURN(const auto offsets, CommittedOffsets(*connection_, group, {&partition, 1}));
    const auto found = offsets.find(partition);
    return found == offsets.end() ? std::nullopt : std::optional(found->second);
  }

  absl::StatusOr<bool> IsBackedUp(std::string_view topic, std::string_view group) override {
    const absl::Time now = absl::Now();
    const std::pair key{std::string(topic), std::string(group)};
    {
      absl::MutexLock lock(&mutex_);
      if (const auto found = backed_up_.find(key);
          found != backed_up_.end() && absl::AbsDuration(now - found->second.when) < kBackedUpMemory) {
        return found->second.is;
      }
    }
    KAWAT_ASSIGN_OR_RETURN(const bool is, HasUnreadBefore(*connection_, catalog_, topic, group, now - kBackedUpAge));
    absl::MutexLock lock(&mutex_);
    backed_up_[key] = {is, now};
    return is;
  }

  absl::Time LastHeard() override { return connection_->LastHeard(); }
  BusCounts Counts() override { return connection_->Counts(); }

  absl::StatusOr<KafkaTopics> DescribeTopics(std::span<const std::string> topics) override {
    return kafka::DescribeTopics(*connection_, topics);
  }

  absl::Status ChangeTopic(const std::string& topic, const std::map<std::string, std::string>& settings) override {
    return kafka::ChangeTopic(*connection_, topic, settings);
  }

 private:
  struct BackedUp {
    bool is = false;
    absl::Time when;
  };

  KafkaOptions options_;
  std::unique_ptr<Connection> connection_;
  Catalog catalog_;
  Reader reader_;
  absl::Mutex mutex_;
  std::map<std::pair<std::string, std::string>, BackedUp> backed_up_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace
}  // namespace kafka

absl::Status CheckKafkaBrokers(const std::string& brokers) {
  for (const std::string& broker : std::vector<std::string>(absl::StrSplit(brokers, ','))) {
    const std::size_t colon = broker.rfind(':');
    const std::string port(colon == std::string::npos ? "" : broker.substr(colon + 1));
    int number = 0;
    if (colon == 0 || !absl::SimpleAtoi(port, &number) || number < 1 || number > 65535) {
      return absl::InvalidArgumentError(
          absl::StrCat("kafka: brokers are written as host:port,host:port; this is not: \"", brokers, "\""));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<KafkaBus>> OpenKafka(KafkaOptions options, const base::Shutdown& shutdown,
                                                    absl::Duration patience) {
  KAWAT_RETURN_IF_ERROR(CheckKafkaBrokers(options.brokers));
  KAWAT_ASSIGN_OR_RETURN(std::unique_ptr<kafka::Connection> connection, kafka::Connection::New(options));
  KAWAT_RETURN_IF_ERROR(connection->WaitForBroker(shutdown, patience));
  return std::make_unique<kafka::Kafka>(std::move(options), std::move(connection));
}

}  // namespace kawat::bus
