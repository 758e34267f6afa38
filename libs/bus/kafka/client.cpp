#include "bus/kafka/client.h"

#include <pthread.h>
#include <threads.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "bus/kafka/security.h"
#include "telemetry/log.h"

// All waits of librdkafka end at a moment of the wall clock: when that was set back an hour, its threads, and whoever
// polled, rested for the hour. It is linked statically, so this stands in the C library's place for it, and waits as
// long by the clock that nobody sets. A cnd_t and a mtx_t are a pthread_cond_t and a pthread_mutex_t in glibc.
extern "C" int cnd_timedwait(cnd_t* condition, mtx_t* mutex, const timespec* moment) {
  timespec wall{};
  timespec deadline{};
  ::clock_gettime(CLOCK_REALTIME, &wall);
  ::clock_gettime(CLOCK_MONOTONIC, &deadline);
  const absl::Duration left = absl::DurationFromTimespec(*moment) - absl::DurationFromTimespec(wall);
  deadline = absl::ToTimespec(absl::DurationFromTimespec(deadline) + std::max(left, absl::ZeroDuration()));
  const int error = ::pthread_cond_clockwait(reinterpret_cast<pthread_cond_t*>(condition),
                                             reinterpret_cast<pthread_mutex_t*>(mutex), CLOCK_MONOTONIC, &deadline);
  return error == 0 ? thrd_success : error == ETIMEDOUT ? thrd_timedout : thrd_error;
}

namespace kawat::bus::kafka {
namespace {

// Connections come and go in every handle; that a broker is away is said once, by Connection.
void OnLog(const rd_kafka_t* /*handle*/, int level, const char* facility, const char* text) {
  constexpr int kWarning = 4;  // syslog's
  const std::string what = facility;
  // CONFWARN: that gapless is experimental; it is what the contract needs. GETPID: retried.
  constexpr std::array<std::string_view, 5> kSilent = {"FAIL", "ERROR", "REQTMOUT", "CONFWARN", "GETPID"};
  if (level <= kWarning && std::find(kSilent.begin(), kSilent.end(), what) == kSilent.end()) {
    telemetry::Warn(absl::StrCat("kafka: ", what, ": ", text));
  }
}

void OnError(rd_kafka_t* /*handle*/, int /*error*/, const char* /*reason*/, void* /*opaque*/) {}

}  // namespace

absl::StatusOr<Conf> NewConf(const KafkaOptions& options, Settings settings) {
  Conf conf(rd_kafka_conf_new());
  std::array<char, 512> why{};
  const auto set = [&](const char* name, std::string_view value) -> absl::Status {
    if (rd_kafka_conf_set(conf.get(), name, std::string(value).c_str(), why.data(), why.size()) != RD_KAFKA_CONF_OK) {
      return absl::InvalidArgumentError(absl::StrCat("kafka: ", name, ": ", why.data()));
    }
    return absl::OkStatus();
  };
  const Settings shared = {
      {"bootstrap.servers", options.brokers},
      {"client.id", "kawat"},
      {"socket.nagle.disable", "true"},
      {"socket.keepalive.enable", "true"},
      {"reconnect.backoff.ms", "50"},
      {"reconnect.backoff.max.ms", "1000"},
      {"log.connection.close", "false"},
      {"message.max.bytes", "8388608"},
      {"receive.message.max.bytes", "67108864"},
  };
  for (const Settings& some : {shared, settings}) {
    for (const auto& [name, value] : some) {
      if (absl::Status status = set(name, value); !status.ok()) {
        return status;
      }
    }
  }
  if (absl::Status status = Secure(options.security, conf.get()); !status.ok()) {
    return status;
  }
  rd_kafka_conf_set_log_cb(conf.get(), OnLog);
  rd_kafka_conf_set_error_cb(conf.get(), OnError);
  return conf;
}

absl::StatusOr<Client> Client::New(rd_kafka_type_t type, Conf conf, std::shared_ptr<void> state) {
  std::array<char, 512> why{};
  rd_kafka_conf_set_opaque(conf.get(), state.get());
  rd_kafka_t* handle = rd_kafka_new(type, conf.get(), why.data(), why.size());
  if (handle == nullptr) {
    return absl::InvalidArgumentError(absl::StrCat("kafka: ", why.data()));
  }
  static_cast<void>(conf.release());  // rd_kafka_new took it
  return Client(type, handle, std::move(state));
}

Client::~Client() {
  rd_kafka_t* handle = handle_.release();
  if (handle == nullptr) {
    return;  // moved from
  }
  auto done = std::make_shared<absl::Notification>();
  std::thread([handle, type = type_, state = std::move(state_), done] {
    rd_kafka_set_log_level(handle, -1);  // that records are dropped now is the contract's, not news
    if (type == RD_KAFKA_CONSUMER) {
      rd_kafka_consumer_close(handle);
      rd_kafka_destroy_flags(handle, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
    } else {
      rd_kafka_purge(handle, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT | RD_KAFKA_PURGE_F_NON_BLOCKING);
      rd_kafka_destroy(handle);
    }
    done->Notify();
  }).detach();
  if (!done->WaitForNotificationWithTimeout(kClosePatience)) {
    telemetry::Warn("kafka: closing a handle takes long; going on without it");
  }
}

absl::Status ToStatus(rd_kafka_resp_err_t error, std::string_view context, std::string_view needs) {
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) {
    return absl::OkStatus();
  }
  const std::string message = absl::StrCat("kafka: ", std::string(context), ": ", rd_kafka_err2str(error));
  switch (error) {
    case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
    case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE:
      return absl::OutOfRangeError(message);
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
      return absl::NotFoundError(message);
    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
    case RD_KAFKA_RESP_ERR__INVALID_ARG:
    case RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION:
    case RD_KAFKA_RESP_ERR_INVALID_CONFIG:
    case RD_KAFKA_RESP_ERR_INVALID_PARTITIONS:
    case RD_KAFKA_RESP_ERR_INVALID_REPLICATION_FACTOR:
      return absl::InvalidArgumentError(message);
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
      return absl::PermissionDeniedError(
          absl::StrCat(message, needs.empty() ? "" : absl::StrCat("; this user's ACLs lack ", std::string(needs)),
                       " (docs/operations.md, Security)"));
    case RD_KAFKA_RESP_ERR__TRANSPORT:
    case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN:
    case RD_KAFKA_RESP_ERR__RESOLVE:
    case RD_KAFKA_RESP_ERR__TIMED_OUT:
    case RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE:
    case RD_KAFKA_RESP_ERR__WAIT_COORD:
    case RD_KAFKA_RESP_ERR__WAIT_CACHE:
    case RD_KAFKA_RESP_ERR__MAX_POLL_EXCEEDED:
    case RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION:
    case RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT:
    case RD_KAFKA_RESP_ERR_BROKER_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_REPLICA_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION:
    case RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS:
    case RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_NOT_COORDINATOR:
    case RD_KAFKA_RESP_ERR_OFFSET_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_KAFKA_STORAGE_ERROR:
    case RD_KAFKA_RESP_ERR_FENCED_LEADER_EPOCH:
    case RD_KAFKA_RESP_ERR_UNKNOWN_LEADER_EPOCH:
    case RD_KAFKA_RESP_ERR_NOT_CONTROLLER:
    case RD_KAFKA_RESP_ERR_UNSTABLE_OFFSET_COMMIT:
      return absl::UnavailableError(message);
    default:
      return absl::InternalError(message);
  }
}

int Millis(absl::Duration duration) {
  constexpr std::int64_t kLongest = 24 * 3600 * 1000;
  return static_cast<int>(
      std::clamp<std::int64_t>(absl::ToInt64Milliseconds(absl::Ceil(duration, absl::Milliseconds(1))), 0, kLongest));
}

PartitionList NewPartitionList(int size) { return PartitionList(rd_kafka_topic_partition_list_new(size)); }

}  // namespace kawat::bus::kafka
