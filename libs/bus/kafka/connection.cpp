#include "bus/kafka/connection.h"

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/status.h"
#include "telemetry/log.h"

namespace kawat::bus::kafka {
namespace {

constexpr absl::Duration kInterval = absl::Seconds(1);
constexpr absl::Duration kStep = absl::Milliseconds(50);
constexpr absl::Duration kAnswerPatience = absl::Seconds(1);
constexpr absl::Duration kAwayAfter = absl::Seconds(3);  // a broker that restarts quickly is not worth a line
constexpr absl::Duration kReminder = absl::Seconds(10);

}  // namespace

absl::StatusOr<std::unique_ptr<Connection>> Connection::New(const KafkaOptions& options) {
  // A consumer: as a producer it would make the broker create the topics that it asks about, where the broker does
  // that. It joins no group, but librdkafka crashes in a handle without one when it asks for a group's offsets and the
  // coordinator is not ready (confluentinc/librdkafka issue 5040, seen with 2.0.2; no changelog to 2.12.0 mends it).
  KAWAT_ASSIGN_OR_RETURN(Conf conf, NewConf(options, {{"group.id", "kawat-observer"}}));
  rd_kafka_conf_set_error_cb(conf.get(), OnError);
  std::unique_ptr<Connection> connection(new Connection(options.brokers));
  KAWAT_ASSIGN_OR_RETURN(Client client, Client::New(RD_KAFKA_CONSUMER, std::move(conf), connection->trouble_));
  connection->client_ = std::make_unique<Client>(std::move(client));
  connection->watch_ = std::thread([raw = connection.get()] { raw->Watch(); });
  return connection;
}

Connection::~Connection() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (watch_.joinable()) {
    watch_.join();
  }
}

void Connection::OnError(rd_kafka_t* /*handle*/, int error, const char* reason, void* opaque) {
  if (error == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN) {
    return;  // "1/1 brokers are down": says less than what preceded it
  }
  auto& trouble = *static_cast<Trouble*>(opaque);
  ++trouble.errors;
  absl::MutexLock lock(&trouble.mutex);
  trouble.why = reason;
}

std::string Connection::Why() const {
  absl::MutexLock lock(&trouble_->mutex);
  return trouble_->why.empty() ? "no answer" : trouble_->why;
}

void Connection::Watch() {
  while (true) {
    rd_kafka_poll(handle(), 0);  // serves OnError
    const absl::Time asked = absl::Now();
    const rd_kafka_metadata_t* answer = nullptr;
    const rd_kafka_resp_err_t error = rd_kafka_metadata(handle(), 0, nullptr, &answer, Millis(kAnswerPatience));
    const Metadata owned(answer);
    rd_kafka_poll(handle(), 0);
    Note(asked, error == RD_KAFKA_RESP_ERR_NO_ERROR);
    // In small steps, and not by AwaitWithTimeout: that waits for a moment of the wall clock, so that one that is set
    // back would make it wait for as long.
    for (absl::Duration waited; waited < kInterval; waited += kStep) {
      absl::SleepFor(kStep);
      const absl::MutexLock lock(&mutex_);
      if (stopping_) {
        return;
      }
    }
  }
}

void Connection::Note(absl::Time asked, bool answered) {
  absl::MutexLock lock(&mutex_);
  if (answered) {
    if (away_since_ != absl::InfiniteFuture()) {
      telemetry::Warn(absl::StrCat("kafka: ", brokers_, " answers again after ",
                                   absl::FormatDuration(absl::Trunc(asked - away_since_, absl::Seconds(1)))));
    }
    away_since_ = absl::InfiniteFuture();
    last_heard_ = asked;
    return;
  }
  // The first wait is WaitForBroker's to speak of.
  if (last_heard_ != absl::InfinitePast() && away_since_ == absl::InfiniteFuture() &&
      asked - last_heard_ > kAwayAfter) {
    away_since_ = last_heard_;
    telemetry::Warn(absl::StrCat("kafka: ", brokers_, " does not answer, retrying: ", Why()));
  }
}

absl::Status Connection::WaitForBroker(const base::Shutdown& shutdown, absl::Duration patience) {
  const absl::Time begin = absl::Now();
  absl::Time next_word = begin + kAnswerPatience;
  while (true) {
    if (shutdown.requested()) {
      return absl::CancelledError(absl::StrCat("kafka: stopped while waiting for ", brokers_));
    }
    const absl::Time heard = LastHeard();
    const absl::Time now = absl::Now();
    if (heard != absl::InfinitePast()) {
      if (now > begin + kAnswerPatience) {
        telemetry::Warn(absl::StrCat("kafka: ", brokers_, " answers"));
      }
      return absl::OkStatus();
    }
    if (now - begin >= patience) {
      return absl::UnavailableError(
          absl::StrCat("kafka: no answer from ", brokers_, " within ", absl::FormatDuration(patience), ": ", Why()));
    }
    if (now >= next_word) {
      telemetry::Warn(absl::StrCat("kafka: waiting for ", brokers_, ": ", Why()));
      next_word = now + kReminder;
    }
    shutdown.WaitFor(absl::Milliseconds(20));
  }
}

absl::Time Connection::LastHeard() const {
  absl::MutexLock lock(&mutex_);
  return last_heard_;
}

}  // namespace kawat::bus::kafka
